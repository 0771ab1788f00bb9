"""The morning letter to staff: once a day, to who has something to answer, with nothing of a person's in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.app import calendar
from portal.domain.jobs import JobKind
from portal.domain.rights import Kind, Level, RightsRequest, Role
from portal.services import assigning, summaries
from portal.services.assigning import Chosen
from portal.services.rights import Asked, open_request
from portal.services.summary_facts import LISTS
from portal.services.work import handlers
from tests.client import Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation_on

AGENT = "agent@example.org"


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path) as made:
        yield made


def in_hand_of(built: Built, address: str, *, days_ago: int = 0, person: str = CAMILLE) -> RightsRequest:
    """A request that somebody of staff has in hand."""
    now = built.clock() - timedelta(days=days_ago)
    portal = built.installation
    with portal.database.writing() as store:
        asked = Asked(Kind.ACCESS, "fr", Level.L2, "Mon adresse secrète")
        found = open_request(
            portal, store, store.people.ensure(person, language="fr", now=now), asked, form_id=None, now=now
        )
        member = store.staff.by_address(address)
        assert member
        assigning.give(portal, store, member, member, [Chosen(found.reference, found.version)])
    return found


def morning(built: Built) -> list[dict[str, object]]:
    """What the worker does of a morning; gives every summary sent so far."""
    handlers(built.installation)[JobKind.SUMMARIES](0, built.clock())
    return [letter for letter in built.mailbox() if letter["kind"] == "staff_summary"]


def test_it_lists_references_and_days_late_ones_first_and_nothing_of_a_persons(built: Built) -> None:
    fresh = in_hand_of(built, AGENT, person=EMILY)
    late = in_hand_of(built, AGENT, days_ago=40)
    [letter] = morning(built)
    text = str(letter["text"])
    assert letter["to"] == AGENT
    assert letter["reference"] is None
    assert text.index(late.reference) < text.index(fresh.reference)
    for part in (text, str(letter["html"]), str(letter["subject"])):
        for hidden in (CAMILLE, EMILY, "secrète"):
            assert hidden not in part
    assert "en retard" in text or "late" in text


def test_it_comes_once_a_day_however_often_the_worker_begins_again(built: Built) -> None:
    in_hand_of(built, AGENT)
    assert len(morning(built)) == 1
    assert len(morning(built)) == 1
    built.clock.advance(days=1)
    assert len(morning(built)) == 2


def test_it_comes_to_nobody_who_has_nothing_to_answer_left_or_wants_none(built: Built) -> None:
    assert morning(built) == []
    in_hand_of(built, AGENT)
    with built.installation.database.writing() as store:
        agent = store.staff.by_address(AGENT)
        assert agent
        summaries.choose(store, agent, wanted=False)
    assert morning(built) == []
    with built.installation.database.writing() as store:
        summaries.choose(store, agent, wanted=True)
        store.staff.disable(agent.id, built.clock())
    assert morning(built) == []
    with built.installation.database.writing() as store:
        store.staff.enable(agent.id)
        store.staff.change_role(agent.id, Role.AUDITOR)
    assert morning(built) == []


def test_a_member_stops_it_and_begins_it_again_at_the_foot_of_the_list(built: Built) -> None:
    in_hand_of(built, AGENT)
    agent = Visitor(built, "en")
    agent.sign_in(AGENT)
    form = agent.visit("staff_requests", kind="access").form("/morning-letter")
    assert form["wanted"] == "0"
    agent.send("staff_requests_summary", form)
    assert morning(built) == []
    form = agent.visit("staff_requests", assignee="me").form("/morning-letter")
    agent.send("staff_requests_summary", form)
    assert len(morning(built)) == 1


def test_it_leads_to_the_list_and_comes_by_the_clock(built: Built) -> None:
    visitor = Visitor(built)
    assert {"en": visitor.address("staff_requests", "en"), "fr": visitor.address("staff_requests", "fr")} == LISTS
    assert [one.hour for one in calendar(built.installation) if one.kind is JobKind.SUMMARIES] == [6]  # type: ignore[union-attr]  # a daily entry
