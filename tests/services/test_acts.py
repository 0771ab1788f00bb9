"""Random lives of requests, through the services and the database: what the law wants holds after every act."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.acts import Act
from portal.domain.rights import (
    BEFORE_DECISION,
    MOVES,
    Decision,
    Kind,
    Level,
    PauseReason,
    RegulatorOutcome,
    RequestEvent,
    RightsRequest,
    State,
)
from portal.services import acts, decisions, more_time
from portal.services.acts import Barred, Doing, NotThatDay
from portal.services.decisions import Incomplete, OutOfOrder, Verdict
from portal.services.regimes import laws_of
from portal.services.rights import Asked, open_request, take_back
from portal.storage.store import Store
from tests.installation import CAMILLE, Built, an_installation

LIVES = 40
LENGTH = 14
REFUSED_IN_ORDER = (Barred, OutOfOrder, NotThatDay, Incomplete)


class Life:
    """One request and the acts that come over it, each in a unit of work of its own, as its page does them."""

    def __init__(self, built: Built, chance: random.Random) -> None:
        self.built, self.chance = built, chance
        self.portal = built.installation
        self.done: set[Act] = set()
        with self.portal.database.writing() as store:
            person = store.people.ensure(CAMILLE, language="fr", now=built.clock())
            others = built.installation.settings.other_regimes
            asked = Asked(Kind.ACCESS, "fr", Level.L2, "…?", other_regimes=others)
            self.request = open_request(self.portal, store, person, asked, form_id=None, now=built.clock())
            [self.officer] = [one for one in store.staff.all() if one.address == "officer@example.org"]

    def act(self) -> None:
        chosen = self.chance.choice([act for act in Act if act in self._acts()])
        before = self._now()
        try:
            with self.portal.database.writing() as store:
                self._acts()[chosen](store, before)
        except REFUSED_IN_ORDER:
            assert self._now() == before, f"{chosen}: what is refused changes nothing"
            return
        self.done.add(chosen)
        self._check(before, self._now())

    def _acts(self) -> dict[Act, Callable[[Store, RightsRequest], object]]:
        def doing(request: RightsRequest) -> Doing:
            return Doing(self.officer, request, request.version, self.built.clock())

        today = self.portal.today(self.built.clock())
        later = today + timedelta(days=self.chance.randrange(1, 90))
        verdict = Verdict(self.chance.choice([Decision.GRANTED, Decision.REFUSED]), "Motif", "P-39.1, art. 40")
        outcome = self.chance.choice(list(RegulatorOutcome))
        return {
            Act.TAKE_UP: lambda s, r: decisions.take_up(self.portal, s, self.officer, r, seen_version=r.version),
            Act.PROPOSE: lambda s, r: decisions.propose(self.portal, s, doing(r), verdict),
            Act.GIVE_BACK: lambda s, r: acts.give_back(self.portal, s, doing(r), "Note"),
            Act.DECIDE: lambda s, r: decisions.decide(self.portal, s, self.officer, r, verdict, seen_version=r.version),
            Act.EXTEND: lambda s, r: acts.extend(self.portal, s, doing(r), "Beaucoup"),
            Act.PAUSE: lambda s, r: acts.pause(self.portal, s, doing(r), PauseReason.IDENTITY, "Demandé"),
            Act.RESUME: lambda s, r: acts.resume(self.portal, s, doing(r)),
            Act.APPLY: lambda s, r: more_time.apply_for_time(self.portal, s, doing(r), today, "Volume"),
            Act.HEAR: lambda s, r: more_time.hear(self.portal, s, doing(r), outcome, later, "Réponse"),
            Act.CONTEST: lambda s, r: acts.contest(self.portal, s, doing(r), today, "1012345-J"),
            Act.SETTLE: lambda s, r: acts.settle(self.portal, s, doing(r), today, "Entente"),
            Act.REOPEN: lambda s, r: acts.reopen(self.portal, s, doing(r), "Fait nouveau"),
            Act.TAKE_BACK: lambda s, r: take_back(self.portal, s, r, now=self.built.clock()),
        }

    def _now(self) -> RightsRequest:
        with self.portal.database.reading() as store:
            found = store.requests.by_id(self.request.id)
        assert found
        return found

    def _check(self, before: RightsRequest, after: RightsRequest) -> None:
        with self.portal.database.reading() as store:
            history, taken = store.requests.history(after.id), store.requests.decisions(after.id)
            assert min(law.due for law in laws_of(store, after)) == after.due, "the earliest day of its laws counts"
        moved = [line for line in history if line.due_after]
        assert all(line.actor_id and (line.reason or line.detail) for line in moved), "every move says who and why"
        assert after.due == (moved[-1].due_after if moved else self.request.due)
        opened_again = history[-1].event is RequestEvent.REOPENED
        assert opened_again or after.due >= before.due, "no act but opening again makes the day come sooner"
        assert after.paused_on is None or after.state in BEFORE_DECISION
        assert after.state is before.state or _leads(before.state, after.state)
        assert (after.decision is None) == (after.state in BEFORE_DECISION | {State.WITHDRAWN})
        if after.decision is Decision.REFUSED:
            assert after.reason
            assert after.provision
            assert after.recourse_until or self.portal.regime.recourse.within is None
            assert after.hold_until
        assert len(taken) == len([line for line in history if line.event is RequestEvent.DECIDED])


def _leads(present: State, target: State) -> bool:
    """Whether moves of the table lead from one state to another."""
    seen, ahead = {present}, [present]
    while ahead:
        for state in MOVES[ahead.pop()] - seen:
            seen.add(state)
            ahead.append(state)
    return target in seen


@pytest.fixture(params=[("qc_p391", ()), ("eu_gdpr", ()), ("qc_p391", ("eu_gdpr", "us_ca_ccpa"))], ids=str)
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Built:
    main, others = request.param
    return an_installation(tmp_path, change=lambda settings: replace(settings, regime=main, other_regimes=others))


def test_random_lives_keep_the_law(built: Built) -> None:
    chance = random.Random(32)  # noqa: S311  # the same lives each time
    done: set[Act] = set()
    for _ in range(LIVES):
        life = Life(built, chance)
        for _ in range(LENGTH):
            if chance.random() < 0.3:
                built.clock.advance(days=chance.randrange(1, 9))
                built.work()
            life.act()
        done |= life.done
    ours = {Act.EXTEND, Act.PAUSE, Act.RESUME}
    quebec = {Act.APPLY, Act.HEAR}
    allowed = ours if built.installation.regime.extension else quebec
    assert done >= allowed | {
        Act.DECIDE,
        Act.PROPOSE,
        Act.GIVE_BACK,
        Act.CONTEST,
        Act.SETTLE,
        Act.REOPEN,
        Act.TAKE_BACK,
    }
    assert not done & ((ours | quebec) - allowed)
