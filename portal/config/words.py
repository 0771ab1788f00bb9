"""The kinds of value the file is made of: words, addresses of people, ids, periods, columns and plain values."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, PlainValidator

from portal.config.reading import Refused, Shape
from portal.domain.contrast import is_colour, is_readable
from portal.domain.data_map import Scalar
from portal.domain.languages import Text
from portal.domain.periods import Period, period

_SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}")
_RESERVED = frozenset({"portal"})
_PAGES_OF_MY_INFORMATION = frozenset({"download", "telecharger", "ask-us-to-look", "demander-de-verifier"})
"""Addresses beside `/my-information/<category>` (design §4.2): a category of that name could not be opened."""
NO_CATEGORY_IDS = _RESERVED | _PAGES_OF_MY_INFORMATION
"""Ids that no category may have."""

_COLOUR = "a colour such as #0f5450"
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_MONTHS = 12 * 200
_MOST_DAYS = 366 * 200
_PERIOD = "a period such as P13M, P6Y or P30D"
_DAY = "a date such as 2026-12-24"


def _has_words(written: str) -> str:
    """Refuse control characters, and what shows nothing: no-break and zero-width spaces too (security.md B-2)."""
    shown = [c for c in written if unicodedata.category(c)[0] not in "ZC"]
    if not shown or any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in written):
        raise Refused("wrong", expected="some words")
    return written.strip()


def _on_one_line(written: str) -> str:
    """Refuse line ends, which could begin a new header in a letter (security.md B-9)."""
    if any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in written):
        raise Refused("wrong", expected="some words on one line")
    return _has_words(written)


def _email(written: str) -> str:
    try:
        return validate_email(written, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Refused("wrong", expected="an e-mail address") from None


def _slug(written: str) -> str:
    if not _SLUG.fullmatch(written):
        raise Refused("wrong", expected="a short name of a-z, 0-9 and -, beginning with a letter")
    if written in _RESERVED:
        raise Refused("reserved")
    return written


def is_slug(written: str) -> bool:
    """Whether a source, a purpose or a category may have this id."""
    return bool(_SLUG.fullmatch(written)) and written not in _RESERVED


def _category_slug(written: str) -> str:
    if written in _PAGES_OF_MY_INFORMATION:
        raise Refused("reserved")
    return written


def _column(written: str) -> str:
    if not written or "\0" in written:
        raise Refused("wrong", expected="the name of a column")
    return written


def _columns(written: object) -> tuple[str, ...]:
    names = [written] if isinstance(written, str) else written
    if not isinstance(names, list) or not names or not all(isinstance(n, str) and n and "\0" not in n for n in names):
        raise Refused("wrong", expected="the name of a column, or a list of names")
    if len(set(names)) < len(names):
        raise Refused("wrong", expected="each column once")
    return tuple(names)


def _period(written: object) -> Period:
    try:
        found = period(written) if isinstance(written, str) else None
    except ValueError:
        found = None
    if found is None or found.months > _MOST_MONTHS or found.days > _MOST_DAYS:
        raise Refused("wrong", expected=_PERIOD)
    return found


def _lasting_period(written: object) -> Period:
    found = _period(written)
    if found == Period(0, 0):
        raise Refused("wrong", expected=_PERIOD)
    return found


def _day(written: object) -> date:
    """A date as TOML has it, or as the officer's rows keep it."""
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        return date.fromisoformat(written) if isinstance(written, str) and _ISO_DAY.fullmatch(written) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise Refused("wrong", expected=_DAY)


def _colour(written: str) -> str:
    """A colour that can be read where it stands (WCAG 2.2, 1.4.3)."""
    colour = written.lower()
    if not is_colour(colour):
        raise Refused("wrong", expected=_COLOUR)
    if not is_readable(colour):
        raise Refused("too_pale")
    return colour


def _scalar(written: object) -> Scalar:
    if isinstance(written, str | bool | int | float):
        return written
    raise Refused("wrong", expected="words in quotes, a number, true or false")


Words = Annotated[str, AfterValidator(_has_words), Field(description="some words")]
Line = Annotated[str, AfterValidator(_on_one_line), Field(description="some words on one line")]
Email = Annotated[str, AfterValidator(_email), Field(description="an e-mail address")]
Slug = Annotated[
    str, AfterValidator(_slug), Field(description="a short name of a-z, 0-9 and -, beginning with a letter")
]
CategorySlug = Annotated[Slug, AfterValidator(_category_slug)]
ColumnName = Annotated[str, AfterValidator(_column), Field(description="the name of a column")]
Columns = Annotated[
    tuple[str, ...], PlainValidator(_columns), Field(description="the name of a column, or a list of names")
]
Wait = Annotated[Period, PlainValidator(_period), Field(description=_PERIOD)]
Keep = Annotated[Period, PlainValidator(_lasting_period), Field(description=_PERIOD)]
Day = Annotated[date, PlainValidator(_day), Field(description=_DAY)]
Colour = Annotated[str, AfterValidator(_colour), Field(description=_COLOUR)]
Plain = Annotated[Scalar, PlainValidator(_scalar), Field(description="words in quotes, a number, true or false")]


class Bilingual(Shape):
    """Words in both languages."""

    fr: Words
    en: Words

    def text(self) -> Text:
        """The words as the domain carries them."""
        return Text(fr=self.fr, en=self.en)


class BilingualLine(Bilingual):
    """Words in both languages that may stand in the header of a letter."""

    fr: Line
    en: Line


Both = Annotated[Bilingual, Field(description="words in both languages: { fr = …, en = … }")]
BothOnOneLine = Annotated[BilingualLine, Field(description="words in both languages: { fr = …, en = … }")]


def text_or_none(words: Bilingual | None) -> Text | None:
    """The words as the domain carries them, where there may be none."""
    return words.text() if words else None
