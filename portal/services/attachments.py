"""Files attached to one request: taken in and sealed, given with the answer, destroyed when their time is over (design §2.5)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.domain.attachments import (
    KEPT_FOR,
    LARGEST_FILE,
    LARGEST_TOGETHER,
    MOST_FILES,
    Attachment,
    FileKind,
    FileRefused,
    WhyNotFile,
    are_given,
    has_formulas,
    has_macros,
    is_bomb,
    kind_of,
    last_day_of_files,
    safe_name,
    says_otherwise,
)
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.jobs import Again
from portal.domain.people import Person, StaffMember
from portal.domain.rights import RequestEvent, RightsRequest
from portal.domain.withholding import whole_categories
from portal.services.installation import Installation
from portal.storage.store import Store

REQUESTS_AT_ONCE = 50
_NONCE = 12
_USE = "attachments"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file as it was sent: what its sender calls it, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class GivenFiles:
    """The files one answer gives its person, and the last day they are there."""

    request: RightsRequest
    files: Sequence[Attachment]
    until: date


class FileGone(Exception):
    """A file was destroyed meanwhile, or was sealed with a secret that was taken out of the settings."""


def take_in(
    portal: Installation,
    store: Store,
    *,
    request_id: int,
    line_id: int | None = None,
    message_id: int | None = None,
    files: Sequence[Uploaded],
    now: datetime,
) -> None:
    """Check files and keep them with their request, in the transaction of the answer or the message they came with.

    What comes with messages has limits of its own, so that nobody fills the room that answers need.

    Raises:
        FileRefused: one is empty, too large, one too many, or of a kind that is not taken; or comes with a message and
            is not what its name says. None is kept then.
    """
    by_message = message_id is not None
    present = [one for one in store.attachments.of_request(request_id) if (one.message_id is not None) == by_message]
    number, together = len(present), sum(file.size for file in present)
    for file in files:
        kind = _checked(file)
        if by_message and says_otherwise(file.name, kind):
            raise FileRefused(WhyNotFile.OTHERWISE, _name_without_end(file), kind)
        number, together = number + 1, together + len(file.content)
        if number > MOST_FILES:
            raise FileRefused(WhyNotFile.TOO_MANY, safe_name(file.name, kind))
        if together > LARGEST_TOGETHER:
            raise FileRefused(WhyNotFile.TOO_LARGE_TOGETHER, safe_name(file.name, kind))
        store.attachments.add(
            request_id,
            line_id=line_id,
            message_id=message_id,
            name=safe_name(file.name, kind),
            kind=kind,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            sealed=_seal(portal, request_id, file.content),
            now=now,
            formulas=kind is FileKind.CSV and has_formulas(file.content),
        )


def refuse_more_in_all(portal: Installation, store: Store, person: Person, files: Sequence[Uploaded]) -> None:
    """Let pass what a person may still send: the files of all their messages, of all their requests, have one limit.

    Raises:
        FileRefused: the files go beyond it; none is kept.
    """
    together, most = store.attachments.bytes_sent_by(person.id), portal.settings.limits.kept_megabytes * 1_000_000
    for file in files:
        together += len(file.content)
        if together > most:
            raise FileRefused(WhyNotFile.TOO_LARGE_IN_ALL, _name_without_end(file))


def of_request(store: Store, request: RightsRequest) -> Sequence[Attachment]:
    """The files of a request, in order."""
    return store.attachments.of_request(request.id)


def of_lines(store: Store, request: RightsRequest) -> Sequence[Attachment]:
    """The files that answer the lines of a request's checklist, in order."""
    return [file for file in store.attachments.of_request(request.id) if file.line_id is not None]


def of_messages(store: Store, request: RightsRequest) -> Sequence[Attachment]:
    """The files that came with the messages of a request, in order."""
    return [file for file in store.attachments.of_request(request.id) if file.message_id is not None]


def content_of(portal: Installation, store: Store, file: Attachment) -> bytes:
    """What a file holds.

    Raises:
        FileGone: it was destroyed, or can no longer be opened.
    """
    sealed = store.attachments.sealed(file.id)
    if sealed is None:
        raise FileGone
    for secret in portal.keys.all_for(_USE):
        try:
            return AESGCM(secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(file.request_id))
        except InvalidTag:
            continue
    raise FileGone


