"""Pages that tell people where they stand: home, how to exercise one's rights, whom to write to, accessibility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.domain.regimes import Regime
from portal.domain.rights import Kind
from portal.services import policies
from portal.services.sign_in import codes_leave
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.complaint_words import complaint_words
from portal.web.languages import page_language, url
from portal.web.pages import effective, page, words
from portal.wording.remedies import BodyWords, body_words
from portal.wording.spans import fee_words, span_words

STATEMENT_OF = date(2026, 11, 23)
"""The day the accessibility statement was last gone over."""

CLOSED_SHOWN = timedelta(days=60)
"""How far ahead the contact page tells the days closed."""


@dataclass(frozen=True, slots=True)
class Right:
    """One right in plain words, and the button that exercises it; `by_letter`: its words where it is exercised in writing."""

    title: str
    sentence: str
    button: str
    href: str
    by_letter: str | None = None


@dataclass(frozen=True, slots=True)
class LawInShort:
    """What a law gives: by when we answer, what silence means, and what one may do who is refused."""

    name: str
    declaration: str
    time_to_answer: str
    counts_silence: bool
    how: str
    remedy: str
    time_to_contest: str | None
    court: str | None
    body: BodyWords


@access.reading
def home() -> Any:
    """What can be done here, that it is free, and by when an answer comes."""
    version = policies.in_force(portal(), store(), now())
    return page(
        "home.html",
        version=version,
        summary=version.summary.in_(page_language()) if version else None,
    )


@access.reading
def rights() -> Any:
    """How to exercise one's rights, for whom, in how long, at what cost, and what if there is no answer (P-39.1, s. 29)."""
    return page(
        "rights.html",
        rights=_rights(),
        law=_law(portal().regime),
        other_laws=[_law(regime) for regime in portal().other_regimes],
        cost=fee_words(portal().regime.fee_policy, page_language()),
        alone_from=portal().regime.alone_from,
    )


@access.reading
def contact() -> Any:
    """The person in charge, how to write, how to complain, and who watches over us (P-39.1, ss. 3.1 and 3.2)."""
    return page("contact.html", bodies=_bodies(), closed=_closed_soon())


@access.reading
def accessibility() -> Any:
    """What the portal aims at, what it is known to miss, and whom to tell."""
    return page("accessibility.html", statement_of=STATEMENT_OF)


def _closed_soon() -> list[tuple[date, str]]:
    """The days closed within the coming weeks, and their names."""
    today = portal().today(portal().clock())
    soon = sorted(effective().holidays, key=lambda one: one.day)
    return [(one.day, one.name.in_(page_language())) for one in soon if today <= one.day <= today + CLOSED_SHOWN]


def _law(regime: Regime) -> LawInShort:
    """What a law gives, in the words of the page."""
    language, within = page_language(), regime.recourse.within
    return LawInShort(
        name=regime.label.in_(language),
        declaration=regime.declaration.in_(language) if regime.declaration else "",
        time_to_answer=span_words(regime.base, language),
        counts_silence=regime.silence == "deemed_refusal",
        how=regime.recourse.how.in_(language),
        remedy=regime.recourse.remedy.in_(language),
        time_to_contest=span_words(within, language) if within else None,
        court=regime.recourse.court.in_(language) if regime.recourse.court else None,
        body=body_words(portal().law.body_of(regime), language),
    )


def _bodies() -> list[BodyWords]:
    """Who watches over us, under each law in use, each once."""
    law, regimes = portal().law, (portal().regime, *portal().other_regimes)
    found = {regime.recourse.body: law.body_of(regime) for regime in regimes}
    return [body_words(body, page_language()) for body in found.values()]


def _rights() -> list[Right]:
    """Every right and its button; while no code can leave, each leads to how to write to us."""
    every = [*_done_here(), *_asked_of_us()]
    return every if codes_leave(portal()) else [_in_writing(one) for one in every]


def _in_writing(right: Right) -> Right:
    """A right as it is exercised by a letter: nothing happens at once, and nobody signs in."""
    return Right(
        right.title, right.by_letter or right.sentence, words("Write to us"), url("contact", _anchor="in-writing")
    )


def _done_here() -> list[Right]:
    """What a person does alone and at once, signed in."""
    return [
        Right(
            words("See your information"),
            words("Find out what we hold about you, why, for how long, and who sees it."),
            words("See my information"),
            url("my_information"),
        ),
        Right(
            words("Take a copy"),
            words("Receive everything in one file: to read, or in a format another service can use (portability)."),
            words("Take a copy"),
            url("download"),
        ),
        Right(
            words("Correct"),
            words("Have information that is inaccurate, incomplete or equivocal put right, free of charge."),
            words("Correct my information"),
            url("my_information"),
        ),
        Right(
            words("Stop a use"),
            words("Withdraw a consent you gave. It takes effect at once, and you keep your account."),
            words("See my consents"),
            url("consents"),
            by_letter=words("Withdraw a consent you gave: tell us which one. You keep your account."),
        ),
        Right(
            words("Delete"),
            words("See first what would be erased and what the law makes us keep, then decide."),
            words("Delete my information"),
            url("delete"),
            by_letter=words("Ask us to erase your information. We answer what goes and what the law makes us keep."),
        ),
    ]


def _asked_of_us() -> list[Right]:
    """What a person asks for and staff answer in writing."""
    return [
        Right(
            words("Know more about the handling"),
            words("Ask where information about you comes from, who sees it here, and how long it is kept."),
            words("Ask for details"),
            url("new_request", kind=Kind.INFO.value),
        ),
        Right(
            words("Add your comments"),
            words("If we disagree with you about a piece of information, have your comments kept with it."),
            words("Add my comments"),
            url("new_request", kind=Kind.COMMENT.value),
        ),
        Right(
            words("Stop dissemination"),
            words(
                "Ask that we stop disseminating information about you, or de-index a link attached to your name, "
                "when it breaks the law or causes you serious injury."
            ),
            words("Ask to stop dissemination"),
            url("new_request", kind=Kind.DEINDEX.value),
        ),
        Right(
            words("Question an automated decision"),
            words("If a decision about you was made by a machine alone, have it explained and reviewed by a person."),
            words("Ask for an explanation"),
            url("new_request", kind=Kind.AUTOMATED.value),
        ),
        Right(
            words("Complain"),
            " ".join((complaint_words(), words("It never has consequences for your account."))),
            words("Make a complaint"),
            url("new_request", kind=Kind.COMPLAINT.value),
        ),
        Right(
            words("Ask for anything else"),
            words("In your own words. You do not need an account."),
            words("Write a request"),
            url("new_request"),
        ),
    ]
