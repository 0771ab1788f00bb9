"""Numbers and sizes as each language writes them: « 12 345,6 », "12,345.6"."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal

from portal.domain.languages import Language
from portal.wording.catalogue import for_language

_STEP = 1000
_GIGA = 3
_ONE_FIGURE = 10


def number(value: int | float | Decimal, language: Language) -> str:
    """A number with its thousands apart (no-break space in French) and its decimal mark."""
    if isinstance(value, int) and 0 <= value < _STEP:
        return str(value)  # as either language writes it; most numbers of a page are so small
    return format_decimal(value, locale=f"{language}_CA")


def bytes_size(count: int, language: Language) -> str:
    """A size in the largest fitting unit: « 1,5 Mo », "640 KB"."""
    size, power = float(count), 0
    while round(size, 1) >= _STEP and power < _GIGA:
        size, power = size / _STEP, power + 1
    shown = number(round(size, 1) if power and size < _ONE_FIGURE else round(size), language)
    words = for_language(language)
    return (
        words.gettext("%(size)s\N{NO-BREAK SPACE}B", size=shown),
        words.gettext("%(size)s\N{NO-BREAK SPACE}KB", size=shown),
        words.gettext("%(size)s\N{NO-BREAK SPACE}MB", size=shown),
        words.gettext("%(size)s\N{NO-BREAK SPACE}GB", size=shown),
    )[power]
