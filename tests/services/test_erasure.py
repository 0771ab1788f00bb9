"""Erasing: whatever dies at whatever instant, what was granted is done, once, and nothing else is touched."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from portal.config import Settings
from portal.domain.audit import AuditEvent
from portal.domain.erasure import ErasureState
from portal.domain.jobs import Again
from portal.domain.letters import LetterKind
from portal.domain.periods import Period
from portal.domain.rights import Decision, Kind, Level, OutOfOrder, RequestEvent, RightsRequest, State, Withheld
from portal.services import decisions, deletion, erasure, rights
from portal.services.decisions import Verdict
from portal.services.identities import identities_of
from portal.services.installation import Installation
from portal.sources.base import SourceRefused, SourceUnavailable
from tests.installation import CAMILLE, EMILY, MARGUERITE, NOBODY, Built, an_installation
from tests.mail.sink import Mode, mail_server
from tests.services import fresh_postgresql
from tests.services.mortal import Killed, MortalDatabase, MortalSource
from tests.services.telling import a_change, again, begun, drafted, proved, recipients, subscribe, worked_out

MOST_TURNS = 600


@pytest.fixture
def built(tmp_path: Path, small_batches: None) -> Built:
    return an_installation(tmp_path)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "BATCH_ROWS", 25)


def test_a_deletion_carried_out_ends_the_subscription_and_the_letter_that_waits(tmp_path: Path) -> None:
    with mail_server() as sink:
        sink.modes[CAMILLE] = Mode.LATER
        built = an_installation(tmp_path, change=lambda settings: through(settings, sink.port))
        subscribe(built.installation, CAMILLE)
        notice = begun(built.installation, proved(built, drafted(built.installation, a_change(built.installation))))
        built.clock.advance(hours=1)
        worked_out(built, notice, steps=1)
        assert {row.address for row in recipients(built)} == {None, CAMILLE}
        grant(built, ask(built, CAMILLE))
        built.work()
        built.clock.advance(days=4)
        built.work()
    counters = again(built.installation, notice.id).counters
    assert {row.address for row in recipients(built)} == {None}
    assert (counters.given_up, counters.waiting) == (1, 0)
    with built.installation.database.reading() as store:
        assert store.subscribers.by_address(CAMILLE) is None


def through(settings: Settings, port: int) -> Settings:
    url = f"smtp://127.0.0.1:{port}?starttls=off"
    return replace(settings, mail=replace(settings.mail, url=url, notices_per_minute=60_000))


def waits_three_days(settings: Settings) -> Settings:
    return replace(settings, erasure=replace(settings.erasure, wait=Period(0, 3)))


def ask(built: Built, address: str) -> RightsRequest:
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=built.clock())
        return deletion.ask(
            built.installation, store, person, language="fr", level=Level.L2, form_id="f" * 20, now=built.clock()
        )


def grant(
    built: Built,
    request: RightsRequest,
    decision: Decision = Decision.GRANTED,
    *,
    withheld: tuple[Withheld, ...] = (),
) -> int:
    """Decide as the officer does; gives the id of the erasure."""
    said = ("", "") if decision is Decision.GRANTED else ("Une partie reste.", "P-39.1, art. 23")
    verdict = Verdict(decision, *said, withheld=withheld)
    with built.installation.database.writing() as store:
        officer = store.staff.by_address("officer@example.org")
        assert officer
        decisions.decide(built.installation, store, officer, request, verdict, seen_version=request.version)
    with built.installation.database.reading() as store:
        found = store.erasures.of_request(request.id)
    assert found
    return found.id


def granted(built: Built, address: str) -> tuple[RightsRequest, int]:
    request = ask(built, address)
    return request, grant(built, request)


def finish(installation: Installation, erasure_id: int, built: Built) -> int:
    """Start again after each death until nothing is left to do; gives the number of starts."""
    starts = 0
    again: object = Again(built.clock())
    while again is not None:
        starts += 1
        assert starts < MOST_TURNS, "the erasure does not end"
        try:
            again = erasure.advance(installation, erasure_id, built.clock())
        except Killed:
            again = Again(built.clock())
    return starts


def rows_of(built: Built, address: str) -> dict[str, int]:
    """How many rows each table of the service holds for a person's account, which keeps its id when it is emptied."""
    account = account_of(built, address)
    with service(built) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table} WHERE account_id = ?", (account,)).fetchone()[0]
            for table in ("api_requests", "devices", "sign_ins", "invoices")
        }


