"""From a draft to a published version: what remains to be done, how it will read, and the act itself (P-39.1, s. 8.2).

A draft takes the road every version takes: its texts are written as a folder's files, read back and checked as those
are, and kept byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain.comparison import SectionChange
from portal.domain.languages import LANGUAGES, Language
from portal.domain.people import StaffMember
from portal.domain.policies import Version, revised_language
from portal.domain.policy_coverage import Item, items_of, proposed
from portal.domain.policy_drafts import Draft, DraftSection, tasks_of, text_of
from portal.domain.policy_tasks import Task
from portal.policies.folders import read_texts
from portal.policies.problems import PolicyFolderInvalid
from portal.policies.rendering import RenderedPolicy
from portal.policies.writing import written
from portal.services import policies
from portal.services.installation import Installation
from portal.services.policy_gate import ground
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
    """The day it should come into force is past, or too far away."""


@dataclass(frozen=True, slots=True)
class Standings:
    """Where the policy stands: in force, to come, and being written."""

    in_force: Version | None
    coming: tuple[Version, ...]
    draft: Draft | None


def standings(portal: Installation, store: Store, *, now: datetime) -> Standings:
    """Where the policy stands today."""
    today = portal.today(now)
    among = policies.versions(store)
    return Standings(
        in_force=policies.in_force(portal, store, now),
        coming=tuple(version for version in reversed(among) if version.effective > today),
        draft=store.policy_drafts.one(policies.PRIVACY),
    )


def tasks(portal: Installation, store: Store, draft: Draft) -> tuple[Task, ...]:
    """All that must be done before a draft may be published."""
    return tasks_of(draft, ground(portal, store))


def proposals(portal: Installation, store: Store, draft: Draft) -> dict[str, tuple[str, ...]]:
    """What each section seems to cover of what none covers yet, by its words, else by its heading."""
    texts = {language: text_of(draft.sections, language) for language in LANGUAGES}
    return proposed(texts, ground(portal, store).data_map, by_heading=True)


def coverable(portal: Installation, store: Store) -> tuple[Item, ...]:
    """All that a section may cover: what the map has today."""
    return items_of(ground(portal, store).data_map)


def revision(portal: Installation, store: Store, draft: Draft, *, now: datetime) -> Language | None:
    """The one language a draft changes of the version it would take the place of today, when it changes but one."""
    before = policies.in_force(portal, store, now)
    if before is None:
        return None
    return revised_language(before.texts, {language: text_of(draft.sections, language) for language in LANGUAGES})


def against_the_version_in_force(
    portal: Installation, store: Store, draft: Draft, language: Language, *, now: datetime
) -> tuple[Version, tuple[SectionChange, ...]] | None:
    """The version in force and what the draft changes in it, word by word; None when none is in force."""
    before = policies.in_force(portal, store, now)
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
        PolicyFolderInvalid: its texts are not what a folder's must be.
        StaleDraft: the draft is not the one that was seen.
    """
    if draft.version != seen_version:
        raise StaleDraft
    remaining = tasks(portal, store, draft)
    if remaining:
        raise NotReady(remaining)
    if not 0 <= (day - portal.today(now)).days <= FURTHEST_DAYS:
        raise BadDay
    version = _version(store, draft, day)
    policies.publish(portal, store, version, staff_id=member.id, now=now)
    store.policy_drafts.remove(draft.document, seen_version=seen_version)
    return version


def _version(store: Store, draft: Draft, day: date) -> Version:
    sources = {language: written(text_of(draft.sections, language).sections) for language in LANGUAGES}
    texts, problems = read_texts(sources)
    if problems:
        raise PolicyFolderInvalid(problems)
    version = Version(
        document=draft.document,
        id=day.isoformat(),
        effective=day,
        kind=draft.kind,
        summary=draft.summary,
        imported=False,
        texts=texts,
    )
    number = 1
    while store.policies.one(version.document, version.id):
        number += 1
        version = replace(version, id=f"{day.isoformat()}-{number}")
    return version
