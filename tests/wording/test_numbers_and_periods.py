"""Numbers, sizes and periods in words."""

from __future__ import annotations

import pytest

from portal.domain.periods import period
from portal.wording.numbers import bytes_size, number
from portal.wording.periods import period_words


def test_thousands_and_decimals_follow_the_language() -> None:
    assert number(12345.6, "fr") == "12\u00a0345,6"
    assert number(12345.6, "en") == "12,345.6"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 KB"),
        (1540, "1.5 KB"),
        (64_000, "64 KB"),
        (999_990, "1 MB"),
        (5_000_000_000, "5 GB"),
        (5_000_000_000_000, "5,000 GB"),
    ],
)
def test_a_size_is_told_in_its_largest_unit(count: int, words: str) -> None:
    assert bytes_size(count, "en") == words.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("P13M", "13 months"),
        ("P1M", "1 month"),
        ("P6Y", "6 years"),
        ("P12M", "1 year"),
        ("P30D", "30 days"),
        ("P1D", "1 day"),
        ("P1Y10D", "1 year and 10 days"),
        ("P0D", "0 days"),
    ],
)
def test_a_period_is_told_in_words(iso: str, words: str) -> None:
    assert period_words(period(iso), "en") == words
