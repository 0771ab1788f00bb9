"""Several parts asked at once: together, within one limit, and each failing for itself."""

from __future__ import annotations

import threading

import pytest

from portal.services.side_by_side import answers
from portal.sources.base import SourceUnavailable


def away() -> str:
    raise SourceUnavailable


def broken() -> str:
    raise ZeroDivisionError


def test_they_are_asked_at_the_same_time() -> None:
    met = threading.Barrier(3, timeout=30)
    asked = {name: lambda: str(met.wait() >= 0) for name in ("one", "two", "three")}
    assert dict(answers(asked)) == {"one": "True", "two": "True", "three": "True"}


def test_one_that_is_away_or_too_slow_is_left_out_and_the_others_answer() -> None:
    never = threading.Event()
    try:
        found = answers({"here": lambda: "yes", "away": away, "slow": lambda: str(never.wait(60))}, seconds=0.2)
        assert found == {"here": "yes"}
    finally:
        never.set()


def test_one_alone_is_waited_for_no_longer_than_is_said() -> None:
    never = threading.Event()
    try:
        assert answers({"slow": lambda: str(never.wait(60))}, seconds=0.2) == {}
    finally:
        never.set()


def test_one_alone_that_is_away_is_left_out() -> None:
    assert answers({"away": away}) == {}


@pytest.mark.parametrize("others", [{}, {"here": lambda: "yes"}])
def test_what_is_wrong_otherwise_is_not_hidden(others: dict[str, object]) -> None:
    with pytest.raises(ZeroDivisionError):
        answers({"broken": broken, **others})  # type: ignore[dict-item]  # a question is any callable
