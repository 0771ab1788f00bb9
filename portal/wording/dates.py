"""Dates and times as people in Québec write them, and how many days are left."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from babel.dates import format_date

from portal.domain.languages import Language
from portal.wording.catalogue import for_language

NBSP = "\N{NO-BREAK SPACE}"
CITIES = {"America/Toronto": "Montréal", "America/Montreal": "Montréal"}


def date_long(day: date, language: Language) -> str:
    """A day in words, without article: « 1er août 2025 », "August 1, 2025" (law.md §4.3)."""
    words = format_date(day, "long", f"{language}_CA")
    if language == "fr" and day.day == 1:
        return words.replace("1 ", "1er ", 1)  # Babel writes « 1 août » (law.md §4.4)
    return words


def date_iso(day: date) -> str:
    """A day in figures, for tables: 2025-02-25."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def time_of_day(moment: datetime, language: Language) -> str:
    """The time, as the moment's own clock shows it: « 14 h 30 », « 9 h », "2:30 p.m."."""
    if language == "fr":
        minutes = f"{NBSP}{moment.minute}" if moment.minute else ""
        return f"{moment.hour}{NBSP}h{minutes}"
    half = "p.m." if moment.hour // 12 else "a.m."
    return f"{moment.hour % 12 or 12}:{moment.minute:02d}{NBSP}{half}"


def instant(moment: datetime, language: Language, zone: tzinfo) -> str:
    """A day and time in `zone`: « 25 février 2025 à 14 h 30 ».

    A moment without zone, as an outside database may hold, is written as it stands.
    """
    local = moment.astimezone(zone) if moment.tzinfo else moment
    return for_language(language).gettext(
        "%(date)s at %(time)s", date=date_long(local.date(), language), time=time_of_day(local, language)
    )


def days_left(due: date, today: date, language: Language) -> str:
    """How far the last day to answer is: "3 days left", "due today", "2 days late"."""
    words, days = for_language(language), (due - today).days
    if days > 0:
        return words.ngettext("%(num)s day left", "%(num)s days left", days)
    if days == 0:
        return words.gettext("due today")
    return words.ngettext("%(num)s day late", "%(num)s days late", -days)


def city_of(timezone: str) -> str:
    """The city whose hours count, as people here say it: Montréal for America/Toronto, else the zone's own."""
    return CITIES.get(timezone) or timezone.rsplit("/", 1)[-1].replace("_", " ")
