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
        RequestEvent.CAPACITY_SHOWN: words.gettext("We checked that whoever asks may act for the person concerned."),
        RequestEvent.MARKED_SAME: words.gettext("Our staff noted that another request asks the same thing."),
        RequestEvent.UNMARKED_SAME: words.gettext("Our staff noted that no other request asks the same thing."),
        RequestEvent.TAKEN_UP: words.gettext("The request was taken up."),
        RequestEvent.ASKED: words.gettext("We asked the person for something we need."),
        RequestEvent.ANSWERED_BY_PERSON: words.gettext("The person answered what we asked."),
        RequestEvent.WENT_ON: words.gettext("We went on without waiting for an answer."),
        RequestEvent.WROTE: words.gettext("The person wrote a message."),
        RequestEvent.HANDED_OVER: words.gettext("It changed hands among our staff."),
        RequestEvent.DECIDED: words.gettext("A decision was taken."),
        RequestEvent.CARRYING_OUT: words.gettext("What was decided is being carried out."),
        RequestEvent.CARRIED_OUT: words.gettext("What was decided has been carried out."),
        RequestEvent.NOT_CARRIED_OUT: words.gettext("It could not be carried out yet. Our staff were told."),
        RequestEvent.ERASED_BEFORE: words.gettext(
            "A backup of the portal was restored. The deletion had been granted and carried out after that backup was made."
        ),
        RequestEvent.CLOSED: words.gettext("The request was closed."),
        RequestEvent.TAKEN_BACK: words.gettext("The request was taken back by the person who made it."),
        RequestEvent.POSTED: words.gettext("A letter was posted."),
        RequestEvent.POSTING_CORRECTED: words.gettext("The day a letter was posted was corrected."),
        RequestEvent.LOOKED_UP: words.gettext("A line of the checklist was answered."),
        RequestEvent.FILES_DESTROYED: words.gettext("The files attached to the request were destroyed."),
        RequestEvent.DEEMED_REFUSED: words.gettext("The last day passed without an answer. The person was told."),
        RequestEvent.PROPOSED: words.gettext("A decision was prepared. It waits for whoever decides."),
        RequestEvent.GIVEN_BACK: words.gettext("The prepared decision was given back, with a note."),
        RequestEvent.EXTENDED: words.gettext("More time was taken, as the law allows."),
        RequestEvent.PAUSED: words.gettext("The time to answer stands still, as the law allows."),
        RequestEvent.RESUMED: words.gettext("The time to answer runs again."),
        RequestEvent.APPLIED: words.gettext(
            "More time was asked of the regulator. The last day stays until it answers."
        ),
        RequestEvent.MORE_TIME_GRANTED: words.gettext("The regulator gave more time."),
        RequestEvent.MORE_TIME_DENIED: words.gettext("The regulator gave no more time. The last day stays."),
        RequestEvent.CONTESTED: words.gettext("The person turned to the regulator."),
        RequestEvent.SETTLED: words.gettext("The regulator’s file was closed."),
        RequestEvent.FOLLOW_CODE_REPLACED: words.gettext("The follow code was replaced."),
        RequestEvent.REOPENED: words.gettext("The request was opened again."),
        RequestEvent.STATEMENT_WRITTEN: words.gettext("The person’s comments were added to their file."),
        RequestEvent.STATEMENT_REPLACED: words.gettext("The person wrote their comments again."),
        RequestEvent.STATEMENT_WITHDRAWN: words.gettext("The person took their comments out of their file."),
    }


