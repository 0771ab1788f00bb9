"""Rights requests: what can be asked, the states one goes through, and who may move it (law.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.answer_parts import AnswerPart, MachineDecision
from portal.domain.asking import SPOKEN, Channel, ForWhom, OnBehalf, WantedForm
from portal.domain.data_map import Scalar
from portal.domain.languages import Language


class Kind(StrEnum):
    """What a person asks for."""

    ACCESS = "access"
    PORTABILITY = "portability"
    RECTIFICATION = "rectification"
    COMMENT = "comment"
    DELETION = "deletion"
    WITHDRAW = "withdraw"
    DEINDEX = "deindex"
    AUTOMATED = "automated"
    INFO = "info"
    COMPLAINT = "complaint"
    OTHER = "other"


class State(StrEnum):
    """Where a request stands, as staff see it."""

    RECEIVED = "received"
    VERIFYING_IDENTITY = "verifying_identity"
    IN_PROGRESS = "in_progress"
    AWAITING_REQUESTER = "awaiting_requester"
    AWAITING_APPROVAL = "awaiting_approval"
    DECIDED = "decided"
    FULFILLING = "fulfilling"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """Where a request stands, in the four words its person reads; a request taken back says so."""

    RECEIVED = "received"
    WORKED_ON = "worked_on"
    WAITING_FOR_YOU = "waiting_for_you"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"


class Decision(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    PARTIALLY_GRANTED = "partially_granted"
    REFUSED = "refused"
    NO_INFORMATION_HELD = "no_information_held"
    NOT_ENTITLED = "not_entitled"


class Flag(StrEnum):
    """What is true of a request beside its state."""

    OVERDUE = "overdue"
    DEEMED_REFUSED = "deemed_refused"
    EXTENDED = "extended"
    CONTESTED = "contested"
    HELD = "held"
    PAUSED = "paused"
    TEST = "test"


class RequestEvent(StrEnum):
    """What can happen to a request."""

    OPENED = "opened"
    IDENTITY_CHECKED = "identity_checked"
    CAPACITY_SHOWN = "capacity_shown"
    MARKED_SAME = "marked_same"
    UNMARKED_SAME = "unmarked_same"
    TAKEN_UP = "taken_up"
    ASKED = "asked"
    ANSWERED_BY_PERSON = "answered_by_person"
    WENT_ON = "went_on"
    WROTE = "wrote"
    HANDED_OVER = "handed_over"
    DECIDED = "decided"
    CARRYING_OUT = "carrying_out"
    CARRIED_OUT = "carried_out"
    NOT_CARRIED_OUT = "not_carried_out"
    ERASED_BEFORE = "erased_before"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"
    POSTED = "posted"
    POSTING_CORRECTED = "posting_corrected"
    LOOKED_UP = "looked_up"
    FILES_DESTROYED = "files_destroyed"
    DEEMED_REFUSED = "deemed_refused"
    PROPOSED = "proposed"
    GIVEN_BACK = "given_back"
    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    APPLIED = "applied"
    MORE_TIME_GRANTED = "more_time_granted"
    MORE_TIME_DENIED = "more_time_denied"
    CONTESTED = "contested"
    SETTLED = "settled"
    REOPENED = "reopened"
    STATEMENT_WRITTEN = "statement_written"
    STATEMENT_REPLACED = "statement_replaced"
    STATEMENT_WITHDRAWN = "statement_withdrawn"
    FOLLOW_CODE_REPLACED = "follow_code_replaced"


class WhyNot(StrEnum):
    """Why what was granted could not be carried out yet: a correction, or a deletion that the ledger does not take."""

    CHANGED = "changed"
    REFUSED = "refused"
    GONE = "gone"
    NOT_ERASED = "not_erased"
    LEDGER = "ledger"


class PauseReason(StrEnum):
    """What the clock may stand still for, where a regime lets it (law.md §3.2)."""

    IDENTITY = "identity"
    CLARIFICATION = "clarification"


class RegulatorOutcome(StrEnum):
    """What the regulator answered to an application for more time (P-39.1, s. 46)."""

    GRANTED = "granted"
    DENIED = "denied"


class Role(StrEnum):
    """What a member of staff may do: the agent prepares, the officer decides, the auditor reads records."""

    OFFICER = "officer"
    AGENT = "agent"
    AUDITOR = "auditor"


class Level(StrEnum):
    """How far identity is proved (law.md §6.3): an address no source holds, one a source holds, or a check by staff.

    A request that staff entered is L1 until they say how they checked.
    """

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"


ENDED = frozenset({State.CLOSED, State.WITHDRAWN})
OPEN = frozenset(State) - ENDED
BEFORE_DECISION = frozenset(
    {
        State.RECEIVED,
        State.VERIFYING_IDENTITY,
        State.IN_PROGRESS,
        State.AWAITING_REQUESTER,
        State.AWAITING_APPROVAL,
    }
)

MOVES: Mapping[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.VERIFYING_IDENTITY, State.IN_PROGRESS, State.DECIDED, State.WITHDRAWN}),
    State.VERIFYING_IDENTITY: frozenset({State.IN_PROGRESS, State.AWAITING_APPROVAL, State.WITHDRAWN}),
    State.IN_PROGRESS: frozenset({State.AWAITING_REQUESTER, State.AWAITING_APPROVAL, State.DECIDED, State.WITHDRAWN}),
    State.AWAITING_REQUESTER: frozenset({State.IN_PROGRESS, State.AWAITING_APPROVAL, State.WITHDRAWN}),
    State.AWAITING_APPROVAL: frozenset({State.DECIDED, State.IN_PROGRESS, State.WITHDRAWN}),
    State.DECIDED: frozenset({State.FULFILLING}),
    State.FULFILLING: frozenset({State.CLOSED, State.WITHDRAWN}),
    State.CLOSED: frozenset({State.IN_PROGRESS}),
    State.WITHDRAWN: frozenset(),
}
"""Each move law.md §6.2 allows. A decision taken by the officer alone goes straight to *decided*."""

_STAGES: Mapping[State, Stage] = {
    State.RECEIVED: Stage.RECEIVED,
    State.VERIFYING_IDENTITY: Stage.WORKED_ON,
    State.IN_PROGRESS: Stage.WORKED_ON,
    State.AWAITING_REQUESTER: Stage.WAITING_FOR_YOU,
    State.AWAITING_APPROVAL: Stage.WORKED_ON,
    State.DECIDED: Stage.ANSWERED,
    State.FULFILLING: Stage.ANSWERED,
    State.CLOSED: Stage.ANSWERED,
    State.WITHDRAWN: Stage.TAKEN_BACK,
}


class OutOfOrder(Exception):
    """A request was asked to make a move its present state does not allow."""

    def __init__(self, state: State) -> None:
        """Keep the present state, which the answer shows."""
        super().__init__(state.value)
        self.state = state


@dataclass(frozen=True, slots=True)
class CorrectionAsked:
    """The correction a request is about: where, what stood there, what should stand there."""

    category: str
    table: str
    row: tuple[str, ...]
    field: str
    before: str
    value: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """What an answer leaves out: which part, on which ground, in which words, and until when it stays.

    `category`: a category of the data map. `ground`: its code in the catalogue; empty where staff wrote their own. `table`:
    only this table of the category. `field`: only this column of it. `rows`: only the rows of these keys, which is all that
    is kept of them (design §2.5).
    """

    category: str
    ground: str
    reason: str
    provision: str
    until: date | None = None
    table: str = ""
    field: str = ""
    rows: tuple[tuple[Scalar, ...], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole category."""
        return not self.table


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a person is not shown one part: in words, by which provision, by the answer to which of their requests."""

    reason: str
    provision: str
    reference: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision somebody prepared, which waits for whoever decides."""

    staff_id: int
    decision: Decision
    reason: str = ""
    provision: str = ""
    withheld: tuple[Withheld, ...] = ()
    parts: tuple[AnswerPart, ...] = ()


