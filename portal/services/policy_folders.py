"""Versions as folders: what is wrong with one, what became of the published ones, and a version written out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from portal.config import Problem
from portal.domain.languages import LANGUAGES, Language
from portal.domain.policies import DOCUMENTS, Document, Version, digest, is_of_before
from portal.policies.folders import SETTINGS, mend_folder, read_each, read_folder, read_folder_whole, settings_of
from portal.policies.problems import PolicyFolderInvalid, PolicyProblem
from portal.services import policies, policy_gate
from portal.services.installation import Installation
from portal.services.policies import OneLanguageOnly
from portal.storage.store import Store
from portal.wording.catalogue import N_, for_language


class InTheWay(Exception):
    """A file of that name is there already and says something else; its words are the file."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one version, byte for byte, by name."""

    document: Document
    id: str
    contents: dict[str, bytes]


def publish_folder(
    portal: Installation,
    store: Store,
    path: Path,
    *,
    staff_id: int | None,
    now: datetime,
    language: Language = "en",
) -> Version:
    """Publish the version a folder holds, and give it; what it lacks is said in `language`.

    Raises:
        PolicyFolderInvalid: the folder cannot be read as it is, its version cannot be one of this portal's, or the gate
            stays shut; everything wrong is named.
        AlreadyPublished: its id was taken by another text at the same instant.
    """
    version, settings_text = read_folder_whole(path)
    refused = [*_unfit(portal, store, version, now)] or _of_the_gate(portal, store, version, language)
    if refused:
        raise PolicyFolderInvalid(refused)
    policies.publish(portal, store, version, staff_id=staff_id, now=now, settings_text=settings_text)
    return version


def problems_of_folder(portal: Installation, store: Store, path: Path, language: Language) -> list[Problem]:
    """Everything wrong with a version's folder, in `language`; none when it may be published."""
    try:
        version = read_folder(path)
    except PolicyFolderInvalid as error:
        return as_problems(error.problems, language)
    unfit = _unfit(portal, store, version, portal.clock())
    return as_problems((*unfit, *_of_the_gate(portal, store, version, language)), language)


def notes_of_folder(portal: Installation, store: Store, path: Path, language: Language) -> list[PolicyProblem]:
    """What a folder of a version of before this portal lacks, which keeps nobody from publishing it."""
    try:
        version = read_folder(path)
    except PolicyFolderInvalid:
        return []
    found = policy_gate.policy_gate(portal, store, version.texts, document=version.document) if version.imported else ()
    return policy_gate.as_problems(found, language)


def _unfit(portal: Installation, store: Store, version: Version, now: datetime) -> Iterator[PolicyProblem]:
    """Why a version cannot be one of this portal's, whatever its texts say; the same as one it has is fit."""
    there = store.policies.one(version.document, version.id)
    if there:
        if there.digest != digest(version):
            yield _of_settings("id", "already_published", id=version.id)
        return
    today, first = portal.today(now), _first_day(portal, store, version.document)
    if version.imported and first and version.effective >= first:
        yield _of_settings("imported", "not_before", day=first.isoformat())
    if version.imported and version.effective > today:
        yield _of_settings("imported", "to_come")
    if not version.imported and version.effective < today:
        yield _of_settings("effective", "past_day", today=today.isoformat())
    try:
        policies.refuse_one_language(store, version)
    except OneLanguageOnly:
        yield _of_settings("kind", "one_language")


def _first_day(portal: Installation, store: Store, document: Document) -> date | None:
    """The day this portal first published a version of a document."""
    return min((portal.today(one.published_at) for one in store.policies.succession(document)), default=None)


