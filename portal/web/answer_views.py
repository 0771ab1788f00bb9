"""What was answered to a request, in words: outcome, reasons, what was left out, and where to turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.answers import is_examined
from portal.domain.grounds import opens_recourse
from portal.domain.languages import Language
from portal.domain.rights import Kind, RightsRequest
from portal.services.regimes import regime_of, remedies_of
from portal.services.rights import DecisionTaken
from portal.web.access import portal, store
from portal.web.languages import page_language
from portal.web.pages import effective, words
from portal.wording.answer_labels import outcome_label_of, part_heading, wanted_label
from portal.wording.dates import date_long
from portal.wording.left_out import part_label
from portal.wording.remedies import BodyWords, RemedyWords, body_words, remedy_words


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What was answered, with what every refusal must say. `parts`: what it is made of, each under its name.

    `may_correct`: what a machine's decision used may be corrected. `watchdog`: who else looks into a complaint.
    """

    outcome: str
    key: str
    decided_at: datetime | None
    reason: str | None
    provision: str | None
    remedies: tuple[RemedyWords, ...]
    left_out: list[str]
    parts: list[tuple[str, str]]
    may_correct: bool
    watchdog: BodyWords | None


@dataclass(frozen=True, slots=True)
class EarlierView:
    """An answer given before the request was opened again."""

    outcome: str
    key: str
    decided_at: datetime
    reason: str | None
    provision: str | None
    recourse_until: date | None
    parts: list[tuple[str, str]]


def answer_view(request: RightsRequest) -> AnswerView | None:
    """What was decided, or None before it was."""
    if request.decision is None:
        return None
    return AnswerView(
        outcome=outcome_label_of(request.kind, request.decision, page_language()),
        key=request.decision.value,
        decided_at=request.decided_at,
        reason=request.reason,
        provision=request.provision,
        remedies=remedy_words(remedies_of(portal(), store(), request), page_language())
        if opens_recourse(request.decision) and not is_examined(request)
        else (),
        left_out=left_out(request),
        parts=parts_said(request, page_language()),
        may_correct=request.kind is Kind.AUTOMATED and bool(request.parts),
        watchdog=_watchdog(request),
    )


def earlier_views(taken: Sequence[DecisionTaken], request: RightsRequest) -> list[EarlierView]:
    """The answers given before the present one."""
    earlier = taken if request.decision is None else taken[:-1]
    return [
        EarlierView(
            outcome_label_of(request.kind, one.decision, page_language()),
            one.decision.value,
            one.decided_at,
            one.reason,
            one.provision,
            one.recourse_until,
            [(part_heading(said.part, page_language()), said.text) for said in one.parts],
        )
        for one in earlier
    ]


def left_out(request: RightsRequest) -> list[str]:
    """Each part an answer leaves out, and until when it is kept where a day was given."""
    language, data_map = page_language(), effective().data_map
    named = []
    for one in request.withheld:
        label = part_label(data_map, one, language)
        until = date_long(one.until, language) if one.until else None
        named.append(words("%(label)s, kept until %(day)s", label=label, day=until) if until else label)
    return named


def parts_said(request: RightsRequest, language: Language) -> list[tuple[str, str]]:
    """The named parts of an answer, each under its heading."""
    return [(part_heading(one.part, language), one.text) for one in request.parts]


def machine_facts(request: RightsRequest) -> tuple[str, str] | None:
    """Which decision of a machine a request is about, and what is wanted of it; None for another request."""
    asked = request.machine_decision
    return (asked.which, wanted_label(asked.wanted, page_language())) if asked else None


def _watchdog(request: RightsRequest) -> BodyWords | None:
    if not is_examined(request):
        return None
    return body_words(portal().law.body_of(regime_of(store(), request)), page_language())
