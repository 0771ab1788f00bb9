"""What the law asks of staff for one request, in three lines at most: by when, what silence means, what to keep."""

from __future__ import annotations

from datetime import date

from portal.domain.acts import is_contested
from portal.domain.clock import silence_is_refusal
from portal.domain.regimes import Regime
from portal.domain.rights import BEFORE_DECISION, Flag, RightsRequest
from portal.services.regimes import regime_of, silent_until
from portal.services.rights import flags_of
from portal.web.access import now, portal, store
from portal.web.languages import page_language
from portal.web.pages import words
from portal.wording.dates import date_long


def law_asks(found: RightsRequest) -> list[str]:
    """The lines for a request as it stands today; none once nothing is asked any more."""
    regime, flags = regime_of(store(), found), flags_of(portal(), found, now=now())
    lines = []
    if found.state in BEFORE_DECISION and not found.is_test:
        lines += _late(found) if Flag.DEEMED_REFUSED in flags else _in_time(found, regime)
    if is_contested(found):
        lines.append(words("The regulator has a file on it: destroy nothing before its final answer is written here."))
    elif Flag.HELD in flags and found.hold_until:
        lines.append(words("Until %(day)s, destroy nothing that this request is about.", day=_day(found.hold_until)))
    return lines


def letter_would_leave(found: RightsRequest) -> bool:
    """Whether a letter tells the person that we are late, should the last day pass without an answer."""
    waits = found.state in BEFORE_DECISION and not found.is_test and found.deemed_refused_on is None
    return waits and silence_is_refusal(found, regime_of(store(), found))


def _in_time(found: RightsRequest, regime: Regime) -> list[str]:
    due = _day(found.due)
    if not silence_is_refusal(found, regime):
        return [words("The law sets no last day for this kind of request. We promised an answer by %(due)s.", due=due)]
    first = words("Answer in writing by %(due)s.", due=due)
    if regime.extension_authority == "regulator":
        first += " " + words(
            "Only the %(commission)s can give more time, if you apply to it by that day.", commission=_commission()
        )
    until = silent_until(store(), found)
    if until is None:
        return [first]
    return [
        first,
        words(
            "If no answer leaves in time, a letter tells the person the next day that this silence counts as a refusal. "
            "They may then write to the %(commission)s until %(until)s.",
            commission=_commission(),
            until=_day(until),
        ),
    ]


def _late(found: RightsRequest) -> list[str]:
    said = words("The last day has passed, and this silence counts as a refusal. An answer is still due.")
    if found.recourse_until is None:
        return [said]
    return [
        said,
        words(
            "The person was told that they may write to the %(commission)s until %(until)s.",
            commission=_commission(),
            until=_day(found.recourse_until),
        ),
    ]


def _commission() -> str:
    return portal().commission.name


def _day(day: date) -> str:
    return date_long(day, page_language())
