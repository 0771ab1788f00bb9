"""Policy versions: published once and never changed, read as pages, and compared (P-39.1, s. 8.2; design §4.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache

from portal.domain import comparison
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.comparison import SectionChange
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import (
    Document,
    PolicyText,
    Version,
    digest,
    is_before,
    is_version_id,
    newest_first,
    place_in_time,
    revised_language,
    superseded_by,
)
from portal.domain.policies import in_force as in_force_on
from portal.domain.settings import SettingKind, setting_key
from portal.policies.folders import settings_of
from portal.policies.plain import in_plain_words
from portal.policies.reading import published_text
from portal.policies.rendering import RenderedPolicy, render
from portal.services.feed_names import keep_feed_name
from portal.services.installation import Installation
from portal.services.settings import in_effect
from portal.storage.policies import PublishedVersion
from portal.storage.settings import REVISION
from portal.storage.store import Store

PRIVACY: Document = "privacy"
GOVERNANCE: Document = "governance"

Placeholders = tuple[tuple[str, str], ...]


class AlreadyPublished(Exception):
    """Another text is published under the same id; a published version never changes. Its words are the id."""


class OneLanguageOnly(Exception):
    """A version changes the words of one language, and says that it is a change of substance; `revised` is the language."""

    def __init__(self, revised: Language) -> None:
        """Keep which language."""
        super().__init__(revised)
        self.revised = revised


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a version stands on a day: in force, still to come, or past since the day another took its place."""

    in_force: bool
    to_come: bool
    until: date | None


def publish(
    portal: Installation,
    store: Store,
    version: Version,
    *,
    staff_id: int | None,
    now: datetime,
    settings_text: str | None = None,
) -> None:
    """Publish a version; the same again changes nothing. `settings_text`: its policy.toml as it came, else it is written.

    Raises:
        AlreadyPublished: its id is taken by another text.
    """
    said = digest(version)
    version = replace(version, revised=revised_by(store, version))
    kept = replace(_to_keep(version, said, staff_id, now), settings_text=settings_text or settings_of(version))
    if not store.policies.add(kept):
        there = store.policies.one(version.document, version.id)
        if there is None or there.digest != said:
            raise AlreadyPublished(version.id)
        return
    actor = Actor.STAFF if staff_id is not None else Actor.SYSTEM
    store.audit.record(AuditLine(now, AuditEvent.POLICY_PUBLISHED, actor, staff_id, staff_id=staff_id))
    store.marks.add(REVISION, now)
    keep_feed_name(portal, store, version.document, now=now)


def revised_by(store: Store, version: Version) -> Language | None:
    """The one language whose words a version changes, against the version it takes the place of; None otherwise."""
    there = (version_of(kept) for kept in store.policies.all(version.document))
    before = next((other for other in newest_first((*there, version)) if is_before(other, version)), None)
    return revised_language(before.texts, version.texts) if before else None


def refuse_one_language(store: Store, version: Version) -> None:
    """Let a version pass that changes both languages, or says that it changes no substance.

    Raises:
        OneLanguageOnly: what changed is one translation, and nobody who reads the other would be told of anything.
    """
    revised = revised_by(store, version) if version.kind == "material" and not version.imported else None
    if revised:
        raise OneLanguageOnly(revised)


def versions(store: Store, document: Document = PRIVACY) -> tuple[Version, ...]:
    """Every published version of a document, the newest first."""
    return newest_first(version_of(kept) for kept in store.policies.all(document))


_published: dict[tuple[int, Document], Installation] = {}
"""Installations known to have published a document; each is held, so that its number cannot become another's."""


def any_published(portal: Installation, store: Store, document: Document = PRIVACY) -> bool:
    """Whether there is a document to link to, in force or not. What was published stays: a yes is asked once."""
    asked = id(portal), document
    if asked in _published:
        return True
    if not store.policies.has_any(document):
        return False
    if len(_published) > 16:
        _published.clear()
    _published[asked] = portal
    return True


def in_force(portal: Installation, store: Store, now: datetime, document: Document = PRIVACY) -> Version | None:
    """The version in force today, by the organization's own date; None when there is none."""
    return in_force_on(versions(store, document), portal.today(now))


def one(store: Store, version_id: str, document: Document = PRIVACY) -> Version | None:
    """The version of that id, or None; what is no id at all is not even looked for."""
    if not is_version_id(version_id):
        return None
    kept = store.policies.one(document, version_id)
    return version_of(kept) if kept else None


def standing(version: Version, among: Iterable[Version], today: date) -> Standing:
    """Where a version stands today among the others."""
    others = tuple(among)
    present = in_force_on(others, today)
    if present is not None and present.id == version.id:
        return Standing(in_force=True, to_come=False, until=None)
    if version.effective > today:
        return Standing(in_force=False, to_come=True, until=None)
    follower = superseded_by(version, others)
    return Standing(in_force=False, to_come=False, until=follower.effective if follower else None)


def is_older(version: Version, other: Version) -> bool:
    """Whether a version comes before another; of one day, the smaller number does."""
    return is_before(version, other)


