"""`portal settings`: what the officer set in the browser, as the operator's file would say it."""

from __future__ import annotations

import argparse

from portal.commands.opening import installation_of
from portal.commands.refusals import words
from portal.services.settings.exporting import exported


def export(parsed: argparse.Namespace) -> None:
    """Print the officer's settings as TOML."""
    portal = installation_of(parsed)
    with portal.database.reading() as store:
        text = exported(portal, store)
    print("# " + words("These sections may take the place of the same ones in portal.toml.") + "\n")
    print(text, end="")
