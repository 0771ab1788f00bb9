"""What the portal keeps goes when it said it would, whole, and never a day early."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.domain.audit import Actor, AuditEvent, AuditLine, RecordedLine
from portal.domain.codes import token_hash
from portal.domain.people import Person, StaffMember
from portal.domain.periods import Period
from portal.domain.rights import Decision, Kind, Level, RightsRequest
from portal.services import decisions, deletion, messages, retention, rights
from portal.services.account import RECORDS_KEPT, kept_here
from portal.services.attachments import Uploaded
from portal.services.decisions import Verdict
from portal.services.identities import addresses_of
from portal.services.messages import Written
from portal.services.rights import Asked
from portal.services.work import purge
from portal.storage.store import Store
from portal.storage.tables import metadata
from tests.files import a_pdf
from tests.installation import CAMILLE, EMILY, MARGUERITE, Built, an_installation_on

ASKED = Asked(kind=Kind.OTHER, language="fr", level=Level.L2, message="Une question")
OF_PEOPLE = (
    "people",
    "sessions",
    "other_addresses",
    "rights_requests",
    "request_events",
    "letters",
    "consent_events",
    "policy_readings",
    "erasures",
    "erasure_steps",
    "erasure_batches",
    "checklist_lines",
    "attachments",
    "messages",
    "statements",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path) as made:
        yield made


def test_who_never_asked_goes_ninety_days_after_the_last_sign_in(built: Built) -> None:
    person = came(built, CAMILLE)
    built.clock.advance(days=60)
    came(built, CAMILLE)
    built.clock.advance(days=89, hours=23)
    purged(built)
    assert remembered(built, CAMILLE)
    built.clock.advance(hours=1)
    purged(built)
    assert not remembered(built, CAMILLE)
    assert rows(built) == dict.fromkeys(OF_PEOPLE, 0)
    assert not named_in_the_trail(built, person.id)


def test_an_open_request_is_kept_however_old(built: Built) -> None:
    asked(built, CAMILLE)
    built.clock.advance(days=4_000)
    purged(built)
    assert remembered(built, CAMILLE)


def test_a_request_goes_with_its_person_when_its_regime_no_longer_keeps_it(built: Built) -> None:
    asked(built, EMILY)
    others = rows(built)
    person = came(built, CAMILLE)
    erased(built, CAMILLE)
    taken_back(built, asked(built, CAMILLE))
    talked_about(built, asked(built, CAMILLE))
    with built.installation.database.reading() as store:
        until = kept_here(store, person, now=built.clock()).until
    assert until is not None
    built.clock.now = until - timedelta(seconds=1)
    purged(built)
    assert remembered(built, CAMILLE)
    built.clock.now = until
    purged(built)
    assert not remembered(built, CAMILLE)
    assert rows(built) == others
    assert not named_in_the_trail(built, person.id)


def test_an_earlier_request_stays_until_the_last_one_goes(built: Built) -> None:
    taken_back(built, asked(built, CAMILLE))
    built.clock.advance(days=1_000)
    taken_back(built, asked(built, CAMILLE))
    built.clock.advance(days=1_000)
    purged(built)
    assert rows(built)["rights_requests"] == 2
    built.clock.advance(days=100)
    purged(built)
    assert rows(built)["rights_requests"] == 0


def test_what_staff_did_stays_in_the_trail_without_saying_about_whom(built: Built) -> None:
    person = came(built, CAMILLE)
    with built.installation.database.writing() as store:
        officer = officer_of(store)
        store.audit.record(
            AuditLine(
                built.clock(), AuditEvent.STAFF_VIEWED_PERSON, Actor.STAFF, officer.id, person.id, staff_id=officer.id
            )
        )
    built.clock.advance(days=90)
    purged(built)
    newest = trail(built)[0]
    assert (newest.event, newest.actor_id, newest.person_id) == (AuditEvent.STAFF_VIEWED_PERSON, officer.id, None)
    assert AuditEvent.SIGNED_IN not in {line.event for line in trail(built)}


def test_lines_of_the_trail_go_at_three_years_but_with_their_request(built: Built) -> None:
    request = asked(built, CAMILLE)
    with built.installation.database.writing() as store:
        store.audit.record(AuditLine(built.clock(), AuditEvent.STAFF_ADDED, Actor.SYSTEM))
    built.clock.now = RECORDS_KEPT.after(built.clock()) - timedelta(seconds=1)
    purged(built)
    assert {line.event for line in trail(built)} >= {AuditEvent.STAFF_ADDED}
    built.clock.advance(seconds=1)
    purged(built)
    assert {line.event for line in trail(built) if line.request_id != request.id} == set()
    assert {line.event for line in trail(built)} == {AuditEvent.REQUEST_OPENED}


def test_a_night_with_more_than_a_step_can_take_ends_with_nothing_left(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PEOPLE_AT_ONCE", 2)
    monkeypatch.setattr(retention, "LINES_AT_ONCE", 3)
    for number in range(7):
        came(built, f"person-{number}@example.org")
    taken_back(built, asked(built, MARGUERITE))
    built.clock.advance(days=1_200)
    assert purged(built) > 3
    assert rows(built) == dict.fromkeys(OF_PEOPLE, 0)
    assert trail(built) == []


def test_another_address_goes_a_year_after_it_was_proved_and_counts_no_day_longer(built: Built) -> None:
    person = came(built, CAMILLE)
    asked(built, CAMILLE)
    built.clock.advance(days=364)
    purged(built)
    assert rows(built)["other_addresses"] == 1
    built.clock.advance(days=1)
    with built.installation.database.reading() as store:
        assert addresses_of(built.installation, store, person) == (CAMILLE,)
    purged(built)
    assert rows(built)["other_addresses"] == 0


def kept_for(built: Built, months: int) -> Built:
    """The installation with another time in the row of its law."""
    settings, portal = built.installation.settings, built.installation
    row = replace(portal.regime, record_months=months)
    law = replace(settings.law, regimes={**settings.law.regimes, row.key: row})
    return replace(built, installation=replace(portal, settings=replace(settings, law=law)))


@pytest.mark.parametrize("months", [12, 60])
def test_a_request_is_kept_for_as_long_as_the_row_it_froze_says(built: Built, months: int) -> None:
    """An operator's row of a year or of five: what is told a person and what is done are the same day."""
    person, before = came(built, CAMILLE), kept_for(built, months)
    request = asked(before, CAMILLE)
    taken_back(before, request)
    with built.installation.database.reading() as store:
        kept = kept_here(store, person, now=built.clock())
    assert kept.longest == Period(months, 0), "the row of before, though the installation's says three years"
    assert kept.until == Period(months, 0).after(built.clock())
    built.clock.now = kept.until - timedelta(seconds=1)
    purged(built)
    assert rows(built)["rights_requests"] == 1
    built.clock.now = kept.until
    purged(built)
    assert rows(built)["rights_requests"] == 0


