"""Files of requests, as the copy holds them: under attachments/<category>/, read one at a time while it is sent.

Those given with answers stand with their category; those that came with messages, with what the portal itself holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from portal.copies.contents import FileContents
from portal.domain.attachments import Attachment, last_day_of_files
from portal.domain.people import Person
from portal.services import attachments
from portal.services.installation import Installation
from portal.services.own_records import CATEGORY_ID
from portal.storage.store import Store


def given_files(
    portal: Installation, store: Store, person: Person, *, now: datetime
) -> Mapping[str, tuple[FileContents, ...]]:
    """The files a person has been given or that came with messages, and that are still there, by category, the newest first.

    What they were given for somebody else is on the page of its request alone: the copy is of their own information.
    """
    found: dict[str, tuple[FileContents, ...]] = {}
    taken: set[str] = set()
    for given in attachments.given_to(portal, store, person, now=now):
        if given.request.behalf is not None:
            continue
        categories = {line.id: line.category for line in store.checklist.of_request(given.request.id)}
        for file in given.files:
            category = categories[file.line_id or 0]
            contents = FileContents(
                file=_path(category, file, taken),
                name=file.name,
                size=file.size,
                sha256=file.sha256,
                reference=given.request.reference,
                until=given.until,
                content=_reader(portal, file),
            )
            found[category] = (*found.get(category, ()), contents)
    with_messages = tuple(_with_messages(portal, store, person, taken))
    return found | {CATEGORY_ID: with_messages} if with_messages else found


def _with_messages(portal: Installation, store: Store, person: Person, taken: set[str]) -> Iterator[FileContents]:
    """The files that came with messages, of either side, while they are there."""
    for request_id in store.attachments.of_person(person.id):
        request = store.requests.by_id(request_id)
        if request is None or request.behalf is not None:
            continue
        until = last_day_of_files(request, portal.today(request.decided_at)) if request.decided_at else None
        for file in attachments.of_messages(store, request):
            yield FileContents(
                file=_path(CATEGORY_ID, file, taken),
                name=file.name,
                size=file.size,
                sha256=file.sha256,
                reference=request.reference,
                until=until,
                content=_reader(portal, file),
                with_message=True,
            )


def _reader(portal: Installation, file: Attachment) -> Callable[[], bytes]:
    def content() -> bytes:
        with portal.database.reading() as store:
            return attachments.content_of(portal, store, file)

    return content


def _path(category: str, file: Attachment, taken: set[str]) -> str:
    """A place in the archive: plain ASCII, safe on every system, never twice (security.md B-13)."""
    stem, _, end = file.name.rpartition(".")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-") or "file"
    folder = f"attachments/{re.sub(r'[^a-z0-9_]+', '-', category.lower()).strip('-') or 'category'}"
    path, number = f"{folder}/{plain}.{end}", 1
    while path.casefold() in taken:
        number += 1
        path = f"{folder}/{plain}-{number}.{end}"
    taken.add(path.casefold())
    return path
