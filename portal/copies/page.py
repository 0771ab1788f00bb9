"""The readable page of a copy: what is held, in the words of its person (a written and intelligible transcript, P-39.1, s. 27)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment

from portal.copies.contents import (
    MOST_IN_JSON,
    MOST_UNDATED,
    NEWEST_SHOWN,
    CategoryContents,
    ConsentContents,
    CopyContents,
    PartLeftOut,
    TableContents,
)
from portal.domain.data_map import Category
from portal.domain.languages import LANGUAGES, Language
from portal.domain.rights import LeftOut
from portal.wording.catalogue import for_language
from portal.wording.category_words import purposes_words, retention_words
from portal.wording.dates import date_long, instant
from portal.wording.held_words import dates_left_out_words, days_chosen_words, left_out_undated_words, whole_words
from portal.wording.left_out import left_out_by, part_label, table_label
from portal.wording.map_labels import origin_label
from portal.wording.numbers import bytes_size, number
from portal.wording.spans import span_words
from portal.wording.templates import environment_of
from portal.wording.values import value_words

LONGEST_CELL = 2_000
"""Characters of one value that the page shows; the data files hold all of it."""

_PIECES = 200


@dataclass(frozen=True, slots=True)
class TableShown:
    """One table as the page shows it: words only."""

    file: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: bool


def index_page(contents: CopyContents) -> Iterator[bytes]:
    """The page in the person's language, table after table, so that one table at most is held at a time."""
    yield from _streamed("index.html", contents, contents.language)


def readme(contents: CopyContents) -> Iterator[bytes]:
    """What each file is, in both languages, the person's own first."""
    first = contents.language
    for language in (first, *(other for other in LANGUAGES if other != first)):
        yield from _streamed("readme.txt", contents, language)


def _streamed(template: str, contents: CopyContents, language: Language) -> Iterator[bytes]:
    stream = _environment(language).get_template(template).stream(copy=contents, lang=language, words=_Words(contents))
    stream.enable_buffering(_PIECES)
    for piece in stream:
        yield piece.encode("utf-8", "replace")


