"""Deletion is asked by ticking a box: left empty, the page says so in its language and asks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.languages import Language
from tests.client import Page, Visitor
from tests.installation import CAMILLE, an_installation

SENTENCES = {"fr": "Cochez la case pour confirmer", "en": "Tick the box to confirm"}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_box_left_empty_is_said_and_nothing_is_asked(tmp_path: Path, lang: Language) -> None:
    built = an_installation(tmp_path)
    visitor = Visitor(built, lang)
    visitor.sign_in(CAMILLE)
    visitor.visit("delete")
    answer = visitor.send("delete", {}, status=422)
    assert isinstance(answer, Page)
    assert SENTENCES[lang] in answer.text()
    with built.installation.database.reading() as store:
        assert list(store.requests.all(None)) == []
