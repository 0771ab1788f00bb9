"""Colleagues: invited, given another role, handed over, shut out at once and let in again; the last officer stays."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.outbox import LetterState
from portal.domain.people import StaffMember
from portal.domain.rights import Kind, Level, RightsRequest, Role, State
from portal.services import decisions, members
from portal.services.rights import Asked, open_request
from portal.storage.database import Database
from tests.client import BASE, Page, Visitor, folded
from tests.installation import CAMILLE, Built, an_installation
from tests.journeys import story

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"
NEW = "nadia.benali@example.org"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def signed_in(built: Built, address: str, lang: Language = "fr") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def member_of(database: Database, address: str) -> StaffMember:
    with database.reading() as store:
        found = store.staff.by_address(address)
    assert found
    return found


def number_of(built: Built, address: str) -> str:
    return str(member_of(built.installation.database, address).id)


def hired(built: Built, address: str, role: Role) -> StaffMember:
    with built.installation.database.writing() as store:
        return store.staff.add(address, role, language="fr", now=built.clock())


def in_hand_of_the_agent(built: Built, person: str = CAMILLE) -> RightsRequest:
    now = built.clock()
    with built.installation.database.writing() as store:
        someone = store.people.ensure(person, language="fr", now=now)
        asked = Asked(Kind.ACCESS, "fr", Level.L2, "Je veux savoir")
        request = open_request(built.installation, store, someone, asked, form_id=None, now=now)
        agent = store.staff.by_address(AGENT)
        assert agent
        return decisions.take_up(built.installation, store, agent, request, seen_version=request.version)


def request_now(built: Built, reference: str) -> RightsRequest:
    with built.installation.database.reading() as store:
        found = store.requests.by_reference(reference)
    assert found
    return found


def invite(
    officer: Visitor, address: str = NEW, role: str = "agent", language: str = "fr", status: int = 303
) -> object:
    form = officer.visit("staff_colleagues").form("/colleagues" if officer.language == "en" else "/collegues")
    return officer.send(
        "staff_colleagues", form | {"email": address, "role": role, "language": language}, status=status
    )


def events(built: Built) -> list[str]:
    with built.installation.database.reading() as store:
        return [line.event.value for line in store.audit.newest(limit=200)]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_officer_invites_and_the_letters_link_opens_a_session_once(built: Built, lang: Language) -> None:
    officer = signed_in(built, OFFICER, lang)
    invite(officer, language=lang)
    letter = next(letter for letter in built.mailbox() if letter["to"] == NEW)
    found = re.search(r"http://\S+/(?:sign-in/link|connexion/lien)/(\S+)", str(letter["text"]))
    assert found
    assert f"/{lang}/" in found[0]
    assert NEW not in found[0]
    newcomer = Visitor(built, lang)
    for _ in range(3):
        newcomer.visit("sign_in_link", token=found[1])
    newcomer.send("sign_in_link", {}, token=found[1])
    newcomer.visit("staff_requests")
    Visitor(built, lang).visit("sign_in_link", token=found[1], status=410)
    text = officer.visit("staff_colleagues").text()
    assert NEW in text
    assert {"fr": "23 novembre 2026 à 12 h", "en": "November 23, 2026"}[lang] in text.replace("\xa0", " ")
    assert "staff_added" in events(built)


def test_the_list_says_who_since_when_last_seen_and_what_is_in_hand(built: Built) -> None:
    in_hand_of_the_agent(built)
    page = signed_in(built, OFFICER, "en").visit("staff_colleagues")
    rows = {
        folded("".join(row.itertext())).split(" ")[0]: folded(" ".join(row.itertext())) for row in page.all("tr")[1:]
    }
    agent = next(words for address, words in rows.items() if address.startswith(AGENT))
    assert agent.rstrip().endswith("1")
    assert "Agent" in agent
    assert "Never" in agent
    officer = next(words for address, words in rows.items() if address.startswith(OFFICER))
    assert "Never" not in officer


def test_a_link_that_waited_too_long_is_not_sent(built: Built) -> None:
    invite(signed_in(built, OFFICER))
    built.clock.advance(minutes=61)
    assert all(letter["to"] != NEW for letter in built.mailbox())


def test_a_second_press_invites_nobody_twice(built: Built) -> None:
    officer = signed_in(built, OFFICER)
    form = officer.visit("staff_colleagues").form("/collegues") | {"email": NEW, "role": "agent", "language": "fr"}
    first = officer.send("staff_colleagues", form)
    assert officer.send("staff_colleagues", form).location == first.location  # type: ignore[union-attr]  # redirects
    assert [letter["to"] for letter in built.mailbox()].count(NEW) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": AGENT}, "Cette adresse est déjà celle"),
        ({"email": "nobody"}, "Entrez une seule adresse courriel"),
        ({"email": ""}, "Entrez l’adresse courriel de votre collègue."),
        ({"role": "owner"}, "Choisissez un rôle."),
        ({"language": "de"}, "Choisissez une langue."),
    ],
)
def test_a_wrong_invitation_is_refused_with_what_was_typed(built: Built, change: dict[str, str], sentence: str) -> None:
    officer = signed_in(built, OFFICER)
    form = (
        officer.visit("staff_colleagues").form("/collegues")
        | {"email": NEW, "role": "agent", "language": "fr"}
        | change
    )
    page = officer.send("staff_colleagues", form, status=422)
    assert isinstance(page, Page)
    assert sentence in page.text()
    assert page.form("/collegues")["email"] == form["email"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_while_no_letter_leaves_the_link_is_shown_once_to_be_handed_over(tmp_path: Path, lang: Language) -> None:
    built = an_installation(tmp_path, change=lambda settings: replace(settings, mail=replace(settings.mail, url=None)))
    officer = Visitor(built, lang)
    with built.installation.database.writing() as store:
        token = members.add(built.installation, store, OFFICER, Role.OFFICER, language=lang)
    officer.send("sign_in_link", officer.visit("sign_in_link", token=token).form(token), token=token)
    answer = invite(officer, language=lang)
    shown = officer.open(answer.location)  # type: ignore[attr-defined]  # a redirect
    [link] = [folded("".join(code.itertext())) for code in shown.all("code")]
    cookie = officer.client.get_cookie("portal", "127.0.0.1")
    assert cookie
    assert link.rsplit("/", 1)[1] not in cookie.value
    assert not officer.open(answer.location).all("code")  # type: ignore[attr-defined]  # a redirect
    newcomer = Visitor(built, lang)
    newcomer.send("sign_in_link", newcomer.open(link).form(link.rsplit("/", 1)[1]), token=link.rsplit("/", 1)[1])
    newcomer.visit("staff_requests")
    with built.installation.database.reading() as store:
        assert store.letters.oldest(LetterState.WAITING) is None


def test_a_new_link_kills_the_one_before_and_is_offered_until_they_come_in(built: Built) -> None:
    officer = signed_in(built, OFFICER)
    invite(officer)
    member = number_of(built, NEW)
    first = _link_of_the_newest_letter(built)
    officer.send("staff_colleague_link", {}, member=member)
    second = _link_of_the_newest_letter(built)
    assert first != second
    Visitor(built).visit("sign_in_link", token=first, status=410)
    way = officer.address("staff_colleague_link", member=member)
    assert way in officer.visit("staff_colleague", member=member).html
    newcomer = Visitor(built)
    newcomer.send("sign_in_link", newcomer.visit("sign_in_link", token=second).form(f"/{second}"), token=second)
    assert way not in officer.visit("staff_colleague", member=member).html


def test_another_role_bites_at_the_next_page(built: Built) -> None:
    officer, agent = signed_in(built, OFFICER), signed_in(built, AGENT)
    request = in_hand_of_the_agent(built)
    agent.visit("staff_request", reference=request.reference)
    officer.send("staff_colleague_role", {"role": "auditor"}, member=number_of(built, AGENT))
    assert CAMILLE not in agent.visit("staff_request", reference=request.reference).html
    agent.send("staff_take_up", {"version": "3"}, reference=request.reference, status=403)
    assert request_now(built, request.reference).assignee_id is None
    assert "staff_role_changed" in events(built)


def test_who_is_removed_is_out_at_once_with_links_and_codes_dead(built: Built) -> None:
    officer, agent, waiting = signed_in(built, OFFICER), signed_in(built, AGENT), Visitor(built)
    waiting.send("sign_in", {"email": AGENT})
    code = waiting.code_for(AGENT)
    officer.send("staff_colleague_link", {}, member=number_of(built, AGENT))
    link = _link_of_the_newest_letter(built)
    officer.send("staff_colleague_leave", {"act": "remove", "heir": ""}, member=number_of(built, AGENT))
    assert agent.client.get(agent.address("staff_requests"), base_url=BASE).status_code == 303
    waiting.send("sign_in_code", {"code": code}, status=422)
    Visitor(built).visit("sign_in_link", token=link, status=410)
    assert "Accès retiré" in officer.visit("staff_colleagues").text()
    officer.send("staff_colleague_enable", {}, member=number_of(built, AGENT))
    signed_in(built, AGENT).visit("staff_requests")
    assert {"staff_disabled", "staff_enabled"} <= set(events(built))


def test_removing_hands_the_open_requests_over_in_the_same_press(built: Built) -> None:
    hired(built, NEW, Role.AGENT)
    request = in_hand_of_the_agent(built)
    officer = signed_in(built, OFFICER)
    page = officer.visit("staff_colleague", member=number_of(built, AGENT))
    assert request.reference in page.text()
    form = page.form("/depart") | {"heir": number_of(built, NEW), "act": "remove"}
    officer.send("staff_colleague_leave", form, member=number_of(built, AGENT))
    handed = request_now(built, request.reference)
    assert handed.assignee_id == int(number_of(built, NEW))
    assert handed.state is State.IN_PROGRESS
    seen = signed_in(built, NEW).visit("staff_request", reference=request.reference)
    assert "Elle a changé de mains" in seen.text()
    assert "request_handed_over" in events(built)
    with built.installation.database.reading() as store:
        lines = [line for line in store.audit.newest(limit=9) if line.event.value == "request_handed_over"]
    assert [(line.staff_id, line.detail) for line in lines] == [(int(number_of(built, NEW)), None)]


def test_nobody_handles_their_own_request_after_a_hand_over(built: Built) -> None:
    hired(built, NEW, Role.AGENT)
    theirs, other = in_hand_of_the_agent(built, NEW), in_hand_of_the_agent(built)
    officer = signed_in(built, OFFICER)
    form = {"heir": number_of(built, NEW), "act": "hand_over"}
    officer.send("staff_colleague_leave", form, member=number_of(built, AGENT))
    assert request_now(built, theirs.reference).assignee_id is None
    assert request_now(built, other.reference).assignee_id == int(number_of(built, NEW))
    newcomer = Visitor(built)
    newcomer.sign_in(NEW)
    newcomer.send(
        "staff_take_up",
        {"version": str(request_now(built, theirs.reference).version)},
        reference=theirs.reference,
        status=409,
    )
    agent = signed_in(built, AGENT)
    taking = agent.visit("staff_request", reference=theirs.reference).form("/prendre-en-charge")
    agent.send("staff_take_up", taking, reference=theirs.reference)
    assert request_now(built, theirs.reference).assignee_id == int(number_of(built, AGENT))


def test_a_page_open_since_before_the_hand_over_is_stale(built: Built) -> None:
    request = in_hand_of_the_agent(built)
    officer = signed_in(built, OFFICER)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    officer.send("staff_colleague_leave", {"heir": "", "act": "hand_over"}, member=number_of(built, AGENT))
    officer.send("staff_decision", form | {"decision": "granted"}, reference=request.reference, status=409)


@pytest.mark.parametrize("heir", ["auditor", "itself", "nobody there", "shut out"])
def test_requests_go_only_to_who_handles_requests_and_may_sign_in(built: Built, heir: str) -> None:
    request = in_hand_of_the_agent(built)
    gone = hired(built, NEW, Role.AGENT)
    with built.installation.database.writing() as store:
        store.staff.disable(gone.id, built.clock())
    numbers = {"auditor": number_of(built, AUDITOR), "itself": number_of(built, AGENT), "shut out": str(gone.id)}
    page = signed_in(built, OFFICER).send(
        "staff_colleague_leave",
        {"heir": numbers.get(heir, "999999"), "act": "remove"},
        member=number_of(built, AGENT),
        status=422,
    )
    assert isinstance(page, Page)
    assert "Choisissez un ou une collègue qui traite des demandes." in page.text()
    assert request_now(built, request.reference).assignee_id == int(number_of(built, AGENT))
    assert member_of(built.installation.database, AGENT).active


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_last_officer_neither_goes_nor_takes_another_role(built: Built, lang: Language) -> None:
    officer = signed_in(built, OFFICER, lang)
    me = number_of(built, OFFICER)
    sentence = {"fr": "C’est la dernière personne responsable", "en": "This is the last person in charge"}[lang]
    for endpoint, form in (
        ("staff_colleague_leave", {"act": "remove", "heir": ""}),
        ("staff_colleague_role", {"role": "agent"}),
    ):
        page = officer.send(endpoint, form, member=me, status=422)
        assert isinstance(page, Page)
        assert sentence in page.text()
    assert member_of(built.installation.database, OFFICER).active
    hired(built, NEW, Role.OFFICER)
    officer.send("staff_colleague_leave", {"act": "remove", "heir": ""}, member=me)
    assert not member_of(built.installation.database, OFFICER).active


@contextmanager
def _on(kind: str, folder: Path) -> Iterator[Built]:
    with (story.on_postgresql if kind == "postgresql" else story.on_sqlite)(folder) as built:
        yield built


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("act", ["disable", "demote"])
def test_two_officers_cannot_shut_each_other_out_at_one_instant(tmp_path: Path, kind: str, act: str) -> None:
    with _on(kind, tmp_path) as built:
        for _ in range(5):
            hired(built, OFFICER, Role.OFFICER)
            hired(built, NEW, Role.OFFICER)
            _press_at_once(built, act)
            database = built.installation.database
            left = [
                member
                for member in (member_of(database, OFFICER), member_of(database, NEW))
                if member.active and member.role is Role.OFFICER
            ]
            assert len(left) == 1


def _press_at_once(built: Built, act: str) -> None:
    portal, ready = built.installation, threading.Barrier(2)
    pair = member_of(portal.database, OFFICER), member_of(portal.database, NEW)

    def press(by: StaffMember, other: StaffMember) -> None:
        ready.wait()
        try:
            with portal.database.writing() as store:
                if act == "disable":
                    members.disable(portal, store, by, other, heir=None)
                else:
                    members.change_role(portal, store, by, other, Role.AGENT)
        except (members.LastOfficer, members.NoLongerOfficer):
            pass

    threads = [threading.Thread(target=press, args=two) for two in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_who_lost_the_right_meanwhile_changes_nothing(built: Built) -> None:
    second = hired(built, NEW, Role.OFFICER)
    first = member_of(built.installation.database, OFFICER)
    portal = built.installation
    with portal.database.writing() as store:
        members.disable(portal, store, first, second, heir=None)
    agent = member_of(portal.database, AGENT)
    for act in (
        lambda store: members.disable(portal, store, second, agent, heir=None),
        lambda store: members.change_role(portal, store, second, agent, Role.OFFICER),
        lambda store: members.enable(portal, store, second, second),
        lambda store: members.invite_colleague(
            portal, store, second, "x@example.org", Role.OFFICER, language="fr", form_id="f" * 20
        ),
    ):
        with pytest.raises(members.NoLongerOfficer), portal.database.writing() as store:
            act(store)
    assert member_of(portal.database, AGENT).role is Role.AGENT
    assert not member_of(portal.database, NEW).active


@pytest.mark.parametrize("address", [AGENT, AUDITOR])
def test_only_the_officer_manages_colleagues(built: Built, address: str) -> None:
    visitor = signed_in(built, address)
    for endpoint in ("staff_colleagues", "staff_administration"):
        visitor.visit(endpoint, status=403)
        assert visitor.address(endpoint) not in visitor.visit("staff_requests").links().values()
    visitor.send("staff_colleague_role", {"role": "officer"}, member=number_of(built, address), status=403)
    assert member_of(built.installation.database, address).role is not Role.OFFICER


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_administration_leads_to_the_colleagues(built: Built, lang: Language) -> None:
    officer = signed_in(built, OFFICER, lang)
    links = officer.visit("staff_administration").links()
    assert officer.address("staff_colleagues") in links.values()
    for member in (OFFICER, AGENT, AUDITOR):
        assert member in officer.visit("staff_colleague", member=number_of(built, member)).heading
    officer.visit("staff_colleague", member="999", status=404)


def _link_of_the_newest_letter(built: Built) -> str:
    letter = next(letter for letter in built.mailbox() if letter["kind"] == "staff_invitation")
    found = re.search(r"/lien/(\S+)", str(letter["text"]))
    assert found
    return found[1]
