"""Tallies of requests: in the transaction of the request, in the organization's days, and counted again for those of before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, update

from portal.domain.figures import Counted, Outcome
from portal.domain.rights import Decision, Kind, Level, RightsRequest, State
from portal.services.acts import Doing, reopen
from portal.services.register_lines import request_record
from portal.services.rights import Asked, open_request
from portal.storage import schema
from portal.storage.register_tables import answer_tallies, request_tallies
from portal.storage.rights import Conflict
from portal.storage.store import Store
from portal.storage.tables import letters
from tests.installation import CAMILLE, Built, an_installation_on

NOVEMBER = date(2026, 11, 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path) as found:
        yield found


def opened(built: Built, store: Store, kind: Kind = Kind.ACCESS, **changes: bool) -> RightsRequest:
    person = store.people.ensure(CAMILLE, language="fr", now=built.clock())
    asked = Asked(kind, "fr", Level.L2, "Bonjour", **changes)
    return open_request(built.installation, store, person, asked, form_id=None, now=built.clock())


def decided(store: Store, request: RightsRequest, at: datetime, decision: Decision = Decision.GRANTED) -> RightsRequest:
    return store.requests.save(
        replace(request, state=State.CLOSED, decision=decision, decided_at=at, closed_at=at),
        seen_version=request.version,
    )


def counted(store: Store) -> dict[tuple[Kind, Outcome, bool], int]:
    return {(one.kind, one.outcome, one.late): one.number for one in store.tallies.counted(NOVEMBER, NOVEMBER)}


def test_a_request_is_counted_once_wherever_it_stands(built: Built) -> None:
    with built.installation.database.writing() as store:
        first, second = opened(built, store), opened(built, store)
        third = opened(built, store, Kind.DELETION)
        assert counted(store) == {(Kind.ACCESS, Outcome.OPEN, False): 2, (Kind.DELETION, Outcome.OPEN, False): 1}
        moved = store.requests.save(replace(first, state=State.IN_PROGRESS), seen_version=first.version)
        decided(store, moved, datetime(2026, 11, 25, 17, tzinfo=UTC))
        store.requests.save(replace(third, state=State.WITHDRAWN), seen_version=third.version)
        assert counted(store) == {
            (Kind.ACCESS, Outcome.OPEN, False): 1,
            (Kind.ACCESS, Outcome.GRANTED, False): 1,
            (Kind.DELETION, Outcome.WITHDRAWN, False): 1,
        }
        assert store.tallies.days(NOVEMBER, NOVEMBER) == {2: 1}
        assert store.tallies.earliest() == NOVEMBER
        with pytest.raises(Conflict):
            store.requests.save(replace(second, state=State.WITHDRAWN), seen_version=second.version + 5)
        assert counted(store)[Kind.ACCESS, Outcome.OPEN, False] == 1


LATE = datetime(2026, 12, 30, 17, tzinfo=UTC)
FIRST_ANSWER = {(Kind.ACCESS, Outcome.REFUSED, True): 1}


def opened_again(built: Built, store: Store, request: RightsRequest, at: datetime) -> RightsRequest:
    officer = store.staff.by_address("officer@example.org")
    assert officer
    built.clock.advance(days=(at - built.clock()).days)
    store.connection.execute(update(letters).values(state="sent"))
    return reopen(built.installation, store, Doing(officer, request, request.version, at), "Fait nouveau")


def agree(built: Built, store: Store) -> None:
    """The register of requests says of each what the tallies add up to."""
    lines = [request_record(built.installation, one) for one in store.registers.requests()]
    assert Counter((Kind(one["kind"]), Outcome(one["outcome"]), one["late"]) for one in lines) == counted(store)
    assert Counter(one["days"] for one in lines if one["days"] is not None) == store.tallies.days(NOVEMBER, NOVEMBER)


def test_a_late_answer_stays_late_when_its_request_is_opened_again(built: Built) -> None:
    with built.installation.database.writing() as store:
        late = decided(store, opened(built, store), LATE, Decision.REFUSED)
        again = opened_again(built, store, late, LATE + timedelta(days=2))
        assert again.due > late.due
        assert (counted(store), store.tallies.days(NOVEMBER, NOVEMBER)) == (FIRST_ANSWER, {37: 1})
        agree(built, store)
        answered = decided(store, again, LATE + timedelta(days=9), Decision.GRANTED)
        assert (counted(store), store.tallies.days(NOVEMBER, NOVEMBER)) == (FIRST_ANSWER, {37: 1})
        agree(built, store)
        thrice = opened_again(built, store, answered, LATE + timedelta(days=11))
        assert thrice.first_due == late.due, "the first answer of all, not the one before"
        store.requests.save(replace(thrice, state=State.WITHDRAWN), seen_version=thrice.version)
        assert (counted(store), store.tallies.days(NOVEMBER, NOVEMBER)) == (FIRST_ANSWER, {37: 1})
        agree(built, store)


def test_an_answer_in_time_stays_in_time_however_late_the_next_one_is(built: Built) -> None:
    with built.installation.database.writing() as store:
        first = decided(store, opened(built, store), datetime(2026, 11, 25, 17, tzinfo=UTC), Decision.REFUSED)
        again = opened_again(built, store, first, datetime(2026, 11, 27, 17, tzinfo=UTC))
        decided(store, again, datetime(2027, 3, 1, 17, tzinfo=UTC))
        assert counted(store) == {(Kind.ACCESS, Outcome.REFUSED, False): 1}
        assert store.tallies.days(NOVEMBER, NOVEMBER) == {2: 1}
        agree(built, store)


def test_the_revision_counts_requests_opened_again_before_by_their_first_answer(built: Built) -> None:
    with built.installation.database.writing() as store:
        late = decided(store, opened(built, store), LATE, Decision.REFUSED)
        store.requests.decided(late, staff_id=None, prepared_by=None)
        opened(built, store)
        opened_again(built, store, late, LATE + timedelta(days=2))
    _downgraded(built, "0022")
    with built.installation.database.reading() as store:
        assert counted(store) == {(Kind.ACCESS, Outcome.OPEN, False): 2}, "as it was counted before"
        assert store.tallies.days(NOVEMBER, NOVEMBER) == {}
    schema.upgrade(built.installation.database.engine)
    with built.installation.database.reading() as store:
        assert counted(store) == FIRST_ANSWER | {(Kind.ACCESS, Outcome.OPEN, False): 1}
        assert store.tallies.days(NOVEMBER, NOVEMBER) == {37: 1}
        agree(built, store)


def test_the_last_day_ends_where_the_organization_is(built: Built) -> None:
    with built.installation.database.writing() as store:
        on_time, late = opened(built, store), opened(built, store)
        assert on_time.due == date(2026, 12, 23)
        decided(store, on_time, datetime(2026, 12, 24, 4, 59, tzinfo=UTC), Decision.REFUSED)
        decided(store, late, datetime(2026, 12, 24, 5, 0, tzinfo=UTC), Decision.REFUSED)
        assert counted(store) == {(Kind.ACCESS, Outcome.REFUSED, False): 1, (Kind.ACCESS, Outcome.REFUSED, True): 1}
        assert store.tallies.days(NOVEMBER, NOVEMBER) == {30: 1, 31: 1}


def test_a_test_counts_nowhere(built: Built) -> None:
    with built.installation.database.writing() as store:
        decided(store, opened(built, store, is_test=True), built.clock())
        assert counted(store) == {}


def test_nothing_is_counted_of_what_is_not_kept(built: Built) -> None:
    with pytest.raises(RuntimeError):
        _open_and_fail(built)
    with built.installation.database.reading() as store:
        assert store.tallies.counted(NOVEMBER, NOVEMBER) == []


def _open_and_fail(built: Built) -> None:
    with built.installation.database.writing() as store:
        opened(built, store)
        raise RuntimeError


def test_the_revision_counts_what_was_there_as_it_would_have_been_counted(built: Built) -> None:
    with built.installation.database.writing() as store:
        for kind in (Kind.ACCESS, Kind.ACCESS, Kind.INFO):
            decided(store, opened(built, store, kind), datetime(2026, 12, 24, 4, 30, tzinfo=UTC))
        gone = opened(built, store, Kind.OTHER)
        store.requests.save(replace(gone, state=State.WITHDRAWN), seen_version=gone.version)
        opened(built, store, is_test=True)
        before = _everything(store)
    database = built.installation.database
    _downgraded(built, "0016")
    schema.upgrade(database.engine)
    with database.reading() as store:
        assert _everything(store) == before
        assert Counted(NOVEMBER, Kind.ACCESS, Outcome.GRANTED, late=False, number=2) in store.tallies.counted(
            NOVEMBER, NOVEMBER
        )


def _downgraded(built: Built, revision: str) -> None:
    configuration = schema._configuration()
    with built.installation.database.engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, revision)


def _everything(store: Store) -> list[list[tuple[object, ...]]]:
    """What is counted; a count that came back to nothing is none."""
    return [
        sorted(tuple(row) for row in store.connection.execute(select(table).where(table.c.number > 0)))
        for table in (request_tallies, answer_tallies)
    ]