def account_of(built: Built, address: str) -> int:
    with service(built) as connection:
        return int(connection.execute("SELECT id FROM accounts WHERE email = ?", (address,)).fetchone()[0])


def everything_of(built: Built, address: str) -> list[Any]:
    account = account_of(built, address)
    with service(built) as connection:
        return [
            connection.execute(f"SELECT * FROM {table} WHERE {column} = ? ORDER BY id", (account,)).fetchall()
            for table, column in (
                ("accounts", "id"),
                ("api_requests", "account_id"),
                ("devices", "account_id"),
                ("sign_ins", "account_id"),
                ("invoices", "account_id"),
            )
        ]


@contextmanager
def service(built: Built) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(built.folder / "service.db", timeout=10)
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def check_done_once(built: Built, request: RightsRequest, before: dict[str, int]) -> None:
    """Every sentence of "once" (design §2.10): ranges and counts, none remains, one event, one attestation, one letter."""
    with built.installation.database.reading() as store:
        closed = store.requests.by_id(request.id)
        done = store.erasures.of_request(request.id)
        assert closed
        assert done
        steps = {step.table_name.removeprefix("service."): step for step in store.erasures.steps(done.id)}
        batches = {name: store.erasures.batches(step.id) for name, step in steps.items()}
        events = Counter(event.event for event in store.requests.history(request.id))
        letters = Counter(letter.kind for letter in store.letters.of_request(request.id))
        audited = Counter(line.event for line in store.audit.newest(limit=500) if line.reference == request.reference)
    assert (closed.state, done.state) == (State.CLOSED, ErasureState.DONE)
    assert events[RequestEvent.CLOSED] == events[RequestEvent.CARRYING_OUT] == events[RequestEvent.CARRIED_OUT] == 1
    assert letters[LetterKind.ERASURE_DONE] == letters[LetterKind.CONTACT_CLOSED] == 1
    assert audited[AuditEvent.ERASURE_STARTED] == audited[AuditEvent.ERASURE_FINISHED] == 1
    for name, count in before.items():
        assert steps[name].erased + steps[name].kept == count, name
        assert steps[name].remaining == 0
        assert sum(batch.found for batch in batches[name]) == steps[name].erased
        assert all(batch.done_at for batch in batches[name])
        assert all(one.last < two.first for one, two in pairwise(batches[name]))
    assert steps["accounts"].erased == 1


def test_an_erasure_takes_what_may_go_and_leaves_what_must_stay_and_everyone_else(built: Built) -> None:
    before, neighbour = rows_of(built, MARGUERITE), everything_of(built, EMILY)
    account = account_of(built, MARGUERITE)
    request, erasure_id = granted(built, MARGUERITE)
    finish(built.installation, erasure_id, built)
    check_done_once(built, request, before)
    assert everything_of(built, EMILY) == neighbour
    with service(built) as connection:
        kept = connection.execute("SELECT count(*) FROM invoices WHERE account_id = ?", (account,)).fetchone()[0]
        [(name, email)] = connection.execute("SELECT name, email FROM accounts WHERE id = ?", (account,)).fetchall()
    assert kept > 0
    assert name is None
    assert MARGUERITE not in email


def test_what_was_done_is_not_done_again(built: Built) -> None:
    before = rows_of(built, CAMILLE)
    request, erasure_id = granted(built, CAMILLE)
    finish(built.installation, erasure_id, built)
    for _ in range(3):
        assert erasure.advance(built.installation, erasure_id, built.clock()) is None
    check_done_once(built, request, before)


