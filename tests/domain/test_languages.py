"""Both languages are equals, and French is what nothing else decides."""

import pytest

from portal.domain.languages import LANGUAGES, Text, language_or_default, twin_of


@pytest.mark.parametrize("tag", ["en", "EN", "en-CA", "en_US", " en-gb "])
def test_english_tags_are_english(tag: str) -> None:
    assert language_or_default(tag) == "en"


@pytest.mark.parametrize("tag", ["fr", "fr-CA", "", None, "de", "enochian", "x-en", "<script>"])
def test_anything_else_is_french(tag: str | None) -> None:
    assert language_or_default(tag) == "fr"


def test_each_language_is_the_twin_of_the_other() -> None:
    assert [twin_of(language) for language in LANGUAGES] == list(reversed(LANGUAGES))


def test_a_text_answers_in_the_language_of_its_reader() -> None:
    text = Text(fr="courriel", en="e-mail")
    assert (text.in_("fr"), text.in_("en")) == ("courriel", "e-mail")
