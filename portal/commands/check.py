"""`portal check`: everything that is wrong, at once, before a reader meets it."""

from __future__ import annotations

import argparse

from portal.app import install
from portal.commands.opening import settings_of
from portal.config import SettingsInvalid
from portal.services import check as service
from portal.services.readiness_checks import further_checks


def check(parsed: argparse.Namespace) -> int:
    """Print every problem; exits 1 when there is one."""
    try:
        settings = settings_of(parsed)
        portal = install(settings)
        found = service.problems(settings, portal.sources, further_checks(portal))
    except SettingsInvalid as error:
        found = list(error.problems)
    if parsed.json:
        print(service.as_json(found))
    else:
        print("\n".join(service.as_lines(found)))
    return 1 if found else 0
