"""`portal policy`: versions brought in from folders."""

from __future__ import annotations

import argparse
from pathlib import Path

from portal.cli import Refused
from portal.commands.opening import installation_of
from portal.commands.refusals import words
from portal.policies.problems import PolicyFolderInvalid
from portal.services import policies


def publish(parsed: argparse.Namespace) -> None:
    """Publish the version a folder holds."""
    portal = installation_of(parsed)
    try:
        with portal.database.writing() as store:
            version = policies.publish_folder(portal, store, Path(parsed.folder), staff_id=None, now=portal.clock())
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
    print(words("Published: %(id)s.", id=version.id))
