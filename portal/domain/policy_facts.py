"""The facts a section states, each read by its value, so that two languages that write it differently still agree.

« 1 234,50 $ » and "$1,234.50" are one amount, « le 1er août 2025 » and "August 1, 2025" one date. What cannot be
read for certain is no fact: a gate that cries without cause is soon switched off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal
from urllib.parse import urlsplit

from portal.domain.languages import Language, twin_of
from portal.domain.number_words import number_of, spelled

FactKind = Literal["dates", "amounts", "links", "emails", "addresses", "phones", "placeholders"]
Facts = Mapping[str, str]
"""What is compared, and beside it the words it was read from."""

PLACEHOLDER = re.compile(r"\{\{ *([A-Za-z_]\w*(?:\.\w+)*) *\}\}")

_TAKEN_OUT = " \N{PILCROW SIGN} "
"""Stands for what was read already, and is read no more."""
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|\]\(\s*<?)[^\s<>()\[\]]+")

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    )
    for number, name in enumerate(names.split(), start=1)
}
_MONTH = "|".join(_MONTHS)
_DAY = r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?"
_DATES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b"),
    re.compile(rf"\b(?P<month>{_MONTH})\s+{_DAY},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?(?P<month>{_MONTH}),?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
)
_CAPITAL_OR_FRENCH = "|".join(
    name.capitalize() if place < 12 else f"[{name[0]}{name[0].upper()}]{name[1:]}" for place, name in enumerate(_MONTHS)
)
"""Months where no year makes sure of them: "may 3" is no date, « 3 mai » and "May 3" are."""
_PARTS_OF_DATES = (
    re.compile(rf"\b(?P<month>{_CAPITAL_OR_FRENCH})\s+(?P<year>(?:19|20|21)\d{{2}})\b"),
    re.compile(rf"\b(?P<month>{_CAPITAL_OR_FRENCH})\s+{_DAY}\b(?![.,:]?\d|\s*%)"),
    re.compile(rf"(?<![\d.,$])\b{_DAY}\s+(?:of\s+)?(?P<month>{_CAPITAL_OR_FRENCH})\b"),
)
"""A month of a year, and a day of every year; read in what is left once whole dates are taken out."""

_POSTAL_CODE = re.compile(r"\b([A-Z]\d[A-Z])[ \u00a0-]?(\d[A-Z]\d)\b")
_IN_AN_ADDRESS = re.compile(r"\d+(?:\.\d+)?")
_PHONE = re.compile(r"(?<![\d.,])(?:\+?1[ \u00a0.-])?\(?([2-9]\d{2})\)?[ \u00a0.-]{1,2}(\d{3})[\u00a0 .-](\d{4})(?!\d)")

_SPACE = "[ \u00a0\u202f]"
_NUMBER: Mapping[Language, str] = {
    "fr": rf"\d{{1,3}}(?:{_SPACE}\d{{3}}){{1,5}}(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?",
    "en": rf"\d{{1,3}}(?:(?:,|{_SPACE})\d{{3}}){{1,5}}(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?",
}
_UNITS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "year": r"ans?|années?",
        "month": r"mois",
        "week": r"semaines?",
        "day": r"jours?",
        "h": r"heures?",
        "minute": r"minutes?|min",
        "second": r"secondes?",
        "%": r"%|pour cent",
        "KB": r"ko|kilooctets?",
        "MB": r"Mo|mégaoctets?",
        "GB": r"Go|gigaoctets?",
        "km": r"km|kilomètres?",
        "metre": r"mètres?",
        "kg": r"kg|kilogrammes?",
        "page": r"pages?",
    },
    "en": {
        "year": r"years?",
        "month": r"months?",
        "week": r"weeks?",
        "day": r"days?",
        "h": r"hours?",
        "minute": r"minutes?|min",
        "second": r"seconds?",
        "%": r"%|per cent|percent",
        "KB": r"KB|kilobytes?",
        "MB": r"MB|megabytes?",
        "GB": r"GB|gigabytes?",
        "km": r"km|kilometres?|kilometers?",
        "metre": r"metres?|meters?",
        "kg": r"kg|kilograms?",
        "page": r"pages?",
    },
}
_KINDS_OF_DAYS = r"(?:(?:business|working|calendar|clear|full|consecutive|additional|more|other|further)[\s-])?"
_BETWEEN = rf"(?:{_SPACE}?\([^()\n]{{1,20}}\))?(?:\s|-)?\s?{_KINDS_OF_DAYS}"
_ONE: Mapping[Language, re.Pattern[str]] = {
    "fr": re.compile(
        rf"(?<![\w.,$-])(?P<one>une?){_BETWEEN}(?P<unit>an|année|mois|semaine|jour|heure|minute)(?!\w)", re.IGNORECASE
    ),
    "en": re.compile(
        rf"(?<![\w.,$\u2019'-])(?P<one>one|an?){_BETWEEN}(?P<unit>year|month|week|day|hour|minute)(?!\w)", re.IGNORECASE
    ),
}
_SURE: Mapping[Language, frozenset[tuple[str, str]]] = {
    "fr": frozenset({("un", "year"), ("un", "month"), ("une", "week")}),
    "en": frozenset(("one", unit) for unit in ("year", "month", "week", "day", "h", "minute")),
}
"""What counts, whatever it stands in; « un jour » and "a year" may be an article and its noun, as in "$10 a year"."""
_CURRENCY = r"(?:\$|€|£)"
_MILLIONS: Mapping[str, Decimal] = {
    "million": Decimal(10) ** 6,
    "millions": Decimal(10) ** 6,
    "m": Decimal(10) ** 6,
    "milliard": Decimal(10) ** 9,
    "milliards": Decimal(10) ** 9,
    "billion": Decimal(10) ** 9,
    "billions": Decimal(10) ** 9,
    "k": Decimal(10) ** 3,
}
_TIMES: Mapping[Language, re.Pattern[str]] = {
    "fr": re.compile(rf"(?<![\d.,])(?P<hour>\d{{1,2}}){_SPACE}?h(?:{_SPACE}?(?P<minute>\d{{1,2}}))?\b"),
    "en": re.compile(
        rf"(?<![\d.,:])(?P<hour>\d{{1,2}})(?::(?P<minute>\d{{2}}))?{_SPACE}?(?P<half>[ap])\.?m\b\.?", re.IGNORECASE
    ),
}
_CLOCK = re.compile(r"(?<![\d.,:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\d:])")


@dataclass(frozen=True, slots=True)
class _Amount:
    """A quantity as it is compared, the number alone, and the words it was read from."""

    value: str
    number: str
    written: str


@lru_cache(maxsize=1024)
def facts_of(kind: FactKind, prose: str, language: Language) -> Facts:
    """The facts of one kind that a text in one language states, by what is compared; read once while words stay."""
    return _READERS[kind](prose, language)


def apart(french: str, english: str, kind: FactKind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The facts of one kind that only the French text states, and those that only the English one does.

    Of an amount, a number that the other text states without its unit is not apart: « moins de 14 ans » is "under 14".
    Nor is a single unit that the other may mean: « un an » is "a year", which need not count anything.
    """
    here, there = facts_of(kind, french, "fr"), facts_of(kind, english, "en")
    only_fr = {value: words for value, words in here.items() if value not in there}
    only_en = {value: words for value, words in there.items() if value not in here}
    if kind == "amounts":
        only_fr = _said_nowhere(only_fr, "fr", english)
        only_en = _said_nowhere(only_en, "en", french)
    return tuple(sorted(only_fr.values())), tuple(sorted(only_en.values()))