@cache
def _why_not(language: Language) -> Mapping[WhyNot, str]:
    words = for_language(language)
    return {
        WhyNot.CHANGED: words.gettext("The value was changed elsewhere since the person asked."),
        WhyNot.REFUSED: words.gettext("The service’s database refused the value."),
        WhyNot.GONE: words.gettext("The information to correct is no longer there."),
        WhyNot.NOT_ERASED: words.gettext("The service’s database refuses to delete it."),
        WhyNot.LEDGER: words.gettext(
            "The erasure ledger cannot be written, and nothing is destroyed without it. Whoever runs the portal can see "
            "why with “portal check”."
        ),
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
        AuditEvent.OTHER_ADDRESS_PROVED: words.gettext("Showed that another address is theirs"),
        AuditEvent.OTHER_ADDRESS_REMOVED: words.gettext("Removed another address they had shown to be theirs"),
        AuditEvent.OTHER_ADDRESS_LOST: words.gettext("Another address of theirs was shown to be somebody else’s"),
        AuditEvent.ACCESS_REFUSED: words.gettext("Was refused a page"),
        AuditEvent.COPY_TAKEN: words.gettext("Took a copy"),
        AuditEvent.COPY_CUT: words.gettext("A copy ended before its end"),
        AuditEvent.CORRECTED: words.gettext("Corrected information"),
        AuditEvent.CONSENT_CHANGED: words.gettext("Changed a consent"),
        AuditEvent.REQUEST_OPENED: words.gettext("Opened a request"),
        AuditEvent.REQUEST_TAKEN_BACK: words.gettext("Took a request back"),
        AuditEvent.IDENTITY_CHECKED: words.gettext("Checked who asks"),
        AuditEvent.CAPACITY_SHOWN: words.gettext("Checked that somebody may act for another"),
        AuditEvent.FOLLOWED: words.gettext("Followed a request by its code"),
        AuditEvent.FOLLOW_FAILED: words.gettext("Gave a wrong follow code"),
        AuditEvent.FOLLOW_CODE_REPLACED: words.gettext("Replaced the follow code of a request"),
        AuditEvent.MARKED_SAME: words.gettext("Marked a request as the same as another"),
        AuditEvent.UNMARKED_SAME: words.gettext("Marked a request as no longer the same as another"),
        AuditEvent.REQUEST_TAKEN_UP: words.gettext("Took up a request"),
        AuditEvent.REQUEST_DECIDED: words.gettext("Decided a request"),
        AuditEvent.REQUEST_DEEMED_REFUSED: words.gettext("Told a person that the answer is late"),
        AuditEvent.REQUEST_PROPOSED: words.gettext("Prepared a decision"),
        AuditEvent.REQUEST_GIVEN_BACK: words.gettext("Gave a prepared decision back"),
        AuditEvent.REQUEST_EXTENDED: words.gettext("Took more time for a request"),
        AuditEvent.REQUEST_PAUSED: words.gettext("Paused the clock of a request"),
        AuditEvent.REQUEST_RESUMED: words.gettext("Let the clock of a request run again"),
        AuditEvent.REQUEST_APPLIED: words.gettext("Recorded that more time was asked of the regulator"),
        AuditEvent.REQUEST_HEARD: words.gettext("Recorded the regulator’s answer about more time"),
        AuditEvent.REQUEST_CONTESTED: words.gettext("Recorded that a person turned to the regulator"),
        AuditEvent.REQUEST_SETTLED: words.gettext("Recorded the regulator’s final answer"),
        AuditEvent.REQUEST_REOPENED: words.gettext("Opened a request again"),
        AuditEvent.STATEMENT_WRITTEN: words.gettext("Added a person’s comments to their file"),
        AuditEvent.STATEMENT_WITHDRAWN: words.gettext("Took comments out of a file"),
        AuditEvent.DELEGATION_RECORDED: words.gettext("Recorded a written delegation"),
        AuditEvent.DELEGATION_ENDED: words.gettext("Ended a delegation"),
        AuditEvent.REQUEST_CLOSED: words.gettext("Closed a request"),
        AuditEvent.STAFF_VIEWED_PERSON: words.gettext("Looked at a person’s information"),
        AuditEvent.STAFF_SEARCHED_PERSON: words.gettext("Searched for a person’s requests by their address"),
        AuditEvent.STAFF_SEARCHED_WORDS: words.gettext("Searched the requests by words"),
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
        AuditEvent.ERASURE_REPLAYED: words.gettext("Erased again what a restored backup had brought back"),
        AuditEvent.LETTER_REFUSED: words.gettext("A letter was refused"),
        AuditEvent.MESSAGE_WRITTEN: words.gettext("Wrote a message about a request"),
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
        AuditEvent.REGISTER_ENTRY_ADDED: words.gettext("Wrote an entry in a register"),
        AuditEvent.REGISTER_ENTRY_CORRECTED: words.gettext("Corrected an entry in a register"),
        AuditEvent.REGISTER_TAKEN_AS_CSV: words.gettext("Took a whole register as CSV"),
        AuditEvent.REGISTER_TAKEN_AS_JSON: words.gettext("Took a whole register as JSON"),
        AuditEvent.REGISTER_PRINTED: words.gettext("Opened the sheets of a register to print them"),
        AuditEvent.REQUEST_FILE_TAKEN: words.gettext("Took the file of a request for its regulator"),
        AuditEvent.ORGANISATION_FILE_TAKEN: words.gettext("Took the file of the organization for its regulator"),
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
