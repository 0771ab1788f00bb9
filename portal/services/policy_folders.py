"""Versions as folders: what is wrong with one, what became of the published ones, and a version written out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.config import Problem
from portal.domain.languages import LANGUAGES, Language
from portal.domain.policies import DOCUMENTS, Document, digest
from portal.policies.folders import SETTINGS, mend_folder, read_each, read_folder, settings_of
from portal.policies.problems import PolicyFolderInvalid, PolicyProblem
from portal.services import policies, policy_gate
from portal.services.installation import Installation
from portal.storage.store import Store


class InTheWay(Exception):
    """A file of that name is there already and says something else; its words are the file."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one version, byte for byte, by name."""

    document: Document
    id: str
    contents: dict[str, bytes]


def problems_of_folder(portal: Installation, store: Store, path: Path, language: Language) -> list[Problem]:
    """Everything wrong with a version's folder; none when it may be published. What it lacks is said in `language`."""
    try:
        version = read_folder(path)
    except PolicyFolderInvalid as error:
        return as_problems(error.problems)
    if version.imported:
        return []
    found = policy_gate.policy_gate(portal, store, version.texts, document=version.document)
    return as_problems(policy_gate.as_problems(found, language))


def mend(path: Path) -> list[str]:
    """Put the accents of a folder's files right, and give the names of those that changed."""
    return mend_folder(path)


def as_problems(found: Iterable[PolicyProblem], *, within: str = "") -> list[Problem]:
    """Problems of texts as `portal check` prints them. `within`: the version they belong to."""
    return [Problem(f"{within}{one.file}", one.key, one.code, one.sentence, one.line) for one in found]


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
                yield Problem(within + SETTINGS, "id", "changed_since", "what is kept is not what was published")
            standing = policies.standing(version, among, today)
            if not version.imported and (standing.in_force or standing.to_come):
                _, found = read_each({tongue: version.texts[tongue].source for tongue in LANGUAGES})
                yield from as_problems(found, within=within)
                lacking = policy_gate.lacking(portal, store, version, language)
                yield from as_problems(one for one in lacking if not policy_gate.is_only_told(version, one))


def only_told(portal: Installation, store: Store, language: Language) -> Iterator[PolicyProblem]:
    """What a version in force of before this portal, or of before this gate, lacks: no problem of the installation."""
    for document in DOCUMENTS:
        version = policies.in_force(portal, store, portal.clock(), document)
        for one in policy_gate.lacking(portal, store, version, language) if version else ():
            if version and policy_gate.is_only_told(version, one):
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
