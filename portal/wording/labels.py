"""Words for the values a program writes as keys: kinds, states, decisions, flags, roles (law.md §4, §6)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.asking import ForWhom
from portal.domain.languages import Language
from portal.domain.rights import Decision, Flag, Kind, Role, Stage, State
from portal.wording.catalogue import N_, for_language


def kind_label(kind: Kind, language: Language, whom: ForWhom = ForWhom.ME) -> str:
    """What is asked, as whoever asks says it: "Access my information", "Access my child’s information"."""
    return _for_another(whom, language).get(kind) or _kinds(language)[kind]


def kind_label_for_staff(kind: Kind, language: Language) -> str:
    """What is asked, as a noun for lists and registers: "Access"."""
    return _kinds_for_staff(language)[kind]


def stage_label(stage: Stage, language: Language) -> str:
    """Where a request stands, in the words its person reads."""
    return _stages(language)[stage]


def state_label(state: State, language: Language) -> str:
    """Where a request stands, in the words staff read."""
    return _states(language)[state]


def decision_label(decision: Decision, language: Language) -> str:
    """What was decided, said of the request (feminine in French)."""
    return _decisions(language)[decision]


def flag_label(flag: Flag, language: Language) -> str:
    """What is true of a request beside its state, for its person; silence past the due day is "We are late"."""
    return _flags(language)[flag]


def flag_label_for_staff(flag: Flag, language: Language) -> str:
    """What is true of a request beside its state, for staff and registers, in the terms of the Act (law.md §4.1)."""
    return _flags_for_staff(language)[flag]


def role_label(role: Role, language: Language) -> str:
    """What a member of staff is."""
    return _roles(language)[role]


def role_sentence(role: Role, language: Language) -> str:
    """What a role lets a member of staff do."""
    words = for_language(language)
    return {
        Role.OFFICER: words.gettext("Decides requests, publishes policies and keeps the settings."),
        Role.AGENT: words.gettext("Takes requests up and prepares the answers. Decides nothing."),
        Role.AUDITOR: words.gettext("Reads the records and the audit log, never a person’s information."),
    }[role]


@cache
def _kinds(language: Language) -> Mapping[Kind, str]:
    words = for_language(language)
    return {
        Kind.ACCESS: words.gettext("Access my information"),
        Kind.PORTABILITY: words.gettext("Receive or transfer my information"),
        Kind.RECTIFICATION: words.gettext("Correct my information"),
        Kind.COMMENT: words.gettext("Add my comments to the file"),
        Kind.DELETION: words.gettext("Delete my information"),
        Kind.WITHDRAW: words.gettext("Withdraw my consent"),
        Kind.DEINDEX: words.gettext("Stop dissemination or de-index"),
        Kind.AUTOMATED: words.gettext("Explain or review an automated decision"),
        Kind.INFO: words.gettext("Know where my information comes from, who sees it and for how long"),
        Kind.COMPLAINT: words.gettext("Make a complaint"),
        Kind.OTHER: words.gettext("Something else"),
    }


@cache
def _for_another(whom: ForWhom, language: Language) -> Mapping[Kind, str]:
    """The kinds that would say "my" of somebody else's information."""
    words = for_language(language)
    return {kind: words.gettext(said) for kind, said in _FOR_ANOTHER.get(whom, {}).items()}


_FOR_ANOTHER: Mapping[ForWhom, Mapping[Kind, str]] = {
    ForWhom.CHILD: {
        Kind.ACCESS: N_("Access my child’s information"),
        Kind.PORTABILITY: N_("Receive or transfer my child’s information"),
        Kind.RECTIFICATION: N_("Correct my child’s information"),
        Kind.DELETION: N_("Delete my child’s information"),
        Kind.WITHDRAW: N_("Withdraw the consent given for my child"),
        Kind.INFO: N_("Know where my child’s information comes from, who sees it and for how long"),
    },
    ForWhom.REPRESENTED: {
        Kind.ACCESS: N_("Access the information of the person I represent"),
        Kind.PORTABILITY: N_("Receive or transfer the information of the person I represent"),
        Kind.RECTIFICATION: N_("Correct the information of the person I represent"),
        Kind.DELETION: N_("Delete the information of the person I represent"),
        Kind.WITHDRAW: N_("Withdraw the consent of the person I represent"),
        Kind.INFO: N_("Know where the information of the person I represent comes from, who sees it and for how long"),
    },
    ForWhom.DECEASED: {
        Kind.ACCESS: N_("Access the information of someone who has died"),
        Kind.PORTABILITY: N_("Receive or transfer the information of someone who has died"),
        Kind.RECTIFICATION: N_("Correct the information of someone who has died"),
        Kind.DELETION: N_("Delete the information of someone who has died"),
        Kind.WITHDRAW: N_("Withdraw the consent of someone who has died"),
        Kind.INFO: N_("Know where the information of someone who has died comes from, who sees it and for how long"),
    },
}


