"""Letters: which ones the portal sends, and which facts each of them may carry (law.md §6.4, design §4.6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter says; each has a folder of that name with its subject, its text and its HTML."""

    SIGN_IN_CODE = "sign_in_code"
    CONFIRM_CODE = "confirm_code"
    OTHER_ADDRESS_CODE = "other_address_code"
    ACKNOWLEDGEMENT = "acknowledgement"
    OUTCOME_GRANTED = "outcome_granted"
    OUTCOME_PARTIALLY_GRANTED = "outcome_partially_granted"
    OUTCOME_REFUSED = "outcome_refused"
    OUTCOME_NOTHING_FOUND = "outcome_nothing_found"
    OUTCOME_NOT_ENTITLED = "outcome_not_entitled"
    COMPLAINT_ANSWERED = "complaint_answered"
    DECISION_EXPLAINED = "decision_explained"
    CORRECTION_DONE = "correction_done"
    CONSENT_CHANGED = "consent_changed"
    TAKEN_BACK = "taken_back"
    ERASURE_WAITING = "erasure_waiting"
    ERASURE_DONE = "erasure_done"
    CONTACT_NEW_REQUEST = "contact_new_request"
    CONTACT_CLOSED = "contact_closed"
    MESSAGE_WAITING = "message_waiting"
    REQUEST_FOR_INFORMATION = "request_for_information"
    CONTACT_MESSAGE = "contact_message"
    STAFF_INVITATION = "staff_invitation"
    STAFF_SUMMARY = "staff_summary"
    TEST_LETTER = "test_letter"
    KEEPER_ASKED = "keeper_asked"
    CONTACT_REMINDER = "contact_reminder"
    CONTACT_UNOPENED = "contact_unopened"
    CONTACT_LATE = "contact_late"
    CONTACT_PAUSED = "contact_paused"
    WE_ARE_LATE = "we_are_late"
    MORE_TIME_TAKEN = "more_time_taken"
    MORE_TIME_ASKED = "more_time_asked"
    MORE_TIME_ANSWERED = "more_time_answered"
    REOPENED = "reopened"
    CLOCK_CHANGED = "clock_changed"
    FOLLOW_CODE_REPLACED = "follow_code_replaced"
    CONTACT_TO_DECIDE = "contact_to_decide"
    ANSWER_GIVEN_BACK = "answer_given_back"
    POLICY_CHANGE = "policy_change"
    BUSINESS_TRANSFER = "business_transfer"
    CONFIDENTIALITY_INCIDENT = "confidentiality_incident"


CODE_LETTERS = frozenset({LetterKind.SIGN_IN_CODE, LetterKind.CONFIRM_CODE, LetterKind.OTHER_ADDRESS_CODE})
"""Letters with exactly one run of six digits, which is the code (design §4.3)."""

STAFF_LETTERS = frozenset(
    {
        LetterKind.CONTACT_NEW_REQUEST,
        LetterKind.CONTACT_CLOSED,
        LetterKind.CONTACT_MESSAGE,
        LetterKind.CONTACT_REMINDER,
        LetterKind.CONTACT_UNOPENED,
        LetterKind.CONTACT_LATE,
        LetterKind.CONTACT_PAUSED,
        LetterKind.CONTACT_TO_DECIDE,
        LetterKind.ANSWER_GIVEN_BACK,
        LetterKind.STAFF_INVITATION,
        LetterKind.STAFF_SUMMARY,
        LetterKind.TEST_LETTER,
        LetterKind.KEEPER_ASKED,
    }
)
"""Letters to the organization's own people; replies to them go to their sender."""

NOTICES = frozenset({LetterKind.POLICY_CHANGE, LetterKind.BUSINESS_TRANSFER, LetterKind.CONFIDENTIALITY_INCIDENT})
"""Letters told to many at once; each notice brings its own paragraph."""

OF_MESSAGES = frozenset({LetterKind.MESSAGE_WAITING, LetterKind.REQUEST_FOR_INFORMATION})
"""Letters that tell a person of a message on their request's page: a nudge, which is no answer."""

WITHOUT_REFERENCE = (
    CODE_LETTERS | NOTICES | {LetterKind.STAFF_INVITATION, LetterKind.STAFF_SUMMARY, LetterKind.TEST_LETTER}
)
"""Letters about no request. All others carry their request's reference in the subject."""

_CODE = frozenset({"code", "minutes"})
_REQUEST = frozenset({"reference", "kind", "received", "written", "link", "follow_code", "follow_page"})
_REFUSAL = _REQUEST | {"remedies"}
_NOT_DONE = _REFUSAL | {"may_comment"}
_DUE = frozenset({"reference", "kind", "received", "due", "link"})