_UNFIT = {
    "already_published": N_(
        "Another text is published under %(id)s. Published versions never change: give yours a new id."
    ),
    "not_before": N_(
        "This version was not in force before this portal, which has published this document since %(day)s. Take"
        " imported = true out."
    ),
    "to_come": N_("A version of before this portal is in force already. Take imported = true out."),
    "past_day": N_(
        "A version cannot come into force in the past. Give it today's day, %(today)s, or a later one; or write"
        " imported = true if it was in force before this portal."
    ),
    "one_language": N_(
        'Only one language changes. Write kind = "wording", or change the other language too: what touches how information'
        " is handled is said in both."
    ),
}


def _of_settings(key: str, code: str, **arguments: str) -> PolicyProblem:
    return PolicyProblem(SETTINGS, key, code, _UNFIT[code], arguments=arguments)


def _of_the_gate(portal: Installation, store: Store, version: Version, language: Language) -> list[PolicyProblem]:
    """What a new version lacks; one of before this portal is told, and one that is published stays as it is."""
    if version.imported or store.policies.one(version.document, version.id):
        return []
    found = policy_gate.policy_gate(portal, store, version.texts, document=version.document)
    return policy_gate.as_problems(found, language)


def mend(path: Path) -> list[str]:
    """Put the accents of a folder's files right, and give the names of those that changed."""
    return mend_folder(path)


def as_problems(found: Iterable[PolicyProblem], language: Language, *, within: str = "") -> list[Problem]:
    """Problems of texts as `portal check` prints them, in `language`. `within`: the version they belong to."""
    return [Problem(f"{within}{one.file}", one.key, one.code, one.sentence(language), one.line) for one in found]


def problems_of_published(portal: Installation, store: Store, language: Language) -> Iterator[Problem]:
    """What is wrong with published versions: one that was changed since, or one people read, or will, that reads badly.

    A version of before this portal is left as it was (design §4.5). What one lacks is said in `language`.
    """
    today = portal.today(portal.clock())
    for document in DOCUMENTS:
        among = policies.versions(store, document)
        digests = {kept.id: kept.digest for kept in store.policies.all(document)}
        for version in among:
            within = f"{document}/{version.id}/"
            if digest(version) != digests[version.id]:
                message = for_language(language).gettext("what is kept is not what was published")
                yield Problem(within + SETTINGS, "id", "changed_since", message)
            standing = policies.standing(version, among, today)
            if not is_of_before(version, among) and (standing.in_force or standing.to_come):
                _, found = read_each({tongue: version.texts[tongue].source for tongue in LANGUAGES})
                yield from as_problems(found, language, within=within)
                lacking = policy_gate.lacking(portal, store, version, language)
                yield from as_problems(
                    (one for one in lacking if not policy_gate.is_only_told(version, among, one)), language
                )


def only_told(portal: Installation, store: Store, language: Language) -> Iterator[PolicyProblem]:
    """What a version in force of before this portal, or of before this gate, lacks: no problem of the installation."""
    for document in DOCUMENTS:
        version = policies.in_force(portal, store, portal.clock(), document)
        among = policies.versions(store, document)
        for one in policy_gate.lacking(portal, store, version, language) if version else ():
            if version and policy_gate.is_only_told(version, among, one):
                yield one


def files_of(store: Store, version_id: str, document: Document) -> Files | None:
    """The files of a published version; None when there is none of that id."""
    version = policies.one(store, version_id, document)
    kept = store.policies.one(document, version_id) if version else None
    if version is None or kept is None:
        return None
    texts = {f"{language}.md": kept.sources.in_(language).encode() for language in LANGUAGES}
    return Files(document, version_id, {SETTINGS: (kept.settings_text or settings_of(version)).encode(), **texts})


def write_files(files: Files, folder: Path) -> None:
    """Write a version into a folder, made if it is not there. The same files there already are left.

    Raises:
        InTheWay: another file of that name is there; nothing was written.
        OSError: the folder cannot be written.
    """
    for name, content in files.contents.items():
        file = folder / name
        if file.exists() and (not file.is_file() or file.read_bytes() != content):
            raise InTheWay(str(file))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.contents.items():
        (folder / name).write_bytes(content)
