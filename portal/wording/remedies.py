"""What a person may do when we refuse or do not answer, in whole sentences: law by law, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.languages import Language
from portal.domain.regimes import Office, RecourseBody
from portal.domain.remedies import Remedy
from portal.wording.catalogue import for_language
from portal.wording.dates import date_long


@dataclass(frozen=True, slots=True)
class BodyWords:
    """Who examines a refusal, and how to reach it, in one language."""

    name: str
    short_name: str
    to: str
    role: str
    website: str
    toll_free: str | None
    offices: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class RemedyWords:
    """One recourse in words. `law`: named where a request falls under several; `until`: None where no last day is set.

    `refused`: what one may do against our answer. `silent`: what one may do now that we did not answer. `if_silent`: what
    one may do if we do not. `counts_silence`: whether the law takes our silence as a refusal. `complaint`: what one may do who
    thinks that we should not take more time. `stated`: what must be read
    wherever the recourse is told.
    """

    law: str | None
    remedy: str
    body: BodyWords
    until: date | None
    refused: tuple[str, ...]
    silent: tuple[str, ...]
    if_silent: tuple[str, ...]
    counts_silence: bool
    complaint: str
    stated: tuple[str, ...]


def body_words(body: RecourseBody, language: Language) -> BodyWords:
    """A recourse body in the words of a reader."""
    return BodyWords(
        name=body.name.in_(language),
        short_name=body.short_name.in_(language),
        to=body.to.in_(language),
        role=body.role.in_(language),
        website=body.website,
        toll_free=body.toll_free,
        offices=body.offices,
    )


def remedy_words(remedies: Sequence[Remedy], language: Language) -> tuple[RemedyWords, ...]:
    """Each recourse in words; where there are several, each with the law that opens it."""
    return tuple(_one(remedy, language, named=len(remedies) > 1) for remedy in remedies)


def _one(remedy: Remedy, language: Language, *, named: bool) -> RemedyWords:
    day = date_long(remedy.until, language) if remedy.until else None
    court = remedy.recourse.court.in_(language) if remedy.recourse.court else None
    law = remedy.law.in_(language) if named else None
    body = body_words(remedy.body, language)
    return RemedyWords(
        law=law,
        remedy=remedy.recourse.remedy.in_(language),
        body=body,
        until=remedy.until,
        refused=_with(court, *_refused(remedy, day, language)),
        silent=_with(court, *_silent(remedy, day, language)),
        if_silent=_with(court, *_if_silent(remedy, day, language)),
        counts_silence=remedy.silence == "deemed_refusal",
        complaint=for_language(language).gettext(
            "If you think this is not right, you may %(how)s.", how=remedy.recourse.how.in_(language)
        ),
        stated=tuple(one for one in (law, body.name, body.website, day, court) if one),
    )


def _with(court: str | None, *sentences: str) -> tuple[str, ...]:
    return (*sentences, court) if court else sentences


def _refused(remedy: Remedy, day: str | None, language: Language) -> tuple[str, str]:
    words, how = for_language(language), remedy.recourse.how.in_(language)
    return (
        words.gettext("If you disagree, you may %(how)s.", how=how),
        words.gettext("The last day to do so is %(date)s.", date=day) if day else _no_last_day(language),
    )


def _silent(remedy: Remedy, day: str | None, language: Language) -> tuple[str, ...]:
    words, how = for_language(language), remedy.recourse.how.in_(language)
    said = words.gettext("By law, this counts as a refusal.") if remedy.silence == "deemed_refusal" else None
    may = (
        words.gettext("Until %(date)s, you may %(how)s.", how=how, date=day)
        if day
        else words.gettext("You may %(how)s.", how=how)
    )
    return tuple(one for one in (said, may, None if day else _no_last_day(language)) if one)


def _if_silent(remedy: Remedy, day: str | None, language: Language) -> tuple[str, ...]:
    words, how = for_language(language), remedy.recourse.how.in_(language)
    first = (
        words.gettext("If you receive no answer in time, the law counts this silence as a refusal.")
        if remedy.silence == "deemed_refusal"
        else words.gettext("If you receive no answer in time, the law is not respected.")
    )
    if day:
        return first, words.gettext("Until %(date)s, you may then %(how)s.", how=how, date=day)
    return first, words.gettext("You may then %(how)s.", how=how), _no_last_day(language)


def _no_last_day(language: Language) -> str:
    return for_language(language).gettext("The law sets no last day to do so.")