def came(built: Built, address: str) -> Person:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=now)
        store.people.signed_in(person.id, now)
        token = token_hash(f"{address} {now}")
        store.sessions.add(token, person_id=person.id, staff_id=None, level=Level.L2, now=now)
        store.other_addresses.prove(person.id, f"autre.{address}", now)
        store.policy_readings.acknowledged(person.id, "privacy", "2026-06-15", now)
        store.audit.record(AuditLine(now, AuditEvent.SIGNED_IN, Actor.PERSON, person.id, person.id))
        return person


def asked(built: Built, address: str) -> RightsRequest:
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=built.clock())
        return rights.open_request(built.installation, store, person, ASKED, form_id=None, now=built.clock())


def taken_back(built: Built, request: RightsRequest) -> None:
    with built.installation.database.writing() as store:
        rights.take_back(built.installation, store, request, now=built.clock())


def talked_about(built: Built, request: RightsRequest) -> None:
    """Both sides write, with a file, and the officer answers."""
    portal, now = built.installation, built.clock()
    file = Uploaded("preuve.pdf", a_pdf())
    with portal.database.writing() as store:
        person, officer = store.people.by_id(request.person_id), officer_of(store)
        assert person
        words = Written("Voici.", (file,))
        messages.write_as_person(portal, store, person, request, words, language="fr", form_id="a" * 20, now=now)
        messages.write_as_staff(portal, store, officer, request, Written("Merci."), form_id="b" * 20, now=now)
        messages.note(portal, store, officer, request, "Vu.", language="fr", form_id="c" * 20, now=now)
        seen = store.requests.by_id(request.id)
        assert seen
        decisions.decide(portal, store, officer, seen, Verdict(Decision.GRANTED), seen_version=seen.version)


def erased(built: Built, address: str) -> None:
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=built.clock())
        request = deletion.ask(
            built.installation, store, person, language="fr", level=Level.L2, form_id="f" * 20, now=built.clock()
        )
        decisions.decide(
            built.installation,
            store,
            officer_of(store),
            request,
            Verdict(Decision.GRANTED),
            seen_version=request.version,
        )
    while built.work():
        built.clock.advance(days=1)
    assert rows(built)["erasure_batches"]


def purged(built: Built) -> int:
    """Run the nightly purge to its end; gives the number of its steps."""
    steps = 1
    while purge(built.installation, 0, built.clock()):
        steps += 1
    return steps


def remembered(built: Built, address: str) -> bool:
    with built.installation.database.reading() as store:
        return store.people.by_address(address) is not None


def rows(built: Built) -> dict[str, int]:
    """How many rows each table that speaks of people has."""
    with built.installation.database.reading() as store:
        return {
            name: store.connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
            for name in OF_PEOPLE
        }


def officer_of(store: Store) -> StaffMember:
    officer = store.staff.by_address("officer@example.org")
    assert officer
    return officer


def trail(built: Built) -> list[RecordedLine]:
    with built.installation.database.reading() as store:
        return list(store.audit.newest(limit=500))


def named_in_the_trail(built: Built, person_id: int) -> bool:
    return any(person_id == line.person_id for line in trail(built))
