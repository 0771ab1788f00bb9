"""What may be done to a request, by whom, in which state, and why not (law.md §6.2).

One table, `bar`, answers for the pages, the services and the documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.messages import ASKED_FROM
from portal.domain.regimes import Regime
from portal.domain.rights import BEFORE_DECISION, Decision, Kind, RightsRequest, State
from portal.domain.statements import opens_statement


class Act(StrEnum):
    """Something a person or a member of staff does to a request."""

    TAKE_UP = "take_up"
    CHECK_IDENTITY = "check_identity"
    ASK = "ask"
    PROPOSE = "propose"
    GIVE_BACK = "give_back"
    DECIDE = "decide"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    APPLY = "apply"
    HEAR = "hear"
    CONTEST = "contest"
    SETTLE = "settle"
    REOPEN = "reopen"
    REPLY = "reply"
    TAKE_BACK = "take_back"
    ADD_COMMENTS = "add_comments"


class By(StrEnum):
    """Who acts: the person, or staff by what they may do. A delegate decides in the officer's place (P-39.1, s. 3.1)."""

    PERSON = "person"
    AGENT = "agent"
    DELEGATE = "delegate"
    OFFICER = "officer"
    AUDITOR = "auditor"


class Bar(StrEnum):
    """Why an act is not open now."""

    ROLE = "role"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"
    NOT_ANSWERED = "not_answered"
    NOT_PROPOSED = "not_proposed"
    NOTHING_ASKED = "nothing_asked"
    PROPOSED = "proposed"
    IN_HAND = "in_hand"
    IDENTITY_KNOWN = "identity_known"
    LAW = "law"
    ONLY_REGULATOR = "only_regulator"
    OURS_TO_EXTEND = "ours_to_extend"
    ALREADY = "already"
    TOO_LATE = "too_late"
    PAUSED = "paused"
    NOT_PAUSED = "not_paused"
    NOT_APPLIED = "not_applied"
    NOT_SENT = "not_sent"
    NOT_CONTESTABLE = "not_contestable"
    NOT_CONTESTED = "not_contested"
    CARRIED_OUT = "carried_out"
    NOT_REFUSED = "not_refused"
    LETTER_WAITS = "letter_waits"
    TEST = "test"


WHO: Mapping[Act, frozenset[By]] = {
    Act.TAKE_UP: frozenset({By.AGENT, By.DELEGATE, By.OFFICER}),
    Act.CHECK_IDENTITY: frozenset({By.AGENT, By.DELEGATE, By.OFFICER}),
    Act.ASK: frozenset({By.AGENT, By.DELEGATE, By.OFFICER}),
    Act.PROPOSE: frozenset({By.AGENT, By.DELEGATE, By.OFFICER}),
    Act.GIVE_BACK: frozenset({By.DELEGATE, By.OFFICER}),
    Act.DECIDE: frozenset({By.DELEGATE, By.OFFICER}),
    Act.EXTEND: frozenset({By.OFFICER}),
    Act.PAUSE: frozenset({By.AGENT, By.DELEGATE, By.OFFICER}),
    Act.RESUME: frozenset({By.AGENT, By.DELEGATE, By.OFFICER}),
    Act.APPLY: frozenset({By.OFFICER}),
    Act.HEAR: frozenset({By.OFFICER}),
    Act.CONTEST: frozenset({By.AGENT, By.DELEGATE, By.OFFICER}),
    Act.SETTLE: frozenset({By.OFFICER}),
    Act.REOPEN: frozenset({By.OFFICER}),
    Act.REPLY: frozenset({By.PERSON}),
    Act.TAKE_BACK: frozenset({By.PERSON}),
    Act.ADD_COMMENTS: frozenset({By.PERSON}),
}
"""Who may do what. Taking a request back, and adding comments to one's file, belong to its person alone; the auditor reads (law.md §6.2)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the acts depend on beside the request itself.

    `in_time`: today is no later than the last day to answer. `identity_open`: how we know who asks is still to be said.
    `may_take_back`: as the erasure stands, its person may. `answer_left`: no letter to the person waits to leave.
    `commented`: its person's comments are kept.
    """

    regime: Regime
    in_time: bool
    identity_open: bool = False
    may_take_back: bool = True
    answered_before: bool = False
    answer_left: bool = True
    commented: bool = False


def bar(act: Act, by: By, request: RightsRequest, standing: Standing) -> Bar | None:
    """Why somebody may not do something to a request as it stands; None where they may."""
    if by not in WHO[act]:
        return Bar.ROLE
    return _BARS[act](request, standing)


def way_to_decided(present: State, decision: Decision) -> tuple[State, ...]:
    """The states an officer's decision passes, *decided* last (law.md §6.2).

    Who could not be identified is answered without the request ever having been in progress.
    """
    unproved = decision is Decision.NOT_ENTITLED
    if present in {State.VERIFYING_IDENTITY, State.AWAITING_REQUESTER}:
        return (State.AWAITING_APPROVAL if unproved else State.IN_PROGRESS, State.DECIDED)
    return (State.DECIDED,)


def way_to_approval(present: State, decision: Decision) -> tuple[State, ...]:
    """The states a prepared decision passes on its way to whoever decides."""
    unproved = decision is Decision.NOT_ENTITLED and present is not State.RECEIVED
    if unproved or present is State.IN_PROGRESS:
        return (State.AWAITING_APPROVAL,)
    return (State.IN_PROGRESS, State.AWAITING_APPROVAL)


def is_carried_out(request: RightsRequest) -> bool:
    """Whether something was granted and done that going on with the request could not undo."""
    granted = request.decision in {Decision.GRANTED, Decision.PARTIALLY_GRANTED}
    does_something = request.kind in {Kind.DELETION, Kind.WITHDRAW, Kind.COMMENT} or request.correction is not None
    return granted and does_something


