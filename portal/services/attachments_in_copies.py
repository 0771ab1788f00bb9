"""Files given with answers, as the copy holds them: under attachments/<category>/, read one at a time while it is sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime

from portal.copies.contents import FileContents
from portal.domain.attachments import Attachment
from portal.domain.people import Person
from portal.services import attachments
from portal.services.installation import Installation
from portal.storage.store import Store


def given_files(
    portal: Installation, store: Store, person: Person, *, now: datetime
) -> Mapping[str, tuple[FileContents, ...]]:
    """The files a person has been given and that are still there, by category, the newest answer first.

    What they were given for somebody else is on the page of its request alone: the copy is of their own information.
    """
    found: dict[str, tuple[FileContents, ...]] = {}
    taken: set[str] = set()
    for given in attachments.given_to(portal, store, person, now=now):
        if given.request.behalf is not None:
            continue
        categories = {line.id: line.category for line in store.checklist.of_request(given.request.id)}
        for file in given.files:
            category = categories[file.line_id]
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
    return found


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
