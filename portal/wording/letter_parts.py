"""Words for the parts of a letter that cannot be taken away: what each is called, and why it stays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.languages import Language, Text
from portal.domain.letters import FixedPart
from portal.wording.catalogue import for_language


def part_label(part: FixedPart, language: Language) -> str:
    """What a fixed part is, in a few words."""
    return _labels(language)[part]


def part_reason(part: FixedPart, language: Language, regime: str) -> str:
    """Why nothing can take it away, with the sections that say so under Québec's Act; other laws are cited in their rows."""
    reason, cited = _reasons(language)[part], _SECTIONS_IN_QUEBEC.get(part)
    return f"{reason} ({cited.in_(language)})" if cited and regime == "qc_p391" else reason


def _sections(numbers: str, *, several: bool = False) -> Text:
    return Text(
        fr=f"P-39.1, art.\N{NO-BREAK SPACE}{numbers.replace(' and ', ' et ')}",
        en=f"P-39.1, {'ss.' if several else 's.'}\N{NO-BREAK SPACE}{numbers}",
    )


_SECTIONS_IN_QUEBEC: Mapping[FixedPart, Text] = {
    FixedPart.SENDER: _sections("3.1"),
    FixedPart.REQUEST: _sections("32"),
    FixedPart.TERM: _sections("32"),
    FixedPart.FREE: _sections("33"),
    FixedPart.OUTCOME: _sections("32"),
    FixedPart.REASONS: _sections("34"),
    FixedPart.RECOURSE: _sections("34 and 36", several=True),
    FixedPart.EXPLANATION: _sections("34"),
    FixedPart.COPY: _sections("35"),
    FixedPart.ATTESTATION: _sections("35"),
    FixedPart.CHOICE: _sections("8"),
    FixedPart.HELP: _sections("27 and 30", several=True),
    FixedPart.CHANGE: _sections("8.2"),
    FixedPart.TRANSFER: _sections("18.4"),
    FixedPart.INCIDENT: _sections("3.5"),
    FixedPart.ADVICE: _sections("3.5"),
    FixedPart.FOUND: _sections("3.2"),
    FixedPart.MEASURES: _sections("3.2"),
    FixedPart.WATCHDOG: _sections("3.2"),
    FixedPart.USED: _sections("12.1"),
    FixedPart.BASIS: _sections("12.1"),
    FixedPart.FACTORS: _sections("12.1"),
    FixedPart.RIGHT: _sections("12.1"),
    FixedPart.REVIEW: _sections("12.1"),
}


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
        FixedPart.FOUND: words.gettext("What was found"),
        FixedPart.MEASURES: words.gettext("What will be done"),
        FixedPart.WATCHDOG: words.gettext("Who else to turn to"),
        FixedPart.USED: words.gettext("The information used"),
        FixedPart.BASIS: words.gettext("The reasons of the machine’s decision"),
        FixedPart.FACTORS: words.gettext("The principal factors and parameters"),
        FixedPart.RIGHT: words.gettext("The right to have it corrected"),
        FixedPart.REVIEW: words.gettext("The review by a person"),
    }


@cache
def _reasons(language: Language) -> Mapping[FixedPart, str]:
    words = for_language(language)
    return {
        FixedPart.SENDER: words.gettext("The title and contact details of the person in charge must be easy to find."),
        FixedPart.REQUEST: words.gettext("The dates prove that the answer came in time."),
        FixedPart.TERM: words.gettext("The law sets the last day to answer, and what silence means."),
        FixedPart.FREE: words.gettext("Nothing is charged for reaching one’s own information."),
        FixedPart.ASKED: words.gettext(
            "Whoever asks for something more says what, and why; nothing more than necessary is collected."
        ),
        FixedPart.OUTCOME: words.gettext("The answer is given in writing."),
        FixedPart.REASONS: words.gettext("A refusal gives its reasons and the provision of law it rests on."),
        FixedPart.RECOURSE: words.gettext(
            "A refusal names the recourse and its time limit. Until then the information is kept."
        ),
        FixedPart.EXPLANATION: words.gettext("Whoever asks for help to understand a refusal must receive it."),
        FixedPart.COPY: words.gettext("What was changed or added is given in a free copy."),
        FixedPart.ATTESTATION: words.gettext("A deletion is attested in writing."),
        FixedPart.CHOICE: words.gettext(
            "Anyone may withdraw a consent: this sentence is their proof of what they chose, and when."
        ),
        FixedPart.HELP: words.gettext(
            "People are helped to make their request, and may ask for the answer in another form."
        ),
        FixedPart.CODE: words.gettext(
            "For safety: this letter has one number of six digits and no other, so that nobody types the wrong one."
        ),
        FixedPart.CHANGE: words.gettext(
            "Before a change takes effect, people are told what changes and from which day."
        ),
        FixedPart.CHOICES: words.gettext("No right depends on agreeing: a letter that tells of a change says so."),
        FixedPart.TRANSFER: words.gettext(
            "After a commercial transaction, people are told who holds information about them."
        ),
        FixedPart.INCIDENT: words.gettext(
            "People concerned by an incident are told which information, what happened, when, and what is done about it."
        ),
        FixedPart.ADVICE: words.gettext(
            "People concerned by an incident are told how they can reduce the risk to themselves."
        ),
        FixedPart.FOUND: words.gettext("Whoever complains learns what was found."),
        FixedPart.MEASURES: words.gettext("Whoever complains learns what is being put right."),
        FixedPart.WATCHDOG: words.gettext("Whoever complains learns who else can look into it."),
        FixedPart.USED: words.gettext("Whoever asks learns which information a machine’s decision used."),
        FixedPart.BASIS: words.gettext("Whoever asks learns why a machine decided so."),
        FixedPart.FACTORS: words.gettext(
            "Whoever asks learns which factors and parameters led a machine to its decision."
        ),
        FixedPart.RIGHT: words.gettext("The information a machine’s decision used may be corrected."),
        FixedPart.REVIEW: words.gettext("Anyone may submit observations to somebody able to review the decision."),
    }
