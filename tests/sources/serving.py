"""Serves the contract of HTTP sources on this machine for a test: the reference service, on a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from portal.demo.http_service.server import Service
from portal.sources import open_source
from portal.sources.base import Source
from portal.sources.http import HttpSource

SECRET = b"shared by both sides, and invented"


@contextmanager
def served(database_url: str, *, hash_key: bytes = SECRET) -> Iterator[Service]:
    """The reference service in front of a database, until the block ends."""
    source = open_source("sql", "service", database_url, hash_key=hash_key)
    with Service(source, SECRET) as service, answering(service):
        yield service
    source.close()


@contextmanager
def answering(server: Any) -> Iterator[None]:
    """A server of the standard library at work in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def asked_at(port: int, *, seconds: float = 5, **changes: Any) -> HttpSource:
    """The portal's way to a service on this machine."""
    known: dict[str, Any] = {"secret": SECRET, "allow_private": True, "timeout_seconds": seconds}
    source: Source = open_source("http", "service", f"http://127.0.0.1:{port}", **(known | changes))
    assert isinstance(source, HttpSource)
    return source
