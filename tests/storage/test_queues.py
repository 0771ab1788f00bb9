"""The queue's pages and numbers are those of the rows, whatever was written, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text

from portal.domain.audit import Actor
from portal.domain.queues import NOBODY, Due, Order, Selection, words_of
from portal.domain.rights import BEFORE_DECISION, ENDED, Kind, Level, RequestEvent, RightsRequest, State
from portal.storage.queues import Place
from portal.storage.request_tables import rights_requests
from portal.storage.rights import KeptLaws
from portal.storage.store import Store
from tests.installation import NOON, Built, an_installation, an_installation_on

TODAY = date(2026, 11, 23)


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path) as made:
        yield made


def a_request(store: Store, number: int, **changes: object) -> RightsRequest:
    """A request that differs from the one before in almost everything."""
    person = store.people.ensure(f"person{number % 5}@example.org", language="fr", now=NOON)
    request = RightsRequest(
        id=0,
        reference=f"R-{number:04d}-0000-0000",
        person_id=person.id,
        kind=list(Kind)[number % 4],
        state=State.RECEIVED,
        language="fr" if number % 3 else "en",
        message=f"Où est ma facture numéro {number}, s’il vous plaît ?",
        level=Level.L2,
        regime="qc_p391",
        received_at=NOON - timedelta(days=number % 7, minutes=number),
        received_on=TODAY,
        due=TODAY + timedelta(days=(number * 7) % 23 - 11),
        version=1,
    )
    return store.requests.add(replace(request, **changes), KeptLaws({}, None, None))


def filled(store: Store, how_many: int = 90) -> list[RightsRequest]:
    """Requests of many sorts, moved as requests are."""
    staff = store.staff.all()
    found = []
    for number in range(how_many):
        request = a_request(store, number)
        state = list(State)[number % len(State)]
        assignee = None if number % 4 == 0 else staff[number % 2].id
        moved = store.requests.save(replace(request, state=state, assignee_id=assignee), seen_version=1)
        now = NOON + timedelta(minutes=number * 37 % 101)
        store.requests.happened(moved.id, RequestEvent.TAKEN_UP, actor=Actor.STAFF, actor_id=1, now=now)
        found.append(moved)
    return found


def holds(selection: Selection, request: RightsRequest) -> bool:
    """What a selection means, said again in plain words."""
    days = {
        None: True,
        Due.LATE: request.due < TODAY,
        Due.TODAY: request.due == TODAY,
        Due.WITHIN_5: TODAY <= request.due <= TODAY + timedelta(days=5),
        Due.WITHIN_10: TODAY <= request.due <= TODAY + timedelta(days=10),
    }[selection.due]
    return (
        days
        and (selection.due is None or (request.state in BEFORE_DECISION and not request.is_test))
        and (request.state in ENDED) is selection.ended
        and selection.state in {None, request.state}
        and selection.kind in {None, request.kind}
        and selection.language in {None, request.language}
        and (selection.assignee is None or selection.assignee == (request.assignee_id or NOBODY))
    )


SELECTIONS = [
    *(Selection(order=order, ended=ended) for order, ended in product(Order, (False, True))),
    *(Selection(state=state, order=order) for state, order in product([State.RECEIVED, State.IN_PROGRESS], Order)),
    Selection(kind=Kind.ACCESS),
    Selection(kind=Kind.ACCESS, ended=True, order=Order.CHANGED),
    Selection(assignee=NOBODY, order=Order.RECEIVED),
    Selection(assignee=1, language="fr", order=Order.CHANGED),
    Selection(assignee=1, kind=Kind.PORTABILITY, due=Due.WITHIN_10),
    Selection(regime="qc_p391", due=Due.LATE),
    *(Selection(due=due) for due in Due),
    Selection(state=State.RECEIVED, due=Due.LATE),
]


def test_pages_hold_each_request_once_in_order_and_the_numbers_are_true(built: Built) -> None:
    with built.installation.database.writing() as store:
        requests = filled(store)
        changed = _changed(store)
        for selection in SELECTIONS:
            wanted = sorted(
                (one for one in requests if holds(selection, one)),
                key=lambda one: (_key(selection, one, changed), one.id),
                reverse=selection.read_by is Order.CHANGED,
            )
            assert _all(store, selection, changed) == [one.id for one in wanted], selection
            if selection.due is None:
                assert store.queues.numbers(selection, 1).found == len(wanted), selection
            else:
                assert store.queues.numbers_due([selection], today=TODAY) == [len(wanted)], selection


def test_no_list_and_no_number_reads_every_request(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    with built.installation.database.writing() as store:
        filled(store, 3)
        place = {Order.DUE: TODAY, Order.RECEIVED: NOON, Order.CHANGED: NOON}
        with _plans(store) as plans:
            for selection in SELECTIONS:
                after = Place(place[selection.read_by], 1)
                store.queues.page(selection, today=TODAY, after=after, limit=26)
                store.queues.numbers(selection, 1)
                if selection.due:
                    store.queues.numbers_due([selection], today=TODAY)
                store.queues.among(range(1, 1_000), selection, today=TODAY)
                assert any(plan.startswith("SEARCH rights_requests USING INTEGER PRIMARY KEY") for plan in plans[-4:])
            store.request_words.holding(("facture",), limit=5)
            store.requests.to_answer(1, limit=5)
    assert len(plans) > 3 * len(SELECTIONS)
    assert not [plan for plan in plans if plan.startswith("SCAN rights_requests")]


@contextmanager
def _plans(store: Store) -> Iterator[list[str]]:
    """How SQLite goes about each statement of the block."""
    plans: list[str] = []

    def explain(_connection: object, cursor: Any, statement: str, parameters: Any, *_more: object) -> None:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plans.extend(row[3] for row in cursor.fetchall())

    event.listen(store.connection, "before_cursor_execute", explain)
    yield plans
    event.remove(store.connection, "before_cursor_execute", explain)


def test_numbers_stay_true_through_every_change_and_are_the_same_once_folded(built: Built) -> None:
    with built.installation.database.writing() as store:
        member = store.staff.all()[0].id
        requests = filled(store, 40)
        mine = sum(one.assignee_id == member and one.state not in ENDED for one in requests)
        nobodys = sum(one.assignee_id is None and one.state not in ENDED for one in requests)
        open_ones = sum(one.state not in ENDED for one in requests)
        numbers = store.queues.numbers(Selection(), member)
        assert (numbers.open, numbers.mine, numbers.nobodys, numbers.found) == (open_ones, mine, nobodys, open_ones)
        assert store.staff.open_requests()[member] == mine
        assert store.request_sorts.fold() > 0
        assert store.request_sorts.fold() == 0
        assert store.queues.numbers(Selection(), member) == numbers
        assert store.staff.open_requests()[member] == mine


def test_what_is_forgotten_is_counted_no_more(built: Built) -> None:
    with built.installation.database.writing() as store:
        requests = filled(store, 40)
        person = requests[0].person_id
        left = [one for one in requests if one.person_id != person]
        store.retention.forget([person])
        assert store.queues.numbers(Selection(), 1).open == sum(one.state not in ENDED for one in left)
        test = a_request(store, 99, is_test=True)
        store.retention.forget_test(test.id)
        assert store.queues.numbers(Selection(), 1).open == sum(one.state not in ENDED for one in left)
        assert store.request_words.holding(("facture", "0"), limit=5) == []


def test_counting_stops_at_its_bound(built: Built) -> None:
    with built.installation.database.writing() as store:
        filled(store, 40)
        assert store.queues.numbers_due([Selection(due=Due.WITHIN_10)], today=TODAY, bound=3) == [3]


def test_words_are_found_without_accents_or_capitals_and_all_of_them_together(built: Built) -> None:
    with built.installation.database.writing() as store:
        requests = filled(store, 12)
        other = a_request(store, 50, message="Écrivez à marie-ève@exemple.ca pour l’ÎLE d’Orléans")
        for typed in ("OÙ FACTURE", "plait numero facture", "s’il vous plaît"):
            assert store.request_words.holding(words_of(typed), limit=50) == [one.id for one in reversed(requests)]
        for typed in ("ile orleans", "Eve", "exemple.ca", "ecrivez"):
            assert store.request_words.holding(words_of(typed), limit=50) == [other.id], typed
        assert store.request_words.holding(words_of("facture orleans"), limit=50) == []
        assert store.request_words.holding(words_of("factur"), limit=50) == []
        assert len(store.request_words.holding(words_of("facture"), limit=5)) == 5


@pytest.mark.parametrize("typed", ["", "%", "%_*", '"', "'", "NEAR(", "\N{GRINNING FACE}", "\ufffd", "\u0301"])
def test_signs_alone_are_no_words(typed: str) -> None:
    assert words_of(typed) in {(), ("near",)}


@pytest.mark.parametrize(
    "typed", ["a OR b", 'x" OR "y', "NOT a", "a*", "^a", "col:a", "-a", "a & !b", "\U0001e900a", "a" * 5_000]
)
def test_nothing_typed_is_read_as_a_command(built: Built, typed: str) -> None:
    with built.installation.database.writing() as store:
        filled(store, 3)
        assert store.request_words.holding(words_of(typed), limit=5) == []


def test_only_what_is_left_of_a_message_is_in_the_index(built: Built) -> None:
    """A message that changes leaves no word of what it was."""
    with built.installation.database.writing() as store:
        request = a_request(store, 7)
        store.requests.save(replace(request, message="Autre chose"), seen_version=1)
        assert store.request_words.holding(("facture",), limit=5) == []
        assert store.request_words.holding(("autre",), limit=5) == [request.id]


def test_the_words_of_who_is_forgotten_are_let_go_of_by_sqlite_too(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    with built.installation.database.writing() as store:
        filled(store, 5)
        told = a_request(store, 6, message="Chrysanthème anticonstitutionnel")
    with built.installation.database.writing() as store:
        assert _kept_in_the_index(store, b"chrysantheme")
        store.retention.forget([told.person_id])
    with built.installation.database.writing() as store:
        store.request_words.let_go()
        assert not _kept_in_the_index(store, b"chrysantheme")
        assert len(store.request_words.holding(("facture",), limit=9)) == 4


def _kept_in_the_index(store: Store, word: bytes) -> bool:
    """Whether the blocks of SQLite's index hold a word, or enough of it: a block leaves out what the word before began with."""
    return any(word[2:] in row.block for row in store.connection.execute(text("SELECT block FROM request_words_data")))


