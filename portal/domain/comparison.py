"""What changed between two versions of one text, by section and by word, for a reader who has read the older one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from portal.domain.policies import PolicyText, Section

SectionKind = Literal["unchanged", "changed", "added", "removed", "moved"]
RunKind = Literal["kept", "removed", "added"]

_WORD = re.compile(r"[^ \t\r\n]+")
_BLANK_LINES = re.compile(r"(?:\r?\n[ \t]*){2,}")
_ALIKE = 0.4
_WORDS_EXACT_UP_TO = 4_000_000
_PAIRED_UP_TO = 40_000


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words that were all kept, all removed or all added."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as its runs of words, in reading order; what was removed stands before what took its place."""

    runs: tuple[Run, ...]

    @property
    def changed(self) -> bool:
        """Whether any word of it was added or removed."""
        return any(run.kind != "kept" for run in self.runs)


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What became of one section: `title` as it reads now, `heading` its words compared, `parts` its paragraphs.

    `moved` says that its place among the sections changed, which `kind` says only when its words did not.
    """

    key: str
    title: str
    kind: SectionKind
    heading: tuple[Run, ...]
    parts: tuple[Paragraph, ...]
    moved: bool = False


def compare(older: PolicyText, newer: PolicyText) -> tuple[SectionChange, ...]:
    """Compare two texts of one language: a change for each section, in the newer order.

    A section removed stands after the one it followed. In every section the words kept and removed are the older
    words, and the words kept and added are the newer ones.
    """
    moved = _moved_keys(older, newer)
    changes: list[SectionChange] = []
    changes.extend(_removed_after(None, older, newer))
    for section in newer.sections:
        changes.append(_section_change(older.section(section.key), section, moved=section.key in moved))
        changes.extend(_removed_after(section.key, older, newer))
    return tuple(changes)


def _removed_after(key: str | None, older: PolicyText, newer: PolicyText) -> Iterator[SectionChange]:
    anchor: str | None = None
    for section in older.sections:
        if newer.section(section.key):
            anchor = section.key
        elif anchor == key:
            yield SectionChange(
                section.key, section.title, "removed", _words("removed", section.title), _whole("removed", section)
            )


def _section_change(old: Section | None, new: Section, *, moved: bool) -> SectionChange:
    if old is None:
        return SectionChange(new.key, new.title, "added", _words("added", new.title), _whole("added", new))
    heading = _compare_words(old.title, new.title)
    parts = tuple(_compare_paragraphs(_paragraphs(old), _paragraphs(new)))
    changed = any(part.changed for part in (Paragraph(heading), *parts))
    kind: SectionKind = "changed" if changed else "moved" if moved else "unchanged"
    return SectionChange(new.key, new.title, kind, heading, parts, moved)


def _moved_keys(older: PolicyText, newer: PolicyText) -> set[str]:
    """Keys outside the longest run of sections that kept their order: the fewest that can be said to have moved."""
    place = {section.key: index for index, section in enumerate(newer.sections)}
    keys = [section.key for section in older.sections if section.key in place]
    return set(keys) - {keys[index] for index in _longest_rise([place[key] for key in keys])}


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """The indexes of a longest rising subsequence (patience sorting)."""
    lows: list[int] = []
    tops: list[int] = []
    before: list[int | None] = []
    for index, number in enumerate(numbers):
        pile = bisect_left(lows, number)
        before.append(tops[pile - 1] if pile else None)
        lows[pile : pile + 1] = [number]
        tops[pile : pile + 1] = [index]
    rise: list[int] = []
    step = tops[-1] if tops else None
    while step is not None:
        rise.append(step)
        step = before[step]
    return rise


def _paragraphs(section: Section) -> list[str]:
    return [paragraph for paragraph in _BLANK_LINES.split(section.body_markdown) if _WORD.search(paragraph)]


def _whole(kind: RunKind, section: Section) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(_words(kind, paragraph)) for paragraph in _paragraphs(section))


def _words(kind: RunKind, text: str) -> tuple[Run, ...]:
    words = " ".join(_WORD.findall(text))
    return (Run(kind, words),) if words else ()


def _compare_paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    for _, start, end, new_start, new_end in _blocks(old, new):
        for here, there in _pairs(old[start:end], new[new_start:new_end]):
            if here is None:
                yield Paragraph(_words("added", there or ""))
            elif there is None:
                yield Paragraph(_words("removed", here))
            else:
                yield Paragraph(_compare_words(here, there))


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """Pair paragraphs in order so that the pairs are as alike as can be; a paragraph without its like stays alone.

    Pairing before comparing words keeps the work small: words are compared within a pair only.
    """
    if old == new:
        return list(zip(old, new, strict=True))
    if len(old) * len(new) > _PAIRED_UP_TO:
        return [*((paragraph, None) for paragraph in old), *((None, paragraph) for paragraph in new)]
    alike = _likeness(old, new)
    best = _best_sums(alike, len(old), len(new))
    pairs: list[tuple[str | None, str | None]] = []
    here = there = 0
    while here < len(old) or there < len(new):
        if here < len(old) and best[here][there] == best[here + 1][there]:
            pairs.append((old[here], None))
            here += 1
        elif there < len(new) and best[here][there] == best[here][there + 1]:
            pairs.append((None, new[there]))
            there += 1
        else:
            pairs.append((old[here], new[there]))
            here, there = here + 1, there + 1
    return pairs


def _likeness(old: Sequence[str], new: Sequence[str]) -> list[list[float]]:
    bags = [Counter(_WORD.findall(paragraph)) for paragraph in new]
    return [[_alike(bag, other) for other in bags] for bag in (Counter(_WORD.findall(text)) for text in old)]


def _alike(bag: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient of two bags of words, or 0 when marking every word says more than pairing would."""
    share = 2 * (bag & other).total() / (bag.total() + other.total())
    return share if share >= _ALIKE else 0.0


def _best_sums(alike: Sequence[Sequence[float]], rows: int, columns: int) -> list[list[float]]:
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            paired = best[row + 1][column + 1] + alike[row][column] if alike[row][column] else 0.0
            best[row][column] = max(best[row + 1][column], best[row][column + 1], paired)
    return best


def _compare_words(old: str, new: str) -> tuple[Run, ...]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    runs: list[Run] = []
    for kind, start, end, new_start, new_end in _blocks(before, after):
        if kind == "equal":
            runs.append(Run("kept", " ".join(before[start:end])))
            continue
        if end > start:
            runs.append(Run("removed", " ".join(before[start:end])))
        if new_end > new_start:
            runs.append(Run("added", " ".join(after[new_start:new_end])))
    return tuple(runs)


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Equal and unequal stretches. Very long ones take difflib's shortcut, lest one text hold up the page."""
    shortcut = len(old) * len(new) > _WORDS_EXACT_UP_TO
    return [*SequenceMatcher(None, old, new, autojunk=shortcut).get_opcodes()]
