"""French spacing by Québec usage: faults are found, sound texts pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.wording.typography import french_spacing_faults

SOUND = [
    "Échéance\u00a0: le 25 février 2025.",
    "Voulez-vous continuer? Oui! Non; peut-être.",
    "Le bouton «\u00a0Télécharger\u00a0» donne le fichier.",
    "Voir https://vieprivee.example.org:8000/fr/?a=1 ou écrire à mailto:a@example.org",
    "Ouvert à 08:05 et à 08:05:30, ou à 14\u00a0h\u00a030, ou dès 9\u00a0h.",
    "Il reste 25\u00a0% de 1\u00a0234,50\u00a0$, soit 5\u00a0Mo.",
    "La clé `a:b ; c` est du code.",
    "Nouvelle demande %(reference)s\u00a0: %(num)s jours",
    "Il y a 5 %(unit)s.",
    "Adresse [::1] de la machine",
]

FAULTY = [
    ("Échéance : le 25 février", "no-break space before :"),
    ("Échéance: le 25 février", "no-break space before :"),
    ("Échéance\u202f: le 25 février", "no-break space before :"),
    ("Échéance\u00a0:le 25 février", "a space after :"),
    ("Continuer ?", "no space before ; ! ?"),
    ("Continuer\u00a0!", "no space before ; ! ?"),
    ("oui\u202f; non", "no space before ; ! ?"),
    ("« Télécharger\u00a0»", "no-break space after «"),
    ("«\u00a0Télécharger »", "no-break space before »"),
    ("25 % des gens", "no-break space before %"),
    ("25% des gens", "no-break space before %"),
    ("50 $", "no-break space before $"),
    ("50$", "no-break space before $"),
    ("à 14h30", "no-break spaces around h in times"),
    ("à 14 h 30", "no-break spaces around h in times"),
    ("à 9h", "no-break spaces around h in times"),
]


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_text_has_no_fault(text: str) -> None:
    assert french_spacing_faults(text) == []


@pytest.mark.parametrize(("text", "rule"), FAULTY)
def test_a_fault_is_found_and_named(text: str, rule: str) -> None:
    faults = french_spacing_faults(text)
    assert [fault.rule for fault in faults] == [rule]
    assert faults[0].excerpt in text


@given(some.text(), some.text())
def test_a_question_mark_after_a_space_is_found_wherever_it_stands(before: str, after: str) -> None:
    text = f"{before.replace('`', '')} ?{after.replace('`', '')}"
    assert any(fault.rule == "no space before ; ! ?" for fault in french_spacing_faults(text))
