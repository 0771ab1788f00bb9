"""Questions that wait: what is said of the last day while the time stands still, and going on without an answer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.rights import RequestEvent, State
from portal.services.messages_due import go_on
from tests.installation import CAMILLE, Built, an_installation, an_installation_on
from tests.keepers import (
    AGENT,
    OFFICER,
    a_request,
    now_is,
    signed_in,
)
from tests.talking import ask, events, letters_to, person_writes
from tests.web.act_visits import under_our_own_clock


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


STANDS_STILL = {"fr": "suspendu depuis le 23 novembre 2026", "en": "stands still since November 23, 2026"}


STAYS = {"fr": "demeure le", "en": "remains December"}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_question_says_what_is_true_of_the_last_day_while_the_time_stands_still(built: Built, lang: Language) -> None:
    request = a_request(built)
    under_our_own_clock(built, request)
    officer = signed_in(built, OFFICER, lang)
    paused = {"version": str(request.version), "why": "clarification", "reason": "Demandé l’année"}
    officer.send("staff_act", paused, reference=request.reference, act="pause")
    assert ask(built, request).status_code == 303
    page = signed_in(built, CAMILLE, lang).visit("request_page", reference=request.reference).text()
    assert STANDS_STILL[lang] in page.replace("\u00a0", " ")
    assert STAYS[lang] not in page.replace("\u00a0", " ")
    letter = next(one for one in built.mailbox() if one["kind"] == "request_for_information")
    assert "suspendu depuis le 23 novembre 2026" in str(letter["text"]).replace("\u00a0", " ")
    assert "L’échéance demeure" not in str(letter["text"])
    built.clock.advance(days=3)
    assert person_writes(built, request, "2019").status_code == 303
    running = now_is(built, request.reference)
    assert (running.paused_on, running.due) == (None, request.due + timedelta(days=3))
    told = next(one for one in built.mailbox() if one["kind"] == "clock_changed")
    assert "26 décembre 2026" in str(told["text"]).replace("\u00a0", " ")


@pytest.mark.parametrize("by", ["staff", "morning"])
def test_a_time_that_stands_still_for_an_answer_runs_again_once_nobody_waits_for_it(built: Built, by: str) -> None:
    request = a_request(built)
    under_our_own_clock(built, request)
    ask(built, request, answer_by="2026-12-03")
    officer = signed_in(built, OFFICER)
    form = {"version": str(now_is(built, request.reference).version), "why": "identity", "reason": "Demandé"}
    officer.send("staff_act", form, reference=request.reference, act="pause")
    built.clock.advance(days=11)
    if by == "staff":
        officer = signed_in(built, OFFICER)
        officer.send("staff_go_on", {"do": "answered"}, reference=request.reference)
    else:
        go_on(built.installation, built.clock())
    running = now_is(built, request.reference)
    assert (running.state, running.paused_on) == (State.IN_PROGRESS, None)
    assert running.due == request.due + timedelta(days=11)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_morning_after_the_day_that_was_named_the_request_goes_on(tmp_path: Path, engine: str) -> None:
    with an_installation_on(engine, tmp_path) as built:
        request = a_request(built)
        ask(built, request, answer_by="2026-12-01")
        ask(built, request, answer_by="2026-12-03")
        built.clock.advance(days=10)
        go_on(built.installation, built.clock())
        assert now_is(built, request.reference).state is State.AWAITING_REQUESTER, "the last day is whole"
        built.clock.advance(days=1)
        for _ in range(2):
            go_on(built.installation, built.clock())
        assert now_is(built, request.reference).state is State.IN_PROGRESS
        assert events(built, request).count(RequestEvent.WENT_ON) == 1
        assert len(letters_to(built, AGENT, request.reference)) == 1, "whoever has it in hand is reminded, once"
        assert person_writes(built, request, "Me voici.").status_code == 303, "a late answer is read all the same"
