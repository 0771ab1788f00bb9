"""Every act on a request, in every state, as every role: what the table opens works, what it bars says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from portal.domain.acts import Act, Bar, By, bar
from portal.domain.languages import Language
from portal.domain.regimes import Span
from portal.domain.rights import Decision, Kind, Level, RequestEvent, RightsRequest, State
from portal.services.acts import standing_of
from portal.services.decisions import ready_grounds
from portal.services.paper import enter
from portal.services.rights import Asked, open_request
from portal.services.sent_letters import as_sent, digest_of
from portal.storage.request_tables import rights_requests
from portal.web.staff_acts import PAGES
from portal.wording.acts import bar_sentence
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation, on_paper

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"
WHO = {By.OFFICER: OFFICER, By.DELEGATE: AGENT, By.AGENT: AGENT, By.AUDITOR: AUDITOR}
EACH = pytest.mark.parametrize("lang", ["fr", "en"])


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def asked(built: Built, lang: Language = "fr", kind: Kind = Kind.ACCESS) -> RightsRequest:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language=lang, now=now)
        return open_request(built.installation, store, person, Asked(kind, lang, Level.L2, "…?"), form_id=None, now=now)


def changed(built: Built, request: RightsRequest, **changes: object) -> RightsRequest:
    """The request put in another state, whatever led there."""
    with built.installation.database.writing() as store:
        present = store.requests.by_id(request.id)
        assert present
        wanted = replace(request, **changes)  # type: ignore[arg-type]  # a test names real fields
        return store.requests.save(replace(wanted, version=present.version), seen_version=present.version)


def now_of(built: Built, request: RightsRequest) -> RightsRequest:
    with built.installation.database.reading() as store:
        found = store.requests.by_id(request.id)
    assert found
    return found


def under_our_own_clock(built: Built, request: RightsRequest) -> None:
    """Freeze on a request a law that lets the organization take more time and stop the clock."""
    with built.installation.database.writing() as store:
        own = replace(
            built.installation.regime,
            extension=Span(30, "day"),
            extension_authority="self",
            pause_reasons=("identity", "clarification"),
        )
        here = rights_requests.c.id == request.id
        store.connection.execute(update(rights_requests).where(here).values(regime_frozen=own.as_snapshot()))


def delegate(built: Built) -> None:
    officer = signed_in(built, OFFICER, "en")
    with built.installation.database.reading() as store:
        member = store.staff.by_address(AGENT)
    assert member
    officer.send("staff_delegation", {"since": "2026-01-01", "until": "", "document": "Binder"}, member=member.id)


def signed_in(built: Built, address: str, lang: Language) -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def said(act: Act, request: RightsRequest, today: date) -> dict[str, str]:
    """A form that says everything an act asks for."""
    new_due = {"day": (request.due + timedelta(days=5)).isoformat()}
    days = {Act.HEAR: new_due}.get(act, {"day": today.isoformat()})
    return {
        "version": str(request.version),
        "reason": "Parce que",
        "why": "identity",
        "outcome": "granted",
        "file": "1012345-J",
        **days,
    }


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
def test_an_answer_is_prepared_given_back_and_decided(built: Built, lang: Language) -> None:
    request = asked(built, lang)
    agent, officer = signed_in(built, AGENT, lang), signed_in(built, OFFICER, lang)
    page = agent.visit("staff_request", reference=request.reference)
    form = page.form("/decision") | {"decision": "refused", "reason": "Parce que", "provision": "P-39.1, art. 40"}
    agent.send("staff_decision", form, reference=request.reference, status=403)
    agent.send("staff_decision", form | {"reason": "", "do": "propose"}, reference=request.reference, status=422)
    agent.send("staff_decision", form | {"do": "propose"}, reference=request.reference)
    waiting = now_of(built, request)
    assert waiting.state is State.AWAITING_APPROVAL
    assert "Parce que" in officer.visit("staff_request", reference=request.reference).form("/decision")["reason"]
    note = {"version": str(waiting.version), "reason": "Nommez l’autre personne"}
    officer.send("staff_act", note, reference=request.reference, act="give_back")
    assert now_of(built, request).state is State.IN_PROGRESS
    assert "Nommez" in agent.visit("staff_request", reference=request.reference).text()
    form = agent.visit("staff_request", reference=request.reference).form("/decision")
    agent.send("staff_decision", form | {"do": "propose"}, reference=request.reference)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    officer.send("staff_decision", form, reference=request.reference)
    closed = now_of(built, request)
    assert (closed.state, closed.decision, closed.reason) == (State.CLOSED, Decision.REFUSED, "Parce que")
    with built.installation.database.reading() as store:
        [taken] = store.requests.decisions(request.id)
    assert taken.prepared_by != taken.staff_id
    built.work()
    kinds = [str(one["kind"]) for one in built.mailbox()]
    assert kinds.count("contact_to_decide") == 2
    assert "answer_given_back" in kinds
    person = signed_in(built, CAMILLE, lang)
    assert "Nommez" not in person.visit("request_page", reference=request.reference).text()


def test_where_two_people_decide_nobody_decides_alone(built: Built) -> None:
    request = asked(built)
    officer = signed_in(built, OFFICER, "en")
    settings = officer.visit("staff_settings_approval").form()
    officer.send("staff_settings_approval", settings | {"two_people": "y"})
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    form |= {"decision": "refused", "reason": "Because", "provision": "s. 40"}
    page = officer.send("staff_decision", form, reference=request.reference, status=422)
    assert isinstance(page, Page)
    assert "one person prepares" in page.text()
    officer.send("staff_decision", form | {"do": "propose"}, reference=request.reference)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    page = officer.send("staff_decision", form, reference=request.reference, status=422)
    assert isinstance(page, Page)
    assert "You prepared this answer" in page.text()
    delegate(built)
    agent = signed_in(built, AGENT, "en")
    form = agent.visit("staff_request", reference=request.reference).form("/decision")
    agent.send("staff_decision", form, reference=request.reference)
    assert now_of(built, request).state is State.CLOSED


def test_a_delegate_decides_until_the_delegation_ends(built: Built) -> None:
    request = asked(built)
    delegate(built)
    agent = signed_in(built, AGENT, "fr")
    form = agent.visit("staff_request", reference=request.reference).form("/decision")
    form |= {"decision": "refused", "reason": "Motif", "provision": "art. 40"}
    with built.installation.database.reading() as store:
        member = store.staff.by_address(AGENT)
    assert member
    officer = signed_in(built, OFFICER, "fr")
    officer.send("staff_delegation", {"do": "end"}, member=member.id)
    agent.send("staff_decision", form, reference=request.reference, status=403)
    delegate(built)
    agent.send("staff_decision", form, reference=request.reference)
    assert now_of(built, request).state is State.CLOSED


def test_a_delegation_is_in_writing_and_for_an_agent(built: Built) -> None:
    officer = signed_in(built, OFFICER, "fr")
    with built.installation.database.reading() as store:
        agent, auditor = store.staff.by_address(AGENT), store.staff.by_address(AUDITOR)
    assert agent
    assert auditor
    said_ = {"since": "2026-01-01", "until": "", "document": ""}
    officer.send("staff_delegation", said_, member=agent.id, status=422)
    over = said_ | {"document": "Lettre", "until": "2025-12-31"}
    officer.send("staff_delegation", over, member=agent.id, status=422)
    officer.send("staff_delegation", said_ | {"document": "Lettre"}, member=auditor.id, status=409)


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


@EACH
def test_an_answer_in_part_names_what_it_leaves_out_and_on_which_ground(built: Built, lang: Language) -> None:
    request = asked(built, lang)
    officer = signed_in(built, OFFICER, lang)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    form |= {"decision": "partially_granted", "leave_out_billing": "QC40_third_party", "kept_until": "2027-01-31"}
    officer.send("staff_decision", form, reference=request.reference)
    [left_out] = now_of(built, request).withheld
    assert (left_out.category, left_out.ground, left_out.until) == ("billing", "QC40_third_party", date(2027, 1, 31))
    assert left_out.reason
    assert "40" in left_out.provision
    person = signed_in(built, CAMILLE, lang)
    page = person.visit("request_page", reference=request.reference)
    assert {"fr": "Facturation", "en": "Billing"}[lang] in page.text()
    assert left_out.reason in page.text()


def test_what_left_is_kept_sealed_with_its_hash_and_its_template(built: Built) -> None:
    request = asked(built)
    built.work()
    with built.installation.database.reading() as store:
        letter = next(one for one in store.letters.of_request(request.id) if one.kind == "acknowledgement")
        kept = as_sent(built.installation, store, letter.id)
        sealed = store.letters.written(letter.id)
    assert kept
    assert sealed
    assert request.reference in kept.subject
    assert kept.digest == digest_of(kept.subject, kept.text) == sealed.text_hash
    assert len(kept.template) == 64
    assert request.reference.encode() not in sealed.sealed
    sent = next(one for one in built.mailbox() if one["kind"] == "acknowledgement")
    assert sent["text"] == kept.text


def test_who_asks_may_be_asked_of_them_and_nothing_is_given_before_it_is_known(built: Built) -> None:
    with built.installation.database.writing() as store:
        member = store.staff.by_address(AGENT)
        assert member
        entry = on_paper(built, identity_check=None)
        request = enter(built.installation, store, member, entry, form_id="n" * 20, now=built.clock())
    agent = signed_in(built, AGENT, "en")
    agent.send("staff_take_up", {"version": str(request.version)}, reference=request.reference)
    assert now_of(built, request).state is State.VERIFYING_IDENTITY
    asks = {"write": "question", "text": "Quel est votre numéro de client?", "why": "Pour vous reconnaître"}
    form = agent.open(agent.address("staff_messages", reference=request.reference) + "?write=question").form(
        "/messages"
    )
    choices = {name: value for name, value in form.items() if name not in asks}
    agent.send("staff_messages", choices | asks | {"need": "identity"}, reference=request.reference)
    assert now_of(built, request).state is State.AWAITING_REQUESTER
    officer = signed_in(built, OFFICER, "en")
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    form |= {"decision": "granted", "reason": "Voici", "provision": ""}
    refused = officer.send("staff_decision", form, reference=request.reference, status=422)
    assert isinstance(refused, Page)
    assert "First check who asks" in refused.text()
    form |= {"decision": "not_entitled", "reason": "Pas de réponse", "provision": "art. 30"}
    officer.send("staff_decision", form, reference=request.reference)
    assert now_of(built, request).decision is Decision.NOT_ENTITLED


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


def test_a_deletion_in_part_says_which_part_stays_and_passes_it_over(built: Built) -> None:
    request = asked(built, "en", Kind.DELETION)
    officer = signed_in(built, OFFICER, "en")
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    partly = form | {"decision": "partially_granted", "reason": "All but devices", "provision": "s. 28"}
    page = officer.send("staff_decision", partly, reference=request.reference, status=422)
    assert isinstance(page, Page)
    assert "which part stays" in page.text()
    with built.installation.database.reading() as store:
        ground = ready_grounds(built.installation, store, request)[0]
    officer.send("staff_decision", partly | {"leave_out_technical": ground.code}, reference=request.reference)
    built.clock.advance(days=4)
    for _ in range(3):
        built.work()
    with built.installation.database.reading() as store:
        erasure = store.erasures.of_request(request.id)
        assert erasure
        assert "technical" not in {step.category for step in store.erasures.steps(erasure.id)}


def test_what_staff_wrote_of_an_act_is_not_for_the_auditor(built: Built) -> None:
    request = changed(built, asked(built), state=State.CLOSED, decision=Decision.REFUSED)
    agent = signed_in(built, AGENT, "fr")
    today = built.installation.today(built.clock())
    form = {"version": str(request.version), "day": today.isoformat(), "file": "1012345-J"}
    agent.send("staff_act", form, reference=request.reference, act="contest")
    assert "1012345-J" in agent.visit("staff_request", reference=request.reference).text()
    assert "1012345-J" not in signed_in(built, AUDITOR, "fr").visit("staff_request", reference=request.reference).text()


def test_a_delegation_ends_with_the_role_it_was_given_to(built: Built) -> None:
    delegate(built)
    officer = signed_in(built, OFFICER, "en")
    with built.installation.database.reading() as store:
        member = store.staff.by_address(AGENT)
    assert member
    for role in ("auditor", "agent"):
        officer.send("staff_colleague_role", {"role": role}, member=member.id)
    with built.installation.database.reading() as store:
        assert not store.delegations.is_delegate(member.id, built.installation.today(built.clock()))
