"""The ledger and an erasure: written before anything goes, once, and nothing goes where it cannot be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.config import Problem
from portal.domain.audit import Actor
from portal.domain.jobs import Again
from portal.domain.keys import Keys
from portal.domain.ledger import (
    Begun,
    Entry,
    Erased,
    Erasing,
    KeyMissing,
    LedgerAway,
    LedgerBroken,
    LedgerCut,
    OtherLedger,
    RequestNoted,
)
from portal.domain.rights import RequestEvent, WhyNot
from portal.ledger import ledger_from
from portal.ledger.base import Adding
from portal.ledger.file import FileLedger
from portal.services import erasure, ledger
from portal.services.banners import banners_for
from portal.services.installation import Installation
from portal.services.readiness_checks import further_checks
from tests.installation import CAMILLE, EMILY, MARGUERITE, Built, an_installation
from tests.services import fresh_postgresql
from tests.services.mortal import Killed, MortalDatabase
from tests.services.test_erasure import account_of, ask, check_done_once, finish, granted, rows_of


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


class MortalLedger:
    """A ledger around whose every writing the process dies: once before it, once after it."""

    def __init__(self, path: Path) -> None:
        self._ledger = FileLedger(path)
        self.deaths = 0
        self.written = 0

    def lines(self) -> Iterator[str]:
        return self._ledger.lines()

    def tail(self, number: int) -> list[str]:
        return self._ledger.tail(number)

    def append(self, adding: Adding, *, since: int) -> None:
        self.written += 1
        if self.written % 3 == 1:
            self._die()
        self._ledger.append(adding, since=since)
        if self.written % 3 == 2:
            self._die()

    def close(self) -> None:
        self._ledger.close()

    def _die(self) -> None:
        self.deaths += 1
        raise Killed


def entries(installation: Installation) -> list[Entry]:
    return list(ledger.entries_of(installation))


def test_each_table_is_in_the_ledger_before_its_first_row_goes_and_after_its_last(built: Built) -> None:
    before = rows_of(built, MARGUERITE)
    request, erasure_id = granted(built, MARGUERITE)
    finish(built.installation, erasure_id, built)
    check_done_once(built, request, before)
    told = [entry.fact for entry in entries(built.installation)]
    assert isinstance(told[0], Begun)
    begun = [fact for fact in told if isinstance(fact, Erasing)]
    ended = [fact for fact in told if isinstance(fact, Erased)]
    assert told[1:] == [fact for pair in zip(begun, ended, strict=True) for fact in pair]
    assert {fact.reference for fact in (*begun, *ended)} == {request.reference}
    assert len({fact.person for fact in (*begun, *ended)}) == 1
    held = {fact.table.removeprefix("service."): (fact.erased, fact.kept) for fact in ended}
    assert {name: sum(held[name]) for name in before} == before
    assert next(fact for fact in ended if fact.kept).kept_until is not None


def test_nothing_personal_is_in_the_ledger(built: Built) -> None:
    request, erasure_id = granted(built, CAMILLE)
    account = account_of(built, CAMILLE)
    finish(built.installation, erasure_id, built)
    text = "\n".join(built.installation.ledger.lines())
    assert request.reference in text
    for personal in (CAMILLE, "camille", "Tremblay", f'"{account}"', f"[{account}]"):
        assert personal not in text


def test_two_people_and_two_requests_are_told_apart(built: Built) -> None:
    for address in (CAMILLE, EMILY):
        finish(built.installation, granted(built, address)[1], built)
    begun = [entry.fact for entry in entries(built.installation) if isinstance(entry.fact, Erasing)]
    assert len({(fact.reference, fact.person, fact.addresses) for fact in begun}) == 2


def test_killed_around_each_writing_it_is_written_once(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "BATCH_ROWS", 25)
    before = rows_of(built, CAMILLE)
    request, erasure_id = granted(built, CAMILLE)
    places = MortalLedger(built.folder / "erasures.ledger")
    finish(replace(built.installation, ledger=places), erasure_id, built)
    assert places.deaths > 5
    check_done_once(built, request, before)
    counted = Counter(
        (type(entry.fact), entry.fact.table)
        for entry in entries(built.installation)
        if isinstance(entry.fact, Erasing | Erased)
    )
    assert set(counted.values()) == {1}


def test_a_step_told_of_before_a_kill_is_not_told_again_whatever_was_noted_since(built: Built) -> None:
    _, erasure_id = granted(built, CAMILLE)
    database = MortalDatabase(built.installation.database, seed=4)
    dying = replace(built.installation, database=database)  # type: ignore[arg-type]  # passes every call on
    again: object = Again(built.clock())
    while again is not None:
        try:
            again = erasure.advance(dying, erasure_id, built.clock())
        except Killed:
            built.clock.advance(seconds=11)
            ledger.note_requests(built.installation, built.clock())
    assert database.deaths > 5
    told = [entry.fact for entry in entries(built.installation) if isinstance(entry.fact, Erasing | Erased)]
    assert len(told) == len(set(told)) == 8


def test_where_the_ledger_cannot_be_written_nothing_is_destroyed_and_staff_are_told_once(built: Built) -> None:
    before = rows_of(built, CAMILLE)
    request, erasure_id = granted(built, CAMILLE)
    away = replace(built.installation, ledger=ledger_from(f"file:{built.folder}/no/such/folder/erasures.ledger"))
    for _ in range(4):
        again = erasure.advance(away, erasure_id, built.clock())
    assert again == Again(built.clock() + timedelta(hours=1))
    assert rows_of(built, CAMILLE) == before
    with built.installation.database.reading() as store:
        told = [
            event.detail for event in store.requests.history(request.id) if event.event is RequestEvent.NOT_CARRIED_OUT
        ]
    assert told == [WhyNot.LEDGER]
    finish(built.installation, erasure_id, built)
    check_done_once(built, request, before)


def cut(path: Path) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-2]))


def removed(path: Path) -> None:
    path.unlink()


def edited(path: Path) -> None:
    *lines, last = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, last.replace('"erased":', '"erased":1', 1)]))


def last_taken_out_and_written_anew(path: Path) -> None:
    *lines, last = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1].replace('"number":', '"number":9', 1), last]))


@pytest.mark.parametrize("harm", [cut, removed, edited, last_taken_out_and_written_anew])
def test_a_ledger_that_was_harmed_is_told_and_nothing_is_destroyed(built: Built, harm: object) -> None:
    finish(built.installation, granted(built, CAMILLE)[1], built)
    path = built.folder / "erasures.ledger"
    as_it_was = path.read_bytes()
    harm(path)  # type: ignore[operator]
    with pytest.raises(LedgerBroken):
        entries(built.installation)
    with pytest.raises(LedgerBroken):
        ledger.prove_the_end(built.installation)
    before = rows_of(built, EMILY)
    request, erasure_id = granted(built, EMILY)
    for _ in range(3):
        erasure.advance(built.installation, erasure_id, built.clock())
    assert rows_of(built, EMILY) == before
    path.write_bytes(as_it_was)
    finish(built.installation, erasure_id, built)
    check_done_once(built, request, before)


def test_a_ledger_cut_short_is_told_from_one_that_was_changed(built: Built) -> None:
    finish(built.installation, granted(built, CAMILLE)[1], built)
    cut(built.folder / "erasures.ledger")
    with pytest.raises(LedgerCut):
        ledger.prove_the_end(built.installation)


def test_the_ledger_of_another_installation_is_refused(built: Built, tmp_path: Path) -> None:
    finish(built.installation, granted(built, CAMILLE)[1], built)
    with built.installation.database.writing() as store:
        store.connection.exec_driver_sql("UPDATE ledger_mark SET installation = 'another', number = 0, seal = ''")
    before = rows_of(built, EMILY)
    _, erasure_id = granted(built, EMILY)
    for _ in range(3):
        erasure.advance(built.installation, erasure_id, built.clock())
    assert rows_of(built, EMILY) == before
    with pytest.raises(OtherLedger):
        ledger.prove_the_end(built.installation)


def test_a_secret_may_be_replaced_but_not_thrown_away(built: Built) -> None:
    finish(built.installation, granted(built, CAMILLE)[1], built)
    newer = replace(built.installation, keys=Keys(b"n" * 32, (built.installation.keys.current,)))
    finish(newer, granted(built, EMILY)[1], built)
    last = ledger.prove_the_end(newer)
    assert last
    assert last == entries(newer)[-1]
    assert len({entry.key_id for entry in entries(newer)}) == 2
    with pytest.raises(KeyMissing):
        list(ledger.entries_of(replace(newer, keys=Keys(b"n" * 32))))


def test_a_ledger_in_another_postgresql_database_serves_as_well(built: Built) -> None:
    before = rows_of(built, CAMILLE)
    with fresh_postgresql() as url:
        elsewhere = ledger_from(url.render_as_string(hide_password=False))
        shared = replace(built.installation, ledger=elsewhere)
        request, erasure_id = granted(built, CAMILLE)
        finish(shared, erasure_id, built)
        check_done_once(built, request, before)
        assert {type(entry.fact) for entry in entries(shared)} == {Begun, Erasing, Erased}
        assert not (built.folder / "erasures.ledger").exists()
        elsewhere.close()


def test_a_server_away_in_the_middle_of_an_erasure_only_makes_it_wait(built: Built) -> None:
    request, erasure_id = granted(built, CAMILLE)
    before = rows_of(built, CAMILLE)
    away = replace(built.installation, ledger=ledger_from("postgresql+psycopg://portal@127.0.0.1:1/ledger"))
    with pytest.raises(LedgerAway):
        entries(away)
    erasure.advance(away, erasure_id, built.clock())
    assert erasure.advance(away, erasure_id, built.clock()) == Again(built.clock() + timedelta(hours=1))
    finish(built.installation, erasure_id, built)
    check_done_once(built, request, before)


@pytest.mark.parametrize(
    ("harm", "code"),
    [(None, None), (cut, "ledger_cut"), (removed, "ledger_cut"), (edited, "ledger_broken")],
)
def test_the_check_proves_the_last_entry_and_says_what_is_wrong(built: Built, harm: object, code: str | None) -> None:
    assert problems(built.installation) == []
    finish(built.installation, granted(built, CAMILLE)[1], built)
    if harm:
        harm(built.folder / "erasures.ledger")  # type: ignore[operator]
    assert [problem.code for problem in problems(built.installation)] == ([code] if code else [])


def test_the_check_says_that_a_key_is_missing_and_that_a_ledger_is_away(built: Built) -> None:
    finish(built.installation, granted(built, CAMILLE)[1], built)
    [missing] = problems(replace(built.installation, keys=Keys(b"n" * 32)))
    assert (missing.key, missing.code) == ("ledger.url", "ledger_key")
    away = ledger_from("postgresql+psycopg://portal:unguessable@127.0.0.1:1/ledger")
    [told] = problems(replace(built.installation, ledger=away))
    assert told.code == "ledger_away"
    assert "unguessable" not in told.message


def problems(installation: Installation) -> list[Problem]:
    found = (problem for check in further_checks(installation) for problem in check(installation.settings))
    return [problem for problem in found if problem.key == "ledger.url"]


def noted(installation: Installation) -> list[tuple[str, str, date]]:
    return [
        (entry.fact.reference, entry.fact.kind, entry.fact.due)
        for entry in entries(installation)
        if isinstance(entry.fact, RequestNoted)
    ]


def note(built: Built) -> None:
    built.clock.advance(minutes=1)
    assert ledger.note_requests(built.installation, built.clock()) is None


def test_each_request_and_each_new_last_day_is_noted_once(built: Built) -> None:
    first = ask(built, CAMILLE)
    note(built)
    note(built)
    second = ask(built, EMILY)
    with built.installation.database.writing() as store:
        later = replace(first, due=first.due + timedelta(days=9))
        store.requests.save(later, seen_version=first.version)
        store.requests.happened(
            first.id,
            RequestEvent.EXTENDED,
            actor=Actor.SYSTEM,
            actor_id=None,
            now=built.clock(),
            due=(first.due, later.due),
        )
    note(built)
    assert noted(built.installation) == [
        (first.reference, "deletion", first.due),
        (second.reference, "deletion", second.due),
        (first.reference, "deletion", later.due),
    ]


def test_a_request_that_may_still_be_on_its_way_is_noted_later(built: Built) -> None:
    ask(built, CAMILLE)
    ledger.note_requests(built.installation, built.clock())
    assert noted(built.installation) == []
    note(built)
    assert len(noted(built.installation)) == 1


def test_a_ledger_that_takes_nothing_is_told_on_every_page_of_staff_until_it_does_again(built: Built) -> None:
    request = ask(built, CAMILLE)
    away = replace(built.installation, ledger=ledger_from(f"file:{built.folder}/no/such/folder/erasures.ledger"))
    for _ in range(2):
        built.clock.advance(minutes=1)
        ledger.note_requests(away, built.clock())
    assert [told for told in banners(built) if "portal check" in told]
    note(built)
    assert noted(built.installation) == [(request.reference, "deletion", request.due)]
    assert not [told for told in banners(built) if "portal check" in told]


def banners(built: Built) -> list[str]:
    with built.installation.database.reading() as store:
        return [banner.sentence for banner in banners_for(built.installation, store, "en")]
