"""What each letter says, as the officer reads it: every kind, both languages, what is fixed and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.letters import FIXED, LetterKind
from portal.wording.letter_labels import letter_label
from portal.wording.letter_parts import part_label, part_reason
from tests.client import HTML, Page, Visitor, folded
from tests.installation import Built, an_installation

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def signed_in(built: Built, address: str, lang: Language = "fr") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_kind_of_letter_has_its_preview_and_no_other_is_listed(built: Built, lang: Language) -> None:
    officer = signed_in(built, OFFICER, lang)
    links = officer.visit("staff_letters").links()
    listed = {href.rsplit("/", 1)[1] for href in links.values() if "/kinds/" in href or "/modeles/" in href}
    assert listed == {kind.value for kind in LetterKind}
    for kind in LetterKind:
        assert officer.open(links[letter_label(kind, lang)]).heading == letter_label(kind, lang)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_preview_shows_both_languages_and_every_fixed_part_with_its_reason(built: Built, lang: Language) -> None:
    officer = signed_in(built, OFFICER, lang)
    name = built.installation.settings.organisation.name
    for kind in LetterKind:
        page = officer.visit("staff_letter_kind", kind=kind.value)
        french, english = _column(page, "fr-CA"), _column(page, "en-CA")
        assert name.fr in french
        assert name.en in english
        for part in FIXED[kind]:
            assert part_label(part, "fr") in french, kind
            assert part_label(part, "en") in english, kind
            assert part_reason(part, lang) in page.text(), kind


def test_a_refusal_shows_the_commission_and_its_last_day_in_both_forms(built: Built) -> None:
    page = signed_in(built, OFFICER).visit("staff_letter_kind", kind="outcome_refused")
    assert page.html.count("Toll-free: ") == 2
    assert _column(page, "fr-CA").count("23 décembre 2026") == 2
    assert _column(page, "en-CA").count("December 23, 2026") == 2


def test_a_preview_leads_nowhere(built: Built) -> None:
    page = signed_in(built, OFFICER).visit("staff_letter_kind", kind="acknowledgement")
    assert not [link for link in page.all("a") if "R-2345-6789-ABCD" in link.get("href", "")]
    assert "R-2345-6789-ABCD" in page.text()


def test_a_kind_that_is_none_is_no_page(built: Built) -> None:
    signed_in(built, OFFICER).open("/fr/personnel/lettres/modeles/relance", status=404)


@pytest.mark.parametrize("who", [AGENT, AUDITOR])
def test_what_letters_say_is_the_officers(built: Built, who: str) -> None:
    signed_in(built, who).open("/fr/personnel/lettres/modeles/acknowledgement", status=403)


def _column(page: Page, tag: str) -> str:
    return " ".join(
        folded("".join(element.itertext()))
        for element in page.tree.iter()
        if element.get("lang") == tag and element.tag == f"{HTML}div"
    )
