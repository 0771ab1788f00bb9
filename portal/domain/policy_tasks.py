"""What a policy's text lacks, whatever it was read from: one list for the draft's page, the commands and the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.data_map import DataMap
from portal.domain.documents import REQUIRED
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import PLACEHOLDERS, Difference, Document, PolicyText, disparities_between, slots_in
from portal.domain.policy_coverage import (
    SECTIONS,
    Item,
    says_it_is_not_sold,
    uncovered,
    unmapped,
    without_erasure,
    without_period,
)
from portal.domain.policy_facts import PLACEHOLDER
from portal.domain.policy_parts import Part, asked_under, missing_parts

NOT_SOLD = "not-sold"
"""The ready sentence that says personal information is not sold."""
COVERS = "covers:"
"""Begins the name of the ready paragraph that says what the map knows of one thing."""


class TaskKind(StrEnum):
    """What there may be to do."""

    NO_SECTION = "no_section"
    LANGUAGE = "language"
    LOOK = "look"
    SLOT = "slot"
    PLACEHOLDER = "placeholder"
    DISPARITY = "disparity"
    PART = "part"
    COVER = "cover"
    UNMAPPED = "unmapped"
    NOT_SAID_SOLD = "not_said_sold"
    SAID_NOT_SOLD = "said_not_sold"
    PERIOD = "period"
    ERASURE = "erasure"
    RAW_HTML = "raw_html"
    BAD_LINK = "bad_link"
    GARBLED = "garbled"
    LOST_LETTER = "lost_letter"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    PASTED = "pasted"


WRONG_WORDS = frozenset({TaskKind.RAW_HTML, TaskKind.BAD_LINK, TaskKind.GARBLED, TaskKind.LOST_LETTER})
"""What is wrong in the words themselves, whatever they say."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do before publishing: in which section and language, and what exactly.

    `line`: at which line of the section, when known. `item`: what of the map is meant. `category`, `table`: where the
    map itself lacks something.
    """

    kind: TaskKind
    section: str = ""
    language: Language | None = None
    words: str = ""
    difference: Difference | None = None
    only_fr: tuple[str, ...] = ()
    only_en: tuple[str, ...] = ()
    part: Part | None = None
    item: Item | None = None
    category: str = ""
    table: str = ""
    line: int | None = None

    @property
    def ready(self) -> str:
        """The name of the ready text that would do it; empty when only a person can."""
        if self.part:
            return self.part.key
        if self.kind is TaskKind.NOT_SAID_SOLD:
            return NOT_SOLD
        return f"{COVERS}{self.item.name}" if self.kind is TaskKind.COVER and self.item else ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a policy's text is held against: who publishes it, what they hold, whether they sell any of it, which law."""

    organisation: Text
    data_map: DataMap
    sells: bool = False
    regime: str = "qc_p391"


def shortcomings(
    texts: Mapping[Language, PolicyText], ground: Ground, *, document: Document = "privacy"
) -> tuple[Task, ...]:
    """All that two texts lack, section by section, then what neither says, then what the map itself leaves open.

    The map is covered by the privacy policy; the governance practices have parts of their own to say.
    """
    return (
        *_in_sections(texts),
        *_disparities(texts),
        *_parts(texts, ground.organisation, asked_under(ground.regime, REQUIRED[document])),
        *(_of_the_map(texts, ground) if document == "privacy" else ()),
    )


def _in_sections(texts: Mapping[Language, PolicyText]) -> Iterator[Task]:
    keys = dict.fromkeys(section.key for language in LANGUAGES for section in texts[language].sections)
    for key in keys:
        for language in LANGUAGES:
            section = texts[language].section(key)
            words = f"{section.title}\n{section.body_markdown}" if section else ""
            for slot in slots_in(words):
                yield Task(TaskKind.SLOT, key, language, slot)
            for name in sorted({*PLACEHOLDER.findall(words)} - {*PLACEHOLDERS}):
                yield Task(TaskKind.PLACEHOLDER, key, language, f"{{{{ {name} }}}}")


def _disparities(texts: Mapping[Language, PolicyText]) -> Iterator[Task]:
    for found in disparities_between(texts["fr"], texts["en"]):
        yield Task(
            TaskKind.DISPARITY,
            found.section,
            difference=found.difference,
            only_fr=found.only_fr,
            only_en=found.only_en,
        )


def _of_the_map(texts: Mapping[Language, PolicyText], ground: Ground) -> Iterator[Task]:
    for item in uncovered(texts.values(), ground.data_map):
        yield Task(TaskKind.COVER, SECTIONS[item.kind], item=item)
    for key, name in unmapped(texts.values(), ground.data_map):
        yield Task(TaskKind.UNMAPPED, key, words=name)
    yield from _sale(texts, sells=ground.sells)
    yield from _in_map(ground.data_map)


def _parts(texts: Mapping[Language, PolicyText], organisation: Text, asked: Sequence[Part]) -> Iterator[Task]:
    """What the law asks for and a text does not say, with the one language that lacks it (None: both)."""
    lacking = {
        language: missing_parts(
            {section.key: f"{section.title}\n{section.body_markdown}" for section in texts[language].sections},
            language,
            organisation=organisation,
            parts=asked,
        )
        for language in LANGUAGES
    }
    for part in asked:
        without = [language for language in LANGUAGES if part in lacking[language]]
        if without:
            yield Task(TaskKind.PART, part.section, without[0] if len(without) == 1 else None, part=part)


def _sale(texts: Mapping[Language, PolicyText], *, sells: bool) -> Iterator[Task]:
    said = {language: says_it_is_not_sold(texts[language]) for language in LANGUAGES}
    for language in LANGUAGES:
        if sells and said[language]:
            yield Task(TaskKind.SAID_NOT_SOLD, said[language] or "", language)
    without = [language for language in LANGUAGES if not said[language]]
    if without and not sells:
        yield Task(TaskKind.NOT_SAID_SOLD, "sharing", without[0] if len(without) == 1 else None)


def _in_map(data_map: DataMap) -> Iterator[Task]:
    for category, table in without_period(data_map):
        yield Task(TaskKind.PERIOD, category=category.id, table=str(table.name))
    for category, table in without_erasure(data_map):
        yield Task(TaskKind.ERASURE, category=category.id, table=str(table.name))
