"""A new person in charge makes a version of each document by itself; what was published before keeps its words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.policies import DOCUMENTS
from portal.services import policies, policy_folders
from tests.client import Page, Visitor
from tests.installation import NOON, Built, an_installation
from tests.web.policy_visits import BOTH, officer_of, version_ids
from tests.web.settings_visits import form_of


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@BOTH
def test_a_new_person_in_charge_makes_a_version_of_each_document_by_itself(built: Built, lang: Language) -> None:
    built.clock.advance(days=1)
    officer, reader = officer_of(built, lang), Visitor(built, lang)
    contact = "staff_settings_contact"
    officer.send(contact, form_of(officer, contact) | {"email": "ada@example.org", "name": "Ada Lavoie"})
    built.clock.advance(seconds=2)
    for document in DOCUMENTS:
        with built.installation.database.reading() as store:
            new, before = policies.versions(store, document)[:2]
        assert (new.id, new.kind, new.imported) == ("2026-11-24", "wording", False)
        assert new.texts["fr"].source == before.texts["fr"].source
        assert new.summary.fr != new.summary.en
        name = "policy" if document == "privacy" else "governance"
        assert "ada@example.org" in main_of(reader.visit(name))
        old = main_of(reader.visit(f"{name}_version", version_id=before.id))
        assert "jp@atomescroch.us" in old, "what people read there then"
        assert "ada@example.org" not in old
        compared = main_of(reader.visit(f"{name}_comparison", pair=f"{before.id}..{new.id}"))
        assert "jp@atomescroch.us" in compared
        assert "ada@example.org" in compared
    officer.send(contact, form_of(officer, contact) | {"phone": "418 555-0199"})
    officer.send(contact, form_of(officer, contact) | {"delegation": "Classeur 3"})
    assert version_ids(built)[:2] == ["2026-11-24-2", "2026-11-24"], "an unpublished part changes no text"


def main_of(page: Page) -> str:
    return "".join(page.all("main")[0].itertext())


def test_the_words_of_before_this_portal_are_only_told_what_they_lack_when_published_again(tmp_path: Path) -> None:
    built = an_installation(tmp_path, now=NOON - timedelta(days=300), by_hand=True)
    officer, contact = officer_of(built, "en"), "staff_settings_contact"
    officer.send(contact, form_of(officer, contact) | {"phone": "418 555-0199"})
    with built.installation.database.reading() as store:
        again = policies.in_force(built.installation, store, built.clock())
        wrong = list(policy_folders.problems_of_published(built.installation, store, "en"))
        told = list(policy_folders.only_told(built.installation, store, "en"))
    assert again
    assert (again.id, again.imported) == ("2026-01-27", False)
    assert wrong == []
    assert any(one.file.startswith("privacy/2026-01-27/") for one in told)


def test_without_a_version_in_force_none_is_made(tmp_path: Path) -> None:
    built = an_installation(tmp_path, now=NOON - timedelta(days=700))
    officer = officer_of(built, "en")
    officer.send("staff_settings_contact", form_of(officer, "staff_settings_contact") | {"email": "ada@example.org"})
    assert version_ids(built) == ["2026-06-15", "2025-02-25"]
