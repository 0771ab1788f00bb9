"""What the tests of acts and decisions share: a request asked, put in a state, seen again, and who comes to its page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from portal.domain.acts import Act, By
from portal.domain.languages import Language
from portal.domain.regimes import Span
from portal.domain.rights import Kind, Level, RightsRequest
from portal.services.rights import Asked, open_request
from portal.storage.request_tables import rights_requests
from tests.client import Visitor
from tests.installation import CAMILLE, Built

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"
WHO = {By.OFFICER: OFFICER, By.DELEGATE: AGENT, By.AGENT: AGENT, By.AUDITOR: AUDITOR}
EACH = pytest.mark.parametrize("lang", ["fr", "en"])


def asked(built: Built, lang: Language = "fr", kind: Kind = Kind.ACCESS) -> RightsRequest:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language=lang, now=now)
        return open_request(built.installation, store, person, Asked(kind, lang, Level.L2, "…?"), form_id=None, now=now)


def changed(built: Built, request: RightsRequest, **changes: object) -> RightsRequest:
    """The request put in another state, whatever led there."""
    with built.installation.database.writing() as store:
        present = store.requests.by_id(request.id)
        assert present
        wanted = replace(request, **changes)  # type: ignore[arg-type]  # a test names real fields
        return store.requests.save(replace(wanted, version=present.version), seen_version=present.version)


def now_of(built: Built, request: RightsRequest) -> RightsRequest:
    with built.installation.database.reading() as store:
        found = store.requests.by_id(request.id)
    assert found
    return found


def under_our_own_clock(built: Built, request: RightsRequest) -> None:
    """Freeze on a request a law that lets the organization take more time and stop the clock."""
    with built.installation.database.writing() as store:
        own = replace(
            built.installation.regime,
            extension=Span(30, "day"),
            extension_authority="self",
            pause_reasons=("identity", "clarification"),
        )
        here = rights_requests.c.id == request.id
        store.connection.execute(update(rights_requests).where(here).values(regime_frozen=own.as_snapshot()))


def delegate(built: Built) -> None:
    officer = signed_in(built, OFFICER, "en")
    with built.installation.database.reading() as store:
        member = store.staff.by_address(AGENT)
    assert member
    officer.send("staff_delegation", {"since": "2026-01-01", "until": "", "document": "Binder"}, member=member.id)


def signed_in(built: Built, address: str, lang: Language) -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def said(act: Act, request: RightsRequest, today: date) -> dict[str, str]:
    """A form that says everything an act asks for."""
    new_due = {"day": (request.due + timedelta(days=5)).isoformat()}
    days = {Act.HEAR: new_due}.get(act, {"day": today.isoformat()})
    return {
        "version": str(request.version),
        "reason": "Parce que",
        "why": "identity",
        "outcome": "granted",
        "file": "1012345-J",
        **days,
    }