# --- dates, links, addresses -----------------------------------------------------------------------------------------


def _dates(prose: str, _language: Language) -> Facts:
    whole = {day: day for day in _days(prose)}
    for pattern in _DATES:
        prose = pattern.sub(_TAKEN_OUT, prose)
    return whole | dict(_parts_of_dates(prose))


def _days(prose: str) -> Iterator[str]:
    for pattern in _DATES:
        for found in pattern.finditer(prose):
            month = found["month"]
            number = int(month) if month.isdigit() else _MONTHS[month.lower()]
            yield f"{found['year']}-{number:02}-{int(found['day']):02}"


def _parts_of_dates(prose: str) -> Iterator[tuple[str, str]]:
    """Each month of a year, and each day without one, by what is compared, with the words it was read from."""
    for pattern in _PARTS_OF_DATES:
        for found in pattern.finditer(prose):
            parts, month = found.groupdict(), _MONTHS[found["month"].lower()]
            value = f"{parts['year']}-{month:02}" if "year" in parts else f"{month:02}-{int(parts['day']):02}"
            yield value, " ".join(found[0].split())
        prose = pattern.sub(_TAKEN_OUT, prose)


def _links(prose: str, language: Language) -> Facts:
    found = _LINK.findall(prose)
    written = (link.removeprefix("](").lstrip(" <").rstrip(".,;:!?") for link in found)
    return {_in_any_language(link, language): link for link in written}