def test_every_call_to_the_source_may_die_before_and_after_its_effect(built: Built) -> None:
    before = rows_of(built, CAMILLE)
    request, erasure_id = granted(built, CAMILLE)
    source = MortalSource(built.installation.sources["service"])
    mortal = replace(built.installation, sources={"service": source})  # type: ignore[dict-item]  # passes every call on
    assert finish(mortal, erasure_id, built) > source.deaths > 20
    check_done_once(built, request, before)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_every_commit_may_be_lost_or_be_the_last_thing_done(
    tmp_path: Path, small_batches: None, engine: str, seed: int
) -> None:
    if engine == "sqlite":
        _die_around_commits(an_installation(tmp_path), seed)
        return
    with fresh_postgresql() as url:
        made = an_installation(tmp_path, database_url=url.render_as_string(hide_password=False))
        try:
            _die_around_commits(made, seed)
        finally:
            made.installation.database.close()


def _die_around_commits(built: Built, seed: int) -> None:
    before = rows_of(built, CAMILLE)
    request, erasure_id = granted(built, CAMILLE)
    database = MortalDatabase(built.installation.database, seed)
    mortal = replace(built.installation, database=database)  # type: ignore[arg-type]  # passes every call on
    finish(mortal, erasure_id, built)
    assert database.deaths > 10
    check_done_once(built, request, before)


def test_rows_the_service_writes_meanwhile_go_too(built: Built) -> None:
    account = account_of(built, CAMILLE)
    _, erasure_id = granted(built, CAMILLE)
    erasure.advance(built.installation, erasure_id, built.clock())
    with service(built) as connection:
        connection.execute("UPDATE api_requests SET id = id + 1000000 WHERE account_id <> ?", (account,))
        connection.execute(
            "UPDATE api_requests SET account_id = ? WHERE id IN (SELECT max(id) FROM api_requests)", (account,)
        )
    finish(built.installation, erasure_id, built)
    with service(built) as connection:
        left = connection.execute("SELECT count(*) FROM api_requests WHERE account_id = ?", (account,)).fetchone()[0]
    assert left == 0


def test_a_source_that_is_away_changes_nothing_and_is_asked_again(built: Built) -> None:
    before = rows_of(built, CAMILLE)
    request, erasure_id = granted(built, CAMILLE)
    away = _without(built, lambda name: name == "people_matching", SourceUnavailable())
    with pytest.raises(SourceUnavailable):
        erasure.advance(away, erasure_id, built.clock())
    assert rows_of(built, CAMILLE) == before
    erasure.advance(built.installation, erasure_id, built.clock())
    away = _without(built, lambda name: name == "erase", SourceUnavailable())
    with pytest.raises(SourceUnavailable):
        finish(away, erasure_id, built)
    finish(built.installation, erasure_id, built)
    check_done_once(built, request, before)


def test_a_service_that_refuses_is_told_to_staff_once_and_tried_every_hour(built: Built) -> None:
    before = rows_of(built, CAMILLE)
    request, erasure_id = granted(built, CAMILLE)
    erasure.advance(built.installation, erasure_id, built.clock())
    refusing = _without(built, lambda name: name == "erase", SourceRefused("foreign_key"))
    for _ in range(5):
        again = erasure.advance(refusing, erasure_id, built.clock())
    assert again == Again(built.clock() + timedelta(hours=1))
    with built.installation.database.reading() as store:
        events = [event.event for event in store.requests.history(request.id)]
    assert events.count(RequestEvent.NOT_CARRIED_OUT) == 1
    finish(built.installation, erasure_id, built)
    check_done_once(built, request, before)


def _without(built: Built, fails: Callable[[str], bool], error: Exception) -> Installation:
    class Failing(MortalSource):
        def __getattr__(self, name: str) -> Any:
            def refuse(*_arguments: Any, **_named: Any) -> None:
                raise error

            return refuse if fails(name) else getattr(self._source, name)

    return replace(
        built.installation,
        sources={"service": Failing(built.installation.sources["service"])},  # type: ignore[dict-item]  # passes every call on
    )


