"""Consents: written in the service's own column at once, their proof kept, and recorded once whatever happens."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.domain.audit import AuditEvent
from portal.domain.data_map import Purpose
from portal.domain.people import Person
from portal.domain.rights import Decision, Kind, Level, RightsRequest, State
from portal.services import consents
from portal.services.consents import Answer, Answered, NotAnswered, RefusedByService, Standing
from portal.services.identities import identities_of_person
from portal.storage.consents import ConsentEvent
from tests.installation import CAMILLE, NOBODY, Built, an_installation, an_installation_on


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path) as made:
        yield made


def test_a_withdrawal_is_written_closed_as_granted_and_told_once(built: Built) -> None:
    assert _column(built) == 1
    assert _answer(built, Answer.WITHDRAWN, seen="given", form_id="a" * 20)
    assert _column(built) == 0
    [request] = _requests(built)
    assert (request.kind, request.state, request.decision, request.purpose) == (
        Kind.WITHDRAW,
        State.CLOSED,
        Decision.GRANTED,
        "improve",
    )
    assert [event.state for event in _events(built)] == ["withdrawn"]
    assert _audited(built) == 1

    assert _answer(built, Answer.WITHDRAWN, seen="given", form_id="a" * 20)
    assert not _answer(built, Answer.WITHDRAWN, seen="given", form_id="b" * 20)
    assert not _answer(built, Answer.WITHDRAWN)
    assert len(_requests(built)) == len(_events(built)) == _audited(built) == 1


def test_giving_again_is_recorded_without_a_request(built: Built) -> None:
    _answer(built, Answer.WITHDRAWN)
    assert _answer(built, Answer.GIVEN, seen="not_given")
    assert _column(built) == 1
    assert [event.state for event in _events(built)] == ["given", "withdrawn"]
    assert len(_requests(built)) == 1


def test_the_same_answer_as_the_service_holds_changes_nothing(built: Built) -> None:
    assert not _answer(built, Answer.GIVEN, seen="given")
    assert (_events(built), _requests(built)) == ([], [])


def test_nothing_recorded_is_not_given(built: Built) -> None:
    _service(built, "UPDATE accounts SET improve_ok = NULL WHERE email = ?")
    assert _standing(built) is Standing.NOT_GIVEN
    assert not _answer(built, Answer.WITHDRAWN)
    assert _answer(built, Answer.GIVEN)
    assert _standing(built) is Standing.GIVEN


def test_an_answer_cut_short_after_the_service_was_written_is_finished_by_sending_it_again(built: Built) -> None:
    with pytest.raises(CutShort):
        _answer(built, Answer.WITHDRAWN, seen="given", form_id="a" * 20, cut_short=True)
    assert _column(built) == 0
    assert _requests(built) == []

    assert _answer(built, Answer.WITHDRAWN, seen="given", form_id="a" * 20)
    assert len(_requests(built)) == len(_events(built)) == 1


def test_two_withdrawals_at_once_make_one_request(built: Built) -> None:
    _person(built)
    with ThreadPoolExecutor(4) as threads:
        forms = [letter * 20 for letter in "abcd"]
        changed = list(threads.map(lambda form: _answer(built, Answer.WITHDRAWN, seen="given", form_id=form), forms))
    assert changed.count(True) == 1
    assert len(_requests(built)) == len(_events(built)) == 1


def test_what_cannot_be_recorded_is_said_and_leaves_no_trace(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    for address, spoil, standing in (
        (NOBODY, None, Standing.UNKNOWN),
        (CAMILLE, _share_the_address, Standing.SHARED),
        (CAMILLE, _break_the_service, Standing.AWAY),
    ):
        if spoil:
            spoil(built)
        with pytest.raises(NotAnswered) as refused:
            _answer(built, Answer.WITHDRAWN, address=address)
        assert refused.value.standing is standing
    assert _requests(built) == []


def test_a_service_that_refuses_the_value_is_told_apart(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    _service(
        built,
        "CREATE TRIGGER no_change BEFORE UPDATE ON accounts BEGIN SELECT RAISE(ABORT, 'no'); END",
        with_address=False,
    )
    with pytest.raises(RefusedByService):
        _answer(built, Answer.WITHDRAWN)
    assert _column(built) == 1
    assert _requests(built) == []


class CutShort(Exception):
    """Ends a unit of work before it is kept."""


def _answer(
    built: Built,
    answer: Answer,
    *,
    seen: str | None = None,
    form_id: str | None = None,
    address: str = CAMILLE,
    cut_short: bool = False,
) -> bool:
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=built.clock())
        answered = Answered(answer, "fr", Level.L2, seen=seen, form_id=form_id)
        changed = consents.answer(built.installation, store, person, _purpose(built), answered, now=built.clock())
        if cut_short:
            raise CutShort
        return changed


def _standing(built: Built) -> Standing:
    with built.installation.database.reading() as store:
        identities = identities_of_person(built.installation, store, _person(built))
    return consents.consent_of(built.installation, identities, _purpose(built)).standing


def _purpose(built: Built) -> Purpose:
    found = consents.resting_on_consent(built.installation.data_map, "improve")
    assert found
    return found


def _person(built: Built) -> Person:
    with built.installation.database.writing() as store:
        return store.people.ensure(CAMILLE, language="fr", now=built.clock())


def _requests(built: Built) -> list[RightsRequest]:
    person = _person(built)
    with built.installation.database.reading() as store:
        return list(store.requests.of_person(person.id))


def _events(built: Built) -> list[ConsentEvent]:
    person = _person(built)
    with built.installation.database.reading() as store:
        return list(store.consents.of_person(person.id))


def _audited(built: Built) -> int:
    person = _person(built)
    with built.installation.database.reading() as store:
        return len(store.audit.about_person(person.id, {AuditEvent.CONSENT_CHANGED}))


def _column(built: Built) -> object:
    with sqlite3.connect(built.folder / "service.db") as service:
        return service.execute("SELECT improve_ok FROM accounts WHERE email = ?", (CAMILLE,)).fetchone()[0]


def _service(built: Built, statement: str, *, with_address: bool = True) -> None:
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute(statement, (CAMILLE,) if with_address else ())


def _share_the_address(built: Built) -> None:
    _service(
        built,
        "INSERT INTO accounts (email, password_hash, plan, created_at) "
        f"VALUES ('{CAMILLE.upper()}', '!', 'free', '2026-01-01 00:00:00')",
        with_address=False,
    )


def _break_the_service(built: Built) -> None:
    _service(built, "ALTER TABLE accounts RENAME COLUMN email TO mail", with_address=False)