@dataclass(frozen=True, slots=True)
class RightsRequest:
    """One request by one person, with the clock it was opened under.

    `deemed_refused_on`: the day from which the law takes our silence as a refusal. `hold_until`: the last day on which
    what the request is about must still be there (P-39.1, ss. 32 and 36). `extended_to`: the last day once the
    organization took more time. `paused_on`, `paused_for`: since when the clock stands still, and why. `applied_on`,
    `applied_outcome`: when more time was asked of the regulator, and what it said (s. 46). `contested_on`,
    `contested_file`, `settled_on`: when the regulator was turned to against us, its file number, the final answer.
    `first_decision`, `first_decided_at`, `first_due`: the first answer and the last day it was given by or after, once the
    request was opened again. `behalf`: for whom, when not for oneself. `channel`: None for those entered before it was asked.
    `machine_decision`: the one asked about, where that was asked. `parts`: what the answer is made of, where it has named
    parts.
    """

    id: int
    reference: str
    person_id: int
    kind: Kind
    state: State
    language: Language
    message: str
    level: Level
    regime: str
    received_at: datetime
    received_on: date
    due: date
    version: int
    decision: Decision | None = None
    reason: str | None = None
    provision: str | None = None
    recourse_until: date | None = None
    decided_at: datetime | None = None
    wait_until: datetime | None = None
    closed_at: datetime | None = None
    assignee_id: int | None = None
    correction: CorrectionAsked | None = None
    purpose: str | None = None
    behalf: OnBehalf | None = None
    wanted_form: WantedForm | None = None
    channel: Channel | None = None
    is_test: bool = False
    identity_check: str | None = None
    deemed_refused_on: date | None = None
    hold_until: date | None = None
    extended_to: date | None = None
    paused_on: date | None = None
    paused_for: PauseReason | None = None
    applied_on: date | None = None
    applied_outcome: RegulatorOutcome | None = None
    contested_on: date | None = None
    contested_file: str | None = None
    settled_on: date | None = None
    first_decision: Decision | None = None
    first_decided_at: datetime | None = None
    first_due: date | None = None
    proposal: Proposal | None = None
    withheld: tuple[Withheld, ...] = ()
    machine_decision: MachineDecision | None = None
    parts: tuple[AnswerPart, ...] = ()
    follow_number: int = 0

    @property
    def whom(self) -> ForWhom:
        """For whom it is: whoever asks, unless it says otherwise."""
        return self.behalf.whom if self.behalf else ForWhom.ME

    @property
    def was_spoken(self) -> bool:
        """Whether its person said it, and staff wrote it down."""
        return self.channel in SPOKEN


def stage_of(request: RightsRequest) -> Stage:
    """The word a person reads for the request's state."""
    return _STAGES[request.state]


def check_move(present: State, target: State) -> None:
    """Let a legal move pass.

    Raises:
        OutOfOrder: the present state does not lead there.
    """
    if target not in MOVES[present]:
        raise OutOfOrder(present)


def may_be_taken_back(request: RightsRequest, *, started: bool, now: datetime) -> bool:
    """Whether its person may still take the request back: before the decision, or while the wait runs and nothing began."""
    if request.state in BEFORE_DECISION:
        return True
    waiting = request.wait_until is not None and now < request.wait_until
    return request.state is State.FULFILLING and waiting and not started


def is_overdue(request: RightsRequest, *, today: date) -> bool:
    """Whether the last day to answer has passed without an answer; overdue begins the day after (law.md §3.3).

    Nobody waits for the answer to a test, so one is never late; nor is one whose clock lawfully stands still.
    """
    runs = request.paused_on is None and not request.is_test
    return runs and request.state in BEFORE_DECISION and today > request.due
