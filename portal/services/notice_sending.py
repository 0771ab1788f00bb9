"""How a notice leaves: a proof first, a countdown, then so many letters a step until nobody waits.

A letter is handed over, then noted, one by one: a worker killed between the two hands one letter over again, under the
same name, and skips nobody (design §2.10). A step is short, so that no other letter waits long behind it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.jobs import Again, Job, JobKind
from portal.domain.languages import LANGUAGES
from portal.domain.notices import (
    CLOSED_DOOR,
    IN_A_ROW,
    MOST_TRIES,
    REFUSED_ALIKE,
    STEP,
    Gathering,
    Notice,
    NoticeKind,
    NoticeState,
    Pace,
    Recipient,
    RecipientState,
    pace_of,
)
from portal.domain.outbox import WhyRefused, wait_before_retry
from portal.mail.letters import Letter, LetterUnfit
from portal.mail.outcomes import Accepted, Outcome, RefusedForGood, TemporarilyRefused
from portal.services import subscriptions
from portal.services.installation import Installation
from portal.services.notice_letters import Writer, poured, writer_of
from portal.storage.database import Noting
from portal.storage.store import Store

READ_AT_ONCE = 100
"""Recipients read from the database at a time: about what leaves in the tenth part of a step."""

GIVEN_UP_AT_ONCE = 1_000
SULKS_FOR = timedelta(minutes=1)
"""How long a server is left alone that refused several letters in a row."""

UNFIT = "unfit"


def send(portal: Installation, notice_id: int, now: datetime) -> Again | None:
    """Make one step of a notice, for the worker: Again while it is under way."""
    with portal.database.reading() as store:
        notice = store.notices.by_id(notice_id)
    if notice is None:
        return None
    if notice.next_step_at is not None and notice.next_step_at > now:
        return Again(notice.next_step_at)
    if notice.proof_for is not None:
        return _send_proof(portal, notice, now)
    match notice.state:
        case NoticeState.COUNTING_DOWN:
            return _set_out(portal, notice, now)
        case NoticeState.SENDING if notice.gathering is Gathering.FETCHED:
            return _send_some(portal, notice, now)
        case NoticeState.DONE:
            return _give_up_some(portal, notice, now)
    return None


# --- before -----------------------------------------------------------------------------------------------------------


def _send_proof(portal: Installation, notice: Notice, now: datetime) -> Again | None:
    """Both languages to the officer who asked; only once both are taken has there been a proof."""
    with portal.database.reading() as store:
        member = store.staff.by_id(notice.proof_for or 0)
        writer = writer_of(portal, store, notice)
    if member is None or writer is None:
        return _proved(portal, notice, RefusedForGood(UNFIT), now)
    if portal.transport is None:
        return _proved(portal, notice, TemporarilyRefused(UNFIT, WhyRefused.UNREACHABLE), now)
    try:
        letters = [writer.proof(language, member.address) for language in LANGUAGES]
    except LetterUnfit:
        return _proved(portal, notice, RefusedForGood(UNFIT), now)
    outcomes = list(portal.transport.deliver(letters, now=now))
    return _proved(portal, notice, next((one for one in outcomes if not isinstance(one, Accepted)), Accepted()), now)


def _proved(portal: Installation, notice: Notice, outcome: Outcome, now: datetime) -> Again | None:
    with portal.database.writing() as store:
        held = store.notices.held(notice.id)
        if held is None or held.version != notice.version:
            return Again(now)
        if isinstance(outcome, Accepted):
            state = NoticeState.PROOF_SENT.value
            store.notices.change(notice.id, state=state, proof_for=None, proof_refused=None, next_step_at=None)
        elif isinstance(outcome, RefusedForGood):
            store.notices.change(notice.id, proof_for=None, proof_refused=outcome.why.value, next_step_at=None)
        else:
            at = now + wait_before_retry(held.troubles + 1)
            why = outcome.why.value
            store.notices.change(notice.id, proof_refused=why, troubles=held.troubles + 1, next_step_at=at)
            return Again(at)
    return None


def _set_out(portal: Installation, notice: Notice, now: datetime) -> Again | None:
    """The countdown is over: fetch the recipients, who are counted anew as they are found."""
    with portal.database.writing() as store:
        held = store.notices.held(notice.id)
        if held is None or held.state is not NoticeState.COUNTING_DOWN:
            return None
        chosen = notice.kind is NoticeKind.CONFIDENTIALITY_INCIDENT
        anew = {} if chosen else {"people": 0, "subscribers": 0, "without_address": 0}
        store.notices.change(
            notice.id,
            state=NoticeState.SENDING.value,
            gathering=Gathering.FETCHING.value,
            place=None,
            next_step_at=None,
            **anew,
        )
        store.promise(Job(JobKind.GATHER_RECIPIENTS, notice.id))
    return None


# --- a step -----------------------------------------------------------------------------------------------------------


@dataclass
class _Step:
    """One step under way: what may leave in it, what has, and what the server made of it.

    `in_doubt`: how many letters in a row, up to now, were refused for good in words that may be about us.
    """

    portal: Installation
    notice: Notice
    now: datetime
    noting: Noting
    ends: float
    in_hand: deque[Recipient] = field(default_factory=deque)
    handed_over: int = 0
    in_doubt: int = 0
    refused_in_a_row: int = 0
    door: TemporarilyRefused | RefusedForGood | None = None
    sulks: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more leaves in this step."""
        return self.door is not None or self.sulks or self.takes_nothing or time.monotonic() > self.ends

    @property
    def takes_nothing(self) -> bool:
        """Whether the server refused so many letters in a row that the reason must be us."""
        return self.in_doubt >= IN_A_ROW

    def letters(self, writer: Writer, most: int) -> Iterator[Letter]:
        """Letters one at a time, each asked for once the server took the one before; what is noted is read no more."""
        while most > 0:
            number = 0
            for recipient, nonce in self._some(min(most, READ_AT_ONCE)):
                if self.is_over:
                    return
                number += 1
                if recipient.subscriber_id is not None and nonce is None:
                    self._over(recipient, RecipientState.GIVEN_UP)
                    continue
                token = subscriptions.token_of(self.portal, *nonce) if nonce else None
                letter = poured(writer, recipient, token, self.now)
                self.in_hand.append(recipient)
                yield letter
            most = most - number if number == READ_AT_ONCE else 0

    def _some(self, limit: int) -> list[tuple[Recipient, tuple[str, str] | None]]:
        """Some whose letter is due; those among them who subscribed with what their link is made of, unless they left."""
        with self.portal.database.reading() as store:
            waiting = store.recipients.waiting(self.notice.id, self.now, limit=limit + len(self.in_hand))
            in_hand = {recipient.id for recipient in self.in_hand}
            recipients = [recipient for recipient in waiting if recipient.id not in in_hand][:limit]
            subscribed = [recipient.subscriber_id for recipient in recipients if recipient.subscriber_id is not None]
            nonces = store.subscribers.nonces(subscribed) if subscribed else {}
        return [(recipient, nonces.get(recipient.subscriber_id or 0)) for recipient in recipients]

    def note(self, outcome: Outcome) -> None:
        """Write down what became of the letter in hand."""
        recipient = self.in_hand.popleft()
        if isinstance(outcome, Accepted):
            self._taken(recipient)
        elif _is_about_us(outcome):
            self.door = outcome
        elif isinstance(outcome, TemporarilyRefused):
            self._not_now(recipient)
        elif outcome.of_reader:
            self._over(recipient, RecipientState.REFUSED)
        else:
            self._doubted(recipient)

    def _taken(self, recipient: Recipient) -> None:
        """One row for each letter; the notice's own counters follow at the end of the step."""
        self.refused_in_a_row = 0
        with self.noting() as store:
            self.handed_over += store.recipients.handed_over(recipient.id, self.now)
            if self.in_doubt:
                refused = store.recipients.refuse_doubted(self.notice.id)
                store.notices.count(self.notice.id, waiting=-refused, refused=refused)
        self.in_doubt = 0

    def _not_now(self, recipient: Recipient) -> None:
        self.refused_in_a_row += 1
        self.sulks = self.refused_in_a_row >= IN_A_ROW
        if recipient.attempts + 1 >= MOST_TRIES:
            self._over(recipient, RecipientState.GIVEN_UP)
            return
        with self.portal.database.writing() as store:
            store.recipients.try_again(recipient.id, self.now + wait_before_retry(recipient.attempts + 1))

    def _doubted(self, recipient: Recipient) -> None:
        with self.portal.database.writing() as store:
            self.in_doubt += store.recipients.doubt(recipient.id)

    def _over(self, recipient: Recipient, state: RecipientState) -> None:
        with self.portal.database.writing() as store:
            if store.recipients.over(recipient.id, state):
                store.notices.count(self.notice.id, waiting=-1, **{state.value: 1})


