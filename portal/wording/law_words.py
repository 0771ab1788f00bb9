"""A regime in plain words, for who answers under it: by when, who may give more time, what silence means, who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.languages import Language
from portal.domain.regimes import PauseReason, RecourseBody, Regime
from portal.wording.catalogue import for_language
from portal.wording.dates import date_long
from portal.wording.spans import span_words


def answered_within(regime: Regime, language: Language) -> str:
    """By when an answer is due, and from which day that is counted."""
    words, time = for_language(language), span_words(regime.base, language)
    if regime.counts_receipt_day:
        return words.gettext("%(time)s; the day of receipt is the first.", time=time)
    return words.gettext("%(time)s after the day of receipt.", time=time)


def acknowledged_within(regime: Regime, language: Language) -> str:
    """By when receipt is acknowledged, and whether the law asks for it."""
    words, time = for_language(language), span_words(regime.acknowledgement, language)
    if regime.acknowledgement_required:
        return words.gettext("%(time)s: the law asks for it.", time=time)
    return words.gettext("%(time)s: the law does not ask for it, we promise it.", time=time)


def more_time(regime: Regime, language: Language) -> str:
    """Who may give more time, and how much."""
    words = for_language(language)
    if regime.extension is not None:
        time = span_words(regime.extension, language)
        return words.gettext(
            "%(time)s more, which you decide. The person is told why before the first day due.", time=time
        )
    if regime.extension_authority == "regulator":
        return words.gettext("Only the recourse body can give more, if you apply to it in time.")
    return words.gettext("Nobody can give more.")


def pauses(regime: Regime, language: Language) -> str:
    """For which reasons the clock may wait."""
    words = for_language(language)
    if not regime.pause_reasons:
        return words.gettext("Never: the time runs even while you wait for the person.")
    return "; ".join(_reasons(language)[reason] for reason in regime.pause_reasons)


def silence_means(regime: Regime, language: Language) -> str:
    """What it means not to answer in time."""
    words = for_language(language)
    if regime.silence == "deemed_refusal":
        return words.gettext("It counts as a refusal, and the person is told the next day.")
    return words.gettext("It breaks the law. It is no refusal.")


def recourse_of(regime: Regime, language: Language) -> str:
    """What a person may do who is refused, and within which time."""
    words, recourse = for_language(language), regime.recourse
    within = (
        words.gettext("within %(time)s", time=span_words(recourse.within, language))
        if recourse.within
        else words.gettext("with no last day")
    )
    said = words.gettext(
        "%(remedy)s, %(within)s (%(provision)s).",
        remedy=_capital(recourse.remedy.in_(language)),
        within=within,
        provision=recourse.provision.in_(language),
    )
    return f"{said} {recourse.court.in_(language)}" if recourse.court else said


def reviewed(regime: Regime, language: Language) -> str:
    """Who on counsel's side read the row, and when."""
    words = for_language(language)
    if not regime.is_reviewed or regime.reviewed_on is None:
        return words.gettext("Not yet. To be reviewed by counsel.")
    day = date_long(regime.reviewed_on, language)
    return words.gettext("By %(who)s, on %(day)s.", who=regime.reviewed_by, day=day)


def checked(body: RecourseBody, language: Language) -> str:
    """Who read how to reach a body at its source, where and when."""
    words = for_language(language)
    if body.checked_on is None:
        return words.gettext("Nobody has read these details at their source yet.")
    day = date_long(body.checked_on, language)
    if not body.checked_by:
        return words.gettext("These details were read at their source on %(day)s.", day=day)
    return words.gettext("These details were read at their source on %(day)s (%(who)s).", day=day, who=body.checked_by)


@cache
def _reasons(language: Language) -> Mapping[PauseReason, str]:
    words = for_language(language)
    return {
        "identity": words.gettext("While you wait for proof of who asks"),
        "clarification": words.gettext("While you wait for the person to say what they mean"),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
