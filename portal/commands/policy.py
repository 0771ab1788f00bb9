"""`portal policy`: versions brought in from folders."""

from __future__ import annotations

import argparse
from pathlib import Path

from portal.cli import Refused
from portal.commands.opening import installation_of
from portal.commands.refusals import operator_language, words
from portal.domain.policies import Version
from portal.policies.problems import PolicyFolderInvalid, PolicyProblem
from portal.services import policies, policy_gate
from portal.services.installation import Installation
from portal.storage.store import Store


def publish(parsed: argparse.Namespace) -> None:
    """Publish the version a folder holds."""
    portal = installation_of(parsed)
    try:
        with portal.database.writing() as store:
            version = policies.publish_folder(
                portal, store, Path(parsed.folder), staff_id=None, now=portal.clock(), language=operator_language()
            )
            lacking = _lacking(portal, store, version)
    except PolicyFolderInvalid as error:
        lines = [f"{problem.file}: {problem.key}: {problem.message}" for problem in error.problems]
        raise Refused("\n".join(lines)) from error
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


def _lacking(portal: Installation, store: Store, version: Version) -> list[PolicyProblem]:
    """What an imported version is told it lacks; another one would not have been published."""
    return policy_gate.lacking(portal, store, version, operator_language()) if version.imported else []
