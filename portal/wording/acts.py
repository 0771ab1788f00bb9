"""Words for what staff may do to a request, what each act brings about, and why one is not open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from portal.domain.acts import Act, Bar
from portal.domain.languages import Language
from portal.domain.rights import PauseReason, RegulatorOutcome
from portal.wording.catalogue import for_language


@dataclass(frozen=True, slots=True)
class ActWords:
    """An act: its name on a button and a heading, and one sentence on what follows."""

    label: str
    lead: str


def act_words(act: Act, language: Language) -> ActWords:
    """How an act is called, and what it brings about."""
    return _acts(language)[act]


def bar_sentence(bar: Bar, language: Language) -> str:
    """Why an act is not open now."""
    return _bars(language)[bar]


def pause_label(reason: PauseReason, language: Language) -> str:
    """What the clock may stand still for."""
    words = for_language(language)
    return {
        PauseReason.IDENTITY: words.gettext("We cannot tell who asks without something only they can give"),
        PauseReason.CLARIFICATION: words.gettext("We cannot tell what is asked without their answer"),
    }[reason]


def regulator_label(outcome: RegulatorOutcome, language: Language) -> str:
    """What the regulator answered."""
    words = for_language(language)
    return {
        RegulatorOutcome.GRANTED: words.gettext("It gave more time"),
        RegulatorOutcome.DENIED: words.gettext("It gave no more time"),
    }[outcome]


@cache
def _acts(language: Language) -> Mapping[Act, ActWords]:
    words = for_language(language)
    named = {
        Act.TAKE_UP: (words.gettext("Take up this request"), words.gettext("It is yours from then on.")),
        Act.CHECK_IDENTITY: (
            words.gettext("Check who asks"),
            words.gettext("Nothing is given, corrected or erased before."),
        ),
        Act.ASK: (
            words.gettext("Ask the person for something"),
            words.gettext("A letter tells them what is missing. The last day does not move."),
        ),
        Act.PROPOSE: (
            words.gettext("Prepare the answer"),
            words.gettext("Whoever decides gets a letter, reads it, and decides or gives it back."),
        ),
        Act.GIVE_BACK: (
            words.gettext("Give the answer back"),
            words.gettext("Whoever prepared it reads your note and mends it."),
        ),
        Act.DECIDE: (words.gettext("Decide"), words.gettext("The person is told at once.")),
        Act.EXTEND: (
            words.gettext("Take more time"),
            words.gettext("The law allows it once. The person reads your reasons and the new last day."),
        ),
        Act.PAUSE: (
            words.gettext("Let the time stand still"),
            words.gettext("The person is told. The last day moves by as many days, once the time runs again."),
        ),
        Act.RESUME: (
            words.gettext("Let the time run again"),
            words.gettext("The last day moves by the days it stood still. The person is told the new one."),
        ),
        Act.APPLY: (
            words.gettext("Record an application for more time"),
            words.gettext("Only the regulator can give more time. Until it says yes, the last day stays."),
        ),
        Act.HEAR: (
            words.gettext("Record the answer about more time"),
            words.gettext("The person is told which last day holds."),
        ),
        Act.CONTEST: (
            words.gettext("Record that the person turned to the regulator"),
            words.gettext("What the request is about is kept until the final answer."),
        ),
        Act.SETTLE: (
            words.gettext("Record the final answer of the regulator"),
            words.gettext("It is not held for this any more. Another day told before still counts."),
        ),
        Act.REOPEN: (
            words.gettext("Open the request again"),
            words.gettext("For an error or something new. The person is told, and the time to answer begins anew."),
        ),
        Act.REPLY: (words.gettext("Reply"), words.gettext("Our work goes on.")),
        Act.TAKE_BACK: (words.gettext("Take the request back"), words.gettext("Nothing more is done.")),
        Act.ADD_COMMENTS: (
            words.gettext("Add comments to the file"),
            words.gettext("They are kept beside the value and sent with it."),
        ),
    }
    return {act: ActWords(label, lead) for act, (label, lead) in named.items()}


@cache
def _bars(language: Language) -> Mapping[Bar, str]:
    words = for_language(language)
    return {
        Bar.ROLE: words.gettext("Your role does not do this."),
        Bar.ANSWERED: words.gettext("The request is decided already."),
        Bar.TAKEN_BACK: words.gettext("The person took the request back."),
        Bar.NOT_ANSWERED: words.gettext("The request is not closed yet."),
        Bar.NOT_PROPOSED: words.gettext("No answer was prepared."),
        Bar.NOTHING_ASKED: words.gettext("Nothing was asked of the person."),
        Bar.PROPOSED: words.gettext("An answer waits for a decision."),
        Bar.IN_HAND: words.gettext("Somebody has it in hand already."),
        Bar.IDENTITY_KNOWN: words.gettext("It is known who asks."),
        Bar.LAW: words.gettext("The law of this request does not allow it."),
        Bar.ONLY_REGULATOR: words.gettext("Only the regulator can give more time: the law lets nobody else."),
        Bar.OURS_TO_EXTEND: words.gettext("The law lets you take more time yourselves."),
        Bar.ALREADY: words.gettext("It was done already."),
        Bar.TOO_LATE: words.gettext("The last day has passed."),
        Bar.PAUSED: words.gettext("The time stands still now."),
        Bar.NOT_PAUSED: words.gettext("The time is running."),
        Bar.NOT_APPLIED: words.gettext("No application was recorded."),
        Bar.NOT_SENT: words.gettext(
            "A letter to the person has not left yet. Once it has, the request can be opened again."
        ),
        Bar.NOT_CONTESTABLE: words.gettext("There is no answer to contest yet, and the last day has not passed."),
        Bar.NOT_CONTESTED: words.gettext("Nobody turned to the regulator."),
        Bar.CARRIED_OUT: words.gettext("What was granted is done and cannot be undone. Enter a new request."),
        Bar.NOT_REFUSED: words.gettext("No correction was refused."),
        Bar.LETTER_WAITS: words.gettext("The letter that answers has not left yet."),
        Bar.TEST: words.gettext("This is only a test."),
    }
