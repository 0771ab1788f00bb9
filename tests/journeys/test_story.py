"""The two-minute story, in each language, on SQLite and on PostgreSQL with Procrastinate."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from portal.demo.people import STAFF
from portal.domain.languages import Language
from portal.domain.letters import LetterKind
from tests.client import Visitor
from tests.installation import Built
from tests.journeys import story

OFFICER = STAFF[0].email
Opened = Callable[[Path], AbstractContextManager[Built]]


@pytest.mark.parametrize("opened", [story.on_sqlite, story.on_postgresql], ids=["SQLite", "PostgreSQL"])
@pytest.mark.parametrize(
    ("language", "person"), [("fr", "marguerite.roy@example.org"), ("en", "daniel.macleod@example.org")]
)
def test_what_a_person_asked_is_done_kept_where_the_law_says_and_told(
    tmp_path: Path, opened: Opened, language: Language, person: str
) -> None:
    with opened(tmp_path) as built:
        visitor, officer = Visitor(built, language), Visitor(built, language)
        account = story.account_of(built, person)
        calls, billed = story.rows_of(built, account)
        assert calls
        assert story.read_and_compare(visitor).all("ins")
        visitor.sign_in(person)
        visitor.visit("my_information")
        corrected = story.correct(visitor, "name", "Nouveau Nom")
        story.withdraw(visitor, "improve")
        reference = story.ask_for_deletion(visitor)
        officer.sign_in(OFFICER)
        story.decide(officer, reference, decision="granted")
        built.work()
        calls_left, billed_left = story.rows_of(built, account)
        assert calls_left == 0
        assert 0 < billed_left < billed
        assert visitor.visit("request_page", reference=reference).all("table"), "the attestation"
        kinds = [letter["kind"] for letter in built.mailbox() if letter["to"] == person]
        assert kinds.count(LetterKind.ERASURE_DONE) == kinds.count(LetterKind.ACKNOWLEDGEMENT) == 1
        assert LetterKind.CONSENT_CHANGED in kinds
        assert any(letter["reference"] == corrected for letter in built.mailbox())