@cache
def _kinds_for_staff(language: Language) -> Mapping[Kind, str]:
    words = for_language(language)
    return {
        Kind.ACCESS: words.pgettext("kind of request", "Access"),
        Kind.PORTABILITY: words.pgettext("kind of request", "Portability"),
        Kind.RECTIFICATION: words.pgettext("kind of request", "Correction"),
        Kind.COMMENT: words.pgettext("kind of request", "Comments"),
        Kind.DELETION: words.pgettext("kind of request", "Deletion"),
        Kind.WITHDRAW: words.pgettext("kind of request", "Withdrawal of consent"),
        Kind.DEINDEX: words.pgettext("kind of request", "De-indexing"),
        Kind.AUTOMATED: words.pgettext("kind of request", "Automated decision"),
        Kind.INFO: words.pgettext("kind of request", "Information on source, access and retention"),
        Kind.COMPLAINT: words.pgettext("kind of request", "Complaint"),
        Kind.OTHER: words.pgettext("kind of request", "Other"),
    }


@cache
def _stages(language: Language) -> Mapping[Stage, str]:
    words = for_language(language)
    return {
        Stage.RECEIVED: words.pgettext("request, to its person", "Received"),
        Stage.WORKED_ON: words.pgettext("request, to its person", "Being worked on"),
        Stage.WAITING_FOR_YOU: words.pgettext("request, to its person", "Waiting for you"),
        Stage.ANSWERED: words.pgettext("request, to its person", "Answered"),
        Stage.TAKEN_BACK: words.pgettext("request, to its person", "Taken back by you"),
    }


@cache
def _states(language: Language) -> Mapping[State, str]:
    words = for_language(language)
    return {
        State.RECEIVED: words.pgettext("request, to staff", "Received"),
        State.VERIFYING_IDENTITY: words.pgettext("request, to staff", "Identity to verify"),
        State.IN_PROGRESS: words.pgettext("request, to staff", "In progress"),
        State.AWAITING_REQUESTER: words.pgettext("request, to staff", "Waiting for the person"),
        State.AWAITING_APPROVAL: words.pgettext("request, to staff", "Waiting for approval"),
        State.DECIDED: words.pgettext("request, to staff", "Decided"),
        State.FULFILLING: words.pgettext("request, to staff", "Being carried out"),
        State.CLOSED: words.pgettext("request, to staff", "Closed"),
        State.WITHDRAWN: words.pgettext("request, to staff", "Taken back by the person"),
    }


@cache
def _decisions(language: Language) -> Mapping[Decision, str]:
    words = for_language(language)
    return {
        Decision.GRANTED: words.pgettext("request", "Granted"),
        Decision.PARTIALLY_GRANTED: words.pgettext("request", "Partly granted"),
        Decision.REFUSED: words.pgettext("request", "Refused"),
        Decision.NO_INFORMATION_HELD: words.pgettext("request", "No information found"),
        Decision.NOT_ENTITLED: words.pgettext("request", "Identity or capacity not proved"),
    }


@cache
def _flags(language: Language) -> Mapping[Flag, str]:
    words = for_language(language)
    return {
        Flag.OVERDUE: words.pgettext("request, to its person", "We are late"),
        Flag.DEEMED_REFUSED: words.pgettext("request, to its person", "We are late"),
        Flag.EXTENDED: words.pgettext("request, to its person", "More time allowed"),
        Flag.CONTESTED: words.pgettext("request, to its person", "Before the regulator"),
        Flag.HELD: words.pgettext("request, to its person", "Information kept meanwhile"),
        Flag.PAUSED: words.pgettext("request, to its person", "Time standing still"),
        Flag.TEST: words.pgettext("request, to its person", "Test"),
    }


@cache
def _flags_for_staff(language: Language) -> Mapping[Flag, str]:
    words = for_language(language)
    return {
        Flag.OVERDUE: words.pgettext("request, to staff", "Late"),
        Flag.DEEMED_REFUSED: words.pgettext("request, to staff", "Deemed refusal (time limit passed)"),
        Flag.EXTENDED: words.pgettext("request, to staff", "Time limit extended"),
        Flag.CONTESTED: words.pgettext("request, to staff", "Contested"),
        Flag.HELD: words.pgettext("request, to staff", "Destruction suspended"),
        Flag.PAUSED: words.pgettext("request, to staff", "Time standing still"),
        Flag.TEST: words.pgettext("request, to staff", "Test"),
    }


@cache
def _roles(language: Language) -> Mapping[Role, str]:
    words = for_language(language)
    return {
        Role.OFFICER: words.gettext("Person in charge"),
        Role.AGENT: words.gettext("Agent"),
        Role.AUDITOR: words.gettext("Auditor"),
    }
