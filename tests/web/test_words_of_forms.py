"""The labels of forms, made when the program is loaded, are said in the language of the page that shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.languages import Language
from tests.client import Visitor
from tests.installation import an_installation


@pytest.mark.parametrize(
    ("path", "lang", "label"),
    [
        ("/fr/connexion", "fr", "Adresse courriel"),
        ("/en/sign-in", "en", "E-mail address"),
        ("/fr/demandes/nouvelle", "fr", "Que demandez-vous?"),
        ("/en/requests/new", "en", "What do you ask?"),
    ],
)
def test_a_label_is_in_the_language_of_its_page(tmp_path: Path, path: str, lang: Language, label: str) -> None:
    assert label in Visitor(an_installation(tmp_path)).open(path, lang=lang).text()


def test_one_program_speaks_both_languages_by_turns(tmp_path: Path) -> None:
    visitor = Visitor(an_installation(tmp_path))
    assert "Adresse courriel" in visitor.open("/fr/connexion", lang="fr").text()
    assert "E-mail address" in visitor.open("/en/sign-in", lang="en").text()
    assert "Adresse courriel" in visitor.open("/fr/connexion", lang="fr").text()
