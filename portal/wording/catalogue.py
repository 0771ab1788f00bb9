"""The gettext catalogue of each language: English is the source text, French is read from translations/."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from portal.domain.languages import Language
from portal.resources import translations_folder


def N_(message: str) -> str:
    """Mark a constant for translation; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Sentences in one language. Values are named: `gettext("Due %(day)s", day=…)`."""

    language: Language
    translations: NullTranslations

    def gettext(self, message: str, **values: object) -> str:
        """The sentence in this language, with its values put in."""
        return _filled(self.translations.gettext(message), values)

    def ngettext(self, singular: str, plural: str, num: int, **values: object) -> str:
        """The sentence for a number of things; `%(num)s` is the number unless given otherwise.

        French counts 0 and 1 as singular, English only 1.
        """
        return _filled(self.translations.ngettext(singular, plural, num), {"num": num, **values})

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """The sentence where the same English says two things, for instance of a request, feminine in French."""
        return _filled(self.translations.pgettext(context, message), values)


@cache
def for_language(language: Language) -> Catalogue:
    """The catalogue of a language; the same object each time."""
    return catalogue_from(translations_folder(), language)


def catalogue_from(folder: Path, language: Language) -> Catalogue:
    """Read the catalogue of a language under `folder`.

    The compiled file serves when it is there and not older than the text it was made of; else the text is read. Without
    either, sentences stay in English.
    """
    messages = folder / language / "LC_MESSAGES" / "messages"
    text, compiled = messages.with_suffix(".po"), messages.with_suffix(".mo")
    if _fresh(compiled, text):
        with compiled.open("rb") as stream:
            return Catalogue(language, GNUTranslations(stream))
    if text.is_file():
        return Catalogue(language, _compiled(text, language))
    return Catalogue(language, NullTranslations())


def _fresh(compiled: Path, text: Path) -> bool:
    if not compiled.is_file():
        return False
    return not text.is_file() or compiled.stat().st_mtime_ns >= text.stat().st_mtime_ns


def _compiled(text: Path, language: Language) -> GNUTranslations:
    """The text compiled here: in a checkout only, so that no installation's start waits for the compiler."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with text.open("rb") as source:
        messages = read_po(source, locale=f"{language}_CA")
    stream = io.BytesIO()
    write_mo(stream, messages)
    stream.seek(0)
    return GNUTranslations(stream)


def _filled(sentence: str, values: dict[str, object]) -> str:
    return sentence % values if values else sentence
