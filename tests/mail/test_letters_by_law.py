"""Under every law, each letter that does not grant everything says what that law wants said (law.md §6.4)."""

from __future__ import annotations

from datetime import date

import pytest

from portal.config.law import shipped_law
from portal.domain.languages import LANGUAGES, Language
from portal.domain.letters import FIXED, FixedPart, LetterKind
from portal.mail.letters import draft
from portal.mail.marks import parts_in
from tests.mail.builders import HEAD, facts_of, letter_of, remedies

LAW = shipped_law()
OUTCOMES = [
    LetterKind.OUTCOME_PARTIALLY_GRANTED,
    LetterKind.OUTCOME_REFUSED,
    LetterKind.OUTCOME_NOTHING_FOUND,
    LetterKind.OUTCOME_NOT_ENTITLED,
]
UNTIL = date(2025, 9, 30)
LAST_DAY = {"en": "September 30, 2025", "fr": "30 septembre 2025"}
NO_LAST_DAY = {"en": "The law sets no last day to do so.", "fr": "La loi ne fixe aucune date limite pour le faire."}
WHO = {
    "qc_p391": {"en": "ask the Commission d’accès", "fr": "demande d’examen de mésentente à la Commission d’accès"},
    "ca_pipeda": {"en": "complaint to the Office of the Privacy Commissioner", "fr": "plainte au Commissariat"},
    "eu_gdpr": {"en": "supervisory authority of your country", "fr": "l’autorité de contrôle de votre pays"},
    "us_ca_ccpa": {"en": "Attorney General of California", "fr": "procureur général de la Californie"},
    "qc_a21": {"en": "apply to the Commission d’accès", "fr": "demande de révision à la Commission d’accès"},
}
COURT = {
    "en": "You may also seek a remedy before a court.",
    "fr": "Vous pouvez aussi vous adresser à un tribunal.",
}
CASES = [(regime, language) for regime in LAW.regimes for language in LANGUAGES]


def parts_of(kind: LetterKind, language: Language, *regimes: str) -> list[dict[FixedPart, str]]:
    facts = facts_of(kind, remedies=remedies(*regimes, until=UNTIL))
    drafted = draft(kind, facts, language, HEAD)
    return [parts_in(drafted.text or ""), parts_in(drafted.html)]


@pytest.mark.parametrize(("regime", "language"), CASES)
@pytest.mark.parametrize("kind", OUTCOMES)
def test_every_outcome_holds_each_part_and_the_recourse_of_its_law(
    regime: str, language: Language, kind: LetterKind
) -> None:
    row = LAW.regimes[regime]
    for parts in parts_of(kind, language, regime):
        assert {*FIXED[kind]} <= {name for name, said in parts.items() if said.strip()}
        assert {FixedPart.REASONS, FixedPart.RECOURSE, FixedPart.EXPLANATION} <= FIXED[kind]
        recourse = parts[FixedPart.RECOURSE]
        assert WHO[regime][language] in recourse
        assert LAW.body_of(row).website in recourse
        assert (LAST_DAY[language] in recourse) is (row.recourse.within is not None)
        assert (NO_LAST_DAY[language] in recourse) is (row.recourse.within is None)
        assert (COURT[language] in recourse) is (regime == "eu_gdpr")


@pytest.mark.parametrize(("regime", "language"), CASES)
@pytest.mark.parametrize("kind", OUTCOMES)
def test_no_outcome_speaks_of_another_law(regime: str, language: Language, kind: LetterKind) -> None:
    letter = letter_of(kind, language, remedies=remedies(regime, until=UNTIL))
    for body in (letter.text, letter.html):
        assert ("Commission d’accès" in body) is (LAW.regimes[regime].recourse.body == "cai")
        for foreign in ("P-39.1", "30 days", "30 jours", "CAI"):
            assert foreign not in body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*OUTCOMES, LetterKind.WE_ARE_LATE])
def test_under_two_laws_each_recourse_is_named_with_its_law(kind: LetterKind, language: Language) -> None:
    for parts in parts_of(kind, language, "qc_p391", "eu_gdpr"):
        recourse = parts[FixedPart.RECOURSE]
        for regime in ("qc_p391", "eu_gdpr"):
            assert WHO[regime][language] in recourse
            assert LAW.regimes[regime].label.in_(language).split("(")[0].strip() in recourse
        assert LAST_DAY[language] in recourse
        assert NO_LAST_DAY[language] in recourse
        assert COURT[language] in recourse


@pytest.mark.parametrize(("regime", "language"), CASES)
def test_a_late_letter_says_that_silence_is_a_refusal_only_where_the_law_does(regime: str, language: Language) -> None:
    said = {"en": "By law, this counts as a refusal.", "fr": "Selon la loi, ce silence équivaut à un refus."}[language]
    for parts in parts_of(LetterKind.WE_ARE_LATE, language, regime):
        recourse = parts[FixedPart.RECOURSE]
        assert (said in recourse) is (LAW.regimes[regime].silence == "deemed_refusal")
        assert WHO[regime][language] in recourse


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_acknowledgement_says_what_happens_who_is_checked_and_by_when(language: Language) -> None:
    letter = letter_of(LetterKind.ACKNOWLEDGEMENT, language)
    checked = {"en": "We check that the request comes from you", "fr": "Nous vérifions que la demande vient de vous"}
    due = {"en": "August 31, 2025", "fr": "31 août 2025"}
    for body in (letter.text, letter.html):
        assert checked[language] in body
        assert due[language] in body
