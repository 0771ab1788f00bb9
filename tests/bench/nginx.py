"""nginx serving one file from a folder of its own, a line of log each time as the portal: the limit of a reading page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.processes import free_port, running

_CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log {folder}/access.log;
  keepalive_requests 100000000;
  types {{ text/html html; }}
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/www;
  }}
}}
"""


def is_here() -> bool:
    """Whether nginx is installed."""
    return _program() is not None


@contextmanager
def serving(folder: Path, body: bytes) -> Iterator[int]:
    """Serve some bytes at /page.html with one process; gives the port."""
    (folder / "www").mkdir(parents=True)
    (folder / "www" / "page.html").write_bytes(body)
    for path in (folder, folder / "www"):
        path.chmod(0o755)  # nginx may drop to another user
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port))
    with running([_program() or "nginx", "-p", str(folder), "-c", str(configuration)], port=port, path="/page.html"):
        yield port


def _program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
