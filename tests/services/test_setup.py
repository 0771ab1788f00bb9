"""Getting ready, on both databases: how far it has come, a letter tried here and now, a test that leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.config.settings import MailSettings
from portal.domain.outbox import LetterState, WhyRefused
from portal.domain.people import StaffMember
from portal.domain.setup import TAKEN, Task
from portal.services import setup
from portal.services.rights import flags_of
from tests.installation import Built, an_installation_on
from tests.mail.sink import Mode, Sink, mail_server


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path, sink: Sink) -> Iterator[Built]:
    mail = MailSettings("letters@example.org", f"smtp://127.0.0.1:{sink.port}?starttls=off")
    with an_installation_on(request.param, tmp_path, change=lambda settings: replace(settings, mail=mail)) as made:
        yield made


def officer_of(built: Built) -> StaffMember:
    with built.installation.database.reading() as store:
        officer = store.staff.by_address("officer@example.org")
    assert officer
    return officer


def progress(built: Built) -> setup.Progress:
    with built.installation.database.reading() as store:
        return setup.progress(built.installation, store)


def test_what_the_installation_shows_is_done_and_what_was_never_tried_is_not(built: Built) -> None:
    assert progress(built).done == {Task.CONTACT, Task.POLICY, Task.HELD, Task.COLLEAGUES}


def test_the_last_test_letter_counts_whatever_the_first_did(built: Built, sink: Sink) -> None:
    setup.send_test_letter(built.installation, officer_of(built))
    found = progress(built)
    assert Task.LETTER in found.done
    assert found.letter
    assert found.letter.result == TAKEN
    sink.mode = Mode.NEVER
    setup.send_test_letter(built.installation, officer_of(built))
    found = progress(built)
    assert Task.LETTER not in found.done
    assert found.letter
    assert (found.letter.result, found.letter.said) == (WhyRefused.REFUSED.value, "550 5.7.1 Refused")


def test_a_letter_taken_here_is_not_sent_again_by_the_worker(built: Built, sink: Sink) -> None:
    setup.send_test_letter(built.installation, officer_of(built))
    built.clock.advance(hours=1)
    built.work()
    assert len(sink.taken) == 1
    with built.installation.database.reading() as store:
        assert store.letters.numbers()[LetterState.SENT] == 1


def test_a_test_request_is_one_at_a_time_and_leaves_no_trace(built: Built) -> None:
    portal, officer = built.installation, officer_of(built)
    with portal.database.writing() as store:
        first = setup.make_test_request(portal, store, officer, form_id="a" * 20)
        again = setup.make_test_request(portal, store, officer, form_id="b" * 20)
        assert first.reference == again.reference
        much_later = built.clock() + timedelta(days=60)
        assert {flag.value for flag in flags_of(portal, first, now=much_later)} == {"test"}, "never late"
    built.work()
    with portal.database.writing() as store:
        setup.remove_test_request(portal, store, officer)
    built.work()
    with portal.database.reading() as store:
        assert list(store.requests.all()) == []
        assert store.people.by_address(officer.address) is None
        assert [line.event.value for line in store.audit.newest() if line.person_id or line.request_id] == []
    assert Task.REQUEST in progress(built).done
