"""What the portal keeps of a person, and until when."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from portal.domain.letters import LetterKind
from portal.domain.people import Person
from portal.domain.periods import Period
from portal.domain.rights import Kind, Level, RightsRequest, State
from portal.services import deletion, rights
from portal.services.account import KeptHere, kept_here, under_way
from portal.services.rights import Asked
from tests.installation import an_installation

CAME = datetime(2026, 1, 31, 12, tzinfo=UTC)
PERSON = Person(id=1, address="a@example.org", language="fr", created_at=CAME, last_sign_in_at=None)
REQUEST = RightsRequest(
    id=1,
    reference="R-0000-0000-0000",
    person_id=1,
    kind=Kind.OTHER,
    state=State.RECEIVED,
    language="fr",
    message="",
    level=Level.L2,
    regime="qc_p391",
    received_at=CAME,
    received_on=CAME.date(),
    due=CAME.date().replace(day=2, month=3),
    version=1,
)


def test_who_never_asked_is_remembered_ninety_days_after_the_last_sign_in() -> None:
    assert _kept().until == datetime(2026, 5, 1, 12, tzinfo=UTC)
    later = replace(PERSON, last_sign_in_at=CAME.replace(month=3, day=1))
    assert _kept(person=later).until == datetime(2026, 5, 30, 12, tzinfo=UTC)


def test_nothing_has_an_end_while_a_request_is_open() -> None:
    assert _kept(REQUEST, replace(REQUEST, state=State.CLOSED, closed_at=CAME)).until is None


def test_all_goes_three_years_after_the_last_request_is_closed() -> None:
    first = replace(REQUEST, state=State.CLOSED, closed_at=CAME)
    last = replace(REQUEST, state=State.WITHDRAWN, closed_at=CAME.replace(month=6, day=1))
    assert _kept(first, last).until == datetime(2029, 6, 1, 12, tzinfo=UTC)


def test_open_requests_come_by_their_last_day() -> None:
    later = replace(REQUEST, id=2, due=REQUEST.due.replace(month=4))
    assert [request.id for request in _kept(later, REQUEST).open_requests] == [1, 2]


def test_an_open_request_is_found_behind_any_number_of_newer_ones(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    with built.installation.database.writing() as store:
        person = store.people.ensure("a@example.org", language="fr", now=CAME)
        first = deletion.ask(
            built.installation, store, person, language="fr", level=Level.L2, form_id="f" * 20, now=built.clock()
        )
        for _ in range(60):
            asked = Asked(kind=Kind.WITHDRAW, language="fr", level=Level.L2)
            rights.open_and_grant(
                built.installation, store, person, asked, outcome=LetterKind.CONSENT_CHANGED, now=built.clock()
            )
        assert [request.id for request in under_way(store, person)] == [first.id]
        assert deletion.open_deletion(store, person) == first
        assert kept_here(store, person, now=built.clock()).until is None


def _kept(*requests: RightsRequest, person: Person = PERSON) -> KeptHere:
    records = {request.id: Period(months=36, days=0) for request in requests}
    return KeptHere(person=person, requests=requests, consents=(), sessions=(), records=records)