FACTS: Mapping[LetterKind, frozenset[str]] = {
    LetterKind.SIGN_IN_CODE: _CODE,
    LetterKind.CONFIRM_CODE: _CODE,
    LetterKind.OTHER_ADDRESS_CODE: _CODE,
    LetterKind.ACKNOWLEDGEMENT: _REQUEST | {"due", "spoken"},
    LetterKind.OUTCOME_GRANTED: _REQUEST,
    LetterKind.OUTCOME_PARTIALLY_GRANTED: _NOT_DONE,
    LetterKind.OUTCOME_REFUSED: _NOT_DONE,
    LetterKind.OUTCOME_NOTHING_FOUND: _REFUSAL,
    LetterKind.OUTCOME_NOT_ENTITLED: _REFUSAL,
    LetterKind.COMPLAINT_ANSWERED: _REQUEST | {"body"},
    LetterKind.DECISION_EXPLAINED: _REQUEST | {"reviewed"},
    LetterKind.CORRECTION_DONE: _REQUEST,
    LetterKind.CONSENT_CHANGED: _REQUEST | {"given", "moment", "purpose"},
    LetterKind.TAKEN_BACK: _REQUEST,
    LetterKind.ERASURE_WAITING: _REQUEST | {"wait_until"},
    LetterKind.ERASURE_DONE: _REQUEST | {"done_on", "kept"},
    LetterKind.CONTACT_NEW_REQUEST: _DUE,
    LetterKind.CONTACT_CLOSED: frozenset({"reference", "kind", "received", "closed_on", "decision", "link"}),
    LetterKind.MESSAGE_WAITING: _REQUEST,
    LetterKind.REQUEST_FOR_INFORMATION: _REQUEST | {"needed", "answer_by", "due", "left", "paused_on"},
    LetterKind.CONTACT_MESSAGE: _DUE,
    LetterKind.STAFF_INVITATION: frozenset({"role", "link", "minutes"}),
    LetterKind.STAFF_SUMMARY: frozenset({"mine", "late", "nobodys", "requests", "link"}),
    LetterKind.TEST_LETTER: frozenset({"moment"}),
    LetterKind.KEEPER_ASKED: _DUE | {"category", "system", "erasing"},
    LetterKind.CONTACT_REMINDER: _DUE | {"left", "silence"},
    LetterKind.CONTACT_UNOPENED: _DUE,
    LetterKind.CONTACT_LATE: _DUE | {"remedies", "hold_until"},
    LetterKind.CONTACT_PAUSED: _DUE | {"paused_on", "missing"},
    LetterKind.WE_ARE_LATE: _REFUSAL | {"due"},
    LetterKind.MORE_TIME_TAKEN: _REQUEST | {"due", "complaints"},
    LetterKind.MORE_TIME_ASKED: _REQUEST | {"due", "body"},
    LetterKind.MORE_TIME_ANSWERED: _REQUEST | {"due", "body", "more_time", "other_law_first"},
    LetterKind.REOPENED: _REQUEST | {"due"},
    LetterKind.CLOCK_CHANGED: _REQUEST | {"due", "paused_on", "missing"},
    LetterKind.FOLLOW_CODE_REPLACED: _REQUEST,
    LetterKind.CONTACT_TO_DECIDE: _DUE,
    LetterKind.ANSWER_GIVEN_BACK: _DUE,
    LetterKind.POLICY_CHANGE: frozenset({"effective", "summary", "link", "changes_link", "unsubscribe"}),
    LetterKind.BUSINESS_TRANSFER: frozenset({"party", "reach", "transfer", "link"}),
    LetterKind.CONFIDENTIALITY_INCIDENT: frozenset(
        {"information", "circumstances", "period", "measures", "advice", "link"}
    ),
}
"""The facts each letter states: all of them, and no other, so that nothing personal slips into one."""


@dataclass(frozen=True, slots=True)
class DueRequest:
    """A request as a list of them names it: by its reference and the last day to answer."""

    reference: str
    due: date


class FixedPart(StrEnum):
    """A part of a letter that nothing can take away: because a law wants it, or because the reader's safety does."""

    SENDER = "sender"
    REQUEST = "request"
    TERM = "term"
    FREE = "free"
    ASKED = "asked"
    OUTCOME = "outcome"
    REASONS = "reasons"
    RECOURSE = "recourse"
    EXPLANATION = "explanation"
    COPY = "copy"
    ATTESTATION = "attestation"
    CHOICE = "choice"
    HELP = "help"
    CODE = "code"
    CHANGE = "change"
    CHOICES = "choices"
    TRANSFER = "transfer"
    INCIDENT = "incident"
    ADVICE = "advice"
    FOUND = "found"
    MEASURES = "measures"
    WATCHDOG = "watchdog"
    USED = "used"
    BASIS = "basis"
    FACTORS = "factors"
    RIGHT = "right"
    REVIEW = "review"