class _Words:
    """What the page says of the copy's parts, in the person's language."""

    def __init__(self, contents: CopyContents) -> None:
        self._contents = contents
        self._language = contents.language

    def shown(self, table: TableContents) -> TableShown:
        """The newest rows of a table in words, read now."""
        rows, more = table.newest(NEWEST_SHOWN)
        columns = table.table.columns
        return TableShown(
            file=table.file,
            labels=tuple(column.label.in_(self._language) for column in columns),
            rows=tuple(
                tuple(
                    self._cell(value_words(row[column.name], column, self._language, self._contents.zone))
                    for column in columns
                )
                for row in rows
            ),
            more=more,
        )

    def chosen(self, language: Language) -> list[str]:
        """The part the person chose to take, in either language; nothing when they took everything."""
        scope, words = self._contents.scope, for_language(language)
        said = [
            words.gettext("Only these categories: %(names)s. The others are left out.", names=self._names(language))
        ]
        portable = words.gettext(
            "Only what you gave us and what your use of the service left. What we created or inferred about you is left out."
        )
        days = days_chosen_words(scope.first_day, scope.last_day, language)
        return [*(said if scope.categories else []), *([portable] if scope.portable else []), *days]

    def _names(self, language: Language) -> str:
        return ", ".join(one.category.label.in_(language) for one in self._contents.categories)

    def days(self, category: CategoryContents, table: TableContents) -> list[str]:
        """What the days chosen leave out of a table: rows without a date, or nothing at all."""
        if not self._contents.scope.has_days:
            return []
        if table.undated is None:
            return [(dates_left_out_words if category.lacks_dates_of(table.table) else whole_words)(self._language)]
        more = table.undated >= MOST_UNDATED
        count = MOST_UNDATED - 1 if more else table.undated
        return [left_out_undated_words(count, self._language, more=more)] if count else []

    def caption(self, category: Category, table: TableContents) -> str:
        """What a table is called; that of the person's comments is no table of the map."""
        words = for_language(self._language)
        if category.table(str(table.table.name)) is None:
            return words.gettext("%(category)s: your comments", category=category.label.in_(self._language))
        called = table_label(category, table.table, self._language)
        if table.under is None:
            return called
        return words.gettext("%(list)s, under the address %(address)s", list=called, address=table.under)

    def purposes(self, category: Category) -> list[str]:
        """What a category is used for, each with its ground."""
        return purposes_words(category, self._contents.data_map, self._language)

    def origin(self, category: Category) -> str:
        """Where it comes from."""
        return origin_label(category.origin, self._language)

    def retention(self, category: Category) -> list[str]:
        """How long it is kept, and what comes then."""
        return retention_words(category, self._language)

    def withheld(self, withheld: LeftOut) -> list[str]:
        """Why a category is left out, in words of staff and by the law."""
        words = for_language(self._language)
        said = words.gettext(
            "Our answer to your request %(reference)s leaves this out (%(provision)s).",
            reference=withheld.reference,
            provision=withheld.provision,
        )
        return [said, withheld.reason]

    def left_out(self, part: PartLeftOut) -> list[str]:
        """A table, a field or some rows that are left out, and why."""
        label = part_label(self._contents.data_map, part.part, self._language)
        return [left_out_by(label, part.why, self._language), part.why.reason]

    def part(self, part: PartLeftOut, language: Language) -> str:
        """The same in one line, in either language."""
        return left_out_by(part_label(self._contents.data_map, part.part, language), part.why, language)

    def whole(self, category: CategoryContents, language: Language) -> str:
        """A category left out, in one line, in either language."""
        why = category.withheld
        return left_out_by(category.category.label.in_(language), why, language) if why else ""

    def consent(self, consent: ConsentContents) -> list[str]:
        """How a consent stands, and the last answer recorded here."""
        words, now = for_language(self._language), self._standing(consent)
        if consent.at is None:
            return [now]
        moment = instant(consent.at, self._language, self._contents.zone)
        last = (
            words.gettext("On %(moment)s, you gave it in this portal.", moment=moment)
            if consent.answered == "given"
            else words.gettext("On %(moment)s, you withdrew it in this portal.", moment=moment)
        )
        return [now, last]

    def _standing(self, consent: ConsentContents) -> str:
        words = for_language(self._language)
        if consent.in_part:
            return words.gettext("Some of your accounts say that you gave your consent, and others do not.")
        return words.gettext("You gave your consent.") if consent.given else words.gettext("There is no consent.")

    def time_to_answer(self) -> str:
        """How long the law leaves to answer, as the regime counts it."""
        return span_words(self._contents.regime.base, self._language)

    def recourse(self) -> list[str]:
        """What one may do who disagrees or gets no answer, and within which time if the law sets one."""
        recourse, words = self._contents.regime.recourse, for_language(self._language)
        how, language = recourse.how.in_(self._language), self._language
        said = (
            words.gettext(
                "If you disagree with our answer, or get none in that time, you may, within %(time)s, %(how)s.",
                time=span_words(recourse.within, language),
                how=how,
            )
            if recourse.within
            else words.gettext("If you disagree with our answer, or get none in that time, you may %(how)s.", how=how)
        )
        return [said, *([recourse.court.in_(language)] if recourse.court else [])]

    def _cell(self, text: str) -> str:
        fit = text if text.isprintable() else "".join(map(_fit, text))
        if len(fit) <= LONGEST_CELL:
            return fit
        cut = for_language(self._language).gettext("[shortened here; whole in the data files]")
        return f"{fit[:LONGEST_CELL]}… {cut}"


def _fit(character: str) -> str:
    """The character, or what stands for one that HTML may not hold (HTML §13.2.3.5)."""
    code = ord(character)
    unfit = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    if unfit or (character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}):
        return "\N{REPLACEMENT CHARACTER}"
    return character


@cache
def _environment(language: Language) -> Environment:
    environment = environment_of("copies", language)
    environment.globals |= {
        "date_long": lambda day: date_long(day, language),
        "instant": lambda moment, zone: instant(moment, language, zone),
        "number": lambda value: number(value, language),
        "bytes_size": lambda count: bytes_size(count, language),
        "newest_shown": NEWEST_SHOWN,
        "most_in_json": MOST_IN_JSON,
    }
    return environment
