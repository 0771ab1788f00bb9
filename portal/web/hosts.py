"""Which host names the portal answers to; any other is refused before a page is reached (security.md B-41)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class KnownHosts:
    """Lets requests for known hosts pass and answers the others with 400."""

    def __init__(self, application: WSGIApplication, hosts: frozenset[str]) -> None:
        """Wrap an application; `hosts` as the Host header writes them, with a port where it is not the scheme's own."""
        self._application = application
        self._hosts = hosts

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or refuse in both languages."""
        if environ.get("HTTP_HOST", "").lower() in self._hosts:
            return self._application(environ, start_response)
        body = b"Adresse inconnue de ce site. / This site does not answer to that address.\n"
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response("400 Bad Request", [*headers, ("Cache-Control", "no-store")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def known_hosts(site_url: str, host: str, port: int) -> frozenset[str]:
    """The public name and, when the portal listens on this machine only, this machine's own names."""
    hosts = _ways_to_write(site_url)
    if host in {"127.0.0.1", "localhost", "::1"}:
        hosts |= {f"{name}:{port}" for name in LOOPBACK} | (set(LOOPBACK) if port == 80 else set())
    return frozenset(hosts)


def _ways_to_write(site_url: str) -> set[str]:
    """The public name, with and without the port its scheme implies: browsers leave that one out, operators may not."""
    site = urlsplit(site_url.lower())
    implied = ":443" if site.scheme == "https" else ":80"
    if site.port is not None and not site.netloc.endswith(implied):
        return {site.netloc}
    bare = site.netloc.removesuffix(implied)
    return {bare, bare + implied}
