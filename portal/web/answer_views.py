"""What was answered to a request, in words: outcome, reasons, what was left out, and where to turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.grounds import opens_recourse
from portal.domain.rights import RightsRequest
from portal.services.regimes import remedies_of
from portal.services.rights import DecisionTaken
from portal.web.access import portal, store
from portal.web.languages import page_language
from portal.web.pages import effective, words
from portal.wording.dates import date_long
from portal.wording.labels import decision_label
from portal.wording.remedies import RemedyWords, remedy_words


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What was answered, with what every refusal must say."""

    outcome: str
    key: str
    decided_at: datetime | None
    reason: str | None
    provision: str | None
    remedies: tuple[RemedyWords, ...]
    left_out: list[str]


@dataclass(frozen=True, slots=True)
class EarlierView:
    """An answer given before the request was opened again."""

    outcome: str
    key: str
    decided_at: datetime
    reason: str | None
    provision: str | None
    recourse_until: date | None


def answer_view(request: RightsRequest) -> AnswerView | None:
    """What was decided, or None before it was."""
    if request.decision is None:
        return None
    return AnswerView(
        outcome=decision_label(request.decision, page_language()),
        key=request.decision.value,
        decided_at=request.decided_at,
        reason=request.reason,
        provision=request.provision,
        remedies=remedy_words(remedies_of(portal(), store(), request), page_language())
        if opens_recourse(request.decision)
        else (),
        left_out=left_out(request),
    )


def earlier_views(taken: Sequence[DecisionTaken], request: RightsRequest) -> list[EarlierView]:
    """The answers given before the present one."""
    earlier = taken if request.decision is None else taken[:-1]
    return [
        EarlierView(
            decision_label(one.decision, page_language()),
            one.decision.value,
            one.decided_at,
            one.reason,
            one.provision,
            one.recourse_until,
        )
        for one in earlier
    ]


def left_out(request: RightsRequest) -> list[str]:
    """Each kind of information an answer leaves out, and until when it is kept where a day was given."""
    language, data_map = page_language(), effective().data_map
    named = []
    for one in request.withheld:
        category = data_map.category(one.category)
        label = category.label.in_(language) if category else one.category
        until = date_long(one.until, language) if one.until else None
        named.append(words("%(label)s, kept until %(day)s", label=label, day=until) if until else label)
    return named
