"""What may be done to a request: by whom, in which state; random lives of requests keep the law's rules (law.md §6.2)."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from portal.config.law import shipped_law
from portal.domain.acts import (
    WHO,
    Act,
    Bar,
    By,
    Standing,
    bar,
    is_contested,
    way_to_approval,
    way_to_decided,
)
from portal.domain.deadlines import due_dates, extended_due_dates
from portal.domain.regimes import Regime, Span
from portal.domain.rights import (
    BEFORE_DECISION,
    MOVES,
    Decision,
    Kind,
    PauseReason,
    RegulatorOutcome,
    State,
    check_move,
    is_overdue,
)
from tests.domain.requests import RECEIVED, a_request
from tests.meta.acts import DOCUMENT, table

QUEBEC = shipped_law().regimes["qc_p391"]
OURS = replace(
    QUEBEC,
    key="ours",
    extension=Span(30, "day"),
    extension_authority="self",
    pause_reasons=("identity", "clarification"),
    silence="breach",
)
HOLIDAYS = shipped_law().calendars[QUEBEC.holiday_calendar]
SEQUENCES = 10_000


def standing(regime: Regime = QUEBEC, *, in_time: bool = True, identity_open: bool = False) -> Standing:
    return Standing(regime, in_time=in_time, identity_open=identity_open)


class Life:
    """One request, living through acts chosen at random; every rule is checked after each."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.regime = chance.choice([QUEBEC, OURS])
        self.identity_open = chance.random() < 0.3
        kind = chance.choice(list(Kind))
        due = due_dates(self.regime, RECEIVED.date(), HOLIDAYS).strict
        self.request = a_request(kind=kind, due=due, regime=self.regime.key)
        self.today = RECEIVED.date()
        self.moves: Counter[tuple[State, State]] = Counter()
        self.due_events: list[tuple[date, date, str]] = []
        self.acts: Counter[Act] = Counter()

    def live(self, length: int) -> None:
        for _ in range(length):
            if self.chance.random() < 0.25:
                self.today += timedelta(days=self.chance.randrange(1, 12))
            self.silence()
            self.carry_out()
            self.act()
            self.check()

    def standing(self) -> Standing:
        return Standing(
            self.regime,
            in_time=self.today <= self.request.due,
            identity_open=self.identity_open and self.request.state in BEFORE_DECISION,
            may_take_back=self.request.state in BEFORE_DECISION
            or (self.request.state is State.FULFILLING and self.request.wait_until is not None),
        )

    def act(self) -> None:
        by = self.chance.choice(list(By))
        tried = self.chance.choice(list(Act))
        if bar(tried, by, self.request, self.standing()) is not None:
            return
        self.acts[tried] += 1
        getattr(self, f"_{tried.value}")()

    def go(self, *way: State, **changes: object) -> None:
        self.request = replace(self.request, **changes)  # type: ignore[arg-type]  # real fields
        for target in way:
            check_move(self.request.state, target)
            self.moves[(self.request.state, target)] += 1
            self.request = replace(self.request, state=target)

    def move_due(self, due: date, why: str, **changes: object) -> None:
        self.due_events.append((self.request.due, due, why))
        self.request = replace(self.request, due=due, **changes)  # type: ignore[arg-type]  # real fields

    def silence(self) -> None:
        late = is_overdue(self.request, today=self.today)
        if late and self.regime.silence == "deemed_refusal" and self.request.deemed_refused_on is None:
            since = self.request.due + timedelta(days=1)
            self.request = replace(self.request, deemed_refused_on=since, hold_until=since + timedelta(days=120))

    def carry_out(self) -> None:
        if self.request.state is State.DECIDED:
            self.go(State.FULFILLING)
        elif self.request.state is State.FULFILLING and self.chance.random() < 0.5:
            self.go(State.CLOSED)

    def check(self) -> None:
        request = self.request
        assert request.due == (self.due_events[-1][1] if self.due_events else request.due)
        for (_, after, _), (before, _, _) in pairwise(self.due_events):
            assert after == before
        if request.paused_on is not None:
            assert self.regime.pause_reasons
            assert request.state in BEFORE_DECISION, "no pause outlives the decision"
        if request.extended_to is not None:
            assert self.regime.extension is not None or request.applied_outcome is RegulatorOutcome.GRANTED
        assert not (request.state in BEFORE_DECISION and request.decision is not None)
        assert not (is_contested(request) and request.contested_file is None)

    def _take_up(self) -> None:
        if self.request.state is State.RECEIVED:
            self.go(State.VERIFYING_IDENTITY if self.identity_open else State.IN_PROGRESS, assignee_id=1)
        else:
            self.go(assignee_id=1)

    def _check_identity(self) -> None:
        self.identity_open = False
        if self.request.state is State.VERIFYING_IDENTITY:
            self.go(State.IN_PROGRESS)

    def _ask(self) -> None:
        way = [State.IN_PROGRESS] if self.request.state in {State.RECEIVED, State.VERIFYING_IDENTITY} else []
        if self.request.state is not State.AWAITING_REQUESTER:
            self.go(*way, State.AWAITING_REQUESTER)

    def _propose(self) -> None:
        self.go(*way_to_approval(self.request.state, self.chance.choice(list(Decision))))

    def _give_back(self) -> None:
        self.go(State.IN_PROGRESS)

    def _decide(self) -> None:
        decision = self.chance.choice(list(Decision))
        if self.request.paused_on is not None:
            self._resume()
        self.go(*way_to_decided(self.request.state, decision), decision=decision)
        if decision is Decision.GRANTED and self.request.kind is Kind.DELETION:
            self.go(wait_until=RECEIVED)

    def _extend(self) -> None:
        due = extended_due_dates(self.regime, self.request.received_on, HOLIDAYS).strict
        self.move_due(due, "extended", extended_to=due)

    def _pause(self) -> None:
        self.go(paused_on=self.today, paused_for=PauseReason.IDENTITY)

    def _resume(self) -> None:
        assert self.request.paused_on
        self.move_due(self.request.due + (self.today - self.request.paused_on), "resumed", paused_on=None)

    def _apply(self) -> None:
        self.go(applied_on=self.today)

    def _hear(self) -> None:
        outcome = self.chance.choice(list(RegulatorOutcome))
        self.go(applied_outcome=outcome)
        if outcome is RegulatorOutcome.GRANTED:
            due = self.request.due + timedelta(days=10)
            self.move_due(due, "granted", extended_to=due, deemed_refused_on=None)

    def _contest(self) -> None:
        self.go(contested_on=self.today, contested_file="1", settled_on=None)

    def _settle(self) -> None:
        self.go(settled_on=self.today)

    def _reopen(self) -> None:
        due = due_dates(self.regime, self.today, HOLIDAYS).strict
        self.move_due(due, "reopened", decision=None, wait_until=None, extended_to=None, applied_outcome=None)
        self.go(State.IN_PROGRESS, applied_on=None, deemed_refused_on=None)

    def _reply(self) -> None:
        self.go(State.IN_PROGRESS)

    def _take_back(self) -> None:
        self.go(State.WITHDRAWN, paused_on=None)

    def _add_comments(self) -> None:
        request = self.request
        assert request.state is State.CLOSED
        asked_to_comment = request.kind is Kind.COMMENT and request.decision is not Decision.REFUSED
        assert asked_to_comment or (request.kind is Kind.RECTIFICATION and request.decision is not Decision.GRANTED)


