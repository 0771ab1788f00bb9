"""Searching the staff's list: by reference, by address, by words, and what is written of it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from portal.domain.audit import Actor, AuditEvent
from portal.domain.rights import Kind
from tests.client import Page
from tests.installation import CAMILLE, EMILY, Built, an_installation
from tests.web.act_visits import AGENT, AUDITOR
from tests.web.queue_visits import asked, listed, member, seen, signed_in


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def test_a_search_finds_a_reference_however_typed(built: Built) -> None:
    reference = asked(built)
    for who in (AGENT, AUDITOR):
        visitor = signed_in(built, who)
        answer = visitor.send("staff_requests_search", {"typed": reference.lower().replace("-", " ")})
        assert urlsplit(answer.location).path.endswith(f"/{reference}")  # type: ignore[union-attr]  # a redirect
        page = visitor.send("staff_requests_search", {"typed": "R-0000-0000-0000"}, status=422)
        assert isinstance(page, Page)
        assert "No request has this reference." in page.text()


def test_a_search_finds_an_exact_address_and_words_and_keeps_both_out_of_addresses(
    built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    hers = [asked(built, address=EMILY), asked(built, address=EMILY, message="Où est ma facture d’hôtel ?")]
    asked(built)
    agent = signed_in(built, AGENT)
    for typed, found in ((EMILY.upper(), hers), ("hotel FACTURE", hers[1:]), ("emily", []), ("emily@example.com", [])):
        page = agent.send("staff_requests_search", {"typed": typed}, status=200)
        assert isinstance(page, Page)
        assert listed(page) == found, typed
        assert page.heading == "Requests found"
        assert f"{len(found)} request" in page.text()
        assert not [href for href in page.links().values() if "facture" in href.lower() or "emily" in href.lower()]
    assert "emily" not in caplog.text.lower()
    assert "facture" not in caplog.text.lower()


def test_whoever_is_searched_for_by_their_address_reads_it_under_their_account(built: Built) -> None:
    asked(built, address=EMILY)
    person = signed_in(built, EMILY)
    signed_in(built, AGENT).send("staff_requests_search", {"typed": EMILY}, status=200)
    with built.installation.database.reading() as store:
        lines = [line.event for line in store.audit.newest()]
    assert lines.count(AuditEvent.STAFF_SEARCHED_PERSON) == 1
    assert AuditEvent.STAFF_VIEWED_PERSON not in lines
    assert "Who looked, by role, newest first" in person.visit("account").text()


def test_a_search_is_narrowed_like_the_list_and_goes_on(built: Built) -> None:
    for number in range(28):
        asked(built, days_ago=number % 6, message="Mon chat")
    deletion = asked(built, kind=Kind.DELETION, message="Mon chat")
    agent = signed_in(built, AGENT)
    page = agent.send("staff_requests_search", {"typed": "chat", "kind": "deletion"}, status=200)
    assert isinstance(page, Page)
    assert listed(page) == [deletion]
    first = agent.send("staff_requests_search", {"typed": "chat"}, status=200)
    assert isinstance(first, Page)
    [following] = [form for form in first.all("form") if form.findall(".//*[@name='after']")]
    fields = {one.get("name", ""): one.get("value", "") for one in following.iter() if one.get("name")}
    second = agent.send("staff_requests_search", fields, status=200)
    assert isinstance(second, Page)
    assert len({*listed(first), *listed(second)}) == 29
    assert (len(listed(first)), len(listed(second))) == (25, 4)


def test_that_words_were_searched_is_written_once_and_never_the_words(built: Built) -> None:
    for number in range(30):
        asked(built, address=f"p{number}@example.org", message="Mon chat Zigomar")
    agent = signed_in(built, AGENT)
    first = agent.send("staff_requests_search", {"typed": "zigomar"}, status=200)
    assert isinstance(first, Page)
    [following] = [form for form in first.all("form") if form.findall(".//*[@name='after']")]
    fields = {one.get("name", ""): one.get("value", "") for one in following.iter() if one.get("name")}
    agent.send("staff_requests_search", fields, status=200)
    agent.send("staff_requests_search", {"typed": "introuvable"}, status=200)
    with built.installation.database.reading() as store:
        lines = [one for one in store.audit.newest(limit=500) if one.event is AuditEvent.STAFF_SEARCHED_WORDS]
    assert [(one.actor, one.actor_id, one.person_id, one.detail) for one in lines] == [
        (Actor.STAFF, member(built, AGENT).id, None, None)
    ] * 2
    for lang, sentence in (("en", "Searched the requests by words"), ("fr", "A cherché des mots dans les demandes")):
        said = signed_in(built, AUDITOR, lang).visit("staff_audit").text()
        assert sentence in said
        assert "igomar" not in said


@pytest.mark.parametrize("typed", ["", "   ", "%", "%%_", "''", "\u200b"])
def test_a_search_for_nothing_is_the_list(built: Built, typed: str) -> None:
    asked(built)
    answer = signed_in(built, AGENT).send("staff_requests_search", {"typed": typed, "kind": "access"})
    assert answer.location.endswith("/en/staff/requests?kind=access")  # type: ignore[union-attr]  # a redirect


def test_the_auditor_searches_neither_addresses_nor_messages(built: Built) -> None:
    reference = asked(built, message="Ma facture")
    auditor = signed_in(built, AUDITOR)
    for typed in (CAMILLE, "facture"):
        page = auditor.send("staff_requests_search", {"typed": typed}, status=422)
        assert isinstance(page, Page)
        assert "You see no person’s information." in page.text()
        assert listed(page) == [reference], "the list itself, as if nothing was searched"
    page = auditor.visit("staff_requests")
    assert not page.all("input", type="checkbox")
    assert "Take up" not in page.html
    auditor.send("staff_requests_give", {"chosen": seen(built, reference), "to": "1"}, status=403)


@pytest.mark.parametrize("typed", ["a@b", "@", "camille@", "x" * 300])
def test_what_cannot_be_searched_is_said_and_given_back(built: Built, typed: str) -> None:
    page = signed_in(built, AGENT).send("staff_requests_search", {"typed": typed}, status=422 if typed != "@" else 303)
    if isinstance(page, Page):
        assert page.all("input", id="typed")[0].get("value") == typed
