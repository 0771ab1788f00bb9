"""What the law asks of staff for one request, in a few lines: by when, what silence means, what to keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from portal.domain.acts import is_contested
from portal.domain.clock import silence_of
from portal.domain.remedies import Remedy
from portal.domain.rights import BEFORE_DECISION, Flag, RightsRequest
from portal.services.regimes import (
    body_asked_for_time,
    law_that_counts_silence,
    laws_of,
    left_to_regulator_of,
    remedies_for_silence,
    remedies_of,
)
from portal.services.rights import flags_of
from portal.web.access import now, portal, store
from portal.web.languages import page_language
from portal.web.pages import words
from portal.wording.dates import date_long
from portal.wording.remedies import body_words, remedy_words


def law_asks(found: RightsRequest) -> list[str]:
    """The lines for a request as it stands today; none once nothing is asked any more."""
    flags, lines = flags_of(portal(), found, now=now()), []
    if found.state in BEFORE_DECISION and not found.is_test:
        lines += _late(found) if Flag.DEEMED_REFUSED in flags else _in_time(found)
    if is_contested(found):
        lines.append(words("The regulator has a file on it: destroy nothing before its final answer is written here."))
    elif Flag.HELD in flags and found.hold_until:
        lines.append(words("Until %(day)s, destroy nothing that this request is about.", day=_day(found.hold_until)))
    return lines


def if_refused_today(found: RightsRequest) -> list[str]:
    """What a refusal decided today would say of each recourse, in the page's language."""
    remedies = remedies_of(portal(), store(), replace(found, decided_at=now()))
    return [" ".join(one.refused) for one in remedy_words(remedies, page_language())]


def letter_would_leave(found: RightsRequest) -> bool:
    """Whether a letter tells the person that we are late, should the last day pass without an answer."""
    waits = found.state in BEFORE_DECISION and not found.is_test and found.deemed_refused_on is None
    return waits and law_that_counts_silence(store(), found) is not None


def _in_time(found: RightsRequest) -> list[str]:
    due = _day(found.due)
    if found.paused_on is not None:
        return [
            words("The time stands still since %(day)s. The last day moves by as many days.", day=_day(found.paused_on))
        ]
    regimes = [law.regime for law in laws_of(store(), found)]
    if not any(silence_of(found, regime) for regime in regimes):
        return [words("The law sets no last day for this kind of request. We promised an answer by %(due)s.", due=due)]
    first = words("Answer in writing by %(due)s.", due=due)
    if found.applied_on is None:
        first = " ".join([first, *_only_regulator(found, alone=len(regimes) == 1)])
    counts = law_that_counts_silence(store(), found)
    if counts is None:
        return [first, words("Silence would break the law. It is no refusal: an answer stays due.")]
    return [first, _if_silent(found, counts.due)]


def _only_regulator(found: RightsRequest, *, alone: bool) -> Iterator[str]:
    asked = left_to_regulator_of(store(), found)
    if asked is None:
        return
    name = body_words(body_asked_for_time(portal(), store(), found), page_language()).name
    if alone:
        yield words("Only this body can give more time, if you apply to it by that day: %(name)s.", name=name)
        return
    yield words(
        "Under %(law)s, only this body can give more time, if you apply to it by %(day)s: %(name)s.",
        law=asked.regime.label.in_(page_language()),
        day=_day(asked.due),
        name=name,
    )
    yield words("The other laws keep their own last day.")


def _if_silent(found: RightsRequest, last_day: date) -> str:
    told = words(
        "If no answer leaves by %(day)s, a letter tells the person the next day that this silence counts as a refusal.",
        day=_day(last_day),
    )
    counting = [one for one in remedies_of(portal(), store(), found) if one.silence == "deemed_refusal"]
    may = [
        words("They may then write %(to_body)s until %(until)s.", to_body=_to(one), until=_day(one.until))
        for one in counting
        if one.until
    ]
    return " ".join([told, *may])


def _late(found: RightsRequest) -> list[str]:
    said = words("The last day has passed, and this silence counts as a refusal. An answer is still due.")
    told = [
        words(
            "The person was told that they may write %(to_body)s until %(until)s.",
            to_body=_to(one),
            until=_day(one.until),
        )
        if one.until
        else words("The person was told that they may write %(to_body)s.", to_body=_to(one))
        for one in remedies_for_silence(portal(), store(), found, today=portal().today(now()))
    ]
    return [said, *told]


def _to(remedy: Remedy) -> str:
    return body_words(remedy.body, page_language()).to


def _day(day: date) -> str:
    return date_long(day, page_language())