def test_ten_thousand_random_lives_keep_every_rule_and_make_nearly_every_move() -> None:
    chance = random.Random(391)  # noqa: S311  # lives are to be the same each time, not secret
    moves: Counter[tuple[State, State]] = Counter()
    acts: Counter[Act] = Counter()
    for _ in range(SEQUENCES):
        life = Life(chance)
        life.live(24)
        moves += life.moves
        acts += life.acts
    allowed = {(state, target) for state, targets in MOVES.items() for target in targets}
    assert set(moves) <= allowed
    assert len(set(moves) & allowed) / len(allowed) >= 0.9, allowed - set(moves)
    assert set(acts) == set(Act)


@pytest.mark.parametrize("act", [Act.REPLY, Act.TAKE_BACK, Act.ADD_COMMENTS])
def test_what_belongs_to_the_person_is_never_done_by_staff(act: Act) -> None:
    for by in set(By) - {By.PERSON}:
        assert bar(act, by, a_request(), standing()) is Bar.ROLE


def test_the_auditor_does_nothing_and_an_agent_never_decides() -> None:
    assert {bar(act, By.AUDITOR, a_request(), standing()) for act in Act} == {Bar.ROLE}
    assert bar(Act.DECIDE, By.AGENT, a_request(), standing()) is Bar.ROLE
    assert bar(Act.DECIDE, By.DELEGATE, a_request(), standing()) is None


