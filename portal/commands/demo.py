"""`portal demo`: the whole product on this machine, with an invented service."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from portal.cli import Refused
from portal.commands.refusals import words
from portal.demo import running

PORT = 8000


def run(parsed: argparse.Namespace) -> int:
    """Run the demo; the second time it finds what the first one made."""
    try:
        return running.run(Path(parsed.data), port=_port(parsed.port), reset=parsed.reset)
    except running.FolderTaken as error:
        raise Refused(
            words("The folder %(folder)s holds something else. Name an empty one with --data.", folder=error)
        ) from error


def _port(given: int | None) -> int:
    if given is not None:
        return given
    named = os.environ.get("PORT", "")
    return int(named) if named.isascii() and named.isdigit() and 0 < int(named) < 65_536 else PORT
