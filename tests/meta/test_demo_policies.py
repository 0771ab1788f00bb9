"""The demo's policies and governance practices are whole, in careful French, and say what its data map does."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from portal.demo.portal_toml import data_map_toml
from portal.domain.languages import LANGUAGES, Language
from portal.domain.policies import PLACEHOLDERS, Version
from portal.policies.folders import read_folder
from portal.policies.markdown import placeholders_in
from portal.policies.rendering import render
from portal.resources import demo_policies_folder
from portal.services.policy_gate import lacking
from portal.wording.typography import french_spacing_faults
from tests.installation import an_installation

PRIVACY = demo_policies_folder() / "privacy"
FIRST = read_folder(PRIVACY / "2025-02-25")
NOW = read_folder(PRIVACY / "2026-06-15")
GOVERNANCE = [read_folder(folder) for folder in sorted((demo_policies_folder() / "governance").iterdir())]
VERSIONS = pytest.mark.parametrize(
    "version", [FIRST, NOW, *GOVERNANCE], ids=lambda version: f"{version.document}-{version.id}"
)
BOTH = pytest.mark.parametrize("language", LANGUAGES)

NINE_PARTS = ["introduction", "collected", "uses", "sharing", "security", "retention", "rights", "changes", "contact"]
MUST_SAY: dict[Language, tuple[str, ...]] = {
    "fr": (
        "15 juin 2026",
        "Dernière mise à jour",
        "ne vendons pas",
        "témoins",
        "profilage",
        "consentement",
        "Fournisseur",
        "Ontario",
        "portabilité",
        "désindexer",
        "exclusivement sur un traitement automatisé",
        "moins de 14 ans",
        "dans les 30 jours",
        "gratuit",
        "attestation",
        "demande d\u2019examen de mésentente",
        "Commission d\u2019accès à l\u2019information",
        "30 jours",
        "plainte",
        "transaction commerciale",
        "délai raisonnable",
        "incident de confidentialité",
    ),
    "en": (
        "June 15, 2026",
        "Last updated",
        "do not sell",
        "cookies",
        "profiles you",
        "consent",
        "provider",
        "Ontario",
        "portability",
        "de-index",
        "exclusively on automated processing",
        "under 14",
        "within 30 days",
        "free",
        "attestation",
        "examine the disagreement",
        "Commission d\u2019accès à l\u2019information",
        "30 days",
        "complaint",
        "is sold or merged",
        "reasonable time",
        "confidentiality incident",
    ),
}
NOT_PROSE = re.compile(r"\{#[^}]*\}|\{\{[^}]*\}\}|<https:[^>]*>")
AVOIDED = {
    "fr": r"données personnelles|données à caractère personnel|collecter|divulg|sous-traitant"
    r"|e-mail|\bemail|cookie|révoqu|cryptage|rétention|droit à l\u2019oubli|effacement",
    "en": r"personal data|\bdata subject|organisation|\bQuebec\b|right to be forgotten",
}


def words_of(version: Version, language: Language) -> str:
    return version.texts[language].source


@VERSIONS
def test_the_french_is_spaced_as_in_quebec(version: Version) -> None:
    said = NOT_PROSE.sub("", f"{words_of(version, 'fr')}\n{version.summary.fr}")
    assert french_spacing_faults(said) == []


@VERSIONS
@BOTH
def test_apostrophes_are_typographic_and_avoided_words_absent(version: Version, language: Language) -> None:
    said = NOT_PROSE.sub("", f"{words_of(version, language)}\n{version.summary.in_(language)}")
    assert "'" not in said
    assert re.findall(AVOIDED[language], said, re.IGNORECASE) == []


@VERSIONS
@BOTH
def test_every_section_renders_with_words(version: Version, language: Language) -> None:
    rendered = render(version.texts[language], placeholders=dict.fromkeys(PLACEHOLDERS, "x"))
    assert all(re.sub(r"<[^>]+>", "", section.html).strip() for section in rendered.sections)
    assert not any("{{" in section.html for section in rendered.sections)


def test_the_first_version_has_its_nine_parts_and_came_before_the_portal() -> None:
    assert [section.key for section in FIRST.texts["fr"].sections] == NINE_PARTS
    assert (FIRST.imported, FIRST.kind, FIRST.effective) == (True, "material", date(2025, 2, 25))


def test_the_later_version_keeps_every_part_of_the_first() -> None:
    assert {*NINE_PARTS} < {section.key for section in NOW.texts["fr"].sections}
    assert (NOW.imported, NOW.effective) == (False, date(2026, 6, 15))


@BOTH
def test_the_later_version_says_what_the_law_asks_for(language: Language) -> None:
    said = words_of(NOW, language)
    assert [words for words in MUST_SAY[language] if words not in said] == []
    assert placeholders_in(said) == {*PLACEHOLDERS} - {"contact.name"}  # the law asks for the title; a name is optional


def test_the_later_version_passes_the_gate_of_the_data_map(tmp_path: Path) -> None:
    portal = an_installation(tmp_path, by_hand=True).installation
    with portal.database.reading() as store:
        assert lacking(portal, store, NOW, "en") == []
        told = {problem.code for problem in lacking(portal, store, FIRST, "fr")}
    assert {"part", "cover"} <= told


@pytest.mark.parametrize(("language", "month", "year"), [("fr", "mois", "ans"), ("en", "months", "years")])
def test_the_periods_told_are_those_of_the_data_map(language: Language, month: str, year: str) -> None:
    data_map = tomllib.loads(data_map_toml())
    periods = {
        table["retention"]["keep"]
        for one in data_map["categories"]
        for table in one.get("tables", ())
        if "retention" in table
    }
    told = {re.sub(r"P(\d+)([MY])", lambda p: f"{p[1]} {month if p[2] == 'M' else year}", one) for one in periods}
    retention = NOW.texts[language].section("retention")
    assert retention is not None
    assert [one for one in told if one not in retention.body_markdown] == []
