"""What tests of the policy's pages do over and over: fill in a draft, paste a text, publish."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from portal.domain.languages import LANGUAGES, Language
from portal.domain.policies import Document
from portal.services import policies
from tests.client import Visitor
from tests.installation import Built
from tests.services.drafts import draft_of

OFFICER, SECOND = "officer@example.org", "second@example.org"
PASTED = Path(__file__).parents[1] / "policies" / "pasted"
BOTH = pytest.mark.parametrize("lang", LANGUAGES)
TODAY = "2026-11-23"
WORDS: dict[Language, dict[str, str]] = {
    "fr": {
        "to do": "Ce qu’il reste à faire",
        "complete": "Compléter le français.",
        "not yet": "ne peut pas encore être publiée",
        "changed": "a changé entre-temps",
        "gone": "Il n’y a plus d’ébauche",
        "in force": "Elle est publiée et en vigueur\u00a0: on la lit dès maintenant.",
        "announced": "D’ici son entrée en vigueur, on voit qu’un changement s’en vient",
        "coming": "Cette politique changera le 15 janvier 2027",
        "too long": "La limite est de 100\u00a0000\u00a0caractères",
        "headings": "10\u00a0000 titres",
    },
    "en": {
        "to do": "What remains to be done",
        "complete": "Complete the French.",
        "not yet": "cannot be published yet",
        "changed": "has changed meanwhile",
        "gone": "There is no draft any more",
        "in force": "It is published, and in force: people read it from now on.",
        "announced": "Until its day, people see that a change is coming and can read it.",
        "coming": "This policy changes on January 15, 2027",
        "too long": "The limit is 100,000 characters",
        "headings": "10,000 headings",
    },
}


def officer_of(built: Built, lang: Language, address: str = OFFICER) -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def complete(officer: Visitor, document: Document = "privacy") -> None:
    """Fill in every slot of the draft, section by section, through its page."""
    draft = draft_of(officer.built, document)
    assert draft
    address = "staff_policy_section" if document == "privacy" else "staff_governance_section"
    for section in draft.sections:
        page = officer.visit(address, key=section.key)
        form = page.form(section.key)
        done = {
            name: re.sub(r"\[(?:À compléter|To be completed)[^\]]*\]", "Rien.", value) for name, value in form.items()
        }
        if done != form:
            officer.send(address, done | {"do": "save"}, key=section.key)


def look_at_all(officer: Visitor) -> None:
    """Say of each section, with its button, that both languages say the same."""
    draft = draft_of(officer.built)
    assert draft
    for section in [one for one in draft.sections if one.lagging]:
        present = draft_of(officer.built)
        assert present
        data = {"do": "same", "key": section.key, "version": str(present.version)}
        officer.send("staff_policy_arrange", data)


def publish(
    officer: Visitor, day: str, *, status: int = 303, document: Document = "privacy", kind: str = "material"
) -> Any:
    address = "staff_policy_publish" if document == "privacy" else "staff_governance_publish"
    form = officer.visit(address).form("publier" if officer.language == "fr" else "publish")
    said = {"summary_fr": "Tout est nouveau.", "summary_en": "All is new.", "kind": kind, "day": day}
    return officer.send(address, form | said | {"do": "publish"}, status=status)


def version_ids(built: Built) -> list[str]:
    with built.installation.database.reading() as store:
        return [version.id for version in policies.versions(store)]


def paste(officer: Visitor, data: dict[str, str], *, status: int = 303) -> object:
    form = officer.visit("staff_policy_paste").form("coller" if officer.language == "fr" else "paste")
    return officer.send("staff_policy_paste", form | data, status=status)


def confirm(officer: Visitor, **chosen: str) -> None:
    page = officer.visit("staff_policy_sections")
    proposed = {
        choice.get("name", ""): option.get("value", "")
        for choice in page.all("select")
        for option in choice
        if option.get("selected") is not None
    }
    officer.send("staff_policy_sections", page.form("sections") | proposed | chosen)
