"""The doors of the staff's pages: the way in, which the foot of every page gives, and the way out while no code can leave."""

from __future__ import annotations

from typing import Any

from flask import redirect

from portal.web import access
from portal.web.languages import url
from portal.web.pages import page


@access.staff()
def staff_home() -> Any:
    """The way in: it leads to the requests to handle."""
    return redirect(url("staff_requests"), 302)


@access.staff()
def staff_sign_out() -> Any:
    """How to come back, said before signing out; where codes leave, the button alone is enough."""
    return page("staff_sign_out.html")