def _in_any_language(link: str, language: Language) -> str:
    """A link as both languages share it: of one that names its own language in its path, what stands before it."""
    try:
        parts = urlsplit(link)
    except ValueError:  # an address no browser would open either
        return link
    segments = parts.path.split("/")
    mine = {language, f"{language}-ca", f"{language}_ca"}
    other = twin_of(language)
    place = next((place for place, part in enumerate(segments) if part.lower() in mine), None)
    if place is None or other in segments:
        return link
    return f"{parts.scheme}://{parts.netloc}{'/'.join(segments[:place])}/…"


def _emails(prose: str, _language: Language) -> Facts:
    return {address.lower(): address.lower() for address in _EMAIL.findall(prose)}


def _placeholders(prose: str, _language: Language) -> Facts:
    return {name: name for name in PLACEHOLDER.findall(prose)}


def _addresses(prose: str, _language: Language) -> Facts:
    """Postal addresses: the code, and the numbers that stand before it on its line (door, office)."""
    found: dict[str, str] = {}
    for line in prose.splitlines():
        begin = 0
        for code in _POSTAL_CODE.finditer(line):
            before = _PHONE.sub(" ", line[begin : code.start()])
            numbers = sorted({*_IN_AN_ADDRESS.findall(_POSTAL_CODE.sub(" ", before))})
            said = ", ".join((*numbers, f"{code[1]} {code[2]}"))
            found[said] = said
            begin = code.end()
    return found


def _phones(prose: str, _language: Language) -> Facts:
    return {said: said for area, office, line in _PHONE.findall(prose) for said in (f"{area} {office}-{line}",)}


# --- amounts ---------------------------------------------------------------------------------------------------------


def _amounts(prose: str, language: Language) -> Facts:
    return {amount.value: amount.written for amount in _all_amounts(_figures_alone(prose), language)}


def _said_nowhere(only: Facts, language: Language, twin: str) -> dict[str, str]:
    """The amounts of one language that its twin does not mean either: neither their number alone, nor a single unit."""
    if not only:
        return {}
    other = twin_of(language)
    rest = _figures_alone(twin)
    meant = {amount.value for amount in _single_units(rest, other, sure=False)}
    for amount in _all_amounts(rest, other):
        rest = rest.replace(amount.written, " ")
    bare = {_plain(_decimal(found[0], other)) for found in re.finditer(_NUMBER[other], rest)}
    return {
        value: words
        for value, words in only.items()
        if value not in meant and not any(amount.number in bare for amount in _all_amounts(words, language))
    }


def _figures_alone(prose: str) -> str:
    """The text without figures that are no amounts: addresses, links, telephone numbers, dates."""
    for pattern in (_LINK, _EMAIL, PLACEHOLDER, *_DATES, *_PARTS_OF_DATES, _POSTAL_CODE, _PHONE):
        prose = pattern.sub(_TAKEN_OUT, prose)
    return prose.replace("*", "")


def _all_amounts(prose: str, language: Language) -> Iterator[_Amount]:
    yield from _money(prose, language)
    yield from _times(prose, language)
    yield from _with_units(prose, language)
    yield from _single_units(prose, language, sure=True)


