"""Figures on requests: where each is counted, what a period adds up to, and which counts may be shown to everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum

from portal.domain.deadlines import local_date
from portal.domain.rights import Decision, Kind, RightsRequest, State

FEWEST_SHOWN = 5
"""A count under this is never shown to everybody: it could tell of one person."""

MOST_DAYS = 366
"""Answers that took longer are counted with those that took so many."""


class Outcome(StrEnum):
    """How a request ended, if it did; decisions have the same names as on the request."""

    OPEN = "open"
    GRANTED = "granted"
    PARTIALLY_GRANTED = "partially_granted"
    REFUSED = "refused"
    NO_INFORMATION_HELD = "no_information_held"
    NOT_ENTITLED = "not_entitled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The first answer a request got: what it was, its day, and the last day there was to give it."""

    decision: Decision
    on: date
    due: date

    @property
    def is_late(self) -> bool:
        """Whether it came after its last day."""
        return self.on > self.due


@dataclass(frozen=True, slots=True)
class Tally:
    """Where one request is counted. `month`: the first day of the month it was received in.

    `late`: its first answer came after its last day. `days`: how long the answer took; None while there is none.
    """

    month: date
    kind: Kind
    outcome: Outcome
    late: bool
    days: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many requests one month, kind, outcome and promptness counts."""

    month: date
    kind: Kind
    outcome: Outcome
    late: bool
    number: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the requests of a period add up to. Every mapping has each of its keys.

    `median` and `slowest_tenth` (the 90th percentile) are days from receipt to answer; None where nothing was answered.
    """

    months: Mapping[date, int]
    kinds: Mapping[Kind, int]
    outcomes: Mapping[Outcome, int]
    answered: int
    late: int
    median: int | None
    slowest_tenth: int | None

    @property
    def received(self) -> int:
        """All requests of the period."""
        return sum(self.months.values())


@dataclass(frozen=True, slots=True)
class Shown:
    """The counts of one breakdown that everybody may see: one by one, and `together` the sum of those that may not."""

    each: Mapping[str, int]
    together: tuple[str, ...]
    sum_together: int


@dataclass(frozen=True, slots=True)
class PublicYear:
    """What everybody may read of one year. `until`: the last day counted; `received` is None under five, and all else with it.

    `late` is None where fewer than five answers were late, or fewer than five requests were not; days, where fewer than
    five were answered.
    """

    year: int
    until: date
    received: int | None = None
    kinds: Shown | None = None
    outcomes: Shown | None = None
    late: int | None = None
    median: int | None = None
    slowest_tenth: int | None = None


def public_year(year: int, until: date, figures: Figures) -> PublicYear:
    """What of a year's figures everybody may read: no count under five, and none that the others would tell."""
    if figures.received < FEWEST_SHOWN:
        return PublicYear(year, until)
    enough = figures.answered >= FEWEST_SHOWN
    telling = min(figures.late, figures.received - figures.late) < FEWEST_SHOWN
    return PublicYear(
        year,
        until,
        received=figures.received,
        kinds=shown_to_everybody({one.value: number for one, number in figures.kinds.items()}),
        outcomes=shown_to_everybody({one.value: number for one, number in figures.outcomes.items()}),
        late=None if telling else figures.late,
        median=figures.median if enough else None,
        slowest_tenth=figures.slowest_tenth if enough else None,
    )


def tally_of(request: RightsRequest, zone: tzinfo) -> Tally | None:
    """Where a request is counted; None for one that is only a test. Dates are those of the organization's zone."""
    if request.is_test:
        return None
    answer = first_answer(request, zone)
    return Tally(
        month=request.received_on.replace(day=1),
        kind=request.kind,
        outcome=outcome_of(request),
        late=answer is not None and answer.is_late,
        days=min(max((answer.on - request.received_on).days, 0), MOST_DAYS) if answer else None,
    )


def first_answer(request: RightsRequest, zone: tzinfo) -> FirstAnswer | None:
    """The first answer to a request, which opening it again does not undo; None while there is none."""
    if request.first_decision and request.first_decided_at and request.first_due:
        return FirstAnswer(request.first_decision, local_date(request.first_decided_at, zone), request.first_due)
    if request.decision and request.decided_at:
        return FirstAnswer(request.decision, local_date(request.decided_at, zone), request.due)
    return None


def outcome_of(request: RightsRequest) -> Outcome:
    """How a request is counted: by its first answer once it was opened again, whatever follows."""
    if request.first_decision:
        return Outcome(request.first_decision.value)
    if request.state is State.WITHDRAWN:
        return Outcome.WITHDRAWN
    return Outcome(request.decision.value) if request.decision else Outcome.OPEN


def figures_of(months: Sequence[date], counted: Sequence[Counted], days: Mapping[int, int]) -> Figures:
    """Add a period up. `days`: how many answers took so many days."""
    return Figures(
        months={month: sum(one.number for one in counted if one.month == month) for month in months},
        kinds={kind: sum(one.number for one in counted if one.kind is kind) for kind in Kind},
        outcomes={end: sum(one.number for one in counted if one.outcome is end) for end in Outcome},
        answered=sum(days.values()),
        late=sum(one.number for one in counted if one.late),
        median=percentile(days, 50),
        slowest_tenth=percentile(days, 90),
    )


def percentile(days: Mapping[int, int], percent: int) -> int | None:
    """The number of days within which so many of a hundred answers came (nearest rank); None where there are none."""
    rank = -(-sum(days.values()) * percent // 100)
    for day in sorted(days):
        rank -= days[day]
        if rank <= 0 and days[day]:
            return day
    return None


def shown_to_everybody(counts: Mapping[str, int]) -> Shown | None:
    """A breakdown whose parts add up to a total that is shown, with no count under five to be read or worked out.

    Small counts are put together; where their sum would still tell them (it is under five, it is one count alone, or each
    of them must be four), the last of the others joins them: chosen by its place, as its size would tell something. None
    when the total itself is under five.
    """
    if sum(counts.values()) < FEWEST_SHOWN:
        return None
    small = [name for name in counts if counts[name] < FEWEST_SHOWN]
    others = [name for name in counts if name not in small]
    while small and others and _tells(small, counts):
        small.append(others.pop())
    each = {name: number for name, number in counts.items() if name not in small}
    return Shown(each, tuple(name for name in counts if name in small), sum(counts[name] for name in small))


def _tells(small: Sequence[str], counts: Mapping[str, int]) -> bool:
    together = sum(counts[name] for name in small)
    return len(small) < 2 or together < FEWEST_SHOWN or together == (FEWEST_SHOWN - 1) * len(small)
