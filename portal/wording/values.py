"""Values that a source holds, in the words of their person: no raw code, no other language's dates (P-39.1, s. 27)."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal

from portal.domain.data_map import Column
from portal.domain.languages import Language
from portal.wording.catalogue import for_language
from portal.wording.dates import date_long, instant
from portal.wording.map_labels import unshown_label
from portal.wording.numbers import bytes_size

NOTHING = "\N{EM DASH}"
"""Stands where nothing is held."""


def value_words(value: object, column: Column, language: Language, zone: tzinfo) -> str:
    """One cell as its person reads it.

    What is only said to be held, or is another person’s, is never shown; what the map has words for is said in them; what is of no known kind
    could not be read (security.md B-45).
    """
    if value is None or value == "":
        return NOTHING
    unshown = unshown_label(column, language)
    if unshown:
        return unshown
    named = column.values.get(_written(value))
    return named.in_(language) if named else _plain_words(value, language, zone)


def unreadable_label(language: Language) -> str:
    """Stands for a value that could not be read, while the others still are."""
    return for_language(language).gettext("Not readable")


def _written(value: object) -> str:
    """The value as the map's keys write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain_words(value: object, language: Language, zone: tzinfo) -> str:
    words = for_language(language)
    match value:
        case str():
            return value
        case bool():
            return words.gettext("Yes") if value else words.gettext("No")
        case int():
            return str(value)
        case float() | Decimal():
            return str(value).replace(".", "," if language == "fr" else ".")
        case datetime():
            return instant(value, language, zone)
        case date():
            return date_long(value, language)
        case bytes():
            return words.gettext("Data that is not text (%(size)s)", size=bytes_size(len(value), language))
    return unreadable_label(language)
