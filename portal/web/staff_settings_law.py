"""The law that new requests are opened under, in plain words, and whether counsel has read it lately; to read only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.domain.regimes import Regime
from portal.domain.rights import Role
from portal.web import access
from portal.web.access import now, portal
from portal.web.languages import page_language
from portal.web.pages import page
from portal.wording import law_words
from portal.wording.remedies import BodyWords, body_words
from portal.wording.spans import fee_words


@dataclass(frozen=True, slots=True)
class RegimeLine:
    """One regime in use, in the words of the page. `asked`: what people tick, where they are asked."""

    name: str
    asked: str | None
    answered: str
    acknowledged: str
    more_time: str
    pauses: str
    silence: str
    recourse: str
    cost: str
    body: BodyWords
    checked: str
    wants_check: bool
    text: str
    reviewed: str
    wants_review: bool


@access.staff(Role.OFFICER)
def staff_settings_law() -> Any:
    """Each regime in use, the one of every request first."""
    main, others = portal().regime, portal().other_regimes
    lines = [_line(main, asked=False), *(_line(regime, asked=True) for regime in others)]
    return page("staff_settings_law.html", regimes=lines, own=portal().settings.own_law)


def _line(regime: Regime, *, asked: bool) -> RegimeLine:
    language, body = page_language(), portal().law.body_of(regime)
    return RegimeLine(
        name=regime.label.in_(language),
        asked=regime.declaration.in_(language) if asked and regime.declaration else None,
        answered=law_words.answered_within(regime, language),
        acknowledged=law_words.acknowledged_within(regime, language),
        more_time=law_words.more_time(regime, language),
        pauses=law_words.pauses(regime, language),
        silence=law_words.silence_means(regime, language),
        recourse=law_words.recourse_of(regime, language),
        cost=fee_words(regime.fee_policy, language),
        body=body_words(body, language),
        checked=law_words.checked(body, language),
        wants_check=body.wants_check(portal().today(now())),
        text=regime.legal_text_version,
        reviewed=law_words.reviewed(regime, language),
        wants_review=regime.wants_review(portal().today(now())),
    )
