"""What is shown of the messages about a request: to its person, and to staff, who see their own notes beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from portal.domain.messages import ASKED_FROM, Author, Message, MessageKind
from portal.domain.outbox import PromisedLetter
from portal.domain.people import StaffMember
from portal.domain.rights import RightsRequest, Role
from portal.services import desk
from portal.services import messages as service
from portal.services.messages import Thread
from portal.web.access import now, portal, store, viewer
from portal.web.languages import TAGS, page_language, url
from portal.web.line_forms import FileView, file_view
from portal.web.message_forms import MessageForm
from portal.web.pages import effective, isolated, words
from portal.wording.labels import role_label


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message in words. `mine`: of the side that reads. `gone`: how many of its files were destroyed.

    `unreached`: the letter that tells the person of it was refused.
    """

    who: Any
    at: datetime
    mine: bool
    text: str
    tag: str
    question: bool
    why: str | None
    answer_by: date | None
    files: Sequence[FileView]
    gone: int
    unreached: bool


@dataclass(frozen=True, slots=True)
class PersonTalk:
    """The conversation as its person sees it; `form` is None once it is over, `due` once our last day has passed.

    `paused_on`: since when our time to answer stands still, if it does.
    """

    reference: str
    messages: Sequence[MessageView]
    waiting: Sequence[MessageView]
    due: date | None
    paused_on: date | None
    email: str
    form: MessageForm | None


@dataclass(frozen=True, slots=True)
class StaffTalk:
    """The conversation as staff see it, and what they may do."""

    reference: str
    messages: Sequence[MessageView]
    notes: Sequence[MessageView]
    waiting: Sequence[MessageView]
    late: bool
    may_write: bool
    may_ask: bool


def person_talk(found: RightsRequest, form: MessageForm | None = None) -> PersonTalk:
    """The conversation about a person's request, with the form that goes on with it."""
    thread = service.thread(portal(), store(), found, now=now())
    shown = {message.id: _seen_by_person(thread, message) for message in thread.messages}
    return PersonTalk(
        reference=found.reference,
        messages=list(shown.values()),
        waiting=[shown[message.id] for message in thread.waiting],
        due=found.due if found.paused_on or found.due >= portal().today(now()) else None,
        paused_on=found.paused_on,
        email=effective().contact.email,
        form=(form or MessageForm(None)) if thread.may_write else None,
    )


def staff_talk(found: RightsRequest, letters: Sequence[PromisedLetter] | None = None) -> StaffTalk | None:
    """The conversation about a request, with the notes of staff; None for whoever sees no person's data.

    `letters`: those about the request, where the page has them.
    """
    if viewer().role not in {Role.OFFICER.value, Role.AGENT.value}:
        return None
    thread = service.thread(portal(), store(), found, letters, notes=True, now=now())
    ours = any(message.author is Author.STAFF for message in thread.messages)
    members = desk.members_by_id(store()) if ours else {}
    shown = {message.id: _seen_by_staff(thread, message, members) for message in thread.messages}
    notes = [message for message in thread.messages if message.kind is MessageKind.NOTE]
    days = [message.answer_by for message in thread.waiting if message.answer_by]
    return StaffTalk(
        reference=found.reference,
        messages=[shown[message.id] for message in thread.messages if message.kind is not MessageKind.NOTE],
        notes=[shown[message.id] for message in notes],
        waiting=[shown[message.id] for message in thread.waiting],
        late=bool(days) and max(days) < portal().today(now()),
        may_write=thread.may_write,
        may_ask=thread.may_write and found.state in ASKED_FROM,
    )


def _seen_by_person(thread: Thread, message: Message) -> MessageView:
    mine = message.author is Author.PERSON
    who = words("You") if mine else effective().organisation.in_(page_language())
    return _view(thread, message, who, "given_file", mine=mine)


def _seen_by_staff(thread: Thread, message: Message, members: dict[int, StaffMember]) -> MessageView:
    member = members.get(message.staff_id or 0)
    who: Any = words("The person")
    if message.author is Author.STAFF:
        who = (
            Markup("{}, {}").format(isolated(member.address), role_label(member.role, page_language()))
            if member
            else words("Staff")
        )
    return _view(thread, message, who, "staff_file", mine=message.author is Author.STAFF)


def _view(thread: Thread, message: Message, who: Any, endpoint: str, *, mine: bool) -> MessageView:
    files = thread.files.get(message.id, ())
    return MessageView(
        who=who,
        at=message.at,
        mine=mine,
        text=message.text,
        tag=TAGS[message.language],
        question=message.kind is MessageKind.QUESTION,
        why=message.why,
        answer_by=message.answer_by,
        files=[file_view(file, endpoint, thread.request.reference) for file in files],
        gone=message.files - len(files),
        unreached=thread.refused(message),
    )


def messages_address(found: RightsRequest) -> str:
    """Where the conversation stands on its person's page."""
    return url("request_page", reference=found.reference, _anchor="messages")
