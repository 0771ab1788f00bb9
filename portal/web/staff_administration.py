"""Administration: the officer's pages that are not daily work, each with what it is for."""

from __future__ import annotations

from typing import Any

from portal.domain.rights import Role
from portal.web import access
from portal.web.languages import url
from portal.web.pages import page, words


@access.staff(Role.OFFICER)
def staff_administration() -> Any:
    """The pages, in the order an officer needs them."""
    return page("staff_administration.html", entries=_entries())


def _entries() -> list[tuple[str, str, str, str]]:
    """Title, what it is for, address, drawing."""
    return [
        (
            words("Getting ready"),
            words("What is done and what is left before the portal serves people; a test letter, a test request."),
            url("staff_setup"),
            "check",
        ),
        (
            words("Policy"),
            words("The version people read today, and the one you are preparing."),
            url("staff_policy"),
            "policy",
        ),
        (
            words("Notices"),
            words("Tell people of a change to the policy before its day, of a transaction or of an incident."),
            url("staff_notices"),
            "letter",
        ),
        (
            words("Colleagues"),
            words("Who works with the requests: invite, change a role, hand requests over, remove access."),
            url("staff_colleagues"),
            "person",
        ),
        (
            words("Settings"),
            words("What people read and what the rules count by, beginning with the person in charge."),
            url("staff_settings"),
            "correct",
        ),
        (
            words("Health of the portal"),
            words("Whether letters leave, databases answer and work goes on; whom to call when they do not."),
            url("staff_health"),
            "info",
        ),
    ]
