"""What a reader notices while the worker has more letters to send than it can: slower pages, or a locked database."""

from __future__ import annotations

import secrets
import time
from itertools import cycle, islice
from statistics import median

import sqlalchemy as sa

from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from portal.storage.jobs import jobs
from portal.storage.tables import letters
from tests.bench import ground
from tests.bench.figures import Row, budget, times
from tests.bench.timing import ROUNDS, percentile
from tests.bench.wire import Wire
from tests.client import Visitor
from tests.installation import Built

READS, WRITES, SLOWER = 600, 20, 2
REQUESTS, AT_ONCE = 1_200, 20
_ENDPOINTS = ("my_information", "requests", "account", "policy")


def measure(size: int | None) -> list[Row]:
    """`size`: how many pages are read in each round."""
    with ground.a_folder() as folder:
        built = ground.an_installation_with(folder / "portal", ground.fill_service(folder / "filled.db", calls=30))
        idle, busy = [], []
        visitor = ground.signed_in(built)
        with ground.served(built) as portal, ground.working(built):
            reader = Reader(visitor, portal.port, size or READS)
            reader.read()
            for _ in range(ROUNDS):
                _empty(built)
                idle.append(reader.read())
                _fill(built)
                busy.append(reader.read())
                assert _waiting(built), "the worker ran out of letters before the pages were read"
    peer = "worker idle (p99)"
    return [
        times("any page, worker saturated (p99)", median(busy), median(idle), SLOWER, peer=peer),
        budget("requests not taken meanwhile", reader.refused, 0),
    ]


class Reader:
    """Somebody who reads pages and sends a request now and then."""

    def __init__(self, visitor: Visitor, port: int, reads: int) -> None:
        """Find the way to the pages; `refused` counts requests that were not taken."""
        self.refused = 0
        self._port = port
        self._paths = list(islice(cycle([visitor.address(endpoint) for endpoint in _ENDPOINTS]), reads))
        self._form = visitor.visit("new_request").form() | {"kind": "other", "message": "What do you know of my cat?"}
        self._sent_to = visitor.address("new_request")
        self._cookie = ground.cookie_of(visitor)  # as the visit left it: its token is in the form

    def read(self) -> float:
        """The slowest in a hundred pages; a few requests are sent after them, and not timed."""
        taken = []
        with Wire(self._port, self._cookie) as wire:
            for path in self._paths:
                began = time.perf_counter()
                answer = wire.get(path)
                taken.append(time.perf_counter() - began)
                assert answer.status == 200, (path, answer.status)
            for _ in range(WRITES):
                sent = wire.post(self._sent_to, self._form | {"form_id": secrets.token_urlsafe(16)})
                self.refused += sent.status != 303
        return percentile(taken, 0.99)


def _fill(built: Built) -> None:
    """Promise more letters than the worker can send while the pages are read, two for each request."""
    portal, now = built.installation, built.clock()
    asked = Asked(Kind.OTHER, "en", Level.L2, "What do you know about my cat?")
    for _ in range(REQUESTS // AT_ONCE):
        with portal.database.writing() as store:
            person = store.people.ensure(ground.PERSON, language="en", now=now)
            for _ in range(AT_ONCE):
                open_request(portal, store, person, asked, form_id=None, now=now)


def _waiting(built: Built) -> int:
    with built.installation.database.reading() as store:
        return store.connection.execute(sa.select(sa.func.count()).select_from(jobs)).scalar_one()


def _empty(built: Built) -> None:
    """Leave the worker nothing to do."""
    with built.installation.database.writing() as store:
        store.connection.execute(sa.delete(jobs))
        store.connection.execute(sa.delete(letters))
