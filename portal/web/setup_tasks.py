"""Which tasks of getting ready this program has a page for, and whether one is left: for the menu and for the page itself."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app

from portal.domain.setup import Task
from portal.services import setup
from portal.web.access import portal, store

PAGES: Mapping[Task, str] = {
    Task.CONTACT: "staff_settings_contact",
    Task.POLICY: "staff_policy",
    Task.HELD: "staff_settings_category_new",
    Task.COLLEAGUES: "staff_colleagues",
    Task.LETTER: "staff_setup_letter",
    Task.REQUEST: "staff_setup_request",
}
"""Where each is done."""


def listed() -> tuple[Task, ...]:
    """The tasks whose page exists: one without a page could not be done."""
    return tuple(task for task, endpoint in PAGES.items() if endpoint in current_app.view_functions)


def waiting() -> frozenset[Task]:
    """The tasks that cannot be done yet: no letter leaves without a mail server."""
    return frozenset() if portal().transport is not None else frozenset({Task.LETTER})


def something_left() -> bool:
    """Whether a task that can be done is not done yet."""
    return not frozenset(listed()) <= setup.done(portal(), store()) | waiting()
