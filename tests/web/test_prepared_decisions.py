"""Decisions prepared by one and taken by another, delegated, taken in part; and what then left, kept as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.rights import Decision, Kind, State
from portal.services.decisions import ready_grounds
from portal.services.paper import enter
from portal.services.sent_letters import as_sent, digest_of
from tests.client import Page
from tests.installation import CAMILLE, Built, an_installation, on_paper
from tests.web.act_visits import (
    AGENT,
    AUDITOR,
    EACH,
    OFFICER,
    asked,
    delegate,
    now_of,
    signed_in,
)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


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
def test_an_answer_in_part_names_what_it_leaves_out_and_on_which_ground(built: Built, lang: Language) -> None:
    request = asked(built, lang)
    officer = signed_in(built, OFFICER, lang)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    form |= {"decision": "partially_granted", "leave_out_billing": "QC39_1_inquiry", "kept_until": "2027-01-31"}
    officer.send("staff_decision", form, reference=request.reference)
    [left_out] = now_of(built, request).withheld
    assert (left_out.category, left_out.ground, left_out.until) == ("billing", "QC39_1_inquiry", date(2027, 1, 31))
    assert left_out.reason
    assert "39" in left_out.provision
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
