"""The staff's list: its tabs and numbers, narrowing, searching, keeping views, giving requests out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.domain.audit import Actor, AuditEvent
from portal.domain.languages import Language
from portal.domain.rights import Decision, Kind, RequestEvent, State
from portal.services.decisions import Verdict, decide
from tests.bench.statements import heard
from tests.client import BASE, Page, Visitor
from tests.installation import EMILY, MARGUERITE, Built, an_installation
from tests.web.act_visits import AGENT, AUDITOR, OFFICER
from tests.web.queue_visits import asked, assignee_of, listed, member, seen, signed_in, tabs_of


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def test_the_tabs_say_how_many_and_an_agents_own_work_comes_first(built: Built) -> None:
    late = asked(built, days_ago=40)
    mine = asked(built, address=EMILY)
    asked(built, address=MARGUERITE)
    agent = signed_in(built, AGENT)
    agent.send("staff_requests_give", {"chosen": seen(built, mine), "to": "me"})
    page = agent.visit("staff_requests", assignee="all")
    assert tabs_of(page) == ["Mine 1", "All open 3", "Nobody’s 2", "Late 1"]
    assert "3 requests, 1 late." in page.text()
    assert tabs_of(signed_in(built, OFFICER).visit("staff_requests"))[0] == "All open 3"
    assert tabs_of(signed_in(built, AUDITOR).visit("staff_requests")) == ["All open 3", "Nobody’s 2", "Late 1"]
    for tab, found in (("Mine 1", [mine]), ("Late 1", [late])):
        page = agent.open(next(href for words, href in page.links().items() if words == tab))
        assert listed(page) == found
        assert page.all("a", class_="tabs__link", aria_current="page")
    assert "1 request, 1 late." in page.text()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_agent_begins_with_their_own_work_at_an_address_of_its_own(built: Built, lang: Language) -> None:
    mine, other = asked(built), asked(built, address=EMILY)
    agent = signed_in(built, AGENT, lang)
    bare = agent.address("staff_requests")
    assert set(listed(agent.visit("staff_requests"))) == {mine, other}, "with nothing in hand, the whole list"
    agent.send("staff_requests_give", {"chosen": seen(built, mine), "to": "me"})
    answer = agent.client.get(bare, base_url=BASE)
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.location).query) == {"assignee": ["me"]}
    page = agent.open(answer.location)
    assert listed(page) == [mine]
    [here] = page.all("a", class_="tabs__link", aria_current="page")
    assert (
        "".join(here.itertext()).split()[0] == {"fr": "Les", "en": "Mine"}[lang] or here.get("href") == answer.location
    )
    whole = next(link.get("href", "") for link in page.all("a", class_="tabs__link") if "=all" in link.get("href", ""))
    page = agent.open(whole)
    assert set(listed(page)) == {mine, other}
    [here] = page.all("a", class_="tabs__link", aria_current="page")
    assert here.get("href") == whole
    assert not page.all("form", action=agent.address("staff_requests_keep")), "the whole list is no view to keep"
    assert {"fr": "Enlever les filtres", "en": "Remove the filters"}[lang] not in page.links()
    for head in (link.get("href", "") for link in page.all("a") if "order=" in link.get("href", "")):
        assert set(listed(agent.open(head))) == {mine, other}
    filtered = agent.visit("staff_requests", kind="access")
    [removed] = [
        link.get("href", "")
        for link in filtered.all("a")
        if link.get("href", "") == whole and "tabs__link" not in link.get("class", "")
    ]
    assert set(listed(agent.open(removed))) == {mine, other}


def test_officers_and_auditors_begin_with_everything(built: Built) -> None:
    mine, other = asked(built), asked(built, address=EMILY)
    officer = signed_in(built, OFFICER)
    officer.send("staff_requests_give", {"chosen": seen(built, mine), "to": "me"})
    assert set(listed(officer.visit("staff_requests"))) == {mine, other}
    assert set(listed(signed_in(built, AUDITOR).visit("staff_requests"))) == {mine, other}


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"kind": "deletion"}, {"deletion"}),
        ({"language": "en"}, {"english"}),
        ({"due": "5"}, {"soon"}),
        ({"due": "late"}, {"late"}),
        ({"due": "today"}, set()),
        ({"state": "received", "kind": "access"}, {"late", "soon", "english"}),
        ({"assignee": "nobody"}, {"late", "soon", "english", "deletion"}),
        ({"assignee": "me"}, set()),
        (
            {"kind": "nonsense", "state": "'", "due": "9", "assignee": "99999", "regime": "x", "language": "de"},
            {"late", "soon", "english", "deletion"},
        ),
    ],
)
def test_the_list_is_narrowed_by_its_address(built: Built, narrowed: dict[str, str], found: set[str]) -> None:
    names = {
        asked(built, days_ago=40): "late",
        asked(built, days_ago=27): "soon",
        asked(built, kind=Kind.DELETION): "deletion",
        asked(built, language="en", address=EMILY): "english",
    }
    page = signed_in(built, OFFICER).visit("staff_requests", **narrowed)
    assert {names[reference] for reference in listed(page)} == found
    assert f"{len(found) or 0} request" in page.text()


def test_filters_stay_in_the_links_to_the_next_page_and_in_another_order(built: Built) -> None:
    for number in range(30):
        asked(built, days_ago=number % 6)
    asked(built, kind=Kind.INFO)
    officer = signed_in(built, OFFICER)
    page = officer.visit("staff_requests", kind="access", order="received")
    sorted_by = page.all("th", aria_sort="ascending")
    assert [list(one.itertext()) for one in sorted_by] == [["Received", "Received"]], "once in cards, once as a link"
    following = page.links()["Next page"]
    assert parse_qs(urlsplit(following).query).keys() == {"kind", "order", "after"}
    references = listed(page) + listed(officer.open(following))
    assert len(references) == len(set(references)) == 30
    assert "kind=access" in page.links()["Last change"]


def test_a_request_is_taken_up_from_the_list_in_one_press_and_opens(built: Built) -> None:
    reference = asked(built)
    agent = signed_in(built, AGENT)
    page = agent.visit("staff_requests")
    [press] = page.all("button", form="take-up")
    sent = {"to": "me", "open": "1", press.get("name", ""): press.get("value", "")}
    answer = agent.send("staff_requests_give", sent)
    assert answer.location.endswith(reference)  # type: ignore[union-attr]  # a redirect
    with built.installation.database.reading() as store:
        request = store.requests.by_reference(reference)
        assert request
        assert (request.state, request.assignee_id) == (State.IN_PROGRESS, member(built, AGENT).id)
        assert store.requests.history(request.id)[-1].event is RequestEvent.TAKEN_UP
    assert not agent.visit("staff_requests", assignee="all").all("button", form="take-up")


def test_a_plain_correction_is_decided_in_three_presses_from_the_list(built: Built) -> None:
    """Open, choose, decide: whoever decides has it in hand."""
    reference = asked(built, kind=Kind.RECTIFICATION)
    officer = signed_in(built, OFFICER)
    page = officer.open(officer.visit("staff_requests").links()[reference])
    form = page.form("/decision") | {"decision": "granted"}
    officer.send("staff_decision", form, reference=reference)
    assert assignee_of(built, reference) == member(built, OFFICER).id


def test_what_cannot_be_given_is_left_and_said_and_the_rest_is_done(built: Built) -> None:
    plain, changed, answered = asked(built), asked(built), asked(built)
    own = asked(built, address=AGENT)
    chosen = [*(seen(built, one) for one in (plain, changed, answered, own)), "R-0000-0000-0000:1", "nonsense"]
    with built.installation.database.writing() as store:
        one = store.requests.by_reference(changed)
        other = store.requests.by_reference(answered)
        assert one
        assert other
        store.requests.save(replace(one, hold_until=built.clock().date()), seen_version=one.version)
        verdict = Verdict(Decision.GRANTED)
        decide(built.installation, store, member(built, OFFICER), other, verdict, seen_version=other.version)
    officer = signed_in(built, OFFICER)
    agent = member(built, AGENT)
    page = _given(officer, chosen, str(agent.id), status=200)
    text = page.text()
    assert "3 requests were left as they were" not in text
    assert page.heading == "4 requests were left as they were"
    for said in ("It changed since you saw it.", "It is answered already", "It is this member’s own request."):
        assert said in text
    assert [assignee_of(built, one) for one in (plain, changed, own)] == [agent.id, None, None]
    with built.installation.database.reading() as store:
        request = store.requests.by_reference(plain)
        assert request
        assert store.requests.history(request.id)[-1].event is RequestEvent.HANDED_OVER
        [line] = [line for line in store.audit.newest() if line.event is AuditEvent.REQUEST_HANDED_OVER]
        assert (line.actor, line.actor_id, line.staff_id) == (Actor.STAFF, member(built, OFFICER).id, agent.id)
    assert _given(officer, chosen[1:4], str(agent.id), status=409).heading == "3 requests were left as they were"


def test_several_are_given_at_once_and_the_list_says_so_with_its_filters(built: Built) -> None:
    references = [asked(built, days_ago=number) for number in range(3)]
    officer = signed_in(built, OFFICER)
    agent = member(built, AGENT)
    page = officer.visit("staff_requests", kind="access")
    boxes = [box.get("value", "") for box in page.all("input", type="checkbox", form="give")]
    answer = _posted(officer, boxes, str(agent.id), kind="access")
    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer.location).query) == {"kind": ["access"], "given": ["3"]}
    assert "3 requests changed hands." in officer.open(answer.location).text()
    assert {assignee_of(built, one) for one in references} == {agent.id}


@pytest.mark.parametrize("to", ["", "nobody", "999", "3"])
def test_requests_are_given_only_to_who_may_have_them(built: Built, to: str) -> None:
    reference = asked(built)
    assert member(built, AUDITOR).id == 3
    page = _given(signed_in(built, OFFICER), [seen(built, reference)], to, status=409 if to == "3" else 422)
    assert page.all("div", class_="error-summary")
    assert assignee_of(built, reference) is None


def test_nothing_chosen_is_said(built: Built) -> None:
    asked(built)
    assert "Choose one request or more." in _given(signed_in(built, AGENT), [], "me", status=422).text()


def test_a_view_is_kept_seen_and_removed_by_its_member_alone(built: Built) -> None:
    asked(built)
    asked(built, kind=Kind.DELETION)
    officer, agent = signed_in(built, OFFICER), signed_in(built, AGENT)
    form = officer.visit("staff_requests", kind="deletion", order="received").form("/views")
    assert form["kind"] == "deletion"
    officer.send("staff_requests_keep", form | {"name": "  Suppressions   d’abord "})
    page = officer.visit("staff_requests")
    view = officer.open(page.links()["Suppressions d’abord"])
    assert len(listed(view)) == 1
    assert not [one for one in view.all("form") if (one.get("action") or "").endswith("/views")], "kept already"
    assert "Suppressions" not in agent.visit("staff_requests").html
    for name in ("Suppressions d’abord", "", "x" * 61):
        refused = officer.send("staff_requests_keep", form | {"name": name}, status=422)
        assert isinstance(refused, Page)
        assert refused.all("input", id="name")[0].get("value") == name
    view_id = view.all("button", name="view")[0].get("value", "")
    agent.send("staff_requests_forget", {"view": view_id})
    assert "Suppressions d’abord" in officer.visit("staff_requests").links()
    officer.send("staff_requests_forget", {"view": view_id})
    assert "Suppressions d’abord" not in officer.visit("staff_requests").links()


def test_a_member_keeps_so_many_views_and_no_more(built: Built) -> None:
    officer = signed_in(built, OFFICER)
    for number in range(20):
        officer.send("staff_requests_keep", {"name": f"Vue {number}", "kind": "access"})
    page = officer.send("staff_requests_keep", {"name": "Une de plus", "kind": "info"}, status=422)
    assert isinstance(page, Page)
    assert "Remove one first." in page.text()


@pytest.mark.parametrize("query", [{}, {"due": "5"}, {"kind": "access", "assignee": "nobody", "order": "changed"}])
def test_the_list_sends_as_few_statements_for_many_as_for_few(built: Built, query: dict[str, str]) -> None:
    officer = signed_in(built, OFFICER)
    path = officer.address("staff_requests", **query)
    counted = []
    for more in (3, 40):
        for number in range(more):
            asked(built, days_ago=number % 20)
        officer.client.get(path, base_url=BASE)
        # What is kept for some seconds may run out in the middle of a slow run: the least of three tells.
        counted.append(min(_statements_of(officer, path) for _ in range(3)))
    assert counted[0] == counted[1] <= 15


def _statements_of(visitor: Visitor, path: str) -> int:
    with heard(visitor.built.installation.database.engine) as found:
        visitor.client.get(path, base_url=BASE)
    return found.all


def _posted(visitor: Visitor, chosen: list[str], to: str, **query: str):  # type: ignore[no-untyped-def]  # a response
    data = {"chosen": chosen, "to": to, "csrf_token": visitor.token(), **query}
    return visitor.client.post(visitor.address("staff_requests_give"), data=data, base_url=BASE)


def _given(visitor: Visitor, chosen: list[str], to: str, *, status: int) -> Page:
    answer = _posted(visitor, chosen, to)
    return visitor._checked(answer, status, visitor.language)


def test_each_of_two_members_sees_that_the_other_has_the_request_open(built: Built) -> None:
    reference = asked(built)
    agent, officer = signed_in(built, AGENT), signed_in(built, OFFICER)
    assert "has this request open" not in agent.visit("staff_request", reference=reference).text()
    assert f"{AGENT} has this request open" in officer.visit("staff_request", reference=reference).text()
    again = agent.visit("staff_request", reference=reference).text()
    assert f"{OFFICER} has this request open" in again
    assert f"{AGENT} has this request open" not in again
    assert "has this request open" not in agent.visit("staff_request", reference=asked(built)).text()
    built.clock.advance(minutes=6)
    assert "has this request open" not in agent.visit("staff_request", reference=reference).text()
