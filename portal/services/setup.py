"""Getting ready: what is done and what is not, a letter really sent to try the mail server, a request made to try the desk."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience, WhyRefused
from portal.domain.people import StaffMember
from portal.domain.rights import Kind, RightsRequest
from portal.domain.setup import PRINTED, TAKEN, Step, Task, Tried
from portal.mail.outcomes import Accepted, RefusedForGood, TemporarilyRefused
from portal.services import letters, rights
from portal.services.identities import level_of
from portal.services.installation import Installation
from portal.services.policies import any_published
from portal.services.rights import Asked
from portal.services.settings import in_effect
from portal.storage.store import Store
from portal.wording.catalogue import for_language

PATIENCE = 15.0
"""Seconds an officer waits for the mail server; the outbox is more patient, and tries again."""

LEFT_TO_THE_OUTBOX = timedelta(minutes=2)
"""The worker leaves a test letter alone until its try on the page is over."""


class NothingCarriesLetters(Exception):
    """No mail server is set yet."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where getting ready stands. `letter` is the last test letter, `request` the test request that is still there."""

    done: frozenset[Task]
    letter: Step | None
    request: RightsRequest | None


def progress(portal: Installation, store: Store) -> Progress:
    """Everything the page shows."""
    return Progress(done(portal, store), store.setup.last(Tried.LETTER), store.requests.test())


def done(portal: Installation, store: Store) -> frozenset[Task]:
    """The tasks there is nothing left to do for."""
    come, settings = store.setup.come(), in_effect(portal, store)
    known = {
        Task.CONTACT: come.contact_written or bool(settings.contact.phone or settings.contact.address),
        Task.POLICY: any_published(portal, store),
        Task.HELD: bool(settings.data_map.categories),
        Task.COLLEAGUES: come.members > 1 or come.alone,
        Task.LETTER: come.letter_left,
        Task.REQUEST: come.request_made,
    }
    return frozenset(task for task, is_done in known.items() if is_done)


def work_alone(portal: Installation, store: Store, member: StaffMember) -> None:
    """Remember that the officer has no colleague to invite."""
    store.setup.add(Tried.ALONE, now=portal.clock(), staff_id=member.id)


def send_test_letter(portal: Installation, member: StaffMember) -> None:
    """Send the officer a letter through the outbox, now and here, and keep what the mail server said.

    The letter is promised first, like any other: whatever happens to this try, the outbox goes on with it. Call it
    outside of any unit of work: a slow server must not keep others from writing.

    Raises:
        NothingCarriesLetters: there is no mail server to try.
    """
    if portal.transport is None:
        raise NothingCarriesLetters
    now = portal.clock()
    with portal.database.writing() as store:
        letter = letters.unsent(
            LetterKind.TEST_LETTER,
            Audience.STAFF,
            language=member.language,
            now=now,
            staff_id=member.id,
            not_before=now + LEFT_TO_THE_OUTBOX,
        )
        [letter_id] = letters.promise_letters(store, [letter])
    result, said = _tried(portal, letter_id)
    with portal.database.writing() as store:
        store.setup.add(
            Tried.LETTER, now=portal.clock(), staff_id=member.id, result=result, said=said, letter_id=letter_id
        )


def make_test_request(portal: Installation, store: Store, member: StaffMember, *, form_id: str) -> RightsRequest:
    """Make a request in the officer's own name, by the way every request takes, marked as a test.

    One at a time: as long as one is there, it is given.
    """
    present = store.requests.test()
    if present:
        return present
    now = portal.clock()
    words = for_language(member.language)
    message = words.gettext("This is a test, made on the page “Getting ready”. No information is asked for.")
    person = store.people.ensure(member.address, language=member.language, now=now)
    asked = Asked(Kind.ACCESS, member.language, level_of(portal, member.address), message, is_test=True)
    made = rights.open_request(portal, store, person, asked, form_id=form_id, now=now)
    store.setup.add(Tried.REQUEST, now=now, staff_id=member.id)
    return made


def remove_test_request(portal: Installation, store: Store, member: StaffMember) -> None:
    """Remove the test request with its letters and its history, as if it had never been made; what is no test stays."""
    present = store.requests.test()
    if present is None:
        return
    while present is not None:
        store.retention.forget_test(present.id)
        present = store.requests.test()
    line = AuditLine(portal.clock(), AuditEvent.TEST_REMOVED, Actor.STAFF, member.id, staff_id=member.id)
    store.audit.record(line)


def _tried(portal: Installation, letter_id: int) -> tuple[str, str | None]:
    """What became of one try within our patience: a word, and what the server said."""
    found: list[letters.Tried] = []

    def attempt() -> None:
        found.append(letters.try_once(portal, letter_id, portal.clock()))

    trying = threading.Thread(target=attempt, name="test-letter", daemon=True)
    trying.start()
    trying.join(PATIENCE)
    outcome = found[0].outcome if found else TemporarilyRefused("", WhyRefused.SLOW)
    match outcome:
        case Accepted():
            return (PRINTED if (portal.settings.mail.url or "").startswith("print:") else TAKEN), None
        case TemporarilyRefused() | RefusedForGood():
            return outcome.why.value, outcome.words or None
    return WhyRefused.NOT_NOW.value, None
