"""Notices: one letter told to many, each once, and what stands between its draft and the last of them.

Where a notice and each of its recipients stand, what may be done then, and at what pace letters leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.domain.languages import Language, Text
from portal.domain.letters import LetterKind
from portal.domain.outbox import WhyRefused
from portal.domain.periods import Period
from portal.domain.policies import Document


class NoticeKind(StrEnum):
    """What is told; the letter has the same name (P-39.1, ss. 8.2, 18.4 and 3.5)."""

    POLICY_CHANGE = "policy_change"
    BUSINESS_TRANSFER = "business_transfer"
    CONFIDENTIALITY_INCIDENT = "confidentiality_incident"

    @property
    def letter(self) -> LetterKind:
        """The letter that tells it."""
        return LetterKind(self.value)


class NoticeState(StrEnum):
    """Where a notice stands."""

    DRAFTED = "drafted"
    PROOF_SENT = "proof_sent"
    COUNTING_DOWN = "counting_down"
    SENDING = "sending"
    STOPPED = "stopped"
    DONE = "done"


class Gathering(StrEnum):
    """How far its recipients are known: counted by hash alone, then each address fetched just before it is needed."""

    COUNTING = "counting"
    COUNTED = "counted"
    FETCHING = "fetching"
    FETCHED = "fetched"


class RecipientState(StrEnum):
    """Where one recipient stands. A mail server that took a letter has not delivered it: nothing here says so.

    In doubt: refused for good in words that may be about us; refused once the server takes another letter after it.
    """

    COUNTED = "counted"
    WAITING = "waiting"
    IN_DOUBT = "in_doubt"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    BOUNCED = "bounced"


DETAILS: Mapping[NoticeKind, tuple[str, ...]] = {
    NoticeKind.POLICY_CHANGE: (),
    NoticeKind.BUSINESS_TRANSFER: ("party", "reach", "transfer"),
    NoticeKind.CONFIDENTIALITY_INCIDENT: ("information", "circumstances", "period", "measures", "advice"),
}
"""What the officer writes in both languages, because the law wants the letter to say it.

P-39.1, s. 18.4; Regulation respecting confidentiality incidents, s. 5.
"""

LONGEST_DETAIL = 1_000
MOST_CHOSEN = 10_000
"""People whom the officer may choose for one notice."""

MOST_TRIES = 10
"""After so many refusals for now, a recipient is given up: some nine hours, or a day at a server that is strict."""

IN_A_ROW = 10
"""So many refusals one after the other say something of the server or of us.

For now: it wants to be left alone for a minute. For good: it takes nothing from us, and the notice stops.
"""

LONGEST_CHOSEN = 400_000
"""Characters in which they are named: as many addresses as that, of a usual length."""

KEPT_IDLE = Period(months=0, days=90)
"""A notice that was not begun so long after it was drafted, or not resumed so long after it began, goes by itself."""

USUAL_COUNTDOWN = timedelta(hours=1)
COUNTDOWNS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 1440))

CLOSED_DOOR = frozenset(
    {
        WhyRefused.UNKNOWN_HOST,
        WhyRefused.NOBODY_LISTENS,
        WhyRefused.UNREACHABLE,
        WhyRefused.SLOW,
        WhyRefused.CERTIFICATE,
        WhyRefused.ENCRYPTION,
        WhyRefused.SIGN_IN_WANTED,
        WhyRefused.CREDENTIALS,
        WhyRefused.NO_SIGN_IN,
        WhyRefused.SENDER,
    }
)
"""Reasons that say something of the mail server and nothing of the recipient: no try of theirs is used up."""

SOURCE_AWAY = "source_away"
"""A trouble: one of the organization's databases does not answer."""

REFUSED_ALIKE = "refused_alike"
"""A trouble: the mail server refused letters for good one after the other, and the notice stopped by itself."""

STEP = timedelta(seconds=1)
"""How long one step sends at most: an ordinary letter never waits longer behind a notice."""

_BEAT = timedelta(seconds=1)


class NoticeAct(StrEnum):
    """What the officer may do with a notice."""

    SAVE = "save"
    PROOF = "proof"
    BEGIN = "begin"
    STOP = "stop"
    RESUME = "resume"
    END = "end"
    DISCARD = "discard"