_ABOUT_A_REQUEST = frozenset({FixedPart.SENDER, FixedPart.REQUEST, FixedPart.HELP})
_REFUSED = _ABOUT_A_REQUEST | {FixedPart.OUTCOME, FixedPart.REASONS, FixedPart.RECOURSE, FixedPart.EXPLANATION}
_OURS = frozenset({FixedPart.SENDER})

FIXED: Mapping[LetterKind, frozenset[FixedPart]] = {
    LetterKind.SIGN_IN_CODE: _OURS | {FixedPart.CODE},
    LetterKind.CONFIRM_CODE: _OURS | {FixedPart.CODE},
    LetterKind.OTHER_ADDRESS_CODE: _OURS | {FixedPart.CODE},
    LetterKind.ACKNOWLEDGEMENT: _ABOUT_A_REQUEST | {FixedPart.TERM, FixedPart.FREE},
    LetterKind.OUTCOME_GRANTED: _ABOUT_A_REQUEST | {FixedPart.OUTCOME},
    LetterKind.OUTCOME_PARTIALLY_GRANTED: _REFUSED,
    LetterKind.OUTCOME_REFUSED: _REFUSED,
    LetterKind.OUTCOME_NOTHING_FOUND: _REFUSED,
    LetterKind.OUTCOME_NOT_ENTITLED: _REFUSED,
    LetterKind.COMPLAINT_ANSWERED: _ABOUT_A_REQUEST | {FixedPart.FOUND, FixedPart.MEASURES, FixedPart.WATCHDOG},
    LetterKind.DECISION_EXPLAINED: _ABOUT_A_REQUEST
    | {FixedPart.USED, FixedPart.BASIS, FixedPart.FACTORS, FixedPart.RIGHT, FixedPart.REVIEW},
    LetterKind.CORRECTION_DONE: _ABOUT_A_REQUEST | {FixedPart.OUTCOME, FixedPart.COPY},
    LetterKind.CONSENT_CHANGED: _ABOUT_A_REQUEST | {FixedPart.CHOICE},
    LetterKind.TAKEN_BACK: _ABOUT_A_REQUEST,
    LetterKind.ERASURE_WAITING: _ABOUT_A_REQUEST | {FixedPart.OUTCOME},
    LetterKind.ERASURE_DONE: _ABOUT_A_REQUEST | {FixedPart.ATTESTATION},
    LetterKind.CONTACT_NEW_REQUEST: _OURS,
    LetterKind.CONTACT_CLOSED: _OURS,
    LetterKind.MESSAGE_WAITING: _ABOUT_A_REQUEST,
    LetterKind.REQUEST_FOR_INFORMATION: _ABOUT_A_REQUEST | {FixedPart.ASKED, FixedPart.TERM},
    LetterKind.CONTACT_MESSAGE: _OURS,
    LetterKind.STAFF_INVITATION: _OURS,
    LetterKind.STAFF_SUMMARY: _OURS,
    LetterKind.TEST_LETTER: _OURS,
    LetterKind.KEEPER_ASKED: _OURS,
    LetterKind.CONTACT_REMINDER: _OURS,
    LetterKind.CONTACT_UNOPENED: _OURS,
    LetterKind.CONTACT_LATE: _OURS,
    LetterKind.CONTACT_PAUSED: _OURS,
    LetterKind.WE_ARE_LATE: _ABOUT_A_REQUEST | {FixedPart.TERM, FixedPart.RECOURSE},
    LetterKind.MORE_TIME_TAKEN: _ABOUT_A_REQUEST | {FixedPart.TERM, FixedPart.RECOURSE},
    LetterKind.MORE_TIME_ASKED: _ABOUT_A_REQUEST | {FixedPart.TERM},
    LetterKind.MORE_TIME_ANSWERED: _ABOUT_A_REQUEST | {FixedPart.TERM},
    LetterKind.REOPENED: _ABOUT_A_REQUEST | {FixedPart.TERM},
    LetterKind.CLOCK_CHANGED: _ABOUT_A_REQUEST | {FixedPart.TERM},
    LetterKind.FOLLOW_CODE_REPLACED: _ABOUT_A_REQUEST,
    LetterKind.CONTACT_TO_DECIDE: _OURS,
    LetterKind.ANSWER_GIVEN_BACK: _OURS,
    LetterKind.POLICY_CHANGE: _OURS | {FixedPart.CHANGE, FixedPart.CHOICES, FixedPart.HELP},
    LetterKind.BUSINESS_TRANSFER: _OURS | {FixedPart.TRANSFER, FixedPart.CHOICES, FixedPart.HELP},
    LetterKind.CONFIDENTIALITY_INCIDENT: _OURS | {FixedPart.INCIDENT, FixedPart.ADVICE, FixedPart.HELP},
}
"""What each letter must hold, or it is not made (law.md §6.4; P-39.1, ss. 3.1, 3.2, 3.5, 8, 8.2, 12.1, 18.4, 27, 30 and 32 to 36)."""

