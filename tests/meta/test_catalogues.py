"""The gate of translations sees what it is there to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.meta.catalogues import AVOIDED, LONGEST_SENTENCE, faults, never_gathered, style_faults

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "text",
    [
        f"Nous répondons dans les 30{NBSP}jours (P-39.1, art.{NBSP}32). Écrivez-nous à l’adresse courriel ci-dessous.",
        f"Une enveloppe n°{NBSP}10 et 10{NBSP}Mo par fichier.",
        "Une fois le serveur nommé dans portal.toml, sous [mail], l’envoi fonctionne.",
        "Le dossier est conservé, puis détruit.",
    ],
)
def test_a_good_sentence_passes(text: str) -> None:
    assert list(style_faults(text)) == []


@pytest.mark.parametrize(
    "text", ["P-39.1, art. 32", "n° 10", "10 Mo", "30 jours", "%(num)s jours", "%(longest)s caractères"]
)
def test_a_unit_that_may_leave_its_number_is_seen(text: str) -> None:
    assert list(style_faults(text))


@pytest.mark.parametrize(
    "text",
    [
        "Vos données personnelles",
        "Soumettre la demande",
        "Envoyer un e-mail",
        "Champ requis",
        "Le statut de la demande",
        "Écrire au support",
        "Le gardien du système",
    ],
)
def test_a_word_that_is_not_ours_is_seen(text: str) -> None:
    [fault] = style_faults(text)
    assert any(ours in fault for ours in AVOIDED.values())


def test_a_sentence_too_long_is_seen() -> None:
    assert list(style_faults("mot " * (LONGEST_SENTENCE + 1)))
    assert not list(style_faults("mot " * LONGEST_SENTENCE))


def test_the_catalogue_passes() -> None:
    assert list(faults()) == []


def test_a_sentence_inside_an_f_string_is_seen(tmp_path: Path) -> None:
    """Babel leaves f-strings out below Python 3.12: such a sentence would stay English for a French reader."""
    (tmp_path / "page.py").write_text("""said = f"{words('We answered.')} {day}"\n""", encoding="utf-8")
    assert list(never_gathered(tmp_path)) == ["inside an f-string of page.py: 'We answered.'"]
