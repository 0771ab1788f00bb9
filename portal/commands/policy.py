"""`portal policy`: versions listed, checked, brought in from folders, written out again, and compared."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.cli import Refused
from portal.commands.opening import installation_of
from portal.commands.refusals import operator_language, words
from portal.domain.comparison import SectionChange
from portal.domain.policies import DOCUMENTS, Document, Version, newest_first
from portal.policies.problems import PolicyFolderInvalid, PolicyProblem
from portal.services import check as checks
from portal.services import policies, policy_folders, policy_gate
from portal.services.installation import Installation
from portal.services.policies import Standing
from portal.storage.store import Store


def list_versions(parsed: argparse.Namespace) -> None:
    """Print every version of both documents, or of one."""
    portal = installation_of(parsed)
    today = portal.today(portal.clock())
    wanted = (parsed.document,) if parsed.document else DOCUMENTS
    with portal.database.reading() as store:
        among = {document: policies.versions(store, document) for document in wanted}
    found = [
        _as_dict(version, policies.standing(version, versions, today))
        for versions in among.values()
        for version in versions
    ]
    if parsed.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for row in found:
        print("\t".join([row["document"], row["id"], row["effective"], row["kind"], row["state"]]))
    if not found:
        print(words("No version."))


def check(parsed: argparse.Namespace) -> int:
    """Print everything wrong with a folder, or with the published versions; exits 1 when something is."""
    if parsed.folder is None and parsed.mend:
        raise Refused(words("Name the folder whose accents are to be mended."))
    if parsed.mend:
        names = policy_folders.mend(_folder(parsed.folder))
        for name in () if parsed.json else names:
            print(words("Mended: %(file)s.", file=name))
    portal, language = installation_of(parsed), operator_language()
    notes: list[PolicyProblem] = []
    with portal.database.reading() as store:
        if parsed.folder is None:
            found = list(policy_folders.problems_of_published(portal, store, language))
        else:
            found = policy_folders.problems_of_folder(portal, store, _folder(parsed.folder), language)
            notes = policy_folders.notes_of_folder(portal, store, _folder(parsed.folder), language)
    told = [words("Note: %(problem)s", problem=problem) for problem in notes]
    print(checks.as_json(found) if parsed.json else "\n".join([*told, *checks.as_lines(found, language)]))
    return 1 if found else 0


def publish(parsed: argparse.Namespace) -> None:
    """Publish the version a folder holds."""
    portal = installation_of(parsed)
    folder = _folder(parsed.folder)
    try:
        with portal.database.writing() as store:
            version = policy_folders.publish_folder(
                portal, store, folder, staff_id=None, now=portal.clock(), language=operator_language()
            )
            lacking = _lacking(portal, store, version)
    except PolicyFolderInvalid as error:
        found = policy_folders.as_problems(error.problems, operator_language())
        raise Refused("\n".join(checks.as_lines(found)[:-1])) from error
    except policies.AlreadyPublished as error:
        raise Refused(
            words(
                "Another text is published under %(id)s. Published versions never change: give yours a new id.",
                id=error,
            )
        ) from error
    for problem in lacking:
        print(words("Note: %(problem)s", problem=problem))
    print(words("Published: %(id)s.", id=version.id))


def export(parsed: argparse.Namespace) -> None:
    """Write a version's files into a folder, byte for byte as they were published."""
    portal = installation_of(parsed)
    document: Document = parsed.document or "privacy"
    with portal.database.reading() as store:
        version_id = parsed.id or _present_id(portal, store, document)
        files = policy_folders.files_of(store, version_id, document) if version_id else None
    if files is None:
        raise Refused(_no_version(parsed.id))
    folder = Path(parsed.folder)
    try:
        policy_folders.write_files(files, folder)
    except policy_folders.InTheWay as error:
        raise Refused(
            words("%(file)s is there already and says something else. Choose another folder.", file=error)
        ) from error
    except (NotADirectoryError, FileExistsError) as error:
        raise Refused(words("%(folder)s is not a folder.", folder=folder)) from error
    print(words("Written: %(id)s, in %(folder)s.", id=files.id, folder=folder))


def diff(parsed: argparse.Namespace) -> None:
    """Print what changed between two versions, section by section, in one language."""
    portal = installation_of(parsed)
    language = parsed.language or operator_language()
    document: Document = parsed.document or "privacy"
    with portal.database.reading() as store:
        both = [_version(store, version_id, document) for version_id in (parsed.a, parsed.b)]
        newer, older = newest_first(both)
        changes = policies.compare(portal, store, older, newer, language)
    changed = [change for change in changes if change.kind != "unchanged" or change.moved]
    if parsed.json:
        said = {"document": document, "older": older.id, "newer": newer.id, "language": language}
        print(json.dumps(said | {"sections": [asdict(one) for one in changed]}, indent=2, ensure_ascii=False))
        return
    print(f"--- {document}/{older.id}\n+++ {document}/{newer.id}")
    for change in changed:
        print("\n".join(["", *_lines(change)]))
    if not changed:
        print(words("Nothing differs."))


def _lines(change: SectionChange) -> list[str]:
    """A section that changed: its key and what became of it, then each paragraph that differs, as it was and as it is."""
    lines = [f"@@ {change.key}: {change.kind}{' moved' if change.moved and change.kind != 'moved' else ''} @@"]
    for part in change.parts:
        for sign, left_out in (("-", "added"), ("+", "removed")):
            said = "".join(run.text for run in part.runs if run.kind != left_out)
            if part.changed and said.strip():
                lines.append(f"{sign} {said}")
    return lines


def _as_dict(version: Version, standing: Standing) -> dict[str, Any]:
    state = "in_force" if standing.in_force else "to_come" if standing.to_come else "superseded"
    return {
        "document": version.document,
        "id": version.id,
        "effective": version.effective.isoformat(),
        "kind": version.kind,
        "imported": version.imported,
        "state": state,
        "until": standing.until.isoformat() if standing.until else None,
        "summary": {"fr": version.summary.fr, "en": version.summary.en},
    }


def _present_id(portal: Installation, store: Store, document: Document) -> str | None:
    """The version in force, else the one to come first."""
    present = policies.in_force(portal, store, portal.clock(), document)
    among = policies.versions(store, document)
    return present.id if present else among[-1].id if among else None


def _version(store: Store, version_id: str, document: Document) -> Version:
    found = policies.one(store, version_id, document)
    if found is None:
        raise Refused(_no_version(version_id))
    return found


def _no_version(version_id: str | None) -> str:
    if version_id is None:
        return words("No version is published yet.")
    return words("There is no version %(id)s. List them with: portal policy list", id=version_id)


def _folder(typed: str) -> Path:
    folder = Path(typed)
    if not folder.is_dir():
        raise Refused(words("%(folder)s is not a folder.", folder=folder))
    return folder


def _lacking(portal: Installation, store: Store, version: Version) -> list[PolicyProblem]:
    """What an imported version is told it lacks; another one would not have been published."""
    return policy_gate.lacking(portal, store, version, operator_language()) if version.imported else []
