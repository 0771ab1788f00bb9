"""The browser's cookie: signed, for this host only, and closed on pages that are the same for all."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, Request, Response, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from portal.services.sign_in import Viewer


class Cookie(SecureCookieSession):
    """The cookie's content, empty and never written until a view that declares a need for it is matched."""

    opened = False

    def open(self, content: Any) -> None:
        """Take what the browser sent."""
        self.opened = True
        self.update(content)
        self.modified = False


class Cookies(SecureCookieSessionInterface):
    """The cookie `portal`: signed, for this host only, closed on pages that are the same for all."""

    def open_session(self, app: Flask, request: Request) -> Cookie:
        """Read nothing before the rule is known."""
        return Cookie()

    def open_now(self, app: Flask, request: Request) -> None:
        """Read the cookie; a damaged or forged one counts as none (security.md B-35)."""
        cast("Cookie", session).open(super().open_session(app, request) or {})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write only what was opened, so that reading pages carry no cookie and do not vary by one."""
        if cast("Cookie", session).opened:
            super().save_session(app, session, response)


class Login:
    """What Flask-Login keeps in the cookie: the session token under its own name, and the viewer it opens."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, session_token: str, found: Viewer | None = None) -> None:
        """Keep both."""
        self._token = session_token
        self.viewer = found

    def get_id(self) -> str:
        """What the cookie holds."""
        return self._token


def open_cookie() -> None:
    """Open the cookie of this request, now that its view is known to need it."""
    cast("Cookies", current_app.session_interface).open_now(current_app, request)
