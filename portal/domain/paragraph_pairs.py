"""Which paragraph of an older text became which of a newer one: as it was, divided, joined to another, or moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.domain.word_changes import words_of

_ALIKE = 0.4
"""Paragraphs less alike are better read apart: one removed, one added."""
_MOVED_ALIKE = 0.8
_DIVIDED_ALIKE = 0.7
_DIVIDED_COSTS = 0.1
"""One paragraph for one is believed before one for two, when both would do."""
_PARTS = 4
_PAIRED_UP_TO = 40_000
_EXACT_UP_TO = 4_000_000

Bag = Counter[str]


@dataclass(frozen=True, slots=True)
class Match:
    """Neighbouring older paragraphs and the newer ones they became, by number; one side is empty when there is none.

    One older and several newer ones: it was divided. Several older and one newer: they were joined. `moved`: they stood
    elsewhere among their neighbours.
    """

    old: tuple[int, ...] = ()
    new: tuple[int, ...] = ()
    moved: bool = False


def matches(old: Sequence[str], new: Sequence[str]) -> tuple[Match, ...]:
    """Every paragraph of both lists once, in reading order, so that what became of what is as alike as can be.

    Words are compared within a match only, which keeps the work small.
    """
    found: list[Match] = []
    shortcut = len(old) * len(new) > _EXACT_UP_TO
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=shortcut).get_opcodes():
        if kind == "equal":
            found += [Match((start + step,), (new_start + step,)) for step in range(end - start)]
        else:
            found += _Block(old, new, range(start, end), range(new_start, new_end)).matches()
    return tuple(_with_moves(found, old, new))


def _bag(paragraph: str) -> Bag:
    words = words_of(paragraph)
    return Counter(word.text for word in words if word.counts) or Counter(word.text for word in words)


def _alike(bag: Bag, other: Bag) -> float:
    """Dice's coefficient of two bags of words: 0 when they share none, 1 when they are the same."""
    return 2 * (bag & other).total() / (bag.total() + other.total() or 1)


class _Block:
    """A stretch where both texts differ, and the best way to read the one as the other."""

    def __init__(self, old: Sequence[str], new: Sequence[str], rows: range, columns: range) -> None:
        self._rows, self._columns = rows, columns
        self._small = 0 < len(rows) * len(columns) <= _PAIRED_UP_TO
        if self._small:
            self._old = [_bag(old[row]) for row in rows]
            self._new = [_bag(new[column]) for column in columns]

    def matches(self) -> Iterator[Match]:
        """The matches whose likeness adds up to the most; what has no like stays alone."""
        if not self._small:
            yield from (Match(old=(row,)) for row in self._rows)
            yield from (Match(new=(column,)) for column in self._columns)
            return
        best, steps = self._best()
        row = column = 0
        while row < len(self._old) or column < len(self._new):
            down, across = steps[row][column] if best[row][column] else _alone(row, len(self._old))
            old, new = self._rows[row : row + down], self._columns[column : column + across]
            if down and across:
                yield Match(tuple(old), tuple(new))
            else:
                yield from (Match(old=(one,)) for one in old)
                yield from (Match(new=(one,)) for one in new)
            row, column = row + down, column + across

    def _best(self) -> tuple[list[list[float]], list[list[tuple[int, int]]]]:
        """From each place, the most that can be had from there on, and the step that leads to it."""
        rows, columns = len(self._old), len(self._new)
        best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
        steps = [[(0, 0)] * (columns + 1) for _ in range(rows + 1)]
        for row in reversed(range(rows)):
            for column in reversed(range(columns)):
                choices = [(best[row + 1][column], (1, 0)), (best[row][column + 1], (0, 1))]
                for likeness, (down, across) in self._likely(row, column):
                    choices.append((likeness + best[row + down][column + across], (down, across)))
                best[row][column], steps[row][column] = max(choices, key=lambda choice: choice[0])
        return best, steps

    def _likely(self, row: int, column: int) -> Iterator[tuple[float, tuple[int, int]]]:
        """The ways a paragraph may be read as the one opposite, or as several from there on."""
        likeness = _alike(self._old[row], self._new[column])
        if likeness >= _ALIKE:
            yield likeness, (1, 1)
        for likeness, parts in _divided(self._old[row], self._new[column : column + _PARTS]):
            yield likeness, (1, parts)
        for likeness, parts in _divided(self._new[column], self._old[row : row + _PARTS]):
            yield likeness, (parts, 1)


def _divided(whole: Bag, parts: Sequence[Bag]) -> Iterator[tuple[float, int]]:
    """How like a whole its first two, three… parts are together, as long as each is mostly words of it."""
    together: Bag = Counter()
    for number, part in enumerate(parts, start=1):
        if 2 * (whole & part).total() < part.total():
            return
        together += part
        likeness = _alike(whole, together) if number > 1 else 0.0
        if likeness >= _DIVIDED_ALIKE:
            yield likeness - _DIVIDED_COSTS, number


def _alone(row: int, rows: int) -> tuple[int, int]:
    """Where nothing is alike any more: what is left of the older paragraphs, then of the newer ones."""
    return (1, 0) if row < rows else (0, 1)


def _with_moves(found: Sequence[Match], old: Sequence[str], new: Sequence[str]) -> Iterator[Match]:
    """The matches, where what was removed in one place and added in another is one paragraph that moved."""
    gone = {match.old[0]: _bag(old[match.old[0]]) for match in found if not match.new}
    came = [match.new[0] for match in found if not match.old]
    if len(gone) * len(came) > _PAIRED_UP_TO:
        yield from found
        return
    came_from: dict[int, int] = {}
    for number in came:
        bag = _bag(new[number])
        nearest = max(gone, key=lambda one: _alike(gone[one], bag), default=None)
        if nearest is not None and _alike(gone[nearest], bag) >= _MOVED_ALIKE:
            came_from[number] = nearest
            del gone[nearest]
    for match in found:
        if not match.old and match.new[0] in came_from:
            yield Match((came_from[match.new[0]],), match.new, moved=True)
        elif match.new or match.old[0] in gone:
            yield match
