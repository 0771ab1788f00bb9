"""Letters: which ones the portal sends, and which facts each of them may carry (law.md §6.4, design §4.6)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter says; each has a folder of that name with its subject, its text and its HTML."""

    SIGN_IN_CODE = "sign_in_code"
    CONFIRM_CODE = "confirm_code"
    ACKNOWLEDGEMENT = "acknowledgement"
    OUTCOME_GRANTED = "outcome_granted"
    OUTCOME_PARTIALLY_GRANTED = "outcome_partially_granted"
    OUTCOME_REFUSED = "outcome_refused"
    CORRECTION_DONE = "correction_done"
    CONSENT_CHANGED = "consent_changed"
    TAKEN_BACK = "taken_back"
    ERASURE_WAITING = "erasure_waiting"
    ERASURE_DONE = "erasure_done"
    CONTACT_NEW_REQUEST = "contact_new_request"
    CONTACT_CLOSED = "contact_closed"
    STAFF_INVITATION = "staff_invitation"


CODE_LETTERS = frozenset({LetterKind.SIGN_IN_CODE, LetterKind.CONFIRM_CODE})
"""Letters with exactly one run of six digits, which is the code (design §4.3)."""

STAFF_LETTERS = frozenset({LetterKind.CONTACT_NEW_REQUEST, LetterKind.CONTACT_CLOSED, LetterKind.STAFF_INVITATION})
"""Letters to the organization's own people; replies to them go to their sender."""

WITHOUT_REFERENCE = CODE_LETTERS | {LetterKind.STAFF_INVITATION}
"""Letters about no request. All others carry their request's reference in the subject."""

_CODE = frozenset({"code", "minutes"})
_REQUEST = frozenset({"reference", "kind", "received", "written", "link"})
_REFUSAL = _REQUEST | {"commission", "recourse_until"}

FACTS: Mapping[LetterKind, frozenset[str]] = {
    LetterKind.SIGN_IN_CODE: _CODE,
    LetterKind.CONFIRM_CODE: _CODE,
    LetterKind.ACKNOWLEDGEMENT: _REQUEST | {"due"},
    LetterKind.OUTCOME_GRANTED: _REQUEST,
    LetterKind.OUTCOME_PARTIALLY_GRANTED: _REFUSAL,
    LetterKind.OUTCOME_REFUSED: _REFUSAL,
    LetterKind.CORRECTION_DONE: _REQUEST,
    LetterKind.CONSENT_CHANGED: _REQUEST | {"given", "moment", "purpose"},
    LetterKind.TAKEN_BACK: _REQUEST,
    LetterKind.ERASURE_WAITING: _REQUEST | {"wait_until"},
    LetterKind.ERASURE_DONE: _REQUEST | {"done_on", "kept"},
    LetterKind.CONTACT_NEW_REQUEST: frozenset({"reference", "kind", "received", "due", "link"}),
    LetterKind.CONTACT_CLOSED: frozenset({"reference", "kind", "received", "closed_on", "decision", "link"}),
    LetterKind.STAFF_INVITATION: frozenset({"role", "link", "minutes"}),
}
"""The facts each letter states: all of them, and no other, so that nothing personal slips into one."""