def is_contested(request: RightsRequest) -> bool:
    """Whether the regulator was turned to and its answer is not final."""
    return request.contested_on is not None and request.settled_on is None


def _unanswered(request: RightsRequest) -> Bar | None:
    if request.state is State.WITHDRAWN:
        return Bar.TAKEN_BACK
    return None if request.state in BEFORE_DECISION else Bar.ANSWERED


def _take_up(request: RightsRequest, _: Standing) -> Bar | None:
    if request.state is State.RECEIVED:
        return None
    return _unanswered(request) or (None if request.assignee_id is None else Bar.IN_HAND)


def _check_identity(request: RightsRequest, standing: Standing) -> Bar | None:
    return _unanswered(request) or (None if standing.identity_open else Bar.IDENTITY_KNOWN)


def _ask(request: RightsRequest, _: Standing) -> Bar | None:
    if request.is_test:
        return Bar.TEST
    return _unanswered(request) or (None if request.state in ASKED_FROM else Bar.PROPOSED)


def _propose(request: RightsRequest, _: Standing) -> Bar | None:
    return _unanswered(request) or (Bar.PROPOSED if request.state is State.AWAITING_APPROVAL else None)


def _give_back(request: RightsRequest, _: Standing) -> Bar | None:
    return _unanswered(request) or (None if request.state is State.AWAITING_APPROVAL else Bar.NOT_PROPOSED)


def _decide(request: RightsRequest, _: Standing) -> Bar | None:
    return _unanswered(request)


def _extend(request: RightsRequest, standing: Standing) -> Bar | None:
    if _unanswered(request):
        return _unanswered(request)
    if request.is_test:
        return Bar.TEST
    if standing.regime.extension is None:
        return Bar.ONLY_REGULATOR if standing.regime.extension_authority == "regulator" else Bar.LAW
    if request.extended_to is not None:
        return Bar.ALREADY
    if request.paused_on is not None:
        return Bar.PAUSED
    return None if standing.in_time else Bar.TOO_LATE


def _pause(request: RightsRequest, standing: Standing) -> Bar | None:
    if _unanswered(request):
        return _unanswered(request)
    if request.is_test:
        return Bar.TEST
    if not standing.regime.pause_reasons:
        return Bar.LAW
    if request.paused_on is not None:
        return Bar.ALREADY
    return None if standing.in_time else Bar.TOO_LATE


def _resume(request: RightsRequest, _: Standing) -> Bar | None:
    return _unanswered(request) or (None if request.paused_on is not None else Bar.NOT_PAUSED)


def _apply(request: RightsRequest, standing: Standing) -> Bar | None:
    if _unanswered(request):
        return _unanswered(request)
    if request.is_test:
        return Bar.TEST
    if standing.regime.extension_authority != "regulator":
        return Bar.OURS_TO_EXTEND if standing.regime.extension else Bar.LAW
    return Bar.ALREADY if request.applied_on is not None else None


def _hear(request: RightsRequest, _: Standing) -> Bar | None:
    if _unanswered(request):
        return _unanswered(request)
    if request.applied_on is None:
        return Bar.NOT_APPLIED
    return Bar.ALREADY if request.applied_outcome is not None else None


def _contest(request: RightsRequest, standing: Standing) -> Bar | None:
    if request.is_test:
        return Bar.TEST
    if is_contested(request):
        return Bar.ALREADY
    if request.state is State.WITHDRAWN:
        return Bar.TAKEN_BACK
    answered = request.decision is not None or standing.answered_before
    return None if answered or not standing.in_time else Bar.NOT_CONTESTABLE


def _settle(request: RightsRequest, _: Standing) -> Bar | None:
    return None if is_contested(request) else Bar.NOT_CONTESTED


def _reopen(request: RightsRequest, _: Standing) -> Bar | None:
    if request.state is State.WITHDRAWN:
        return Bar.TAKEN_BACK
    if request.state is not State.CLOSED:
        return Bar.NOT_ANSWERED
    return Bar.CARRIED_OUT if is_carried_out(request) else None


def _reply(request: RightsRequest, _: Standing) -> Bar | None:
    return _unanswered(request) or (None if request.state is State.AWAITING_REQUESTER else Bar.NOTHING_ASKED)


def _take_back(request: RightsRequest, standing: Standing) -> Bar | None:
    if request.state is State.WITHDRAWN:
        return Bar.TAKEN_BACK
    return None if standing.may_take_back else Bar.ANSWERED


def _add_comments(request: RightsRequest, standing: Standing) -> Bar | None:
    # Whoever has comments kept may always change them or take them out, whatever became of the request.
    if standing.commented:
        return None
    if request.state is State.WITHDRAWN:
        return Bar.TAKEN_BACK
    if request.state is not State.CLOSED:
        return Bar.NOT_ANSWERED
    if not opens_statement(request):
        return Bar.NOT_REFUSED
    return None if standing.answer_left else Bar.LETTER_WAITS


_BARS = {
    Act.TAKE_UP: _take_up,
    Act.CHECK_IDENTITY: _check_identity,
    Act.ASK: _ask,
    Act.PROPOSE: _propose,
    Act.GIVE_BACK: _give_back,
    Act.DECIDE: _decide,
    Act.EXTEND: _extend,
    Act.PAUSE: _pause,
    Act.RESUME: _resume,
    Act.APPLY: _apply,
    Act.HEAR: _hear,
    Act.CONTEST: _contest,
    Act.SETTLE: _settle,
    Act.REOPEN: _reopen,
    Act.REPLY: _reply,
    Act.TAKE_BACK: _take_back,
    Act.ADD_COMMENTS: _add_comments,
}