def _is_about_us(outcome: TemporarilyRefused | RefusedForGood) -> bool:
    """Whether the server would answer so whoever the reader was: nothing more is tried for now."""
    if isinstance(outcome, RefusedForGood):
        return outcome.why is WhyRefused.SENDER
    return outcome.why in CLOSED_DOOR


def _send_some(portal: Installation, notice: Notice, now: datetime) -> Again | None:
    """Hand over what the pace allows in one step."""
    with portal.database.reading() as store:
        someone = store.recipients.waiting(notice.id, now, limit=1)
        in_doubt = store.recipients.doubted(notice.id)
        writer = writer_of(portal, store, notice)
    if not someone:
        return _rest_or_finish(portal, notice, now)
    pace = pace_of(portal.settings.mail.notices_per_minute)
    with portal.database.notebook() as noting:
        step = _Step(portal, notice, now, noting, ends=time.monotonic() + STEP.total_seconds(), in_doubt=in_doubt)
        if portal.transport is None or writer is None:
            step.door = TemporarilyRefused(UNFIT, WhyRefused.UNREACHABLE)
        else:
            for outcome in portal.transport.deliver(step.letters(writer, pace.letters), now=now):
                step.note(outcome)
    return _after(step, pace)


def _after(step: _Step, pace: Pace) -> Again | None:
    """When the next step is: at the pace set, or later when the server does not answer or wants to be left alone.

    It is written down, so that whoever wakes the notice sooner, after a kill for instance, keeps the pace.
    """
    troubles, trouble, wait = 0, None, pace.every
    if step.door is not None:
        troubles, trouble = step.notice.troubles + 1, step.door.why.value
        wait = wait_before_retry(troubles)
    elif step.sulks:
        trouble, wait = WhyRefused.NOT_NOW.value, SULKS_FOR
    at = step.now + wait
    with step.portal.database.noting() as store:
        store.notices.count(step.notice.id, waiting=-step.handed_over, handed_over=step.handed_over)
        store.notices.change(step.notice.id, troubles=troubles, trouble=trouble, next_step_at=at)
    if step.takes_nothing:
        _stop_by_itself(step.portal, step.notice, step.now)
        return None
    return Again(at)


