"""What changed between two sentences, word by word, so that a reader sees the change and not its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal

RunKind = Literal["kept", "removed", "added"]

_PIECE = re.compile(
    r"""
      (?:https?://|www\.)[^\s]*[^\s.,;:!?)\]»”]                     # an address of the Web
    | [\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+                   # an e-mail address
    | \d+(?:[.,:\u00a0\u202f]\d+)*(?![^\W_])                        # a number, its thousands apart or not
    | (?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=[^\W_])    # a French word cut short: l’, d’, qu’
    | [^\W_]+(?:['’.-][^\W_]+)*                                     # a word
    | \S                                                            # a sign
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_BREAK = "\u00a0\u202f"
_ENDS_A_SENTENCE = frozenset(".!?:;…")
_EXACT_UP_TO = 4_000_000
_SHORT = 3
_LONG = 3
"""A kept word of three letters between two changes of three words each says nothing by itself."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words that were all kept, all removed or all added.

    `gap` is the space that stands before it, perhaps none: a comma touches the word it follows. A kept run may have had
    another one in the older text, `gap_before`.
    """

    kind: RunKind
    text: str
    gap: str = ""
    gap_before: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a number, an address or a sign, and the space before it."""

    text: str
    gap: str

    @property
    def counts(self) -> bool:
        """Whether it is more than a sign."""
        return self.text[0].isalnum() or len(self.text) > 1


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of the older words, and the stretch of the newer ones that stands in its place."""

    kept: bool
    start: int
    end: int
    new_start: int
    new_end: int


def words_of(text: str) -> tuple[Word, ...]:
    """The words and signs of a text, in order."""
    words: list[Word] = []
    end = 0
    for found in _PIECE.finditer(text):
        gap = text[end : found.start()] if words else ""
        words.append(Word(found[0], gap if len(gap) == 1 and gap in _NO_BREAK else " " if gap else ""))
        end = found.end()
    return tuple(words)


def changes_between(old: Sequence[Word], new: Sequence[Word]) -> list[Change]:
    """Stretches kept and stretches changed, which together are all of both texts, in order."""
    before, after = [word.text for word in old], [word.text for word in new]
    found = _from_a_sentence(_changes(before, after), before, after)
    return _joined(_without_crumbs(_joined(found), old))


def runs_of(changes: Sequence[Change], old: Sequence[Word], new: Sequence[Word]) -> tuple[Run, ...]:
    """The runs a reader is shown: what was removed stands before what took its place."""
    return tuple(chain.from_iterable(_runs(change, old, new) for change in changes))


def as_it_was(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The older text alone: what was kept and what was removed."""
    return tuple(replace(run, gap=run.gap_before) if run.kind == "kept" else run for run in runs if run.kind != "added")


def as_it_is(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The newer text alone: what was kept and what was added."""
    return tuple(run for run in runs if run.kind != "removed")


def woven(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Both texts in one line, where what was removed and what took its place are kept apart."""
    shown: list[Run] = []
    for run in runs:
        gap = run.gap
        if shown and shown[-1].kind == "removed":
            meet = shown[-1].text[-1].isalnum() and run.text[0].isalnum()
            gap = run.gap_before if run.kind == "kept" else gap or (" " if meet else "")
        shown.append(replace(run, gap=gap))
    return tuple(shown)


def _changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """What is alike at both ends is set aside first: most edits are small. Very long texts take difflib's shortcut."""
    first, last = 0, 0
    shorter = min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    inner, new_inner = old[first : len(old) - last], new[first : len(new) - last]
    exact = len(inner) * len(new_inner) <= _EXACT_UP_TO
    return [
        Change(True, 0, first, 0, first),
        *(
            Change(kind == "equal", first + start, first + end, first + new_start, first + new_end)
            for kind, start, end, new_start, new_end in SequenceMatcher(
                None, inner, new_inner, autojunk=not exact
            ).get_opcodes()
        ),
        Change(True, len(old) - last, len(old), len(new) - last, len(new)),
    ]


def _from_a_sentence(changes: Sequence[Change], old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """The same changes, those that only add or only remove moved to where a sentence begins, if they can be.

    “We keep A. We keep B.”: what was added reads better as “We keep A.” than as “A. We keep”.
    """
    result = list(changes)
    for place in range(1, len(result) - 1):
        before, change, after = result[place - 1 : place + 2]
        alone = (change.start == change.end) != (change.new_start == change.new_end)
        if not (alone and before.kept and after.kept):
            continue
        if change.new_start == change.new_end:
            steps = _steps_back(old, change.start, change.end, before.end - before.start)
        else:
            steps = _steps_back(new, change.new_start, change.new_end, before.end - before.start)
        result[place - 1] = replace(before, end=before.end - steps, new_end=before.new_end - steps)
        result[place] = Change(
            False, change.start - steps, change.end - steps, change.new_start - steps, change.new_end - steps
        )
        result[place + 1] = replace(after, start=after.start - steps, new_start=after.new_start - steps)
    return result


def _steps_back(words: Sequence[str], start: int, end: int, most: int) -> int:
    """How far back a stretch may slide over words it ends with too, to begin with a sentence; 0 when it gains nothing."""
    steps = 0
    while True:
        if start - steps == 0 or words[start - steps - 1] in _ENDS_A_SENTENCE:
            return steps
        if steps == most or words[start - steps - 1] != words[end - steps - 1]:
            return 0
        steps += 1


def _without_crumbs(changes: Sequence[Change], old: Sequence[Word]) -> Iterator[Change]:
    """The changes, with what was kept between two of them counted as changed where it only breaks the reading."""
    for place, change in enumerate(changes):
        if change.kept and 0 < place < len(changes) - 1:
            yield replace(
                change, kept=not _is_crumb(old[change.start : change.end], *changes[place - 1 : place + 2 : 2])
            )
        else:
            yield change


def _is_crumb(kept: Sequence[Word], before: Change, after: Change) -> bool:
    """Signs alone between two replacements, or one short word between two long ones."""
    words = [word for word in kept if word.counts]
    if not words:
        return all(change.end > change.start and change.new_end > change.new_start for change in (before, after))
    return (
        len(words) == 1
        and len(words[0].text) <= _SHORT
        and all(
            min(change.end - change.start, change.new_end - change.new_start) >= _LONG for change in (before, after)
        )
    )


def _joined(changes: Iterable[Change]) -> list[Change]:
    """Neighbours of one kind made one; what holds nothing left out."""
    result: list[Change] = []
    for change in changes:
        if change.start == change.end and change.new_start == change.new_end:
            continue
        if result and result[-1].kept == change.kept:
            result[-1] = replace(result[-1], end=change.end, new_end=change.new_end)
        else:
            result.append(change)
    return result


def _runs(change: Change, old: Sequence[Word], new: Sequence[Word]) -> Iterator[Run]:
    before, after = old[change.start : change.end], new[change.new_start : change.new_end]
    if change.kept:
        yield Run("kept", _text(after), after[0].gap, before[0].gap)
        return
    if before:
        yield Run("removed", _text(before), before[0].gap)
    if after:
        yield Run("added", _text(after), after[0].gap)


def _text(words: Sequence[Word]) -> str:
    return words[0].text + "".join(word.gap + word.text for word in words[1:])