_ACTS: Mapping[NoticeState, frozenset[NoticeAct]] = {
    NoticeState.DRAFTED: frozenset({NoticeAct.SAVE, NoticeAct.PROOF, NoticeAct.DISCARD}),
    NoticeState.PROOF_SENT: frozenset({NoticeAct.SAVE, NoticeAct.PROOF, NoticeAct.BEGIN, NoticeAct.DISCARD}),
    NoticeState.COUNTING_DOWN: frozenset({NoticeAct.STOP}),
    NoticeState.SENDING: frozenset({NoticeAct.STOP}),
    NoticeState.STOPPED: frozenset({NoticeAct.RESUME, NoticeAct.END}),
    NoticeState.DONE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Counters:
    """How many recipients stand where; kept in the notice's own row, so that no page counts rows."""

    people: int = 0
    subscribers: int = 0
    without_address: int = 0
    waiting: int = 0
    handed_over: int = 0
    refused: int = 0
    given_up: int = 0
    bounced: int = 0

    @property
    def all(self) -> int:
        """Everybody to be told."""
        return self.people + self.subscribers


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `version` grows with each act of the officer; `details` are what the law wants it to say.

    `trouble`: why its last step could not be made, a WhyRefused of the mail server's, `SOURCE_AWAY` or `REFUSED_ALIKE`.
    """

    id: int
    kind: NoticeKind
    state: NoticeState
    gathering: Gathering
    version: int
    counters: Counters
    created_at: datetime
    created_by: int | None
    document: Document | None = None
    version_id: str | None = None
    details: Mapping[str, Text] = field(default_factory=dict)
    paragraph: Text = Text(fr="", en="")  # noqa: RUF009  # frozen, like the notice
    place: Mapping[str, object] | None = None
    proof_for: int | None = None
    proof_refused: str | None = None
    begins_at: datetime | None = None
    next_step_at: datetime | None = None
    troubles: int = 0
    trouble: str | None = None
    done_at: datetime | None = None

    def allows(self, act: NoticeAct) -> bool:
        """Whether the officer may do it now; a countdown wants the recipients counted and nothing missing."""
        if act is NoticeAct.BEGIN and self.gathering is not Gathering.COUNTED:
            return False
        if act in {NoticeAct.BEGIN, NoticeAct.PROOF} and self.missing:
            return False
        return act in _ACTS[self.state]

    @property
    def missing(self) -> tuple[str, ...]:
        """The details still to be written, in one language or both."""
        empty = Text(fr="", en="")
        found = {name: self.details.get(name, empty) for name in DETAILS[self.kind]}
        return tuple(name for name, said in found.items() if not (said.fr and said.en))

    @property
    def kept_until(self) -> datetime | None:
        """When it goes by itself with the addresses it holds; None while it is under way, or over."""
        if self.state is NoticeState.STOPPED:
            return KEPT_IDLE.after(self.begins_at or self.created_at)
        return KEPT_IDLE.after(self.created_at) if NoticeAct.DISCARD in _ACTS[self.state] else None

    @property
    def gathers(self) -> bool:
        """Whether its recipients are being counted or fetched."""
        counting = self.state in {NoticeState.DRAFTED, NoticeState.PROOF_SENT} and (
            self.gathering is Gathering.COUNTING
        )
        return counting or (self.state is NoticeState.SENDING and self.gathering is not Gathering.FETCHED)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient whose letter waits. The address goes the moment it is no longer needed."""

    id: int
    address: str
    language: Language
    message_id: str
    attempts: int
    subscriber_id: int | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How letters leave: so many at a step, and the next step so much later."""

    letters: int
    every: timedelta


def pace_of(a_minute: int) -> Pace:
    """The pace that keeps a limit of letters a minute, in steps a second apart or, when it is low, further."""
    every = max(_BEAT, timedelta(minutes=1) / a_minute)
    return Pace(max(1, int(a_minute * (every / timedelta(minutes=1)))), every)


def time_needed(number: int, a_minute: int) -> timedelta:
    """How long so many letters take at least."""
    return timedelta(minutes=number / a_minute)


def is_late(effective: date, last_day: date) -> bool:
    """Whether the last letter leaves on the effective date or after it: a change is told before (P-39.1, s. 8.2)."""
    return last_day >= effective
