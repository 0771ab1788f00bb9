"""A notice tells everybody once, in their language, after a proof and a countdown; nothing personal is left behind."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.demo.service.tables import accounts
from portal.domain.languages import Text
from portal.domain.notices import Gathering, Notice, NoticeKind, NoticeState
from portal.services import account, notices, policy_readings
from portal.services.account import RECORDS_KEPT
from portal.services.notice_choosing import NotChosen, choose
from portal.services.notices import OutOfOrder, StaleNotice
from portal.services.work import purge
from portal.sources import open_source
from portal.storage.notice_tables import notice_recipients, subscribers
from portal.storage.notice_tables import notices as notice_rows
from tests.installation import CAMILLE, EMILY, Built, an_installation, an_installation_on
from tests.services.telling import (
    CHANGE,
    a_change,
    act,
    again,
    begun,
    drafted,
    officer_of,
    people_of,
    proved,
    recipients,
    subscribe,
    told,
    told_at,
    worked_out,
)

VISITOR = "visiteuse@example.net"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def built_on_either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path) as made:
        yield made


def test_everybody_is_told_once_in_their_language_and_no_address_is_left(built_on_either: Built) -> None:
    built = built_on_either
    people = people_of(built)
    subscribe(built.installation, VISITOR, "en")
    subscribe(built.installation, CAMILLE, "en")
    version_id = a_change(built.installation)
    done = told(built, version_id)
    sent = [letter for letter in built.mailbox() if letter["kind"] == "policy_change"]
    proofs = [letter for letter in sent if letter["to"] == officer_of(built.installation).address]
    by_reader = {letter["to"]: letter["language"] for letter in sent if letter not in proofs}
    assert done.state is NoticeState.DONE
    assert (done.counters.people, done.counters.subscribers) == (len(people), 1)
    assert done.counters.handed_over == len(people) + 1
    assert by_reader == people | {VISITOR: "en"}
    assert len(sent) == len(by_reader) + 2
    rows = recipients(built)
    assert {row.address for row in rows} == {None}
    assert not any("@" in str(value) for row in rows for value in row)


def test_the_language_chosen_here_counts_more_than_the_one_the_service_records(built_on_either: Built) -> None:
    built = built_on_either
    with built.installation.database.writing() as store:
        camille = store.people.ensure(CAMILLE, language="fr", now=built.clock())
        account.choose_language(store, camille, "en")
    told(built, a_change(built.installation))
    languages = {letter["to"]: letter["language"] for letter in told_letters(built)}
    assert languages == people_of(built) | {CAMILLE: "en"}


def test_the_letter_says_what_changes_and_from_when_and_only_subscribers_may_unsubscribe(built: Built) -> None:
    token = subscribe(built.installation, VISITOR, "en")
    told(built, a_change(built.installation))
    by_reader = {letter["to"]: str(letter["text"]) for letter in built.mailbox() if letter["kind"] == "policy_change"}
    assert "December 23, 2026" in by_reader[VISITOR]
    assert CHANGE.en in by_reader[VISITOR]
    assert f"/u/{token}" in by_reader[VISITOR]
    assert CHANGE.fr in by_reader[CAMILLE]
    assert "/u/" not in by_reader[CAMILLE]
    assert "jp@atomescroch.us" in by_reader[CAMILLE]


def test_somebody_whom_two_databases_know_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    built = an_installation(tmp_path / "one")
    copy = tmp_path / "other" / "service.db"
    shutil.copy(built.folder / "service.db", copy)
    engine = sa.create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        connection.execute(sa.update(accounts).where(accounts.c.email == EMILY).values(email="late@example.net"))
    engine.dispose()
    portal = built.installation
    [people] = portal.data_map.people
    second = replace(people, table=replace(people.table, source="other"))
    data_map = replace(portal.data_map, people=(people, second))
    sources = {**portal.sources, "other": open_source("sql", "other", f"sqlite:///{copy}", hash_key=b"k")}
    two = replace(
        built, installation=replace(portal, sources=sources, settings=replace(portal.settings, data_map=data_map))
    )
    done = told(two, a_change(portal))
    readers = Counter(str(letter["to"]) for letter in told_letters(two))
    assert readers == Counter([*people_of(built), "late@example.net"])
    assert done.counters.handed_over == len(readers)


def test_two_simultaneous_presses_make_one_notice(built_on_either: Built) -> None:
    portal = built_on_either.installation
    version_id = a_change(portal)
    with ThreadPoolExecutor(4) as at_once:
        drafts = list(at_once.map(lambda _: drafted(portal, version_id).id, range(4)))
    assert len(set(drafts)) == 1


def test_a_form_pressed_twice_makes_one_notice(built: Built) -> None:
    portal, member = built.installation, officer_of(built.installation)
    made = []
    for form_id in ("f" * 20, "f" * 20, "g" * 20):
        with portal.database.writing() as store:
            kind = NoticeKind.BUSINESS_TRANSFER
            made.append(notices.draft_other(store, member, kind, built.clock(), form_id=form_id))
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize("stopped", [False, True])
def test_a_notice_left_lying_goes_by_itself_with_the_addresses_it_holds(built: Built, stopped: bool) -> None:
    notice = proved(built, an_incident(built, CAMILLE))
    if stopped:
        notice = act(built, begun(built.installation, notice), "stop")
    assert notice.kept_until
    built.clock.now = notice.kept_until - timedelta(hours=2)
    purged(built)
    assert {row.address for row in recipients(built)} == {CAMILLE}
    built.clock.now = notice.kept_until + timedelta(hours=2)
    purged(built)
    built.work()
    assert {row.address for row in recipients(built)} <= {None}
    with built.installation.database.reading() as store:
        left = notices.one(store, notice.id)
    assert (left.state if left else None) == (NoticeState.DONE if stopped else None)


def test_two_notices_of_one_version_are_one(built: Built) -> None:
    version_id = a_change(built.installation)
    assert drafted(built.installation, version_id).id == drafted(built.installation, version_id).id


def test_while_it_is_drafted_people_are_counted_and_no_address_is_kept(built: Built) -> None:
    notice = drafted(built.installation, a_change(built.installation))
    assert notice.gathering is Gathering.COUNTING
    built.work()
    counted = again(built.installation, notice.id)
    assert counted.gathering is Gathering.COUNTED
    assert counted.counters.people == len(people_of(built))
    assert {row.address for row in recipients(built)} == {None}


def test_whoever_came_meanwhile_is_told_and_whoever_left_is_not(built_on_either: Built) -> None:
    built = built_on_either
    notice = proved(built, drafted(built.installation, a_change(built.installation)))
    before = again(built.installation, notice.id).counters.people
    change_address(built, EMILY, "emily.new@example.org")
    begun(built.installation, notice)
    built.clock.advance(hours=1)
    done = worked_out(built, notice)
    readers = {letter["to"] for letter in built.mailbox()}
    assert "emily.new@example.org" in readers
    assert EMILY not in readers
    assert done.counters.people == before == len(recipients(built))


def test_nothing_leaves_without_a_proof(built: Built) -> None:
    notice = drafted(built.installation, a_change(built.installation))
    built.work()
    with pytest.raises(OutOfOrder):
        begun(built.installation, again(built.installation, notice.id))


def test_what_is_changed_after_the_proof_wants_a_new_one(built: Built) -> None:
    notice = proved(built, drafted(built.installation, a_change(built.installation)))
    with built.installation.database.writing() as store:
        notices.save(store, notice, details={}, paragraph=Text("Merci.", "Thank you."), seen_version=notice.version)
    assert again(built.installation, notice.id).state is NoticeState.DRAFTED


def test_the_proof_goes_to_the_officer_alone_in_both_languages(built: Built) -> None:
    notice = drafted(built.installation, a_change(built.installation))
    with built.installation.database.writing() as store:
        notices.save(store, notice, details={}, paragraph=Text("Merci.", "Thank you."), seen_version=notice.version)
    proved(built, notice)
    sent = [letter for letter in built.mailbox() if letter["kind"] == "policy_change"]
    assert {letter["to"] for letter in sent} == {officer_of(built.installation).address}
    assert {letter["language"]: "Merci." in str(letter["text"]) for letter in sent} == {"fr": True, "en": False}


def test_a_countdown_can_be_stopped_and_begins_anew(built_on_either: Built) -> None:
    built = built_on_either
    notice = begun(built.installation, proved(built, drafted(built.installation, a_change(built.installation))))
    built.clock.advance(minutes=59)
    built.work()
    stopped = act(built, notice, "stop")
    built.clock.advance(hours=2)
    built.work()
    assert again(built.installation, notice.id).state is NoticeState.STOPPED
    assert not told_letters(built)
    resumed = act(built, stopped, "resume")
    assert resumed.state is NoticeState.COUNTING_DOWN
    built.clock.advance(hours=1)
    assert worked_out(built, notice).state is NoticeState.DONE


def test_a_second_officer_who_saw_an_older_page_changes_nothing(built: Built) -> None:
    seen = begun(built.installation, proved(built, drafted(built.installation, a_change(built.installation))))
    act(built, seen, "stop")
    with pytest.raises(StaleNotice):
        act(built, seen, "stop")


def test_told_on_is_when_the_server_took_the_letter(built: Built) -> None:
    version_id = a_change(built.installation)
    assert told_at(built.installation, CAMILLE, version_id) is None
    told(built, version_id)
    at = told_at(built.installation, CAMILLE, version_id)
    assert at
    assert at <= built.clock()
    assert told_at(built.installation, CAMILLE, "2026-06-15") is None


def test_a_person_reads_on_their_account_when_they_were_told_of_a_version(built_on_either: Built) -> None:
    built = built_on_either
    version_id = a_change(built.installation)
    told(built, version_id)
    with built.installation.database.writing() as store:
        camille = store.people.ensure(CAMILLE, language="fr", now=built.clock())
        readings = policy_readings.facts(built.installation, store, camille, "privacy")
    at = told_at(built.installation, CAMILLE, version_id)
    assert at
    assert {one.id: one.told_at for one in readings if one.told_at} == {version_id: at}


def test_a_notice_too_late_for_its_day_is_foretold(built: Built) -> None:
    version_id = a_change(built.installation, day=built.installation.today(built.clock()) + timedelta(days=1))
    notice = drafted(built.installation, version_id)
    built.work()
    with built.installation.database.reading() as store:
        early = notices.forecast(built.installation, store, notice, begins_at=built.clock() + timedelta(hours=1))
        late = notices.forecast(built.installation, store, notice, begins_at=built.clock() + timedelta(hours=12))
    assert (early.late, late.late) == (False, True)


def test_an_incident_is_told_to_those_chosen_in_the_language_the_service_records(built_on_either: Built) -> None:
    built = built_on_either
    notice = an_incident(built, f"{CAMILLE}\n{EMILY}, {VISITOR}\n{EMILY.upper()}")
    begun(built.installation, proved(built, notice))
    built.clock.advance(hours=1)
    done = worked_out(built, notice)
    sent = [letter for letter in built.mailbox() if letter["kind"] == "confidentiality_incident"]
    officer = officer_of(built.installation).address
    assert {letter["to"]: letter["language"] for letter in sent if letter["to"] != officer} == {
        CAMILLE: "fr",
        EMILY: "en",
        VISITOR: "fr",
    }
    assert done.counters.handed_over == 3
    assert all(
        "information" in str(letter["text"]).lower() or "renseignements" in str(letter["text"]) for letter in sent
    )
    assert {row.address for row in recipients(built)} == {None}


def test_an_incident_ended_before_its_letters_left_forgets_the_addresses_chosen(built_on_either: Built) -> None:
    built = built_on_either
    notice = begun(built.installation, proved(built, an_incident(built, f"{CAMILLE}\n{EMILY}")))
    ended = act(built, act(built, notice, "stop"), "end")
    built.work()
    assert {(row.address, row.state) for row in recipients(built)} == {(None, "given_up")}
    assert again(built.installation, ended.id).counters.given_up == 2


def test_an_ended_notice_whose_job_was_lost_forgets_its_addresses_all_the_same(built_on_either: Built) -> None:
    built = built_on_either
    notice = begun(built.installation, proved(built, an_incident(built, CAMILLE)))
    act(built, act(built, notice, "stop"), "end")
    with built.installation.database.reading() as store:
        assert notice.id in store.notices.standing_still(due_before=built.clock())[1]
    built.work()
    with built.installation.database.reading() as store:
        assert store.notices.standing_still(due_before=built.clock()) == ([], [])


def test_lines_that_name_nobody_are_named_and_nobody_is_added(built: Built) -> None:
    with pytest.raises(NotChosen) as refused:
        an_incident(built, f"{CAMILLE}\nnot an address\nR-2345-6789-ABCD")
    assert [number for number, _ in refused.value.lines] == [2, 2, 2, 3]
    assert not recipients(built)


def test_a_notice_with_something_missing_is_not_proved(built: Built) -> None:
    with built.installation.database.writing() as store:
        member = officer_of(built.installation)
        notice_id = notices.draft_other(store, member, NoticeKind.BUSINESS_TRANSFER, built.clock())
    notice = again(built.installation, notice_id)
    assert set(notice.missing) == {"party", "reach", "transfer"}
    with pytest.raises(OutOfOrder):
        proved(built, notice)


def test_a_transfer_is_told_to_the_people_of_the_map_and_not_to_subscribers(built: Built) -> None:
    subscribe(built.installation, VISITOR)
    with built.installation.database.writing() as store:
        member = officer_of(built.installation)
        notice_id = notices.draft_other(store, member, NoticeKind.BUSINESS_TRANSFER, built.clock())
        notice = notices.one(store, notice_id)
        assert notice
        details = {name: Text(f"{name} fr", f"{name} en") for name in ("party", "reach", "transfer")}
        notices.save(store, notice, details=details, paragraph=Text("", ""), seen_version=notice.version)
    begun(built.installation, proved(built, again(built.installation, notice_id)))
    built.clock.advance(hours=1)
    worked_out(built, notice)
    officer = officer_of(built.installation).address
    readers = {letter["to"] for letter in built.mailbox() if letter["kind"] == "business_transfer"} - {officer}
    assert readers == set(people_of(built))


def test_who_was_told_and_who_subscribed_are_forgotten_in_time(built_on_either: Built) -> None:
    built = built_on_either
    subscribe(built.installation, VISITOR)
    told(built, a_change(built.installation))
    built.clock.now = RECORDS_KEPT.after(built.clock()) + timedelta(days=1)
    purged(built)
    with built.installation.database.reading() as store:
        for table in (notice_recipients, notice_rows, subscribers):
            assert not store.connection.execute(sa.select(table)).first()


def test_a_source_that_is_away_passes_nobody_over(built: Built) -> None:
    database = Path(built.service_url.removeprefix("sqlite:///"))
    away = database.with_suffix(".away")
    database.rename(away)
    notice = drafted(built.installation, a_change(built.installation))
    built.work()
    assert again(built.installation, notice.id).trouble == "source_away"
    away.rename(database)
    built.clock.advance(minutes=1)
    built.work()
    counted = again(built.installation, notice.id)
    assert (counted.gathering, counted.trouble) == (Gathering.COUNTED, None)
    assert counted.counters.people == len(people_of(built))


def purged(built: Built) -> None:
    while purge(built.installation, 0, built.clock()):
        pass


def an_incident(built: Built, lines: str) -> Notice:
    with built.installation.database.writing() as store:
        member, now = officer_of(built.installation), built.clock()
        notice_id = notices.draft_other(store, member, NoticeKind.CONFIDENTIALITY_INCIDENT, now)
        notice = notices.one(store, notice_id)
        assert notice
        names = ("information", "circumstances", "period", "measures", "advice")
        details = {name: Text(f"{name} fr", f"{name} en") for name in names}
        notices.save(store, notice, details=details, paragraph=Text("", ""), seen_version=notice.version)
        present = notices.one(store, notice_id)
        assert present
        choose(built.installation, store, present, lines, now)
    return again(built.installation, notice_id)


def told_letters(built: Built) -> list[dict[str, object]]:
    officer = officer_of(built.installation).address
    return [letter for letter in built.mailbox() if letter["kind"] == "policy_change" and letter["to"] != officer]


def change_address(built: Built, before: str, after: str) -> None:
    engine = sa.create_engine(built.service_url)
    with engine.begin() as connection:
        connection.execute(sa.update(accounts).where(accounts.c.email == before).values(email=after))
    engine.dispose()