STATED: Mapping[FixedPart, tuple[str, ...]] = {
    FixedPart.REQUEST: ("reference", "kind", "received", "written", "follow_code"),
    FixedPart.TERM: ("due",),
    FixedPart.ASKED: ("needed", "answer_by"),
    FixedPart.REASONS: ("provision",),
    FixedPart.RECOURSE: ("remedies",),
    FixedPart.ATTESTATION: ("done_on",),
    FixedPart.CODE: ("code",),
    FixedPart.CHANGE: ("effective", "summary", "link", "changes_link"),
    FixedPart.TRANSFER: ("party", "reach", "transfer"),
    FixedPart.INCIDENT: ("information", "circumstances", "period", "measures"),
    FixedPart.ADVICE: ("advice",),
    FixedPart.WATCHDOG: ("body",),
}
"""The facts that must be read inside a part, if the letter has them: a part cannot be there in name only."""

ON_PAPER: Mapping[LetterKind, frozenset[str]] = {
    LetterKind.ACKNOWLEDGEMENT: frozenset({"silence", "transcript"}),
    LetterKind.OUTCOME_GRANTED: frozenset({"answer"}),
    LetterKind.OUTCOME_PARTIALLY_GRANTED: frozenset({"answer", "provision"}),
    LetterKind.OUTCOME_REFUSED: frozenset({"answer", "provision"}),
    LetterKind.OUTCOME_NOTHING_FOUND: frozenset({"answer"}),
    LetterKind.OUTCOME_NOT_ENTITLED: frozenset({"answer", "provision"}),
    LetterKind.COMPLAINT_ANSWERED: frozenset({"said_found", "said_measures"}),
    LetterKind.DECISION_EXPLAINED: frozenset(
        {"said_used", "said_basis", "said_factors", "said_reviewer", "said_observations", "said_outcome"}
    ),
    LetterKind.ERASURE_DONE: frozenset({"answer"}),
    LetterKind.MESSAGE_WAITING: frozenset({"message"}),
    LetterKind.REQUEST_FOR_INFORMATION: frozenset({"message", "why"}),
    LetterKind.WE_ARE_LATE: frozenset(),
    LetterKind.MORE_TIME_TAKEN: frozenset({"answer"}),
    LetterKind.MORE_TIME_ASKED: frozenset(),
    LetterKind.MORE_TIME_ANSWERED: frozenset(),
    LetterKind.REOPENED: frozenset(),
    LetterKind.CLOCK_CHANGED: frozenset(),
    LetterKind.FOLLOW_CODE_REPLACED: frozenset(),
}
"""The letters that may be posted, and what each says beside its facts: who has no page to read gets the answer itself."""

MAY_BE_NOTHING = frozenset(
    {
        (LetterKind.CONTACT_CLOSED, "decision"),
        (LetterKind.POLICY_CHANGE, "unsubscribe"),
        (LetterKind.ACKNOWLEDGEMENT, "transcript"),
        (LetterKind.REQUEST_FOR_INFORMATION, "paused_on"),
        (LetterKind.CLOCK_CHANGED, "paused_on"),
        (LetterKind.CLOCK_CHANGED, "missing"),
    }
)
"""Facts that may be absent: a request taken back has no decision, whom the law wants told cannot unsubscribe, what was
written is not written down again, and a clock that runs stands still since no day."""

LONGEST_PARAGRAPH = 1_000
"""Characters of the organization's own paragraph, in each language."""


def looks_like_a_code(text: str) -> bool:
    """Whether a reader could take a number of the text for the six digits of a code: in one run, or apart by a sign."""
    return any(
        len(unbroken) >= _DIGITS or sum(character.isdigit() for character in run) == _DIGITS
        for run in _NUMBER.findall(text)
        for unbroken in [max(_SIGNS.split(run), key=len)]
    )


def unfit_for_a_letter(text: str) -> bool:
    """Whether the text holds a character that steers instead of being read: control, direction, line or private use."""
    return any(
        (unicodedata.category(character) in {"Cc", "Co", "Cs", "Zl", "Zp"} and character != "\n")
        or character in _DIRECTION
        for character in text
    )


_DIGITS = 6
_NUMBER = re.compile(r"\d(?:[ \u00a0\u202f.\-\u2010-\u2015]?\d)*")
_SIGNS = re.compile(r"\D")
_DIRECTION = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