def test_a_waiting_period_is_told_kept_and_may_be_used_to_take_it_back(tmp_path: Path) -> None:
    built = an_installation(tmp_path, change=waits_three_days)
    before = everything_of(built, CAMILLE)
    request, erasure_id = granted(built, CAMILLE)
    built.clock.advance(days=2, hours=23)
    assert erasure.advance(built.installation, erasure_id, built.clock()) == Again(built.clock() + timedelta(hours=1))
    with built.installation.database.writing() as store:
        waiting = store.requests.by_id(request.id)
        assert waiting
        assert waiting.state is State.FULFILLING
        assert LetterKind.ERASURE_WAITING in {letter.kind for letter in store.letters.of_request(request.id)}
        rights.take_back(built.installation, store, waiting, now=built.clock())
    built.clock.advance(days=2)
    built.work()
    assert erasure.advance(built.installation, erasure_id, built.clock()) is None
    assert everything_of(built, CAMILLE) == before


def test_once_begun_it_cannot_be_taken_back(tmp_path: Path) -> None:
    built = an_installation(tmp_path, change=waits_three_days)
    request, erasure_id = granted(built, CAMILLE)
    built.clock.advance(days=3)
    erasure.advance(built.installation, erasure_id, built.clock())
    with built.installation.database.writing() as store:
        begun = store.requests.by_id(request.id)
        assert begun
        with pytest.raises(OutOfOrder):
            rights.take_back(built.installation, store, begun, now=built.clock())


def test_somebody_no_source_knows_is_answered_with_nothing_erased(built: Built) -> None:
    request, erasure_id = granted(built, NOBODY)
    finish(built.installation, erasure_id, built)
    with built.installation.database.reading() as store:
        assert not store.erasures.steps(erasure_id)
        closed = store.requests.by_id(request.id)
    assert closed
    assert closed.state is State.CLOSED


def test_two_people_of_one_address_are_left_to_staff(built: Built) -> None:
    with service(built) as connection:
        connection.execute("DROP INDEX IF EXISTS ix_accounts_email")
        connection.execute("UPDATE accounts SET email = upper(?) WHERE email = ?", (CAMILLE, EMILY))
    found = identities_of(built.installation, CAMILLE)
    preview = deletion.preview(built.installation, built.installation.data_map, found, now=built.clock())
    assert preview.identities.shared == {"service"}
    assert not preview.complete
    _, erasure_id = granted(built, CAMILLE)
    before = everything_of(built, CAMILLE)
    finish(built.installation, erasure_id, built)
    assert everything_of(built, CAMILLE) == before


def test_a_grant_in_part_erases_and_says_that_it_is_in_part(built: Built) -> None:
    request = ask(built, MARGUERITE)
    part = Withheld("usage", "", "…", "…")
    erasure_id = grant(built, request, Decision.PARTIALLY_GRANTED, withheld=(part,))
    finish(built.installation, erasure_id, built)
    with built.installation.database.reading() as store:
        kinds = [letter.kind for letter in store.letters.of_request(request.id)]
        closed = store.requests.by_id(request.id)
    assert kinds.count(LetterKind.OUTCOME_PARTIALLY_GRANTED) == 1
    assert LetterKind.ERASURE_DONE not in kinds
    assert closed
    assert closed.recourse_until


def test_asking_twice_gives_the_request_that_is_open(built: Built) -> None:
    assert ask(built, CAMILLE).reference == ask(built, CAMILLE).reference
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=built.clock())
        other = deletion.ask(
            built.installation, store, person, language="en", level=Level.L2, form_id="g" * 20, now=built.clock()
        )
        assert [one.reference for one in store.requests.of_person(person.id) if one.kind is Kind.DELETION] == [
            other.reference
        ]