def rendered(portal: Installation, store: Store, version: Version, language: Language) -> RenderedPolicy:
    """A version as safe HTML by sections, with the person in charge of its time in its placeholders."""
    return _rendered(version.texts[language], placeholders_of(portal, store, version, language))


def as_it_reads(portal: Installation, store: Store, text: PolicyText, language: Language) -> RenderedPolicy:
    """A text that is not published yet, as its page would show it; made anew each time."""
    return render(text, placeholders=dict(_placeholders(portal, store, language)))


def compare(
    portal: Installation, store: Store, older: Version, newer: Version, language: Language
) -> tuple[SectionChange, ...]:
    """What changed between two versions in one language, section by section and word by word."""
    before, after = (placeholders_of(portal, store, version, language) for version in (older, newer))
    return _compared(older.texts[language], newer.texts[language], before, after)


def compare_with(
    portal: Installation, store: Store, older: Version, text: PolicyText, language: Language
) -> tuple[SectionChange, ...]:
    """What a text that is not published yet changes in a version; made anew each time."""
    values = dict(_placeholders(portal, store, language))
    return comparison.compare(
        in_plain_words(older.texts[language], placeholders=values), in_plain_words(text, placeholders=values)
    )


def _to_keep(version: Version, said: str, staff_id: int | None, now: datetime) -> PublishedVersion:
    return PublishedVersion(
        document=version.document,
        id=version.id,
        effective=version.effective,
        kind=version.kind,
        imported=version.imported,
        summary=version.summary,
        sources=Text(**{language: version.texts[language].source for language in LANGUAGES}),
        digest=said,
        published_at=now,
        published_by=staff_id,
        revised=version.revised,
    )


class _Texts(Mapping[Language, PolicyText]):
    """The texts of a published version, each read when it is first asked for: a list of versions reads none."""

    def __init__(self, sources: Text) -> None:
        self._sources = sources

    def __getitem__(self, language: Language) -> PolicyText:
        if language not in LANGUAGES:
            raise KeyError(language)
        return _read(language, self._sources.in_(language))

    def __iter__(self) -> Iterator[Language]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


def version_of(kept: PublishedVersion) -> Version:
    """A kept version as the rules know it; its texts are read when they are asked for."""
    texts = _Texts(kept.sources)
    return Version(kept.document, kept.id, kept.effective, kept.kind, kept.summary, kept.imported, texts, kept.revised)


def placeholders_of(portal: Installation, store: Store, version: Version, language: Language) -> Placeholders:
    """What fills a version's placeholders: today's settings, or those of its last day once another took its place.

    So a version at its own address says for ever what people read there while it was in force.
    """
    ended = _superseded_at(portal, store, version)
    today = _placeholders(portal, store, language)
    if ended is None:
        return today
    contact = store.settings.before(setting_key(SettingKind.CONTACT), ended)
    organisation = store.settings.before(setting_key(SettingKind.ORGANISATION), ended)
    known = dict(today)
    if contact and contact.value:
        said = contact.value
        title = said["title"][language]
        known |= {"contact.title": title, "contact.name": said.get("name") or title}
        known |= {f"contact.{name}": said.get(name, "") for name in ("email", "phone", "address")}
    if organisation and organisation.value:
        known["organisation.name"] = organisation.value["name"][language]
    return tuple(known.items())


def _superseded_at(portal: Installation, store: Store, version: Version) -> datetime | None:
    """The instant another version took the place of this one; None while it is in force or still to come."""
    here = place_in_time(version.effective, version.id)
    later = {
        place: one
        for one in store.policies.succession(version.document)
        if (place := place_in_time(one.effective, one.id)) > here
    }
    if not later:
        return None
    follower = later[min(later)]
    midnight = datetime.combine(follower.effective, time(), portal.settings.zone).astimezone(UTC)
    ended = max(follower.published_at, midnight)
    return ended if ended <= portal.clock() else None


def _placeholders(portal: Installation, store: Store, language: Language) -> Placeholders:
    settings = in_effect(portal, store)
    contact = settings.contact
    return (
        ("contact.title", contact.title.in_(language)),
        ("contact.name", contact.name or contact.title.in_(language)),
        ("contact.email", contact.email),
        ("contact.phone", contact.phone),
        ("contact.address", contact.address),
        ("organisation.name", settings.organisation.in_(language)),
    )


# Texts never change, so what is made of one is kept under the text itself; the last few only.


@lru_cache(maxsize=64)
def _read(language: Language, source: str) -> PolicyText:
    return published_text(language, source)


@lru_cache(maxsize=16)
def _rendered(text: PolicyText, placeholders: Placeholders) -> RenderedPolicy:
    return render(text, placeholders=dict(placeholders))


@lru_cache(maxsize=16)
def _compared(
    older: PolicyText, newer: PolicyText, before: Placeholders, after: Placeholders
) -> tuple[SectionChange, ...]:
    return comparison.compare(
        in_plain_words(older, placeholders=dict(before)), in_plain_words(newer, placeholders=dict(after))
    )
