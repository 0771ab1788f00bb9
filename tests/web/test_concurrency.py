"""Forms sent twice, or twenty times at once: one thing is made, and everybody is told which (security.md B-39, B-40, 2.3.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.domain.rights import Kind, RightsRequest, State
from portal.services.sign_in import ASKS
from tests.client import BASE, Visitor
from tests.installation import CAMILLE, EMILY, MARGUERITE, Built
from tests.journeys import story

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
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(
            officer.client.post, officer.address("staff_decision", reference=reference), data=decide, base_url=BASE
        )
        two = pool.submit(
            person.client.post, person.address("take_back", reference=reference), data=back, base_url=BASE
        )
        codes = {one.result().status_code, two.result().status_code}
    assert codes in ({303, 409}, {303, 503}), codes


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