def test_quebec_lets_nobody_take_more_time_or_stop_the_clock() -> None:
    assert bar(Act.EXTEND, By.OFFICER, a_request(), standing()) is Bar.ONLY_REGULATOR
    assert bar(Act.PAUSE, By.OFFICER, a_request(), standing()) is Bar.LAW
    assert bar(Act.APPLY, By.OFFICER, a_request(), standing()) is None
    assert bar(Act.APPLY, By.OFFICER, a_request(), standing(OURS)) is Bar.OURS_TO_EXTEND


def test_more_time_is_taken_once_and_in_time() -> None:
    assert bar(Act.EXTEND, By.OFFICER, a_request(), standing(OURS)) is None
    assert bar(Act.EXTEND, By.OFFICER, a_request(), standing(OURS, in_time=False)) is Bar.TOO_LATE
    extended = a_request(extended_to=date(2026, 5, 1))
    assert bar(Act.EXTEND, By.OFFICER, extended, standing(OURS)) is Bar.ALREADY


def test_a_closed_request_opens_again_unless_what_was_granted_is_done() -> None:
    refused = a_request(state=State.CLOSED, decision=Decision.REFUSED)
    assert bar(Act.REOPEN, By.OFFICER, refused, standing()) is None
    erased = a_request(state=State.CLOSED, decision=Decision.GRANTED, kind=Kind.DELETION)
    assert bar(Act.REOPEN, By.OFFICER, erased, standing()) is Bar.CARRIED_OUT
    assert bar(Act.REOPEN, By.OFFICER, a_request(state=State.WITHDRAWN), standing()) is Bar.TAKEN_BACK


def test_silence_can_be_contested_before_any_answer() -> None:
    assert bar(Act.CONTEST, By.AGENT, a_request(), standing()) is Bar.NOT_CONTESTABLE
    assert bar(Act.CONTEST, By.AGENT, a_request(), standing(in_time=False)) is None
    again = Standing(QUEBEC, in_time=True, answered_before=True)
    assert bar(Act.CONTEST, By.AGENT, a_request(state=State.IN_PROGRESS), again) is None


def test_every_way_to_a_decision_is_made_of_lawful_moves() -> None:
    for present in BEFORE_DECISION:
        for decision in Decision:
            _walk(present, way_to_decided(present, decision), State.DECIDED)
            if present is not State.AWAITING_APPROVAL:
                _walk(present, way_to_approval(present, decision), State.AWAITING_APPROVAL)


def _walk(present: State, way: tuple[State, ...], end: State) -> None:
    for target in way:
        check_move(present, target)
        present = target
    assert present is end


def test_a_paused_clock_is_never_late() -> None:
    paused = a_request(paused_on=date(2026, 3, 20))
    assert not is_overdue(paused, today=date(2026, 6, 1))


def test_every_act_names_who_may_do_it() -> None:
    assert set(WHO) == set(Act)
    assert all(WHO.values())


def test_the_table_of_the_documentation_is_the_one_the_program_keeps() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == table(), "python -m tests.meta.acts writes it anew"
