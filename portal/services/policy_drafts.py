"""Writing a policy in the browser: one draft at a time, changed only over the version its writer saw.

Nothing here is published: `policy_publishing` does that, by the one road every version takes.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date, datetime

from portal.domain.documents import usual_section
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.people import StaffMember
from portal.domain.policies import Document, Section, VersionKind
from portal.domain.policy_coverage import COVER_NAME, with_covers
from portal.domain.policy_drafts import (
    MOST_SECTIONS,
    Draft,
    DraftSection,
    Origin,
    Stage,
    edited,
    moved,
    placed,
    respelled,
    says_the_same,
    tasks_of,
    with_section,
    without_section,
)
from portal.domain.policy_tasks import Ground, Task
from portal.policies.accents import mended
from portal.policies.reading import read_text
from portal.policies.starter import FIRST_SUMMARY, starter
from portal.policies.writing import is_readable, tidy_body, tidy_title
from portal.services import policies
from portal.services.installation import Installation
from portal.services.policy_gate import ground
from portal.services.policy_ready import Writer, begun_with, ready_section, usual_order, with_ready
from portal.services.settings import in_effect
from portal.storage.policy_drafts import StaleDraft
from portal.storage.store import Store
from portal.wording.typography import with_no_break_spaces

__all__ = ["StaleDraft"]

NO_DRAFT = 0
"""The version seen by whoever saw that there was no draft."""


class TooManySections(Exception):
    """More sections than a policy has: how many, and in which language of what was pasted, if in one alone."""

    def __init__(self, number: int, language: Language | None = None) -> None:
        """Keep how many, and where."""
        super().__init__(number)
        self.number = number
        self.language = language


class Unreadable(Exception):
    """A section cannot be read back as it was written, such as one whose block of code never ends."""

    def __init__(self, language: Language) -> None:
        """Keep which language."""
        super().__init__()
        self.language = language


def draft(store: Store, document: Document = policies.PRIVACY) -> Draft | None:
    """The draft, or None."""
    return store.policy_drafts.one(document)


def start(
    portal: Installation,
    store: Store,
    member: StaffMember,
    origin: Origin,
    *,
    document: Document = policies.PRIVACY,
    now: datetime,
) -> Draft:
    """Begin a draft from the starting text or from the version in force; the draft there is stays, whoever began it."""
    there = draft(store, document)
    if there:
        return there
    present = policies.in_force(portal, store, now, document) if origin is Origin.IN_FORCE else None
    texts = (
        present.texts
        if present
        else {language: read_text(language, starter(document)[language])[0] for language in LANGUAGES}
    )
    begun = new_draft(document, member, origin if present else Origin.STARTER, now)
    data_map = in_effect(portal, store).data_map
    begun = replace(begun, sections=begun_with(document, texts, data_map, is_starter=present is None))
    if not present and policies.versions(store, document) == ():
        begun = replace(begun, summary=FIRST_SUMMARY[document])
    store.policy_drafts.add(begun)
    return begun


def tidied(written: DraftSection) -> DraftSection:
    """A section as it will be kept, whatever was typed.

    Raises:
        Unreadable: one language of it would not be read back as it was written.
    """
    tidy = replace(
        written,
        title=Text(**{language: tidy_title(written.title.in_(language)) for language in LANGUAGES}),
        body=Text(**{language: tidy_body(written.body.in_(language)) for language in LANGUAGES}),
    )
    for language in LANGUAGES:
        section = Section(tidy.key, tidy.title.in_(language) or "–", tidy.body.in_(language), tidy.covers)
        if section.body_markdown and not is_readable(language, section):
            raise Unreadable(language)
    return tidy


def save_section(
    store: Store,
    member: StaffMember,
    found: Draft,
    written: DraftSection,
    *,
    same: bool = False,
    seen_version: int,
    now: datetime,
) -> Draft:
    """Write one section anew. `same`: its writer says that both languages say the same.

    Raises:
        Unreadable: one language of it would not be read back as it was written.
        StaleDraft: the draft is not the one that was seen.
    """
    marked = edited(found.section(written.key), tidied(written), at=now, by=member.id, same=same)
    sections = with_section(found.sections, marked)
    return save_over(store, member, replace(found, sections=sections), seen_version=seen_version, now=now)


def say_same(store: Store, member: StaffMember, found: Draft, key: str, *, seen_version: int, now: datetime) -> Draft:
    """Keep that somebody looked at both languages of a section and found that they say the same. Raises StaleDraft."""
    section = found.section(key)
    if section is None:
        raise StaleDraft
    marked = edited(section, section, at=now, by=member.id, same=True)
    changed = replace(found, sections=with_section(found.sections, marked))
    return save_over(store, member, changed, seen_version=seen_version, now=now)


def cover(
    store: Store, member: StaffMember, found: Draft, key: str, name: str, *, seen_version: int, now: datetime
) -> Draft:
    """Say that a section covers one more thing of the map. Raises StaleDraft."""
    section = found.section(key)
    if section is None or not COVER_NAME.match(name):
        raise StaleDraft
    marked = replace(section, covers=with_covers(section.covers, (name,)))
    changed = replace(found, sections=with_section(found.sections, marked))
    return save_over(store, member, changed, seen_version=seen_version, now=now)


def move(
    store: Store, member: StaffMember, found: Draft, key: str, step: int, *, seen_version: int, now: datetime
) -> Draft:
    """Move a section up (-1) or down (1). Raises StaleDraft."""
    changed = replace(found, sections=moved(found.sections, key, step))
    return save_over(store, member, changed, seen_version=seen_version, now=now)


def remove(store: Store, member: StaffMember, found: Draft, key: str, *, seen_version: int, now: datetime) -> Draft:
    """Take a section out. Raises StaleDraft."""
    changed = replace(found, sections=without_section(found.sections, key))
    return save_over(store, member, changed, seen_version=seen_version, now=now)


def add(store: Store, member: StaffMember, found: Draft, key: str, *, seen_version: int, now: datetime) -> DraftSection:
    """Add a usual section with its ready text, or one of the organization's own; gives the section.

    Raises:
        TooManySections: the draft has as many as a policy may have.
        StaleDraft: the draft is not the one that was seen.
    """
    section = found.section(key) or ready_section(
        found.document, key if usual_section(found.document, key) else _own_key(found)
    )
    if found.section(section.key) is None:
        marked = edited(None, section, at=now, by=member.id, same=False)
        changed = replace(found, sections=placed(found.sections, marked, usual_order(found.document)))
        save_over(store, member, changed, seen_version=seen_version, now=now)
    return section


def add_ready(
    portal: Installation, store: Store, member: StaffMember, found: Draft, name: str | None, *, seen_version: int
) -> Draft:
    """Add the ready text of a name, or every one there is (None), in the languages that lack it.

    One may do for several: a section that is added says all its parts. Raises StaleDraft, TooManySections.
    """
    now, held_against = portal.clock(), ground(portal, store)
    changed, done = found, set[str]()
    while task := _next_ready(changed, held_against, name, done):
        done.add(task.ready)
        sections = with_ready(changed, task, held_against.data_map, Writer(member.id, now))
        changed = replace(changed, sections=sections)
    return save_over(store, member, changed, seen_version=seen_version, now=now)


def mend(store: Store, member: StaffMember, found: Draft, *, seen_version: int, now: datetime) -> Draft:
    """Put the misread accents of a whole draft right. Raises StaleDraft."""
    sections = tuple(respelled(section, _mended(section.title), _mended(section.body)) for section in found.sections)
    pasted = {
        language: tuple(replace(piece, title=mended(piece.title), body=mended(piece.body)) for piece in pieces)
        for language, pieces in found.pasted.items()
    }
    changed = replace(found, sections=sections, pasted=pasted, summary=_mended(found.summary))
    return save_over(store, member, changed, seen_version=seen_version, now=now)


def _mended(text: Text) -> Text:
    return Text(fr=with_no_break_spaces(mended(text.fr)) if mended(text.fr) != text.fr else text.fr, en=mended(text.en))


def save_details(
    store: Store,
    member: StaffMember,
    found: Draft,
    *,
    kind: VersionKind,
    effective: date | None,
    publish_at: datetime | None = None,
    summary: Text,
    seen_version: int,
    now: datetime,
) -> Draft:
    """Write what is said of the version as a whole. Raises StaleDraft."""
    changed = replace(found, kind=kind, effective=effective, publish_at=publish_at, summary=summary)
    return save_over(store, member, changed, seen_version=seen_version, now=now)


def discard(store: Store, *, document: Document = policies.PRIVACY, seen_version: int) -> None:
    """Give the draft up. Raises StaleDraft, also of one that is scheduled: it is called back first."""
    there = draft(store, document)
    if there and there.stage is Stage.SCHEDULED:
        raise StaleDraft
    store.policy_drafts.remove(document, seen_version=seen_version)


def save_over(store: Store, member: StaffMember, changed: Draft, *, seen_version: int, now: datetime) -> Draft:
    """Write what changed over what was seen: it was not approved as it is now. What is scheduled is called back first.

    Raises:
        TooManySections: more than a policy has.
        StaleDraft: the draft is not the one that was seen.
    """
    there = store.policy_drafts.one(changed.document)
    if there is None or changed.stage is Stage.SCHEDULED:
        raise StaleDraft
    if len(changed.sections) > max(MOST_SECTIONS, len(there.sections)):
        raise TooManySections(len(changed.sections))
    kept = replace(
        changed,
        changed_at=now,
        changed_by=member.id,
        writers=there.writers if says_the_same(there, changed) else _with_last(there.writers, member.id),
        stage=Stage.DRAFT,
        stage_at=None,
        stage_by=None,
        approved_by=None,
        called_back=None,
    )
    store.policy_drafts.save(kept, seen_version=seen_version)
    return replace(kept, version=seen_version + 1)


def _with_last(writers: Sequence[int], member_id: int) -> tuple[int, ...]:
    return (*(one for one in writers if one != member_id), member_id)


def new_draft(document: Document, member: StaffMember, origin: Origin, now: datetime) -> Draft:
    """A draft that has no section yet; what is pasted is its writer's, what it begins from is not."""
    return Draft(
        document=document,
        origin=origin,
        sections=(),
        version=1,
        started_at=now,
        started_by=member.id,
        changed_at=now,
        changed_by=member.id,
        writers=(member.id,) if origin is Origin.PASTED else (),
    )


def _own_key(found: Draft) -> str:
    taken = {section.key for section in found.sections}
    return next(key for number in range(1, MOST_SECTIONS + 2) if (key := f"other-{number}") not in taken)


def _next_ready(found: Draft, held_against: Ground, name: str | None, done: Container[str]) -> Task | None:
    ready = (task for task in tasks_of(found, held_against) if task.ready and task.ready not in done)
    return next((task for task in ready if name in {None, task.ready}), None)