def test_every_request_is_of_the_sort_it_is_counted_in(built: Built) -> None:
    with built.installation.database.writing() as store:
        filled(store, 60)
        rows = store.connection.execute(
            text(
                "SELECT s.id, s.number + coalesce((SELECT sum(change) FROM request_counts c WHERE c.sort_id = s.id), 0) AS kept,"
                " (SELECT count(*) FROM rights_requests r WHERE r.sort_id = s.id AND r.state = s.state AND r.kind = s.kind"
                " AND r.language = s.language AND coalesce(r.assignee_id, 0) = s.assignee_id) AS there FROM request_sorts s"
            )
        ).all()
        assert rows
        assert [(row.id, row.kept) for row in rows] == [(row.id, row.there) for row in rows]


def _changed(store: Store) -> dict[int, datetime]:
    found = select(rights_requests.c.id, rights_requests.c.changed_at)
    return {row.id: row.changed_at for row in store.connection.execute(found)}


def _key(selection: Selection, one: RightsRequest, changed: dict[int, datetime]) -> object:
    return {
        Order.DUE: one.due,
        Order.RECEIVED: one.received_at.astimezone(UTC),
        Order.CHANGED: changed[one.id],
    }[selection.read_by]


def _all(store: Store, selection: Selection, changed: dict[int, datetime]) -> list[int]:
    """Every id of a selection, seven at a time."""
    ids: list[int] = []
    place = None
    while True:
        rows = [one for one, _ in store.queues.page(selection, today=TODAY, after=place, limit=7)]
        ids += [one.id for one in rows]
        if len(rows) < 7:
            return ids
        place = Place(_key(selection, rows[-1], changed), rows[-1].id)  # type: ignore[arg-type]  # a day or an instant
