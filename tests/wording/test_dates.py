"""Dates and times read as in Québec."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.domain.languages import LANGUAGES, Language
from portal.wording.dates import city_of, date_iso, date_long, days_left, instant, time_of_day

TORONTO = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (date(2025, 2, 25), "fr", "25 février 2025"),
        (date(2025, 8, 1), "fr", "1er août 2025"),
        (date(2025, 8, 11), "fr", "11 août 2025"),
        (date(2025, 2, 25), "en", "February 25, 2025"),
        (date(2025, 8, 1), "en", "August 1, 2025"),
    ],
)
def test_a_day_is_written_in_words(day: date, language: Language, words: str) -> None:
    assert date_long(day, language) == words


@pytest.mark.parametrize(
    ("hour", "minute", "french", "english"),
    [
        (14, 30, "14 h 30", "2:30 p.m."),
        (9, 0, "9 h", "9:00 a.m."),
        (8, 5, "8 h 5", "8:05 a.m."),
        (0, 0, "0 h", "12:00 a.m."),
        (12, 0, "12 h", "12:00 p.m."),
    ],
)
def test_a_time_is_unpadded_and_never_broken_at_the_end_of_a_line(
    hour: int, minute: int, french: str, english: str
) -> None:
    moment = datetime(2025, 8, 1, hour, minute, tzinfo=UTC)
    assert time_of_day(moment, "fr") == french.replace(" ", "\u00a0")
    assert time_of_day(moment, "en") == english.replace(" ", "\u00a0")


def test_an_instant_is_told_in_the_zone_of_the_organization() -> None:
    moment = datetime(2025, 3, 1, 3, 30, tzinfo=UTC)
    assert instant(moment, "en", TORONTO) == "February 28, 2025 at 10:30\u00a0p.m."


def test_a_moment_without_zone_is_written_as_it_stands() -> None:
    assert instant(datetime(2025, 3, 1, 3, 30), "en", TORONTO) == "March 1, 2025 at 3:30\u00a0a.m."  # noqa: DTZ001


@given(some.dates())
def test_a_day_in_figures_reads_back(day: date) -> None:
    assert date.fromisoformat(date_iso(day)) == day


@given(some.dates(), some.sampled_from(LANGUAGES))
def test_a_day_in_words_names_its_day_and_year(day: date, language: Language) -> None:
    words = date_long(day, language)
    assert str(day.day) in words
    assert str(day.year) in words


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2025, 2, 25), "3 days left"),
        (date(2025, 2, 27), "1 day left"),
        (date(2025, 2, 28), "due today"),
        (date(2025, 3, 1), "1 day late"),
        (date(2025, 3, 2), "2 days late"),
    ],
)
def test_what_is_left_of_the_time_is_said(today: date, words: str) -> None:
    assert days_left(date(2025, 2, 28), today, "en") == words


@pytest.mark.parametrize(
    ("timezone", "city"), [("America/Toronto", "Montréal"), ("America/St_Johns", "St Johns"), ("UTC", "UTC")]
)
def test_a_zone_is_called_by_its_city(timezone: str, city: str) -> None:
    assert city_of(timezone) == city
