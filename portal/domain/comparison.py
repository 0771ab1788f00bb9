"""What changed between two versions of one text, by section and by word, for a reader who has read the older one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from portal.domain.paragraph_pairs import Match, matches
from portal.domain.policies import PolicyText, Section
from portal.domain.word_changes import Change, Run, RunKind, Word, changes_between, runs_of, words_of

SectionKind = Literal["unchanged", "changed", "added", "removed", "moved"]
Turn = Literal["", "divided", "joined", "moved"]

_BLANK_LINES = re.compile(r"(?:\r?\n[ \t]*){2,}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as its runs of words, in reading order; what was removed stands before what took its place.

    `turn` says what its words alone do not: that it begins where the older text went on (`divided`), that it went on
    from the paragraph before and no longer begins there (`joined`), or that it stood elsewhere in the section (`moved`).
    """

    runs: tuple[Run, ...]
    turn: Turn = ""

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
    words, and the words kept and added are the newer ones; each in order, but for paragraphs that moved.
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
                section.key, section.title, "removed", _all("removed", section.title), _whole("removed", section)
            )


def _section_change(old: Section | None, new: Section, *, moved: bool) -> SectionChange:
    if old is None:
        return SectionChange(new.key, new.title, "added", _all("added", new.title), _whole("added", new))
    heading = _heading(old.title, new.title)
    parts = tuple(_compare_paragraphs(_paragraphs(old), _paragraphs(new)))
    changed = any(part.changed or part.turn for part in (Paragraph(heading), *parts))
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
    return [paragraph for paragraph in _BLANK_LINES.split(section.body_markdown) if words_of(paragraph)]


def _whole(kind: RunKind, section: Section) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(_all(kind, paragraph)) for paragraph in _paragraphs(section))


def _all(kind: RunKind, text: str) -> tuple[Run, ...]:
    words = words_of(text)
    return (Run(kind, words[0].text + "".join(word.gap + word.text for word in words[1:])),) if words else ()


def _heading(old: str, new: str) -> tuple[Run, ...]:
    before, after = words_of(old), words_of(new)
    return runs_of(changes_between(before, after), before, after)


def _compare_paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    for match in matches(old, new):
        if not match.new:
            yield from (Paragraph(_all("removed", old[number])) for number in match.old)
        elif not match.old:
            yield from (Paragraph(_all("added", new[number])) for number in match.new)
        else:
            yield from _compared(match, old, new)


def _compared(match: Match, old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """One paragraph, or as many as the side that has several, each beginning where that side's begins."""
    before = [words_of(old[number]) for number in match.old]
    after = [words_of(new[number]) for number in match.new]
    older, newer = _one_after_another(before), _one_after_another(after)
    changes = changes_between(older, newer)
    joined = len(match.old) > 1
    begins = accumulate(map(len, before[:-1] if joined else after[:-1]))
    later: Turn = "joined" if joined else "divided"
    for number, piece in enumerate(_cut(changes, list(begins), by_old=joined)):
        first: Turn = "moved" if match.moved else ""
        yield Paragraph(runs_of(piece, older, newer), later if number else first)


def _one_after_another(paragraphs: Sequence[Sequence[Word]]) -> list[Word]:
    return [word for paragraph in paragraphs for word in paragraph]


def _cut(changes: Sequence[Change], places: Sequence[int], *, by_old: bool) -> list[list[Change]]:
    """The changes parted at numbers of words of one side; the other side's words stay before the cut.

    What is kept is cut on both sides alike, since there the words are the same.
    """
    pieces: list[list[Change]] = [[]]
    left = list(places)
    for change in changes:
        rest = change
        while left and (rest.start if by_old else rest.new_start) <= left[0] < (rest.end if by_old else rest.new_end):
            first, rest = _parted(rest, left.pop(0), by_old=by_old)
            pieces[-1].append(first)
            pieces.append([])
        pieces[-1].append(rest)
    return [[change for change in piece if _holds_something(change)] for piece in pieces]


def _parted(change: Change, place: int, *, by_old: bool) -> tuple[Change, Change]:
    """A change before and after a word of one side."""
    if by_old:
        new_place = change.new_start + place - change.start if change.kept else change.new_end
        return _two(change, place, new_place)
    old_place = change.start + place - change.new_start if change.kept else change.end
    return _two(change, old_place, place)


def _two(change: Change, place: int, new_place: int) -> tuple[Change, Change]:
    return (
        Change(change.kept, change.start, place, change.new_start, new_place),
        Change(change.kept, place, change.end, new_place, change.new_end),
    )


def _holds_something(change: Change) -> bool:
    return change.end > change.start or change.new_end > change.new_start
