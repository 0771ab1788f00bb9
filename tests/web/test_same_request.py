"""Requests that may ask the same thing: suggested to staff, marked and unmarked by them, never merged nor closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.asking import Capacity, ForWhom, OnBehalf
from portal.domain.rights import Kind, Level, RequestEvent, RightsRequest, State
from portal.services.paper import enter
from portal.services.rights import Asked, open_request, take_back
from tests.client import Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation, on_paper
from tests.web.paper_visits import AGENT, AUDITOR, now_of, signed_in

SUGGESTED = "Il s’agit peut-être de la même demande"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def asked(
    built: Built, kind: Kind = Kind.ACCESS, address: str = CAMILLE, behalf: OnBehalf | None = None
) -> RightsRequest:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=now)
        wanted = Asked(kind, "fr", Level.L2, "…?", behalf=behalf)
        return open_request(built.installation, store, person, wanted, form_id=None, now=now)


def on_staff_page(built: Built, request: RightsRequest, by: str = AGENT) -> str:
    return signed_in(built, by).visit("staff_request", reference=request.reference).text()


def mark(agent: Visitor, request: RightsRequest, *, status: int = 303, **fields: str) -> None:
    agent.send("staff_same", fields, reference=request.reference, status=status)


def events(built: Built, request: RightsRequest) -> list[RequestEvent]:
    with built.installation.database.reading() as store:
        return [one.event for one in store.requests.history(request.id)]


def test_two_open_requests_of_one_person_and_kind_name_each_other(built: Built) -> None:
    first, second = asked(built), asked(built)
    for here, there in ((first, second), (second, first)):
        page = signed_in(built, AGENT).visit("staff_request", reference=here.reference)
        assert SUGGESTED in page.text()
        assert there.reference in page.links()


def test_a_letter_from_the_same_postal_address_is_named_too(built: Built) -> None:
    with built.installation.database.writing() as store:
        agent = store.staff.by_address(AGENT)
        assert agent
        first, second = (
            enter(built.installation, store, agent, on_paper(built), form_id=letter * 20, now=built.clock())
            for letter in "ab"
        )
    assert first.person_id != second.person_id
    assert first.reference in on_staff_page(built, second)


@pytest.mark.parametrize(
    "other",
    [
        {"kind": Kind.DELETION},
        {"address": EMILY},
        {"behalf": OnBehalf(ForWhom.CHILD, Capacity.PARENT, "Léo")},
    ],
)
def test_another_kind_another_person_and_a_child_are_not_the_same(built: Built, other: dict[str, object]) -> None:
    first = asked(built)
    asked(built, **other)  # type: ignore[arg-type]  # named arguments
    assert SUGGESTED not in on_staff_page(built, first)


def test_ones_two_children_are_not_one(built: Built) -> None:
    first = asked(built, behalf=OnBehalf(ForWhom.CHILD, Capacity.PARENT, "Léo"))
    asked(built, behalf=OnBehalf(ForWhom.CHILD, Capacity.PARENT, "Mia"))
    assert SUGGESTED not in on_staff_page(built, first)
    same = asked(built, behalf=OnBehalf(ForWhom.CHILD, Capacity.PARENT, "léo "))
    assert same.reference in on_staff_page(built, first)


def test_one_that_is_ended_is_not_named(built: Built) -> None:
    first, second = asked(built), asked(built)
    with built.installation.database.writing() as store:
        take_back(built.installation, store, second, now=built.clock())
    assert SUGGESTED not in on_staff_page(built, first)
    mark(signed_in(built, AGENT), first, same_as=second.reference, status=409)


def test_marking_keeps_both_open_and_both_histories_say_so(built: Built) -> None:
    first, second = asked(built), asked(built)
    agent = signed_in(built, AGENT)
    form = agent.visit("staff_request", reference=second.reference).form("/meme-demande")
    mark(agent, second, **form)
    for here, there in ((first, second), (second, first)):
        assert now_of(built, here).state is State.RECEIVED
        assert now_of(built, here).version == here.version
        assert events(built, here) == [RequestEvent.OPENED, RequestEvent.MARKED_SAME]
        text = on_staff_page(built, here)
        assert SUGGESTED not in text
        assert f"Marquée comme la même demande que {there.reference}" in text
    person = signed_in(built, CAMILLE)
    assert "porte sur la même chose" in person.visit("request_page", reference=second.reference).text()


def test_a_mark_is_made_once_and_may_be_taken_back(built: Built) -> None:
    first, second = asked(built), asked(built)
    agent = signed_in(built, AGENT)
    mark(agent, second, same_as=first.reference)
    mark(agent, second, same_as=first.reference, status=409)
    mark(agent, first, same_as=second.reference, status=409)
    mark(agent, first, do="unmark", status=409)
    mark(agent, second, do="unmark")
    mark(agent, second, do="unmark", status=409)
    assert SUGGESTED in on_staff_page(built, second)
    assert events(built, first)[-1] is events(built, second)[-1] is RequestEvent.UNMARKED_SAME


@pytest.mark.parametrize("named", ["", "R-0000-0000-0000", "x" * 10_000, "a\x00b", "itself", "somebody"])
def test_only_a_suggested_request_may_be_named(built: Built, named: str) -> None:
    request, somebodys = asked(built), asked(built, address=EMILY)
    named = {"itself": request.reference, "somebody": somebodys.reference}.get(named, named)
    mark(signed_in(built, AGENT), request, same_as=named, status=409)
    assert events(built, request) == [RequestEvent.OPENED]


def test_nobody_marks_their_own_and_the_auditor_marks_nothing(built: Built) -> None:
    first, second = asked(built, address=AGENT), asked(built, address=AGENT)
    mark(signed_in(built, AGENT), first, same_as=second.reference, status=409)
    mark(signed_in(built, AUDITOR), first, same_as=second.reference, status=403)
    assert "Marquer comme" not in on_staff_page(built, first, AUDITOR)


def test_what_is_marked_goes_with_its_person(built: Built) -> None:
    first, second = asked(built), asked(built)
    mark(signed_in(built, AGENT), second, same_as=first.reference)
    with built.installation.database.writing() as store:
        store.retention.forget([first.person_id])
    with built.installation.database.reading() as store:
        assert store.requests.by_id(second.id) is None
        assert store.same_requests.unmark(second.id) is None
