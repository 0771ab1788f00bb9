"""The policy page and its 304 beside nginx's static file, and what a first visit weighs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median
from urllib.parse import urljoin, urlsplit

from tests.bench import ground, nginx
from tests.bench.figures import Figure, Row, Skipped, budget, rates
from tests.bench.timing import ROUNDS
from tests.bench.wire import Answer, Wire, rate

SECONDS = 2
HEAVIEST, MOST_REQUESTS = 60.0, 8
_FETCHED = re.compile(r"<(?:script|img|iframe|audio|video|source)\b[^>]*\bsrc=\"([^\"]+)\"")
_LINKED = re.compile(r"<link\b(?=[^>]*\brel=\"(?:stylesheet|icon|preload|manifest)\")[^>]*\bhref=\"([^\"]+)\"")
_IN_STYLES = re.compile(rb"(?:url\(|@import\s+)[\"']?([^\"')]+)")


def measure(size: int | None) -> list[Row]:
    """`size`: seconds of each round."""
    with ground.a_folder() as folder:
        service = ground.fill_service(folder / "filled.db", calls=10)
        built = ground.an_installation_with(folder / "portal", service)
        policy, home = ground.path_of(built, "policy"), ground.path_of(built, "home")
        with ground.served(built) as portal, Wire(portal.port) as wire:
            page = wire.get(policy)
            rows: list[Row] = [*_first_visit(portal.port, home)]
            if nginx.is_here():
                with nginx.serving(folder / "nginx", page.body) as file_port:
                    rows = [*_beside(portal.port, policy, page, file_port, size or SECONDS), *rows]
            else:
                rows.insert(0, Skipped("policy page", "nginx is not installed"))
    return rows


def _beside(port: int, path: str, page: Answer, file_port: int, seconds: int) -> Iterator[Figure]:
    with Wire(file_port) as wire:
        static = wire.get("/page.html")
    assert page.status == 200
    assert static.body == page.body
    peer, size = "nginx, the same bytes", f"policy page, {len(page.body) / 1000:.0f} kB, 1 process"
    yield rates(size, *_taken_in_turn(port, path, file_port, seconds, {}, {}), 0.25, peer=peer)
    ours, theirs = ({"If-None-Match": answer.headers["etag"]} for answer in (page, static))
    yield rates("its 304", *_taken_in_turn(port, path, file_port, seconds, ours, theirs), 0.2, peer="nginx, its 304")


def _taken_in_turn(
    port: int, path: str, file_port: int, seconds: int, ours: dict[str, str], theirs: dict[str, str]
) -> tuple[float, float]:
    rate(port, path, seconds=1, headers=ours)
    taken = [
        (
            rate(port, path, seconds=seconds, headers=ours),
            rate(file_port, "/page.html", seconds=seconds, headers=theirs),
        )
        for _ in range(ROUNDS)
    ]
    portal, static = zip(*taken, strict=True)
    return median(portal), median(static)


def _first_visit(port: int, home: str) -> Iterator[Figure]:
    """Everything a browser fetches that types the site's name: the redirect, the page and what the page asks for."""
    seen: dict[str, int] = {}
    strangers: set[str] = set()
    with ExitStack() as open_wires:
        wire = open_wires.enter_context(Wire(port))
        waiting = ["/", home]
        while waiting:
            path = waiting.pop(0)
            if path in seen:
                continue
            answer = wire.get(path, accept_encoding="gzip, br", accept_language="en-CA")
            seen[path] = answer.size
            for found in _asked_for(wire, path, answer):
                strangers |= {found} if urlsplit(found).netloc else set()
                waiting += [] if urlsplit(found).netloc else [urljoin(path, found)]
    weight = f"{len(seen)} requests: " + ", ".join(f"{path.split('?')[0]} {size}" for path, size in seen.items())
    yield budget("first visit, headers and all", sum(seen.values()) / 1000, HEAVIEST, unit="kB", note=weight)
    yield budget("first visit", len(seen), MOST_REQUESTS, unit="requests")
    yield budget("first visit, third parties", len(strangers), 0, unit="origins")


def _asked_for(wire: Wire, path: str, answer: Answer) -> list[str]:
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html"):
        text = wire.get(path).body.decode()
        return [*_FETCHED.findall(text), *_LINKED.findall(text)]
    if kind.startswith("text/css"):
        found = (match.decode() for match in _IN_STYLES.findall(wire.get(path).body))
        return [address for address in found if not address.startswith("data:")]
    return []
