"""Forms sent twice, or twenty times at once: one thing is made, and everybody is told which (security.md B-39, B-40, 2.3.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from portal.domain.rights import Decision, Kind, RequestEvent, RightsRequest, State
from portal.services.decisions import take_up
from portal.services.rights import take_back
from portal.services.sign_in import ASKS
from tests.client import BASE, Visitor
from tests.installation import CAMILLE, EMILY, MARGUERITE, Built
from tests.journeys import story
from tests.web.act_visits import delegate

AT_ONCE = 20
OFFICER, AGENT = "officer@example.org", "agent@example.org"
Opened = Callable[[Path], AbstractContextManager[Built]]


@pytest.fixture(params=[story.on_sqlite, story.on_postgresql], ids=["SQLite", "PostgreSQL"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with request.param(tmp_path) as opened:
        yield opened


def signed_in(built: Built, address: str) -> Visitor:
    visitor = Visitor(built, "en")
    visitor.sign_in(address)
    return visitor


def together(visitor: Visitor, path: str, fields: dict[str, str], times: int = AT_ONCE) -> list[TestResponse]:
    """Press one button many times at once, each press on a connection of its own with the same cookie."""
    cookie = visitor.client.get_cookie("portal", "127.0.0.1")
    assert cookie
    headers = {"Cookie": f"portal={cookie.value}"}

    def press(_: int) -> TestResponse:
        client = visitor.app.test_client(use_cookies=False)
        return client.post(path, data=fields, base_url=BASE, headers=headers)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(press, range(times)))


def at_the_same_time(*presses: tuple[Visitor, str, dict[str, str]]) -> list[TestResponse]:
    """Several people press their own button at the same moment."""
    ready = Barrier(len(presses))

    def press(one: tuple[Visitor, str, dict[str, str]]) -> TestResponse:
        visitor, path, fields = one
        ready.wait()
        return visitor.client.post(path, data=fields, base_url=BASE)

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


def as_it_is(built: Built, reference: str) -> tuple[RightsRequest, list[RequestEvent]]:
    """A request once all work is done, and what happened to it."""
    built.work()
    with built.installation.database.reading() as store:
        found = store.requests.by_reference(reference)
        assert found
        return found, [line.event for line in store.requests.history(found.id)]


def requests_of(built: Built, address: str, kind: Kind) -> list[RightsRequest]:
    with built.installation.database.reading() as store:
        person = store.people.by_address(address)
        assert person
        return [one for one in store.requests.of_person(person.id) if one.kind is kind]


def letters_about(built: Built, reference: str, address: str) -> int:
    return sum(letter["reference"] == reference and letter["to"] == address for letter in built.mailbox())


def test_twenty_requests_at_once_are_one(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    form = visitor.visit("new_request").form() | {"kind": "info", "message": "Once"}
    answers = together(visitor, visitor.address("new_request"), form)
    (made,) = requests_of(built, CAMILLE, Kind.INFO)
    told = {answer.location for answer in answers if answer.status_code == 303}
    assert told == {visitor.address("request_page", reference=made.reference)}
    assert all(answer.status_code in {303, 503} for answer in answers)
    assert letters_about(built, made.reference, CAMILLE) == 1


def test_twenty_deletions_at_once_are_one(built: Built) -> None:
    visitor = signed_in(built, MARGUERITE)
    form = visitor.visit("delete").form() | {"confirm": "yes"}
    answers = together(visitor, visitor.address("delete"), form)
    (made,) = requests_of(built, MARGUERITE, Kind.DELETION)
    assert all(answer.status_code in {200, 303, 503} for answer in answers)
    assert letters_about(built, made.reference, MARGUERITE) == 1


def test_deletions_from_two_tabs_are_one(built: Built) -> None:
    visitor = signed_in(built, MARGUERITE)
    first = visitor.visit("delete").form() | {"confirm": "yes"}
    second = visitor.visit("delete").form() | {"confirm": "yes"}
    assert first["form_id"] != second["form_id"]
    visitor.send("delete", first)
    answer = visitor.client.post(visitor.address("delete"), data=second, base_url=BASE)
    assert answer.status_code in {200, 303, 409}
    assert len(requests_of(built, MARGUERITE, Kind.DELETION)) == 1


def test_twenty_corrections_at_once_are_one(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    page = visitor.visit("category", category="account")
    link = next(href for link in page.all("a") if "field=name" in (href := link.get("href", "")))
    form = visitor.open(link).form("/correct") | {"value": "Camille T."}
    answers = together(visitor, visitor.address("correct", category="account"), form)
    (made,) = requests_of(built, CAMILLE, Kind.RECTIFICATION)
    assert all(answer.status_code in {303, 503} for answer in answers), {answer.status_code for answer in answers}
    assert letters_about(built, made.reference, CAMILLE) == 1


def test_twenty_withdrawals_at_once_are_one(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    form = visitor.visit("consent", purpose="improve").form("/improve")
    answers = together(visitor, visitor.address("consent", purpose="improve"), form)
    (made,) = requests_of(built, CAMILLE, Kind.WITHDRAW)
    assert all(answer.status_code in {303, 503} for answer in answers), {answer.status_code for answer in answers}
    assert letters_about(built, made.reference, CAMILLE) == 1


def test_twenty_askings_for_a_code_send_no_more_than_the_limit(built: Built) -> None:
    visitor = Visitor(built, "en")
    form = visitor.visit("sign_in").form() | {"email": EMILY}
    answers = together(visitor, visitor.address("sign_in"), form, times=ASKS + 5)
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 5 or any(answer.status_code == 503 for answer in answers)
    assert all("Retry-After" in answer.headers for answer in refused)
    sent = [letter for letter in built.mailbox() if letter["to"] == EMILY]
    assert 1 <= len(sent) <= ASKS


def test_one_code_opens_one_session_however_often_it_is_given(built: Built) -> None:
    visitor = Visitor(built, "en")
    visitor.send("sign_in", {"email": EMILY})
    form = visitor.visit("sign_in_code").form() | {"code": visitor.code_for(EMILY)}
    answers = together(visitor, visitor.address("sign_in_code"), form)
    assert sum(answer.status_code == 303 for answer in answers) == 1
    assert all(answer.status_code in {303, 422, 429, 503} for answer in answers)


def test_wrong_codes_at_once_are_all_counted(built: Built) -> None:
    visitor = Visitor(built, "en")
    visitor.send("sign_in", {"email": EMILY})
    right = visitor.code_for(EMILY)
    form = visitor.visit("sign_in_code").form()
    wrong = "000000" if right != "000000" else "000001"
    together(visitor, visitor.address("sign_in_code"), form | {"code": wrong}, times=8)
    answer = visitor.client.post(visitor.address("sign_in_code"), data=form | {"code": right}, base_url=BASE)
    assert answer.status_code in {422, 429}


def test_two_decisions_at_once_are_one_and_the_other_is_told(built: Built) -> None:
    reference = story.ask(signed_in(built, CAMILLE), "Decide once")
    officer = signed_in(built, OFFICER)
    form = officer.visit("staff_request", reference=reference).form("/decision")
    form |= {"decision": "refused", "reason": "Because", "provision": "s. 1"}
    answers = together(officer, officer.address("staff_decision", reference=reference), form, times=4)
    codes = sorted(answer.status_code for answer in answers)
    assert codes.count(303) == 1, codes
    assert set(codes) <= {303, 409, 503}
    built.work()
    with built.installation.database.reading() as store:
        found = store.requests.by_reference(reference)
        assert found
        assert found.state is State.CLOSED


def test_a_decision_and_a_taking_back_at_once_leave_one_true_state(built: Built) -> None:
    person = signed_in(built, CAMILLE)
    reference = story.ask(person, "Race")
    officer = signed_in(built, OFFICER)
    decide = officer.visit("staff_request", reference=reference).form("/decision")
    decide |= {"decision": "granted", "reason": "Yes", "provision": ""}
    back = person.visit("request_page", reference=reference).form("/withdraw")
    decision, taking_back = at_the_same_time(
        (officer, officer.address("staff_decision", reference=reference), decide),
        (person, person.address("take_back", reference=reference), back),
    )
    assert {decision.status_code, taking_back.status_code} == {303, 409}
    found, events = as_it_is(built, reference)
    if decision.status_code == 303:
        assert (found.state, events.count(RequestEvent.TAKEN_BACK)) == (State.CLOSED, 0)
        assert "too late to take this request back" in taking_back.get_data(as_text=True)
        assert "Granted" in taking_back.get_data(as_text=True), "what was decided meanwhile"
    else:
        assert (found.state, events.count(RequestEvent.DECIDED)) == (State.WITHDRAWN, 0)
        said = decision.get_data(as_text=True)
        assert "The person took the request back." in said or "The request was taken back by the person" in said


def test_two_members_who_decide_otherwise_at_once_leave_one_decision(built: Built) -> None:
    delegate(built)
    reference = story.ask(signed_in(built, CAMILLE), "Two minds")
    officer, agent = signed_in(built, OFFICER), signed_in(built, AGENT)
    forms = [one.visit("staff_request", reference=reference).form("/decision") for one in (officer, agent)]
    refuses = forms[0] | {"decision": "refused", "reason": "The officer's reason", "provision": "s. 40"}
    grants = forms[1] | {"decision": "granted", "reason": "The agent's reason", "provision": ""}
    path = officer.address("staff_decision", reference=reference)
    refused, granted = at_the_same_time((officer, path, refuses), (agent, path, grants))
    assert {refused.status_code, granted.status_code} == {303, 409}
    found, events = as_it_is(built, reference)
    won = Decision.REFUSED if refused.status_code == 303 else Decision.GRANTED
    assert (found.state, found.decision, events.count(RequestEvent.DECIDED)) == (State.CLOSED, won, 1)
    lost = (granted if refused.status_code == 303 else refused).get_data(as_text=True)
    assert ("The agent" if won is Decision.REFUSED else "The officer") in lost, "what was written can be copied"
    assert (OFFICER if won is Decision.REFUSED else AGENT) in lost.replace("<wbr>", ""), "who decided"
    assert ("Refused" if won is Decision.REFUSED else "Granted") in lost, "what was decided"
    with built.installation.database.reading() as store:
        assert [one.decision for one in store.requests.decisions(found.id)] == [won]
    outcomes = [one["kind"] for one in built.mailbox() if str(one["kind"]).startswith("outcome_")]
    assert outcomes == [f"outcome_{won.value}"]


def test_a_colleague_who_takes_it_up_meanwhile_does_not_keep_its_person_from_taking_it_back(built: Built) -> None:
    reference = story.ask(signed_in(built, CAMILLE), "Changed my mind")
    seen, _ = as_it_is(built, reference)
    with built.installation.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer
        take_up(built.installation, store, officer, seen, seen_version=seen.version)
    with built.installation.database.writing() as store:
        take_back(built.installation, store, seen, now=built.clock())
    found, events = as_it_is(built, reference)
    assert found.state is State.WITHDRAWN
    assert events[-2:] == [RequestEvent.TAKEN_UP, RequestEvent.TAKEN_BACK]


def test_the_second_tab_is_told_what_the_first_one_did(built: Built) -> None:
    person = signed_in(built, CAMILLE)
    reference = story.ask(person, "Twice")
    back = person.visit("request_page", reference=reference).form("/withdraw")
    path = person.address("take_back", reference=reference)
    codes = [person.client.post(path, data=back, base_url=BASE).status_code for _ in range(2)]
    assert codes == [303, 409]


def test_somebody_elses_form_is_a_form_of_ones_own(built: Built) -> None:
    camille, emily = signed_in(built, CAMILLE), signed_in(built, EMILY)
    form = camille.visit("new_request").form() | {"kind": "info", "message": "Camille's own words"}
    first = story.reference_of(camille.send("new_request", form))
    theirs = {"form_id": form["form_id"], "kind": "info", "message": "Emily's own words"}
    answer = emily.client.post(emily.address("new_request"), data=theirs | {"csrf_token": emily.token()}, base_url=BASE)
    assert first not in str(answer.location)
    assert "Camille" not in answer.get_data(as_text=True)
    assert len(requests_of(built, CAMILLE, Kind.INFO)) == 1
    assert answer.status_code in {303, 409}
    if answer.status_code == 303:
        assert "Emily's own words" in emily.open(answer.location).text()
