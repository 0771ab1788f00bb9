"""Words for letters as staff see them: what each says, to whom it goes, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.languages import Language
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience, DeliveryOutcome, LetterState
from portal.wording.catalogue import for_language


def letter_label(kind: LetterKind, language: Language) -> str:
    """What a letter says, in a few words."""
    return _letters(language)[kind]


def audience_label(audience: Audience, language: Language) -> str:
    """To whom a letter goes, without an address."""
    words = for_language(language)
    return {
        Audience.PERSON: words.gettext("The person"),
        Audience.CONTACT: words.gettext("The privacy contact"),
        Audience.STAFF: words.gettext("A member of staff"),
        Audience.CODE: words.gettext("Whoever asked for a code"),
        Audience.KEEPER: words.gettext("The keeper of a system"),
        Audience.BACKUP: words.gettext("The backup of the privacy contact"),
    }[audience]


def letter_state_label(state: LetterState, language: Language) -> str:
    """Where letters stand, as a heading."""
    words = for_language(language)
    return {
        LetterState.WAITING: words.gettext("Waiting letters"),
        LetterState.TO_POST: words.gettext("Letters to print and post"),
        LetterState.SENT: words.gettext("Sent letters"),
        LetterState.REFUSED: words.gettext("Refused letters"),
    }[state]


def outcome_label(outcome: DeliveryOutcome, language: Language) -> str:
    """What became of the last try."""
    words = for_language(language)
    return {
        DeliveryOutcome.ACCEPTED: words.gettext("The mail server took it."),
        DeliveryOutcome.TEMPORARILY_REFUSED: words.gettext("The mail server did not take it. It will be tried again."),
        DeliveryOutcome.REFUSED_FOR_GOOD: words.gettext("The mail server refused it for good."),
        DeliveryOutcome.NO_TRANSPORT: words.gettext("No mail server is set."),
        DeliveryOutcome.EXPIRED: words.gettext("Nothing was left to send."),
        DeliveryOutcome.POSTED: words.gettext("Staff posted it."),
    }[outcome]


@cache
def _letters(language: Language) -> Mapping[LetterKind, str]:
    words = for_language(language)
    return {
        LetterKind.SIGN_IN_CODE: words.gettext("Code to sign in"),
        LetterKind.CONFIRM_CODE: words.gettext("Code to confirm"),
        LetterKind.OTHER_ADDRESS_CODE: words.gettext("Code to show that another address is theirs"),
        LetterKind.ACKNOWLEDGEMENT: words.gettext("Acknowledgement"),
        LetterKind.OUTCOME_GRANTED: words.gettext("Outcome: granted"),
        LetterKind.OUTCOME_PARTIALLY_GRANTED: words.gettext("Outcome: partly granted"),
        LetterKind.OUTCOME_REFUSED: words.gettext("Outcome: refused"),
        LetterKind.OUTCOME_NOTHING_FOUND: words.gettext("Outcome: nothing found"),
        LetterKind.OUTCOME_NOT_ENTITLED: words.gettext("Outcome: identity or capacity not proved"),
        LetterKind.COMPLAINT_ANSWERED: words.gettext("Answer to a complaint"),
        LetterKind.DECISION_EXPLAINED: words.gettext("Automated decision explained"),
        LetterKind.CORRECTION_DONE: words.gettext("Correction made"),
        LetterKind.CONSENT_CHANGED: words.gettext("Consent changed"),
        LetterKind.TAKEN_BACK: words.gettext("Request taken back"),
        LetterKind.ERASURE_WAITING: words.gettext("Deletion accepted, waiting"),
        LetterKind.ERASURE_DONE: words.gettext("Attestation of deletion"),
        LetterKind.CONTACT_NEW_REQUEST: words.gettext("New request, to the contact"),
        LetterKind.CONTACT_CLOSED: words.gettext("Request closed, to the contact"),
        LetterKind.FOLLOW_CODE_REPLACED: words.gettext("New follow code, to the person"),
        LetterKind.MESSAGE_WAITING: words.gettext("Message waiting, to the person"),
        LetterKind.REQUEST_FOR_INFORMATION: words.gettext("What is missing, asked of the person"),
        LetterKind.CONTACT_MESSAGE: words.gettext("The person wrote, to whoever handles the request"),
        LetterKind.STAFF_INVITATION: words.gettext("Invitation to staff"),
        LetterKind.STAFF_SUMMARY: words.gettext("Work of the morning, to staff"),
        LetterKind.TEST_LETTER: words.gettext("Test letter"),
        LetterKind.KEEPER_ASKED: words.gettext("Look-up, to the keeper of a system"),
        LetterKind.CONTACT_REMINDER: words.gettext("Reminder of the last day to answer, to the contact"),
        LetterKind.CONTACT_UNOPENED: words.gettext("Request nobody opened, to the contact"),
        LetterKind.CONTACT_LATE: words.gettext("Last day passed, to the contact"),
        LetterKind.CONTACT_PAUSED: words.gettext("Time standing still, to the contact"),
        LetterKind.WE_ARE_LATE: words.gettext("We are late, to the person"),
        LetterKind.MORE_TIME_TAKEN: words.gettext("More time taken"),
        LetterKind.MORE_TIME_ASKED: words.gettext("More time asked of the regulator"),
        LetterKind.MORE_TIME_ANSWERED: words.gettext("The regulator’s answer about more time"),
        LetterKind.REOPENED: words.gettext("Request opened again"),
        LetterKind.CLOCK_CHANGED: words.gettext("Time standing still or running again, to the person"),
        LetterKind.CONTACT_TO_DECIDE: words.gettext("Answer to decide, to the contact"),
        LetterKind.ANSWER_GIVEN_BACK: words.gettext("Prepared answer given back, to who prepared it"),
        LetterKind.POLICY_CHANGE: words.gettext("Change to the policy, to everybody"),
        LetterKind.BUSINESS_TRANSFER: words.gettext("Commercial transaction, to everybody"),
        LetterKind.CONFIDENTIALITY_INCIDENT: words.gettext("Confidentiality incident, to those concerned"),
    }
