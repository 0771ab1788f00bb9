"""The audit trail: who did what and when, in identifiers and fixed words only, never a value of a person's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Actor(StrEnum):
    """Who acts."""

    PERSON = "person"
    STAFF = "staff"
    SYSTEM = "system"
    NOBODY = "nobody"
    KEEPER = "keeper"


class AuditEvent(StrEnum):
    """What is recorded."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    CONFIRMED = "confirmed"
    OTHER_ADDRESS_PROVED = "other_address_proved"
    OTHER_ADDRESS_REMOVED = "other_address_removed"
    OTHER_ADDRESS_LOST = "other_address_lost"
    ACCESS_REFUSED = "access_refused"
    COPY_TAKEN = "copy_taken"
    COPY_CUT = "copy_cut"
    CORRECTED = "corrected"
    CONSENT_CHANGED = "consent_changed"
    REQUEST_OPENED = "request_opened"
    IDENTITY_CHECKED = "identity_checked"
    CAPACITY_SHOWN = "capacity_shown"
    FOLLOWED = "followed"
    FOLLOW_FAILED = "follow_failed"
    FOLLOW_CODE_REPLACED = "follow_code_replaced"
    MARKED_SAME = "marked_same"
    UNMARKED_SAME = "unmarked_same"
    REQUEST_TAKEN_BACK = "request_taken_back"
    REQUEST_TAKEN_UP = "request_taken_up"
    REQUEST_DECIDED = "request_decided"
    REQUEST_CLOSED = "request_closed"
    REQUEST_DEEMED_REFUSED = "request_deemed_refused"
    REQUEST_PROPOSED = "request_proposed"
    REQUEST_GIVEN_BACK = "request_given_back"
    REQUEST_EXTENDED = "request_extended"
    REQUEST_PAUSED = "request_paused"
    REQUEST_RESUMED = "request_resumed"
    REQUEST_APPLIED = "request_applied"
    REQUEST_HEARD = "request_heard"
    REQUEST_CONTESTED = "request_contested"
    REQUEST_SETTLED = "request_settled"
    REQUEST_REOPENED = "request_reopened"
    STATEMENT_WRITTEN = "statement_written"
    STATEMENT_WITHDRAWN = "statement_withdrawn"
    DELEGATION_RECORDED = "delegation_recorded"
    DELEGATION_ENDED = "delegation_ended"
    STAFF_VIEWED_PERSON = "staff_viewed_person"
    STAFF_SEARCHED_PERSON = "staff_searched_person"
    STAFF_SEARCHED_WORDS = "staff_searched_words"
    STAFF_ADDED = "staff_added"
    STAFF_INVITED = "staff_invited"
    STAFF_ROLE_CHANGED = "staff_role_changed"
    STAFF_DISABLED = "staff_disabled"
    STAFF_ENABLED = "staff_enabled"
    REQUEST_HANDED_OVER = "request_handed_over"
    POLICY_PUBLISHED = "policy_published"
    POLICY_SENT_FOR_REVIEW = "policy_sent_for_review"
    POLICY_GIVEN_BACK = "policy_given_back"
    POLICY_APPROVED = "policy_approved"
    POLICY_SCHEDULED = "policy_scheduled"
    POLICY_CALLED_BACK = "policy_called_back"
    SETTING_CHANGED = "setting_changed"
    ERASURE_STARTED = "erasure_started"
    ERASURE_FINISHED = "erasure_finished"
    ERASURE_REPLAYED = "erasure_replayed"
    LETTER_REFUSED = "letter_refused"
    MESSAGE_WRITTEN = "message_written"
    TEST_REMOVED = "test_removed"
    LETTER_POSTED = "letter_posted"
    KEEPER_VIEWED_PERSON = "keeper_viewed_person"
    LINE_ANSWERED = "line_answered"
    FILE_TAKEN = "file_taken"
    FILES_DESTROYED = "files_destroyed"
    NOTICE_DRAFTED = "notice_drafted"
    NOTICE_BEGUN = "notice_begun"
    NOTICE_STOPPED = "notice_stopped"
    NOTICE_RESUMED = "notice_resumed"
    NOTICE_ENDED = "notice_ended"
    NOTICE_DONE = "notice_done"
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    REGISTER_ENTRY_ADDED = "register_entry_added"
    REGISTER_ENTRY_CORRECTED = "register_entry_corrected"
    REGISTER_TAKEN_AS_CSV = "register_taken_as_csv"
    REGISTER_TAKEN_AS_JSON = "register_taken_as_json"
    REGISTER_PRINTED = "register_printed"
    REQUEST_FILE_TAKEN = "request_file_taken"
    ORGANISATION_FILE_TAKEN = "organisation_file_taken"


REGISTER_TAKEN = frozenset(
    {AuditEvent.REGISTER_TAKEN_AS_CSV, AuditEvent.REGISTER_TAKEN_AS_JSON, AuditEvent.REGISTER_PRINTED}
)
"""A register left the portal, in one form or another; the line says which register."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line: every field is an identifier, an instant or a fixed word."""

    at: datetime
    event: AuditEvent
    actor: Actor
    actor_id: int | None = None
    person_id: int | None = None
    request_id: int | None = None
    staff_id: int | None = None
    detail: StrEnum | None = None


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """One line as read back, with what naming it takes; `detail` is the word recorded."""

    id: int
    at: datetime
    event: AuditEvent
    actor: Actor
    actor_id: int | None
    person_id: int | None
    request_id: int | None
    staff_id: int | None
    detail: str | None
    reference: str | None
    role: str | None
