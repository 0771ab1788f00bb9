"""Figures: what a period adds up to, and that what everybody may read tells no count under five, whatever is subtracted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta
from itertools import product

import pytest

from portal.domain.figures import (
    FEWEST_SHOWN,
    Counted,
    Outcome,
    Shown,
    Tally,
    figures_of,
    percentile,
    public_year,
    shown_to_everybody,
    tally_of,
)
from portal.domain.rights import Decision, Kind, State
from tests.domain.requests import RECEIVED, a_request

MONTHS = [date(2026, month, 1) for month in range(1, 13)]


@pytest.mark.parametrize(("parts", "most"), [(2, 14), (3, 11), (4, 7)])
def test_no_count_under_five_is_read_or_worked_out(parts: int, most: int) -> None:
    """Whoever knows the total, the rule and everything shown still finds two values for each small count."""
    possible: dict[Shown, dict[str, set[int]]] = {}
    for numbers in product(range(most + 1), repeat=parts):
        counts = dict(zip("abcd", numbers, strict=False))
        shown = shown_to_everybody(counts)
        if shown is None:
            assert sum(numbers) < FEWEST_SHOWN
            continue
        assert all(number >= FEWEST_SHOWN for number in shown.each.values())
        assert sum(shown.each.values()) + shown.sum_together == sum(numbers)
        key = replace(shown, each=_Frozen(shown.each))
        if shown.together and key not in possible:
            possible[key] = _worked_out(list(counts), shown)
        for name in shown.together:
            assert counts[name] >= FEWEST_SHOWN or len(possible[key][name]) > 1, (counts, shown)


class _Frozen(dict[str, int]):
    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


def _worked_out(names: list[str], shown: Shown) -> dict[str, set[int]]:
    """The values each hidden count may have: of all sums that fit, those that would be shown the same way."""
    found: dict[str, set[int]] = {name: set() for name in shown.together}
    for numbers in product(range(shown.sum_together + 1), repeat=len(shown.together)):
        hidden = dict(zip(shown.together, numbers, strict=True))
        if sum(numbers) == shown.sum_together:
            every = {name: hidden[name] if name in hidden else shown.each[name] for name in names}
            if shown_to_everybody(every) == shown:
                for name, number in hidden.items():
                    found[name].add(number)
    return found


def test_counts_that_would_be_told_take_another_with_them() -> None:
    alone = shown_to_everybody({"a": 40, "b": 9, "c": 3})
    assert alone
    assert (alone.each, alone.together, alone.sum_together) == ({"a": 40}, ("b", "c"), 12)
    fours = shown_to_everybody({"a": 40, "b": 9, "c": 4, "d": 4})
    assert fours
    assert fours.together == ("b", "c", "d")
    nothing = shown_to_everybody({"a": 40, "b": 0, "c": 0})
    assert nothing
    assert nothing.each == {}
    assert shown_to_everybody({"a": 3, "b": 1}) is None


def test_late_and_not_late_are_shown_both_or_neither() -> None:
    for late, received in product(range(12), range(24)):
        if late > received:
            continue
        counted = [
            Counted(MONTHS[0], Kind.ACCESS, Outcome.GRANTED, late=True, number=late),
            Counted(MONTHS[0], Kind.ACCESS, Outcome.GRANTED, late=False, number=received - late),
        ]
        year = public_year(2026, date(2026, 12, 31), figures_of(MONTHS, counted, {10: received}))
        shown = year.late is not None
        assert shown is (late >= FEWEST_SHOWN and received - late >= FEWEST_SHOWN)
        assert (year.received is None) is (received < FEWEST_SHOWN)


def test_days_are_told_only_where_five_were_answered() -> None:
    counted = [Counted(MONTHS[0], Kind.ACCESS, Outcome.OPEN, late=False, number=9)]
    assert public_year(2026, date(2026, 12, 31), figures_of(MONTHS, counted, {3: 4})).median is None
    assert public_year(2026, date(2026, 12, 31), figures_of(MONTHS, counted, {3: 5})).median == 3


@pytest.mark.parametrize(
    ("days", "median", "ninetieth"),
    [
        ({}, None, None),
        ({7: 1}, 7, 7),
        ({1: 5, 30: 5}, 1, 30),
        ({1: 9, 30: 1}, 1, 1),
        ({1: 8, 20: 1, 30: 1}, 1, 20),
        ({0: 1, 2: 1, 4: 1}, 2, 4),
    ],
)
def test_percentiles_are_days_that_happened(days: dict[int, int], median: int | None, ninetieth: int | None) -> None:
    assert (percentile(days, 50), percentile(days, 90)) == (median, ninetieth)


def test_a_request_opened_again_is_counted_by_its_first_answer() -> None:
    """Answered on April 2 for April 1, opened again, then answered well within its new time."""
    late = a_request(state=State.CLOSED, decision=Decision.REFUSED, decided_at=RECEIVED + timedelta(days=31))
    again = replace(
        late,
        state=State.IN_PROGRESS,
        decision=None,
        decided_at=None,
        due=date(2026, 5, 4),
        first_decision=late.decision,
        first_decided_at=late.decided_at,
        first_due=late.due,
    )
    granted = replace(again, state=State.CLOSED, decision=Decision.GRANTED, decided_at=RECEIVED + timedelta(days=40))
    counted = Tally(date(2026, 3, 1), Kind.ACCESS, Outcome.REFUSED, late=True, days=31)
    for one in (late, again, granted, replace(again, state=State.WITHDRAWN)):
        assert tally_of(one, UTC) == counted


def test_a_period_adds_up_by_month_kind_and_outcome() -> None:
    counted = [
        Counted(MONTHS[0], Kind.ACCESS, Outcome.GRANTED, late=False, number=3),
        Counted(MONTHS[1], Kind.ACCESS, Outcome.REFUSED, late=True, number=2),
        Counted(MONTHS[1], Kind.DELETION, Outcome.OPEN, late=False, number=4),
    ]
    found = figures_of(MONTHS, counted, {5: 3, 40: 2})
    assert (found.received, found.answered, found.late) == (9, 5, 2)
    assert (found.months[MONTHS[1]], found.kinds[Kind.ACCESS], found.outcomes[Outcome.OPEN]) == (6, 5, 4)
    assert set(found.kinds) == set(Kind)
