"""What was written about a request, and the files that came with it, for the file given to its regulator.

Files are named with their SHA-256, not given: they may speak of other people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from portal.copies.archive import Entry
from portal.copies.dossiers import DossierPart, Quote
from portal.domain.attachments import Attachment
from portal.domain.audit import Actor
from portal.domain.languages import Language
from portal.domain.messages import Author, Message
from portal.services.dossier_tables import table
from portal.services.installation import Installation
from portal.wording.catalogue import N_, for_language
from portal.wording.message_words import kind_label, need_label

Who = Callable[[Actor, int | None], str]
"""Names who acted: staff by role and number, nobody by name."""


def messages_part(portal: Installation, messages: Sequence[Message], who: Who, language: Language) -> DossierPart:
    """The messages, the questions and the notes of staff, oldest first; each in the words and the language of its writer."""
    words = for_language(language)
    rows = [_message(number, one, who, language) for number, one in enumerate(messages, start=1)]
    return DossierPart(
        words.gettext("Messages"),
        note=words.gettext("The notes of staff are among them: they are information about the person too."),
        sheet=table("messages", N_("Messages"), _MESSAGES, rows, portal, language),
        quotes=list(_quotes(messages, language)),
    )


def files_part(
    portal: Installation, files: Sequence[Attachment], messages: Sequence[Message], language: Language
) -> DossierPart:
    """The files kept with the request: what each is called, how large it is, its hash, and what it came with."""
    words = for_language(language)
    place = {one.id: number for number, one in enumerate(messages, start=1)}
    rows = [
        {
            "number": file.number,
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "added_at": file.added_at,
            "message": place.get(file.message_id or 0),
        }
        for file in files
    ]
    return DossierPart(
        words.gettext("Files kept with the request"),
        note=words.gettext("They are named here, not given: they may speak of other people."),
        sheet=table("attachments", N_("Files kept with the request"), _FILES, rows, portal, language),
    )


def message_entries(messages: Sequence[Message]) -> Iterator[Entry]:
    """Each message as a text of its own."""
    for number, one in enumerate(messages, start=1):
        said = "\n\n".join(part for part in (one.text, one.why) if part)
        name = f"messages/{number:02d}-{one.kind.value}-{one.language}.txt"
        yield Entry(name, [said.encode("utf-8", "replace") + b"\n"])


def _message(number: int, one: Message, who: Who, language: Language) -> Mapping[str, Any]:
    by_staff = one.author is Author.STAFF
    return {
        "number": number,
        "at": one.at,
        "kind": kind_label(one.kind, language),
        "who": who(Actor.STAFF, one.staff_id) if by_staff else who(Actor.PERSON, None),
        "about": need_label(one.need, language) if one.need else None,
        "answer_by": one.answer_by,
        "files": one.files or None,
    }


def _quotes(messages: Sequence[Message], language: Language) -> Iterator[Quote]:
    for number, one in enumerate(messages, start=1):
        yield Quote(f"{number}. {kind_label(one.kind, language)}", one.language, one.text)
        if one.why:
            yield Quote(
                for_language(language).gettext("%(number)s. Why it was asked", number=number), one.language, one.why
            )


_MESSAGES = {
    "number": N_("Number"),
    "at": N_("When"),
    "kind": N_("What"),
    "who": N_("Who"),
    "about": N_("About"),
    "answer_by": N_("Answer hoped for by"),
    "files": N_("Files that came with it"),
}
_FILES = {
    "number": N_("Number"),
    "name": N_("Name"),
    "size": N_("Bytes"),
    "sha256": N_("SHA-256"),
    "added_at": N_("Received on"),
    "message": N_("With message number"),
}
