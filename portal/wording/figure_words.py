"""Words of the figures: what is counted, and what each count is of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

from portal.domain.figures import Outcome
from portal.domain.languages import Language, Text
from portal.domain.rights import Decision, Kind
from portal.wording.catalogue import N_, for_language
from portal.wording.labels import decision_label, kind_label_for_staff
from portal.wording.register_words import both


def outcome_label(outcome: Outcome, language: Language) -> str:
    """How requests ended, said of them."""
    words = for_language(language)
    if outcome is Outcome.OPEN:
        return words.gettext("Not answered yet")
    if outcome is Outcome.WITHDRAWN:
        return words.gettext("Taken back by the person")
    return decision_label(Decision(outcome.value), language)


def month_label(month: date, language: Language) -> str:
    """A month in words: « novembre 2026 », "November 2026"."""
    return format_date(month, "MMMM y", f"{language}_CA")


def breakdown_label(name: str, language: Language) -> str:
    """What is counted."""
    return for_language(language).gettext(_BREAKDOWNS[name])


def item_label(breakdown: str, name: str, language: Language) -> str:
    """Of what a count is: a kind of request, or how it ended."""
    if breakdown == "kind":
        return kind_label_for_staff(Kind(name), language)
    return outcome_label(Outcome(name), language)


def figure_column(key: str) -> Text:
    """The name of a column of the figures, in both languages."""
    return both(_COLUMNS[key])


_BREAKDOWNS: Mapping[str, str] = {
    "received": N_("Requests received"),
    "late": N_("Answered after the last day"),
    "median_days": N_("Days from receipt to answer, median"),
    "slowest_tenth_days": N_("Days within which nine answers of ten came"),
    "kind": N_("By what was asked"),
    "outcome": N_("By how it ended"),
}

_COLUMNS: Mapping[str, str] = {
    "year": N_("Year"),
    "until": N_("Counted until"),
    "breakdown": N_("What is counted"),
    "items": N_("Of what"),
    "number": N_("Number"),
}
