"""Carrying out a correction that staff granted: once, never over a newer value, and staff told when it cannot be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.audit import Actor
from portal.domain.jobs import Job, JobKind
from portal.domain.people import Person
from portal.domain.rights import CorrectionAsked, Decision, Kind, Level, RightsRequest, State
from portal.services import rights
from portal.services.corrections import apply_correction, as_text
from portal.services.identities import identities_of
from portal.services.information import row_token
from portal.services.rights import Asked
from portal.sources.base import UNREADABLE, SourceUnavailable
from portal.storage.rights import RequestEvent
from tests.installation import CAMILLE, Built, an_installation, an_installation_on

NEW = "camille.roy@example.org"


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path) as made:
        yield made


def service(built: Built) -> sqlite3.Connection:
    return sqlite3.connect(built.folder / "service.db", isolation_level=None)


def addresses(built: Built) -> set[str]:
    return {address for (address,) in service(built).execute("SELECT email FROM accounts")}


def granted(built: Built, *, field: str = "email", value: str = NEW) -> RightsRequest:
    """A correction that staff granted a moment ago."""
    portal, now = built.installation, built.clock()
    table = next(found for _, found in portal.data_map.tables() if str(found.name) == "service.accounts")
    token = row_token(portal, table, identities_of(portal, CAMILLE).keys_in("service")[0])
    asked = CorrectionAsked("account", "service.accounts", (token,), field, CAMILLE, value)
    with portal.database.writing() as store:
        person: Person = store.people.ensure(CAMILLE, language="en", now=now)
        opened = rights.open_request(
            portal, store, person, Asked(Kind.RECTIFICATION, "en", Level.L2, correction=asked), form_id=None, now=now
        )
        decided = replace(opened, decision=Decision.GRANTED, decided_at=now)
        for target, event in ((State.DECIDED, RequestEvent.DECIDED), (State.FULFILLING, RequestEvent.CARRYING_OUT)):
            decided = rights.move(store, decided, target, event, actor=Actor.STAFF, actor_id=1, now=now)
        store.promise(Job(JobKind.APPLY_CORRECTION, decided.id))
    return decided


def after(built: Built, request: RightsRequest) -> tuple[RightsRequest, list[RequestEvent]]:
    with built.installation.database.reading() as store:
        found = store.requests.by_id(request.id)
        assert found is not None
        return found, [line.event for line in store.requests.history(request.id)]


def test_a_granted_correction_is_written_and_its_request_closed(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    request = granted(built)
    built.work()
    found, events = after(built, request)
    assert found.state is State.CLOSED
    assert events[-1] is RequestEvent.CLOSED
    assert NEW in addresses(built)
    assert CAMILLE not in addresses(built)


def test_carried_out_twice_it_closes_once(built: Built) -> None:
    request = granted(built)
    for _ in range(2):
        apply_correction(built.installation, request.id, built.clock())
    assert after(built, request)[1].count(RequestEvent.CLOSED) == 1


def test_killed_between_the_source_and_our_own_commit_it_is_finished_the_next_time(built: Built) -> None:
    request = granted(built, field="company", value="Roy inc.")
    service(built).execute("UPDATE accounts SET company = 'Roy inc.' WHERE email = ?", [CAMILLE])
    apply_correction(built.installation, request.id, built.clock())
    assert after(built, request)[0].state is State.CLOSED


@pytest.mark.parametrize("why", ["changed", "refused", "gone"])
def test_what_cannot_be_carried_out_goes_back_to_staff_once_and_forces_nothing(built: Built, why: str) -> None:
    request = granted(built)
    statements = {
        "changed": "UPDATE accounts SET email = upper(email) WHERE email = ?",
        "refused": f"UPDATE accounts SET email = '{NEW}' WHERE id = (SELECT id FROM accounts WHERE email <> ? LIMIT 1)",
        "gone": "UPDATE accounts SET email = 'x' || email WHERE email = ?",
    }
    service(built).execute(statements[why], [CAMILLE])
    held = addresses(built)
    for _ in range(2):
        apply_correction(built.installation, request.id, built.clock())
    found, events = after(built, request)
    assert found.state is State.FULFILLING
    assert events.count(RequestEvent.NOT_CARRIED_OUT) == 1
    assert addresses(built) == held
    with built.installation.database.reading() as store:
        assert store.requests.history(request.id)[-1].detail == why


def test_a_source_away_is_tried_again(built: Built) -> None:
    request = granted(built)
    connection = service(built)
    connection.execute("ALTER TABLE accounts RENAME TO elsewhere")
    with pytest.raises(SourceUnavailable):
        apply_correction(built.installation, request.id, built.clock())
    assert after(built, request)[0].state is State.FULFILLING
    connection.execute("ALTER TABLE elsewhere RENAME TO accounts")
    apply_correction(built.installation, request.id, built.clock())
    assert after(built, request)[0].state is State.CLOSED


def test_what_is_no_text_is_no_text_of_a_form() -> None:
    assert as_text(b"bytes") is None
    assert as_text(UNREADABLE) is None
    assert as_text(None) == ""
    assert as_text(True) == "true"
