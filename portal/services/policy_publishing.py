"""From a draft to a published version: what remains to be done, how it will read, and the act itself (P-39.1, s. 8.2).

A draft takes the road every version takes: its texts are written as a folder's files, read back and checked as those
are, and kept byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.domain.comparison import SectionChange
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.people import StaffMember
from portal.domain.policies import Document, PolicyText, Version, revised_language
from portal.domain.policy_coverage import Item, items_of, proposed
from portal.domain.policy_drafts import Draft, DraftSection, Stage, tasks_of, text_of, texts_of
from portal.domain.policy_tasks import WRONG_WORDS, Task, TaskKind
from portal.domain.rights import Role
from portal.policies.accents import mended
from portal.policies.folders import LARGEST_FILE, read_texts
from portal.policies.problems import PolicyProblem
from portal.policies.rendering import RenderedPolicy
from portal.policies.writing import written
from portal.policies.wrongs import words_wrong_in
from portal.services import policies
from portal.services.installation import Installation
from portal.services.policies import AlreadyPublished
from portal.services.policy_gate import ground, wrong_words
from portal.services.settings import in_effect
from portal.storage.policy_drafts import StaleDraft
from portal.storage.store import Store

FURTHEST_DAYS = 366
"""A version may be announced a year ahead, no more: a year mistyped is caught."""


class NotReady(Exception):
    """Something remains to be done before the draft may be published; `tasks` names it all."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        """Keep what remains."""
        super().__init__()
        self.tasks = tuple(tasks)


class BadDay(Exception):
    """The day it should come into force is past, before its publication, or too far away."""


class BadMoment(Exception):
    """The moment it should be published is past, or too far away."""


class NotApproved(Exception):
    """A second officer must approve the draft first."""


@dataclass(frozen=True, slots=True)
class Standings:
    """Where a document stands: in force, to come, and being written."""

    in_force: Version | None
    coming: tuple[Version, ...]
    draft: Draft | None


def standings(portal: Installation, store: Store, document: Document, *, now: datetime) -> Standings:
    """Where a document stands today."""
    today = portal.today(now)
    among = policies.versions(store, document)
    return Standings(
        in_force=policies.in_force(portal, store, now, document),
        coming=tuple(version for version in reversed(among) if version.effective > today),
        draft=store.policy_drafts.one(document),
    )


def tasks(portal: Installation, store: Store, draft: Draft) -> tuple[Task, ...]:
    """All that must be done before a draft may be published; nothing means that its texts can be kept as they are."""
    in_its_parts = (
        *((Task(TaskKind.PASTED),) if draft.pasted else ()),
        *_too_long(draft),
        *wrong_words(texts_of(draft.sections)),
        *_garbled_summary(draft),
        *tasks_of(draft, ground(portal, store)),
    )
    return in_its_parts or tuple(_of_the_whole(draft))


def _too_long(draft: Draft) -> Iterator[Task]:
    """The languages whose file would be larger than a folder's may be."""
    for language, source in _sources(draft).items():
        if len(source.encode()) > LARGEST_FILE:
            yield Task(TaskKind.TOO_LONG, language=language, words=str(LARGEST_FILE // 1024))


def _garbled_summary(draft: Draft) -> Iterator[Task]:
    for language in LANGUAGES:
        if mended(draft.summary.in_(language)) != draft.summary.in_(language):
            yield Task(TaskKind.GARBLED, "", language, draft.summary.in_(language)[:40])


def _of_the_whole(draft: Draft) -> Iterator[Task]:
    """What shows only once the sections stand one after another, such as a link named in one and led by another."""
    sources = _sources(draft)
    texts, problems = read_texts(sources)
    for problem in problems:
        language: Language = "fr" if problem.file == "fr.md" else "en"
        yield _as_task(problem, language, sources[language])
    for language in LANGUAGES:
        if language not in texts or _headings(texts[language]) != _headings(text_of(draft.sections, language)):
            yield Task(TaskKind.UNREADABLE, language=language)


def _as_task(problem: PolicyProblem, language: Language, source: str) -> Task:
    """What is wrong at a line of a whole text, in the section it belongs to."""
    for code, line, found in words_wrong_in(source):
        if (code, line) == (problem.code, problem.line) and code in WRONG_WORDS:
            return Task(TaskKind(code), problem.key, language, found)
    return Task(TaskKind.UNREADABLE, problem.key, language)


def _headings(text: PolicyText) -> list[tuple[str, str]]:
    return [(section.key, section.title) for section in text.sections]


def _sources(draft: Draft) -> dict[Language, str]:
    return {language: written(text.sections) for language, text in texts_of(draft.sections).items()}


def proposals(portal: Installation, store: Store, draft: Draft) -> dict[str, tuple[str, ...]]:
    """What each section seems to cover of what none covers yet, by its words, else by its heading."""
    if draft.document != policies.PRIVACY:
        return {}
    return proposed(texts_of(draft.sections), ground(portal, store).data_map, by_heading=True)


def coverable(portal: Installation, store: Store, document: Document) -> tuple[Item, ...]:
    """All that a section may cover: what the map has today; the governance practices cover nothing of it."""
    return items_of(ground(portal, store).data_map) if document == policies.PRIVACY else ()


def revision(portal: Installation, store: Store, draft: Draft, *, now: datetime) -> Language | None:
    """The one language a draft changes of the version it would take the place of today, when it changes but one."""
    before = policies.in_force(portal, store, now, draft.document)
    return revised_language(before.texts, texts_of(draft.sections)) if before else None


def against_the_version_in_force(
    portal: Installation, store: Store, draft: Draft, language: Language, *, now: datetime
) -> tuple[Version, tuple[SectionChange, ...]] | None:
    """The version in force and what the draft changes in it, word by word; None when none is in force."""
    before = policies.in_force(portal, store, now, draft.document)
    if before is None:
        return None
    return before, policies.compare_with(portal, store, before, text_of(draft.sections, language), language)


def as_it_will_read(
    portal: Installation, store: Store, sections: Sequence[DraftSection], language: Language
) -> RenderedPolicy:
    """Sections of a draft in one language as their page will show them."""
    return policies.as_it_reads(portal, store, text_of(sections, language), language)


def publish_draft(
    portal: Installation,
    store: Store,
    member: StaffMember,
    draft: Draft,
    *,
    day: date,
    seen_version: int,
    now: datetime,
) -> Version:
    """Publish a draft, to be in force from a day on; the draft is gone afterwards.

    Raises:
        NotReady: something remains to be done.
        BadDay: the day is past, or more than a year away.
        OneLanguageOnly: it changes one language, and is said to be a change of substance.
        NotApproved: four eyes are asked for, and the second pair has not approved it.
        StaleDraft: the draft is not the one that was seen.
    """
    if draft.version != seen_version:
        raise StaleDraft
    refuse_unfit(portal, store, draft, day, at=now, now=now)
    version = _published(portal, store, draft, day, staff_id=member.id, now=now)
    store.policy_drafts.remove(draft.document, seen_version=seen_version)
    return version


def publish_as_scheduled(portal: Installation, store: Store, draft: Draft, *, now: datetime) -> Version:
    """Publish a draft at the moment it was scheduled for, in the name of who scheduled it.

    A worker that was away publishes late: a version never comes into force before people can read it.

    Raises:
        NotReady: something remains to be done after all.
        NotApproved: four eyes are asked for since then, and the second pair never saw it.
        OneLanguageOnly: it has become a change of one language, and is said to be one of substance.
    """
    remaining = tasks(portal, store, draft)
    if remaining:
        raise NotReady(remaining)
    if needs_approval(portal, store) and draft.approved_by is None:
        raise NotApproved
    today = portal.today(now)
    day = max(draft.effective or today, today)
    refuse_one_language(store, draft, day)
    version = _published(portal, store, draft, day, staff_id=draft.stage_by, now=now)
    store.policy_drafts.remove(draft.document, seen_version=draft.version)
    return version


def refuse_unfit(
    portal: Installation, store: Store, draft: Draft, day: date | None, *, at: datetime, now: datetime
) -> None:
    """Let a draft pass that may be published at a moment, to be in force from a day on.

    Raises:
        NotReady, BadDay, BadMoment, OneLanguageOnly, NotApproved: as `publish_draft` says.
    """
    remaining = tasks(portal, store, draft)
    if remaining:
        raise NotReady(remaining)
    if not now <= at <= now + timedelta(days=FURTHEST_DAYS):
        raise BadMoment
    if day is None or day < portal.today(at) or (day - portal.today(now)).days > FURTHEST_DAYS:
        raise BadDay
    refuse_one_language(store, draft, day)
    if needs_approval(portal, store) and draft.stage is not Stage.APPROVED:
        raise NotApproved


def refuse_one_language(store: Store, draft: Draft, day: date) -> None:
    """Let a draft pass that changes both languages, or says that it changes no substance. Raises OneLanguageOnly."""
    policies.refuse_one_language(store, _version(store, draft, day))


def needs_approval(portal: Installation, store: Store) -> bool:
    """Whether a second officer approves each version: it is asked for, and there are two."""
    return in_effect(portal, store).four_eyes and number_of_officers(store) > 1


def number_of_officers(store: Store) -> int:
    """How many officers may come in."""
    return len(officers(store))


def officers(store: Store) -> frozenset[int]:
    """The officers who may come in."""
    return frozenset(member.id for member in store.staff.all() if member.active and member.role is Role.OFFICER)


def _published(
    portal: Installation, store: Store, draft: Draft, day: date, *, staff_id: int | None, now: datetime
) -> Version:
    """Publish under the first free id of the day, another one if somebody takes it at the same instant."""
    while True:
        version = _version(store, draft, day)
        try:
            policies.publish(portal, store, version, staff_id=staff_id, now=now)
        except AlreadyPublished:
            continue
        return version


def _version(store: Store, draft: Draft, day: date) -> Version:
    texts, _ = read_texts(_sources(draft))
    version = Version(
        document=draft.document,
        id=day.isoformat(),
        effective=day,
        kind=draft.kind,
        summary=Text(fr=draft.summary.fr.strip(), en=draft.summary.en.strip()),
        imported=False,
        texts=texts,
    )
    number = 1
    while store.policies.one(version.document, version.id):
        number += 1
        version = replace(version, id=f"{day.isoformat()}-{number}")
    return version