def _stop_by_itself(portal: Installation, notice: Notice, now: datetime) -> None:
    """The server takes nothing from us: nobody is refused for that, and the officer says when to go on."""
    with portal.database.writing() as store:
        held = store.notices.held(notice.id)
        if held is not None and held.state is NoticeState.SENDING:
            _stopped(store, held, now)


def _stopped(store: Store, notice: Notice, now: datetime) -> None:
    store.recipients.let_doubted_wait(notice.id, now)
    store.notices.change(notice.id, state=NoticeState.STOPPED.value, trouble=REFUSED_ALIKE, next_step_at=None)
    store.audit.record(AuditLine(now, AuditEvent.NOTICE_STOPPED, Actor.SYSTEM))


def _rest_or_finish(portal: Installation, notice: Notice, now: datetime) -> Again | None:
    """Nobody is due: wait for those who are later, or be done; not where all that was answered may be about us."""
    with portal.database.writing() as store:
        held = store.notices.held(notice.id)
        if held is None or held.state is not NoticeState.SENDING:
            return None
        at = store.recipients.next_try(notice.id)
        if at is not None:
            store.notices.change(notice.id, next_step_at=at)
            return Again(at)
        numbers = store.recipients.numbers(notice.id)
        if numbers[RecipientState.IN_DOUBT] and not numbers[RecipientState.HANDED_OVER]:
            _stopped(store, held, now)
            return None
        store.recipients.refuse_doubted(notice.id)
        done = NoticeState.DONE.value
        store.notices.change(notice.id, state=done, done_at=now, next_step_at=None, troubles=0, trouble=None)
        _count_anew(store, notice)
        store.audit.record(AuditLine(now, AuditEvent.NOTICE_DONE, Actor.SYSTEM))
    return None


def _give_up_some(portal: Installation, notice: Notice, now: datetime) -> Again | None:
    """Forget the addresses of some who will not be told."""
    with portal.database.writing() as store:
        gone = store.recipients.give_up(notice.id, limit=GIVEN_UP_AT_ONCE)
        if gone:
            _count_anew(store, notice)
    return Again(now) if gone == GIVEN_UP_AT_ONCE else None


def _count_anew(store: Store, notice: Notice) -> None:
    """The counters as the rows have them: a worker killed in a step left what it had not added."""
    numbers = store.recipients.numbers(notice.id)
    waiting = numbers[RecipientState.WAITING] + numbers[RecipientState.IN_DOUBT]
    over = (RecipientState.HANDED_OVER, RecipientState.REFUSED, RecipientState.GIVEN_UP, RecipientState.BOUNCED)
    store.notices.change(notice.id, waiting=waiting, **{state.value: numbers[state] for state in over})
