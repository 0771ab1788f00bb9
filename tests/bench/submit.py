"""Sending a request, from the form to the answer, and the part of it that the portal's database takes."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from portal.storage.tables import marks
from tests.bench import ground
from tests.bench.figures import Row, times
from tests.bench.processes import PYTHON, free_port, running
from tests.bench.timing import interleaved, seconds_of
from tests.bench.wire import Wire
from tests.installation import Built

END_TO_END, DATABASE_PART = 25, 3
ROUNDS, POSTS, GETS = 9, 20, 100
COMMITS = 40


def measure(size: int | None) -> list[Row]:
    """`size`: rounds."""
    rounds = min(size or ROUNDS, 12)  # more would pass the limit on forms sent from one address
    with ground.a_folder() as folder:
        built = ground.an_installation_with(folder / "portal", ground.fill_service(folder / "filled.db", calls=30))
        return [_end_to_end(built, rounds), _database_part(built, rounds)]


def _end_to_end(built: Built, rounds: int) -> Row:
    """Both behind the same server with the same threads, one client after another."""
    visitor = ground.signed_in(built)
    form = visitor.visit("new_request").form() | {"kind": "other", "message": "What do you know about my cat?"}
    path, cookie = visitor.address("new_request"), ground.cookie_of(visitor)
    hello_port = free_port()
    with (
        ground.served(built) as portal,
        running([PYTHON, "-m", "tests.bench.hello", str(hello_port)], port=hello_port),
        Wire(portal.port, cookie) as ours,
        Wire(hello_port) as peer,
    ):

        def send() -> None:
            answer = ours.post(path, form | {"form_id": secrets.token_urlsafe(16)})
            assert answer.status == 303, (answer.status, answer.body[:500])

        taken = interleaved(
            {"submit": seconds_of(send, times=POSTS), "hello": seconds_of(lambda: peer.get("/"), times=GETS)},
            rounds=rounds,
            warm=1,
        )
    return times("submit a request", taken["submit"], taken["hello"], END_TO_END, peer="bare Flask hello, same server")


def _database_part(built: Built, rounds: int) -> Row:
    """The same engine and the same care for the disk on both sides, one commit each."""
    portal, now = built.installation, built.clock()
    with portal.database.writing() as store:
        person = store.people.ensure(ground.PERSON, language="en", now=now)
    asked = Asked(Kind.OTHER, "en", Level.L2, "What do you know about my cat?")

    def submit() -> None:
        with portal.database.writing() as store:
            open_request(portal, store, person, asked, form_id=secrets.token_urlsafe(16), now=now)

    taken = interleaved(
        {
            "submit": seconds_of(submit, times=COMMITS),
            "row": seconds_of(lambda: _one_row(built, now), times=COMMITS),
        },
        rounds=rounds,
        warm=1,
    )
    return times("its database part", taken["submit"], taken["row"], DATABASE_PART, peer="one row, one commit")


def _one_row(built: Built, now: datetime) -> None:
    with built.installation.database.writing() as store:
        store.connection.execute(sa.insert(marks).values(name=secrets.token_urlsafe(16), number=1, at=now))