def _money(prose: str, language: Language) -> Iterator[_Amount]:
    for pattern in _money_patterns(language):
        for found in pattern.finditer(prose):
            value = _decimal(found["number"], language) * _MILLIONS.get((found["million"] or "").lower(), Decimal(1))
            sign = found["sign"].lower()
            if sign.startswith("cent"):
                value, sign = value / 100, "$"
            sign = {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€"}.get(sign, sign)
            yield _Amount(f"{_plain(value)} {sign}", _plain(value), found[0].strip())
        prose = pattern.sub(_TAKEN_OUT, prose)


@cache
def _money_patterns(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The currency after the number and before it, first the way the language has it."""
    number = rf"(?<![\d.,$])(?P<number>{_NUMBER[language]})"
    million = r"(?P<million>millions?|milliards?|billions?|[kM](?=[ \u00a0]?\$))"
    after = re.compile(
        rf"{number}{_SPACE}?(?:{million}{_SPACE}?(?:(?:de|d’|of){_SPACE})?)?"
        rf"(?P<sign>{_CURRENCY}|dollars?\b|euros?\b|cents?\b)",
        re.IGNORECASE,
    )
    before = re.compile(
        rf"(?P<sign>{_CURRENCY}){_SPACE}?(?P<number>{_NUMBER[language]})"
        rf"(?:{_SPACE}?(?P<million>millions?\b|billions?\b|[kM]\b))?",
        re.IGNORECASE,
    )
    return (before, after) if language == "en" else (after, before)


def _times(prose: str, language: Language) -> Iterator[_Amount]:
    """Hours of the day, and hours: « 14 h 30 » is "2:30 p.m.", « 24 h » is "24 hours"."""
    for found in (*_TIMES[language].finditer(prose), *_CLOCK.finditer(_TIMES[language].sub(" ", prose))):
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        half = (found.groupdict().get("half") or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        value = f"{hour} h {minute:02}" if minute else f"{hour} h"
        yield _Amount(value, str(hour), found[0].strip())


def _with_units(prose: str, language: Language) -> Iterator[_Amount]:
    for found in _unit_pattern(language).finditer(prose):
        typed = found["number"]
        spelled_out = number_of(typed, language)
        value = _decimal(typed, language) if spelled_out is None else Decimal(spelled_out)
        unit = next(unit for place, unit in enumerate(_UNITS[language]) if found[f"unit{place}"])
        yield _counted(value, unit, found[0])


def _single_units(prose: str, language: Language, *, sure: bool) -> Iterator[_Amount]:
    """One unit of time, in words. `sure`: only where it surely counts, as in "one month" but not in "a month"."""
    prose = _unit_pattern(language).sub(_TAKEN_OUT, prose)
    for found in _ONE[language].finditer(prose):
        unit = next(unit for unit, known in _UNITS[language].items() if re.fullmatch(known, found["unit"].lower()))
        if not sure or (found["one"].lower(), unit) in _SURE[language]:
            yield _counted(Decimal(1), unit, found[0])


def _counted(number: Decimal, unit: str, written: str) -> _Amount:
    """A number of units; whole years are months too, as « un an » is "12 months"."""
    value, of = (number * 12, "month") if unit == "year" else (number, unit)
    return _Amount(f"{_plain(value)} {of}", _plain(number), " ".join(written.split()))


@cache
def _unit_pattern(language: Language) -> re.Pattern[str]:
    """A number in figures or in words, and the unit it counts: « trente (30) jours », "a 30-day period"."""
    units = "|".join(f"(?P<unit{place}>{known})" for place, known in enumerate(_UNITS[language].values()))
    return re.compile(
        rf"(?<![\w.,$\u2019'-])(?P<number>{_NUMBER[language]}|(?:{spelled(language)})(?=\W)){_BETWEEN}(?:{units})(?!\w)",
        re.IGNORECASE,
    )


def _decimal(written: str, language: Language) -> Decimal:
    plain = re.sub(_SPACE, "", written)
    return Decimal(plain.replace(",", ".") if language == "fr" else plain.replace(",", ""))


def _plain(value: Decimal) -> str:
    """A number without the zeros that say nothing: 1234.50 is 1234.5."""
    return f"{value.normalize():f}"


_READERS: Mapping[FactKind, Callable[[str, Language], Facts]] = {
    "dates": _dates,
    "amounts": _amounts,
    "links": _links,
    "emails": _emails,
    "addresses": _addresses,
    "phones": _phones,
    "placeholders": _placeholders,
}

KINDS: tuple[FactKind, ...] = tuple(_READERS)
"""Every kind of fact that two languages must state alike."""
