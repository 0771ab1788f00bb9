"""Words for notices: what each tells, where it stands, what must be written in it, why it does not go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from portal.domain.languages import Language
from portal.domain.notices import REFUSED_ALIKE, SOURCE_AWAY, NoticeKind, NoticeState
from portal.domain.outbox import WhyRefused
from portal.wording.catalogue import for_language
from portal.wording.setup_words import result_title

_HOUR, _DAY = 3_600, 86_400


def notice_label(kind: NoticeKind, language: Language) -> str:
    """What a notice tells."""
    words = for_language(language)
    return {
        NoticeKind.POLICY_CHANGE: words.gettext("Change to the policy"),
        NoticeKind.BUSINESS_TRANSFER: words.gettext("Commercial transaction"),
        NoticeKind.CONFIDENTIALITY_INCIDENT: words.gettext("Confidentiality incident"),
    }[kind]


def notice_state_label(state: NoticeState, language: Language) -> str:
    """Where a notice stands."""
    words = for_language(language)
    return {
        NoticeState.DRAFTED: words.gettext("Being prepared"),
        NoticeState.PROOF_SENT: words.gettext("Proof sent, ready to go"),
        NoticeState.COUNTING_DOWN: words.gettext("Counting down"),
        NoticeState.SENDING: words.gettext("Leaving"),
        NoticeState.STOPPED: words.gettext("Stopped"),
        NoticeState.DONE: words.gettext("Over"),
    }[state]


def notice_trouble(trouble: str, language: Language) -> str:
    """Why a notice does not go on for now."""
    words = for_language(language)
    if trouble == SOURCE_AWAY:
        return words.gettext("One of your databases does not answer. It is asked again, and nobody is passed over.")
    if trouble == REFUSED_ALIKE:
        return words.gettext(
            "The mail server refused several letters one after the other, and the reason may be us rather than their "
            "readers. The notice stopped, and nobody is passed over. Ask whoever provides the server, then resume."
        )
    if trouble == WhyRefused.NOT_NOW.value:
        return words.gettext("The mail server asks for patience. We wait a minute, then go on.")
    return words.gettext("%(why)s We try again, and nobody is passed over.", why=result_title(trouble, language))


def detail_label(name: str, language: Language) -> tuple[str, str]:
    """What the officer writes in one field of a notice, in French and in English: both labels, in the page's language."""
    return _details(language)[name]


def lasting(span: timedelta, language: Language) -> str:
    """How long something takes, as people say it: to the minute under an hour, to the hour under two days."""
    words, seconds = for_language(language), span.total_seconds()
    if seconds < _HOUR:
        return words.ngettext("%(num)s minute", "%(num)s minutes", max(1, round(seconds / 60)))
    if seconds < 2 * _DAY:
        return words.ngettext("%(num)s hour", "%(num)s hours", round(seconds / _HOUR))
    return words.ngettext("%(num)s day", "%(num)s days", round(seconds / _DAY))


@cache
def _details(language: Language) -> Mapping[str, tuple[str, str]]:
    words = for_language(language)
    return {
        "party": (
            words.gettext("Who received the information, in French"),
            words.gettext("Who received the information, in English"),
        ),
        "reach": (words.gettext("How to reach them, in French"), words.gettext("How to reach them, in English")),
        "transfer": (
            words.gettext("What happened and when, in French"),
            words.gettext("What happened and when, in English"),
        ),
        "information": (
            words.gettext("Which information is concerned, in French"),
            words.gettext("Which information is concerned, in English"),
        ),
        "circumstances": (words.gettext("What happened, in French"), words.gettext("What happened, in English")),
        "period": (words.gettext("When it happened, in French"), words.gettext("When it happened, in English")),
        "measures": (
            words.gettext("What you do to reduce the risk, in French"),
            words.gettext("What you do to reduce the risk, in English"),
        ),
        "advice": (
            words.gettext("What people can do to protect themselves, in French"),
            words.gettext("What people can do to protect themselves, in English"),
        ),
    }
