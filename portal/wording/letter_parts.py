"""Words for the parts of a letter that cannot be taken away: what each is called, and why it stays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.languages import Language
from portal.domain.letters import FixedPart
from portal.wording.catalogue import for_language


def part_label(part: FixedPart, language: Language) -> str:
    """What a fixed part is, in a few words."""
    return _labels(language)[part]


def part_reason(part: FixedPart, language: Language) -> str:
    """Why nothing can take it away."""
    return _reasons(language)[part]


def own_label(language: Language) -> str:
    """What the organization's own paragraph is called, to whoever wrote it."""
    return for_language(language).gettext("Your paragraph")


@cache
def _labels(language: Language) -> Mapping[FixedPart, str]:
    words = for_language(language)
    return {
        FixedPart.SENDER: words.gettext("Who writes"),
        FixedPart.REQUEST: words.gettext("The request and its dates"),
        FixedPart.TERM: words.gettext("By when we answer"),
        FixedPart.FREE: words.gettext("It is free"),
        FixedPart.ASKED: words.gettext("What is asked, and by when"),
        FixedPart.OUTCOME: words.gettext("The answer"),
        FixedPart.REASONS: words.gettext("The reasons"),
        FixedPart.RECOURSE: words.gettext("The recourse and its last day"),
        FixedPart.EXPLANATION: words.gettext("Help to understand"),
        FixedPart.COPY: words.gettext("The free copy"),
        FixedPart.ATTESTATION: words.gettext("The attestation"),
        FixedPart.CHOICE: words.gettext("The choice recorded"),
        FixedPart.HELP: words.gettext("The offer of help"),
        FixedPart.CODE: words.gettext("The code"),
        FixedPart.CHANGE: words.gettext("What changes"),
        FixedPart.CHOICES: words.gettext("What one can do"),
        FixedPart.TRANSFER: words.gettext("Who holds the information now"),
        FixedPart.INCIDENT: words.gettext("What happened"),
        FixedPart.ADVICE: words.gettext("How to protect oneself"),
    }


@cache
def _reasons(language: Language) -> Mapping[FixedPart, str]:
    words = for_language(language)
    return {
        FixedPart.SENDER: words.gettext(
            "The title and contact details of the person in charge must be easy to find (P-39.1, s. 3.1)."
        ),
        FixedPart.REQUEST: words.gettext("The dates prove that the answer came in time (P-39.1, s. 32)."),
        FixedPart.TERM: words.gettext(
            "The law sets the last day to answer, and counts silence as a refusal (P-39.1, s. 32)."
        ),
        FixedPart.FREE: words.gettext("Nothing is charged for reaching one’s own information (P-39.1, s. 33)."),
        FixedPart.ASKED: words.gettext(
            "Whoever asks for something more says what, and why; nothing more than necessary is collected (P-39.1, ss. 5 and 30)."
        ),
        FixedPart.OUTCOME: words.gettext("The answer is given in writing (P-39.1, s. 32)."),
        FixedPart.REASONS: words.gettext(
            "A refusal gives its reasons and the provision of law it rests on (P-39.1, s. 34)."
        ),
        FixedPart.RECOURSE: words.gettext(
            "A refusal names the recourse and its time limit (P-39.1, s. 34). Until then the information is kept (s. 36)."
        ),
        FixedPart.EXPLANATION: words.gettext(
            "Whoever asks for help to understand a refusal must receive it (P-39.1, s. 34)."
        ),
        FixedPart.COPY: words.gettext("What was changed or added is given in a free copy (P-39.1, s. 35)."),
        FixedPart.ATTESTATION: words.gettext("A deletion is attested in writing (P-39.1, s. 35)."),
        FixedPart.CHOICE: words.gettext(
            "Anyone may withdraw a consent (P-39.1, s. 8): this sentence is their proof of what they chose, and when."
        ),
        FixedPart.HELP: words.gettext(
            "People are helped to make their request, and may ask for the answer in another form (P-39.1, ss. 27 and 30)."
        ),
        FixedPart.CODE: words.gettext(
            "For safety: this letter has one number of six digits and no other, so that nobody types the wrong one."
        ),
        FixedPart.CHANGE: words.gettext(
            "Before a change takes effect, people are told what changes and from which day (P-39.1, s. 8.2)."
        ),
        FixedPart.CHOICES: words.gettext("No right depends on agreeing: a letter that tells of a change says so."),
        FixedPart.TRANSFER: words.gettext(
            "After a commercial transaction, people are told who holds information about them (P-39.1, s. 18.4)."
        ),
        FixedPart.INCIDENT: words.gettext(
            "People concerned by an incident are told which information, what happened, when, and what is done about it (P-39.1, s. 3.5)."
        ),
        FixedPart.ADVICE: words.gettext(
            "People concerned by an incident are told how they can reduce the risk to themselves (P-39.1, s. 3.5)."
        ),
    }
