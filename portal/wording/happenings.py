"""Sentences for what happened: to a request, as its person and as staff read it, and in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.audit import Actor, AuditEvent
from portal.domain.languages import Language
from portal.domain.rights import RequestEvent, WhyNot
from portal.wording.catalogue import for_language


def request_event_sentence(event: RequestEvent, language: Language) -> str:
    """What happened to a request, in one sentence that its person and staff both may read."""
    return _request_events(language)[event]


def why_not_sentence(why: WhyNot, language: Language) -> str:
    """Why a correction that was granted still waits, for staff."""
    return _why_not(language)[why]


def audit_event_sentence(event: AuditEvent, language: Language) -> str:
    """What was recorded, in one sentence for the audit log."""
    return _audit_events(language)[event]


def actor_label(actor: Actor, language: Language) -> str:
    """Who acted, as the audit log says it."""
    return _actors(language)[actor]


@cache
def _request_events(language: Language) -> Mapping[RequestEvent, str]:
    words = for_language(language)
    return {
        RequestEvent.OPENED: words.gettext("The request was received."),
        RequestEvent.IDENTITY_CHECKED: words.gettext("We checked who asks."),
        RequestEvent.TAKEN_UP: words.gettext("The request was taken up."),
        RequestEvent.HANDED_OVER: words.gettext("It changed hands among our staff."),
        RequestEvent.DECIDED: words.gettext("A decision was taken."),
        RequestEvent.CARRYING_OUT: words.gettext("What was decided is being carried out."),
        RequestEvent.CARRIED_OUT: words.gettext("What was decided has been carried out."),
        RequestEvent.NOT_CARRIED_OUT: words.gettext("It could not be carried out yet. Our staff were told."),
        RequestEvent.CLOSED: words.gettext("The request was closed."),
        RequestEvent.TAKEN_BACK: words.gettext("The request was taken back by the person who made it."),
        RequestEvent.POSTED: words.gettext("A letter was posted."),
        RequestEvent.POSTING_CORRECTED: words.gettext("The day a letter was posted was corrected."),
        RequestEvent.LOOKED_UP: words.gettext("A line of the checklist was answered."),
        RequestEvent.FILES_DESTROYED: words.gettext("The files attached to the request were destroyed."),
        RequestEvent.DEEMED_REFUSED: words.gettext("The last day passed without an answer. The person was told."),
    }


@cache
def _why_not(language: Language) -> Mapping[WhyNot, str]:
    words = for_language(language)
    return {
        WhyNot.CHANGED: words.gettext("The value was changed elsewhere since the person asked."),
        WhyNot.REFUSED: words.gettext("The service’s database refused the value."),
        WhyNot.GONE: words.gettext("The information to correct is no longer there."),
    }


@cache
def _audit_events(language: Language) -> Mapping[AuditEvent, str]:
    words = for_language(language)
    return {
        AuditEvent.SIGNED_IN: words.gettext("Signed in"),
        AuditEvent.SIGN_IN_FAILED: words.gettext("Gave a wrong code"),
        AuditEvent.SIGNED_OUT: words.gettext("Signed out"),
        AuditEvent.SESSION_ENDED: words.gettext("Ended a session"),
        AuditEvent.CONFIRMED: words.gettext("Confirmed with a new code"),
        AuditEvent.ACCESS_REFUSED: words.gettext("Was refused a page"),
        AuditEvent.COPY_TAKEN: words.gettext("Took a copy"),
        AuditEvent.CORRECTED: words.gettext("Corrected information"),
        AuditEvent.CONSENT_CHANGED: words.gettext("Changed a consent"),
        AuditEvent.REQUEST_OPENED: words.gettext("Opened a request"),
        AuditEvent.REQUEST_TAKEN_BACK: words.gettext("Took a request back"),
        AuditEvent.IDENTITY_CHECKED: words.gettext("Checked who asks"),
        AuditEvent.REQUEST_TAKEN_UP: words.gettext("Took up a request"),
        AuditEvent.REQUEST_DECIDED: words.gettext("Decided a request"),
        AuditEvent.REQUEST_DEEMED_REFUSED: words.gettext("Told a person that the answer is late"),
        AuditEvent.REQUEST_CLOSED: words.gettext("Closed a request"),
        AuditEvent.STAFF_VIEWED_PERSON: words.gettext("Looked at a person’s information"),
        AuditEvent.STAFF_SEARCHED_PERSON: words.gettext("Searched for a person’s requests by their address"),
        AuditEvent.STAFF_ADDED: words.gettext("Added a member of staff"),
        AuditEvent.STAFF_INVITED: words.gettext("Sent a member of staff a new link"),
        AuditEvent.STAFF_ROLE_CHANGED: words.gettext("Changed the role of a member of staff"),
        AuditEvent.STAFF_DISABLED: words.gettext("Shut out a member of staff"),
        AuditEvent.STAFF_ENABLED: words.gettext("Let a member of staff in again"),
        AuditEvent.REQUEST_HANDED_OVER: words.gettext("Handed a request over"),
        AuditEvent.POLICY_PUBLISHED: words.gettext("Published a policy version"),
        AuditEvent.POLICY_SENT_FOR_REVIEW: words.gettext("Sent a policy draft for review"),
        AuditEvent.POLICY_GIVEN_BACK: words.gettext("Gave a policy draft back to its writer"),
        AuditEvent.POLICY_APPROVED: words.gettext("Approved a policy draft"),
        AuditEvent.POLICY_SCHEDULED: words.gettext("Scheduled the publication of a policy version"),
        AuditEvent.POLICY_CALLED_BACK: words.gettext("Called back a scheduled policy version"),
        AuditEvent.SETTING_CHANGED: words.gettext("Changed a setting"),
        AuditEvent.ERASURE_STARTED: words.gettext("Began an erasure"),
        AuditEvent.ERASURE_FINISHED: words.gettext("Finished an erasure"),
        AuditEvent.LETTER_REFUSED: words.gettext("A letter was refused"),
        AuditEvent.TEST_REMOVED: words.gettext("Removed a test request"),
        AuditEvent.LETTER_POSTED: words.gettext("Wrote the day a letter was posted"),
        AuditEvent.KEEPER_VIEWED_PERSON: words.gettext("Read whose information to look for"),
        AuditEvent.LINE_ANSWERED: words.gettext("Answered a line of a checklist"),
        AuditEvent.FILE_TAKEN: words.gettext("Took a file attached to a request"),
        AuditEvent.FILES_DESTROYED: words.gettext("Destroyed the files attached to a request"),
        AuditEvent.NOTICE_DRAFTED: words.gettext("Drafted a notice"),
        AuditEvent.NOTICE_BEGUN: words.gettext("Began the countdown of a notice"),
        AuditEvent.NOTICE_STOPPED: words.gettext("Stopped a notice"),
        AuditEvent.NOTICE_RESUMED: words.gettext("Resumed a notice"),
        AuditEvent.NOTICE_ENDED: words.gettext("Ended a notice before everybody was told"),
        AuditEvent.NOTICE_DONE: words.gettext("Finished sending a notice"),
        AuditEvent.SUBSCRIBED: words.gettext("Asked to be told of changes to the policy"),
        AuditEvent.UNSUBSCRIBED: words.gettext("Asked not to be told of changes any more"),
    }


@cache
def _actors(language: Language) -> Mapping[Actor, str]:
    words = for_language(language)
    return {
        Actor.PERSON: words.gettext("A person"),
        Actor.STAFF: words.gettext("Staff"),
        Actor.SYSTEM: words.gettext("The portal"),
        Actor.NOBODY: words.gettext("Nobody signed in"),
        Actor.KEEPER: words.gettext("The keeper of a system"),
    }