def given_with(portal: Installation, store: Store, request: RightsRequest, *, now: datetime) -> GivenFiles | None:
    """The files a request's answer gives, while they are there; None when it gives none, or no longer."""
    if not are_given(request) or request.decided_at is None:
        return None
    until = last_day_of_files(request, portal.today(request.decided_at))
    left_out = whole_categories(request.withheld)
    shut = {line.id for line in store.checklist.of_request(request.id) if line.category in left_out} if left_out else ()
    files = (
        [file for file in of_lines(store, request) if file.line_id not in shut] if portal.today(now) <= until else ()
    )
    return GivenFiles(request, files, until) if files else None


def given_to(portal: Installation, store: Store, person: Person, *, now: datetime) -> Sequence[GivenFiles]:
    """Every answer of a person's that gives files now, the newest first."""
    requests = [store.requests.by_id(request_id) for request_id in store.attachments.of_person(person.id)]
    found = [given_with(portal, store, request, now=now) for request in requests if request]
    return [given for given in found if given]


def take_given(
    portal: Installation, store: Store, request: RightsRequest, number: int, *, now: datetime
) -> tuple[Attachment, bytes] | None:
    """One file given to its person, or that came with a message; that it was taken is written down. None when there is none."""
    given = given_with(portal, store, request, now=now)
    theirs = [*(given.files if given else ()), *of_messages(store, request)]
    file = next((file for file in theirs if file.number == number), None)
    if file is None:
        return None
    content = content_of(portal, store, file)
    _taken(store, request, Actor.PERSON, request.person_id, now)
    return file, content


def take_as_staff(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, number: int, *, now: datetime
) -> tuple[Attachment, bytes] | None:
    """One file for whoever prepares or takes the decision; that it was taken is written down. None when there is none."""
    file = next((file for file in store.attachments.of_request(request.id) if file.number == number), None)
    if file is None:
        return None
    content = content_of(portal, store, file)
    store.audit.record(
        AuditLine(
            now,
            AuditEvent.STAFF_VIEWED_PERSON,
            Actor.STAFF,
            member.id,
            person_id=request.person_id,
            request_id=request.id,
            detail=member.role,
        )
    )
    _taken(store, request, Actor.STAFF, member.id, now)
    return file, content


def destroy_at_once(store: Store, request: RightsRequest, *, now: datetime) -> None:
    """Destroy the files of a request its person takes back: nobody needs them any more."""
    _destroy(store, request.id, request.person_id, now)


def destroy_what_is_over(portal: Installation, now: datetime) -> Again | None:
    """Destroy a bounded part of the files whose last day has passed where the organization is; Again when more may be left."""
    today = portal.today(now)
    first_day = datetime.combine(today - KEPT_FOR, time(), portal.settings.zone)
    with portal.database.writing() as store:
        over = store.attachments.perhaps_over(first_day, today, limit=REQUESTS_AT_ONCE)
        for request_id in over:
            request = store.requests.by_id(request_id)
            if request:
                _destroy(store, request.id, request.person_id, now)
    return Again(now) if len(over) == REQUESTS_AT_ONCE else None


def _destroy(store: Store, request_id: int, person_id: int, now: datetime) -> None:
    if not store.attachments.destroy_of_request(request_id):
        return
    store.requests.happened(request_id, RequestEvent.FILES_DESTROYED, actor=Actor.SYSTEM, actor_id=None, now=now)
    store.audit.record(
        AuditLine(now, AuditEvent.FILES_DESTROYED, Actor.SYSTEM, person_id=person_id, request_id=request_id)
    )


def _taken(store: Store, request: RightsRequest, actor: Actor, actor_id: int, now: datetime) -> None:
    store.audit.record(
        AuditLine(now, AuditEvent.FILE_TAKEN, actor, actor_id, person_id=request.person_id, request_id=request.id)
    )


def _checked(file: Uploaded) -> FileKind:
    name = _name_without_end(file)
    if not file.content:
        raise FileRefused(WhyNotFile.EMPTY, name)
    if len(file.content) > LARGEST_FILE:
        raise FileRefused(WhyNotFile.TOO_LARGE, name)
    kind = kind_of(file.content)
    if kind is None:
        raise FileRefused(WhyNotFile.KIND, name)
    if is_bomb(file.content):
        raise FileRefused(WhyNotFile.BOMB, name)
    if has_macros(file.content):
        raise FileRefused(WhyNotFile.MACROS, name)
    return kind


def _name_without_end(file: Uploaded) -> str:
    return safe_name(file.name, FileKind.CSV).removesuffix(".csv")


def _seal(portal: Installation, request_id: int, content: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(portal.keys.for_(_USE)).encrypt(nonce, content, _bound_to(request_id))


def _bound_to(request_id: int) -> bytes:
    return f"request:{request_id}".encode()
