"""Every act on a request, in every state, as every role: what the table opens works, what it bars says why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.acts import Bar, By, bar
from portal.domain.languages import Language
from portal.domain.rights import Decision, RequestEvent, State
from portal.services.acts import standing_of
from portal.web.staff_acts import PAGES
from portal.wording.acts import bar_sentence
from tests.client import Page
from tests.installation import CAMILLE, Built, an_installation
from tests.web.act_visits import (
    AGENT,
    AUDITOR,
    EACH,
    OFFICER,
    WHO,
    asked,
    changed,
    delegate,
    now_of,
    said,
    signed_in,
    under_our_own_clock,
)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize("by", WHO)
def test_every_act_in_every_state_does_what_the_table_says(built: Built, by: By) -> None:
    request = asked(built)
    if by is By.DELEGATE:
        delegate(built)
    visitor = signed_in(built, WHO[by], "en")
    done = set()
    for state in State:
        decided = {"decision": Decision.REFUSED} if state in {State.DECIDED, State.FULFILLING, State.CLOSED} else {}
        for act in PAGES:
            present = changed(built, request, state=state, **decided)
            with built.installation.database.reading() as store:
                stands = standing_of(built.installation, store, present, now=built.clock())
            expected = bar(act, by, present, stands)
            status = 303 if expected is None else 403 if expected is Bar.ROLE or by is By.AUDITOR else 409
            form = said(act, present, built.installation.today(built.clock()))
            built.work()  # a request is opened again once its letters have left
            answer = visitor.send("staff_act", form, reference=request.reference, act=act.value, status=status)
            if status == 409 and expected is not None:
                assert isinstance(answer, Page)
                assert bar_sentence(expected, "en") in answer.text()
                assert now_of(built, request) == present, "a refused act changes nothing"
            if status == 303:
                done.add(act)
    assert done or by in {By.AUDITOR}


@EACH
def test_a_time_limit_of_ours_is_extended_once_with_a_letter(built: Built, lang: Language) -> None:
    request = asked(built, lang)
    under_our_own_clock(built, request)
    officer = signed_in(built, OFFICER, lang)
    page = officer.visit("staff_act", reference=request.reference, act="extend")
    officer.send(
        "staff_act", page.form("/extend") | {"reason": ""}, reference=request.reference, act="extend", status=422
    )
    form = page.form("/extend") | {"reason": "Beaucoup de dossiers"}
    officer.send("staff_act", form, reference=request.reference, act="extend")
    extended = now_of(built, request)
    assert extended.due == extended.extended_to == request.received_on + timedelta(days=60)
    built.work()
    letter = next(one for one in built.mailbox() if one["kind"] == "more_time_taken")
    assert letter["language"] == lang
    person = signed_in(built, CAMILLE, lang)
    assert "Beaucoup de dossiers" in person.visit("request_page", reference=request.reference).text()
    with built.installation.database.reading() as store:
        moved = [one for one in store.requests.history(request.id) if one.due_after]
    assert [(one.event, one.due_before, one.due_after, one.reason) for one in moved] == [
        (RequestEvent.EXTENDED, request.due, extended.due, "Beaucoup de dossiers")
    ]


def test_a_pause_moves_the_last_day_by_its_days_and_makes_nobody_late(built: Built) -> None:
    request = asked(built)
    under_our_own_clock(built, request)
    agent = signed_in(built, AGENT, "fr")
    form = {"version": str(request.version), "why": "identity", "reason": "Demandé le nom du compte"}
    agent.send("staff_act", form, reference=request.reference, act="pause")
    built.clock.advance(days=40)
    agent = signed_in(built, AGENT, "fr")
    page = agent.visit("staff_request", reference=request.reference)
    assert "Délai suspendu" in page.text()
    paused = now_of(built, request)
    agent.send("staff_act", {"version": str(paused.version)}, reference=request.reference, act="resume")
    assert now_of(built, request).due == request.due + timedelta(days=40)


@EACH
def test_more_time_is_asked_of_the_regulator_and_only_its_yes_moves_the_day(built: Built, lang: Language) -> None:
    request = asked(built, lang)
    officer = signed_in(built, OFFICER, lang)
    today = built.installation.today(built.clock())
    for wrong in (today + timedelta(days=1), request.received_on - timedelta(days=1)):
        form = {"version": str(request.version), "day": wrong.isoformat(), "reason": "Volume"}
        officer.send("staff_act", form, reference=request.reference, act="apply", status=422)
    form = {"version": str(request.version), "day": today.isoformat(), "reason": "Volume"}
    officer.send("staff_act", form, reference=request.reference, act="apply")
    applied = now_of(built, request)
    assert (applied.due, applied.applied_on) == (request.due, today)
    late = {"version": str(applied.version), "outcome": "granted", "day": request.due.isoformat(), "reason": "Oui"}
    officer.send("staff_act", late, reference=request.reference, act="hear", status=422)
    new = request.due + timedelta(days=20)
    officer.send("staff_act", late | {"day": new.isoformat()}, reference=request.reference, act="hear")
    assert now_of(built, request).due == new
    built.work()
    assert {"more_time_asked", "more_time_answered"} <= {str(one["kind"]) for one in built.mailbox()}


@EACH
def test_a_refused_request_is_contested_held_and_settled(built: Built, lang: Language) -> None:
    request = changed(built, asked(built, lang), state=State.CLOSED, decision=Decision.REFUSED)
    officer = signed_in(built, OFFICER, lang)
    today = built.installation.today(built.clock())
    form = {"version": str(request.version), "day": today.isoformat(), "file": "1012345-J"}
    officer.send("staff_act", form | {"file": ""}, reference=request.reference, act="contest", status=422)
    officer.send("staff_act", form, reference=request.reference, act="contest")
    page = officer.visit("staff_request", reference=request.reference)
    assert "1012345-J" in page.text()
    assert {"fr": "ne détruisez rien", "en": "destroy nothing"}[lang] in page.text()
    contested = now_of(built, request)
    final = {"version": str(contested.version), "day": today.isoformat(), "reason": "Entente"}
    officer.send("staff_act", final, reference=request.reference, act="settle")
    assert now_of(built, request).settled_on == today


@EACH
def test_a_request_opened_again_keeps_its_first_answer_and_gets_a_new_clock(built: Built, lang: Language) -> None:
    request = asked(built, lang)
    officer = signed_in(built, OFFICER, lang)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    form |= {"decision": "refused", "reason": "Premier motif", "provision": "art. 40"}
    officer.send("staff_decision", form, reference=request.reference)
    built.work()
    built.clock.advance(days=3)
    closed = now_of(built, request)
    officer = signed_in(built, OFFICER, lang)
    again = {"version": str(closed.version), "reason": "Fait nouveau"}
    officer.send("staff_act", again, reference=request.reference, act="reopen")
    opened = now_of(built, request)
    assert opened.state is State.IN_PROGRESS
    assert opened.due == built.installation.today(built.clock()) + timedelta(days=30)
    assert opened.hold_until == closed.hold_until, "what was held stays held"
    person = signed_in(built, CAMILLE, lang)
    page = person.visit("request_page", reference=request.reference)
    assert "Premier motif" in page.text()
    assert {"fr": "Notre réponse précédente", "en": "Our earlier answer"}[lang] in page.text()


def test_no_pause_outlives_the_decision_and_a_new_clock_runs(built: Built) -> None:
    request = asked(built)
    under_our_own_clock(built, request)
    agent = signed_in(built, AGENT, "fr")
    form = {"version": str(request.version), "why": "identity", "reason": "Demandé"}
    agent.send("staff_act", form, reference=request.reference, act="pause")
    built.clock.advance(days=5)
    officer = signed_in(built, OFFICER, "fr")
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    refused = form | {"decision": "refused", "reason": "Motif", "provision": "art. 40"}
    officer.send("staff_decision", refused, reference=request.reference)
    closed = now_of(built, request)
    assert (closed.paused_on, closed.due) == (None, request.due + timedelta(days=5))
    built.work()
    again = {"version": str(closed.version), "reason": "Fait nouveau"}
    officer.send("staff_act", again, reference=request.reference, act="reopen")
    opened = now_of(built, request)
    assert opened.due == built.installation.today(built.clock()) + timedelta(days=30)
    more = {"version": str(opened.version), "reason": "Beaucoup"}
    officer.send("staff_act", more, reference=request.reference, act="extend")
    assert now_of(built, request).due == opened.due + timedelta(days=30), "counted from the day it was opened again"


def test_a_request_is_not_opened_again_before_its_answer_has_left(built: Built) -> None:
    request = asked(built)
    officer = signed_in(built, OFFICER, "en")
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    refused = form | {"decision": "refused", "reason": "Because", "provision": "s. 40"}
    officer.send("staff_decision", refused, reference=request.reference)
    again = {"version": str(now_of(built, request).version), "reason": "News"}
    officer.send("staff_act", again, reference=request.reference, act="reopen", status=409)
    built.work()
    officer.send("staff_act", again, reference=request.reference, act="reopen")


def test_more_time_for_ever_is_a_mistake(built: Built) -> None:
    request = asked(built)
    officer = signed_in(built, OFFICER, "en")
    today = built.installation.today(built.clock())
    form = {"version": str(request.version), "day": today.isoformat(), "reason": "Volume"}
    officer.send("staff_act", form, reference=request.reference, act="apply")
    applied = now_of(built, request)
    for day in ("9999-12-31", "0001-01-01", "2026-W01-1", "20261101aa"):
        heard = {"version": str(applied.version), "outcome": "granted", "day": day, "reason": "Oui"}
        officer.send("staff_act", heard, reference=request.reference, act="hear", status=422)


def test_what_staff_wrote_of_an_act_is_not_for_the_auditor(built: Built) -> None:
    request = changed(built, asked(built), state=State.CLOSED, decision=Decision.REFUSED)
    agent = signed_in(built, AGENT, "fr")
    today = built.installation.today(built.clock())
    form = {"version": str(request.version), "day": today.isoformat(), "file": "1012345-J"}
    agent.send("staff_act", form, reference=request.reference, act="contest")
    assert "1012345-J" in agent.visit("staff_request", reference=request.reference).text()
    assert "1012345-J" not in signed_in(built, AUDITOR, "fr").visit("staff_request", reference=request.reference).text()
