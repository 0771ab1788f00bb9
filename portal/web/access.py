"""Who may open a page: each view declares its rule, and this file alone knows sessions, CSRF tokens and transactions.

Flask-Login is used here and nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, make_response, redirect, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.people import Person
from portal.domain.rights import Role
from portal.services.installation import DatabaseAway, Installation
from portal.services.kept import owner_of
from portal.services.sign_in import SignedIn, Viewer, owner_of_ended, viewer_of
from portal.web.cookies import Cookies, Login, open_cookie
from portal.web.languages import url
from portal.web.typed import keep_what_was_typed
from portal.web.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from portal.storage.store import Store

View = Callable[..., Any]

csrf: Any = CSRFProtect()
logins: Any = LoginManager()


class Kind(Enum):
    """Whom a page is for."""

    READING = "reading"
    OPEN_FORM = "open_form"
    SIGNED_IN = "signed_in"
    PERSON = "person"
    CONFIRMED = "confirmed"
    STAFF = "staff"
    TOKEN = "token"  # noqa: S105  # a kind of page, not a secret
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Files:
    """A form that carries files: how many bytes in all, and whether they are read at all from whoever sends them."""

    most: int
    admits: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class Rule:
    """What a view declares: whom it is for, for staff which roles, whether its form carries files or needs a fresh proof."""

    kind: Kind
    roles: frozenset[Role] = frozenset(Role)
    files: Files | None = None
    fresh: Callable[[], bool] | None = None


WITHOUT_SESSION = frozenset({Kind.READING, Kind.MACHINE})
FOR_SOMEONE = frozenset({Kind.SIGNED_IN, Kind.PERSON, Kind.CONFIRMED, Kind.STAFF})

WITHOUT_CSRF: frozenset[str] = frozenset({"unsubscribe"})
"""Endpoints whose POST is authenticated by a signature or token of its own: mail programs press the button too."""


class NotPermitted(Exception):
    """A member of staff without the right; `roles` may."""

    def __init__(self, roles: frozenset[Role]) -> None:
        """Keep who may."""
        super().__init__()
        self.roles = roles


class SignInFirst(Exception):
    """A form was sent without a session; what it held was kept if its owner is known."""


def reading(view: View) -> View:
    """Open to all, the same for all: no cookie, no session, cached."""
    return _declare(view, Rule(Kind.READING))


def open_form(view: View) -> View:
    """A form open to all."""
    return _declare(view, Rule(Kind.OPEN_FORM))


def signed_in(view: View) -> View:
    """For whoever is signed in, a person or a member of staff."""
    return _declare(view, Rule(Kind.SIGNED_IN))


def person(view: View) -> View:
    """For a signed-in person."""
    return _declare(view, Rule(Kind.PERSON))


def confirmed(view: View) -> View:
    """For a signed-in person who gave a code within the last fifteen minutes."""
    return _declare(view, Rule(Kind.CONFIRMED))


def token(view: View) -> View:
    """For whoever holds a one-time link."""
    return _declare(view, Rule(Kind.TOKEN))


def machine(view: View) -> View:
    """For programs: no session, no language."""
    return _declare(view, Rule(Kind.MACHINE))


def staff(*roles: Role) -> Callable[[View], View]:
    """For members of staff in one of the roles (none named: all)."""
    return lambda view: _declare(view, Rule(Kind.STAFF, frozenset(roles or Role)))


def with_files(most: int, *, admits: Callable[[], bool] = lambda: True) -> Callable[[View], View]:
    """Its form carries files of so many bytes in all, read only where `admits` says so; put over the rule."""
    return lambda view: _declare(view, replace(view.access_rule, files=Files(most, admits)))  # type: ignore[attr-defined]  # declared below


def with_fresh_proof(*, when: Callable[[], bool] = lambda: True) -> Callable[[View], View]:
    """Its form is taken, `when` it is, from who gave a code within the last fifteen minutes; put over the rule (ASVS 7.5.3)."""
    return lambda view: _declare(view, replace(view.access_rule, fresh=when))  # type: ignore[attr-defined]  # declared below


def rule_of(view: View) -> Rule | None:
    """The rule a view declares, or None: the app then refuses to start."""
    return getattr(view, "access_rule", None)


def _declare(view: View, rule: Rule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]  # functions take attributes
    return view


# --- what a view asks for -------------------------------------------------------------------------------------------


def portal() -> Installation:
    """The installation this app serves."""
    return cast("Installation", current_app.extensions["portal"])


def now() -> datetime:
    """The instant of this request, the same throughout it."""
    if "now" not in g:
        g.now = portal().clock()
    return cast("datetime", g.now)


def store() -> Store:
    """The unit of work of this request, opened when first asked for: reading for a GET, writing for a POST."""
    return cast("UnitOfWork", g.unit_of_work).store()


def viewer() -> Viewer:
    """Who looks at this page; only on pages that need someone."""
    return cast("Viewer", g.viewer)


def me() -> Person:
    """The person who looks; only on pages for a signed-in person."""
    return cast("Person", viewer().person)


def keep_what_was_counted() -> None:
    """Keep this POST's transaction although it is refused: a wrong code must count (ASVS 6.3.1)."""
    g.keep_refused = True


def let_go() -> None:
    """Forget what this POST did so far: the page that follows shows what is true without it."""
    g.unit_of_work.conclude(keep=False)


def browser() -> str:
    """A random name for this browser, in its form cookie; codes are bound to it (ASVS 6.6.2)."""
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(16)
    return cast("str", session["browser"])


def open_session(signed_in: SignedIn) -> None:
    """Give the browser its new session token; everything else the old cookie held is gone (ASVS 7.2.4)."""
    open_session_with(signed_in.token, signed_in.session.id)


def open_session_with(session_token: str, session_id: int) -> None:
    """Rotate the cookie to a session token, keeping only what was typed and is still owed to this browser."""
    kept = session.get("kept")
    session.clear()
    if kept:
        session["kept"] = kept
    login_user(Login(session_token))
    g.session_id = session_id


def current() -> Viewer | None:
    """Who is signed in, on a page that serves everybody; None for nobody."""
    return _current_viewer()


def close_session(left: Viewer) -> None:
    """Forget the session in the browser, keeping whose it was so that a form in another tab loses nothing."""
    owner = owner_of(portal(), left.address)
    logout_user()
    session.clear()
    session["was"] = owner


# --- how a view is run ----------------------------------------------------------------------------------------------


def guarded(view: View, rule: Rule) -> View:
    """The view as it is registered: its rule enforced first, its transaction concluded last."""

    @wraps(view)
    def run(**arguments: Any) -> Response:
        refusal = _enforce(rule)
        response = make_response(refusal if refusal is not None else view(**arguments))
        if refusal is None:
            _owe_nothing_more(rule, response)
        kept = request.method == "POST" and (response.status_code < 400 or g.get("keep_refused", False))
        g.unit_of_work.conclude(keep=kept)
        return response

    return run


def _enforce(rule: Rule) -> Any:
    """Let the request pass, answer in the view's place, or raise."""
    g.rule = rule
    g.viewer = None
    if rule.kind in WITHOUT_SESSION:
        return None
    open_cookie()
    _refuse_other_sites()
    sends_files = rule.files is not None and request.method == "POST"
    if sends_files:
        g.unit_of_work = UnitOfWork(portal().database, writes=False)
    if rule.kind in FOR_SOMEONE:
        refusal = _require_viewer(rule)
        if refusal is not None:
            return refusal
    if rule.files is not None and sends_files:
        _read_files(rule.files)
    if request.method == "POST" and request.endpoint not in WITHOUT_CSRF:
        csrf.protect()
    if _needs_proof(rule) and not viewer().session.recently_confirmed(now()):
        return _ask_to_confirm()
    return None


def _needs_proof(rule: Rule) -> bool:
    if rule.kind is Kind.CONFIRMED:
        return True
    return request.method == "POST" and rule.fresh is not None and rule.fresh()


def _owe_nothing_more(rule: Rule, response: Response) -> None:
    """A form that somebody sent and that was taken is the one given back: it is not shown to them again."""
    if request.method == "POST" and response.status_code < 400 and rule.kind in FOR_SOMEONE - {Kind.SIGNED_IN}:
        session.pop("kept", None)


def _read_files(files: Files) -> None:
    """Read a large form while no transaction is open, so that a slow line keeps no other writer waiting."""
    if files.admits():
        request.max_content_length = files.most
    g.unit_of_work.conclude(keep=False)
    request.files.keys()
    g.unit_of_work = UnitOfWork(portal().database, writes=True)


def _refuse_other_sites() -> None:
    """A form sent from another site is refused whatever token it carries (ASVS 3.5.1)."""
    if request.method != "POST":
        return
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        raise CSRFError("other origin")
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise CSRFError("cross-site")


def _require_viewer(rule: Rule) -> Any:
    g.viewer = found = _current_viewer()
    if found is None:
        return _sign_in_first()
    wanted = "staff" if rule.kind is Kind.STAFF else "person"
    if rule.kind is not Kind.SIGNED_IN and found.kind != wanted:
        if wanted == "person":
            return _sign_in_first()
        abort(404)
    if found.member and found.member.role not in rule.roles:
        _record_refusal(found)
        raise NotPermitted(rule.roles)
    return None


def _current_viewer() -> Viewer | None:
    login = current_user
    if not login.is_authenticated:
        return None
    found: Viewer = login.viewer
    if found.session.to_be_seen(now()):
        _write_last_seen(found)
    return found


def _write_last_seen(found: Viewer) -> None:
    """One of the three writes a GET may make (design §2.3); a busy database makes it wait for the next page."""
    if request.method == "POST" and g.rule.files is None:
        store().sessions.seen(found.session.id, now())
        return
    g.unit_of_work.conclude(keep=False)
    try:
        with portal().database.writing() as small:
            small.sessions.seen(found.session.id, now())
    except DatabaseAway:
        current_app.logger.warning("last_seen_not_written")


def write_before_page(line: AuditLine) -> None:
    """The third write a GET may make (design §2.3): who looked, in a transaction of its own, before the page is."""
    g.unit_of_work.conclude(keep=False)
    with portal().database.writing() as small:
        small.audit.record(line)


def _record_refusal(found: Viewer) -> None:
    g.unit_of_work.conclude(keep=False)
    with portal().database.writing() as small:
        member_id = found.member.id if found.member else None
        small.audit.record(AuditLine(now(), AuditEvent.ACCESS_REFUSED, Actor.STAFF, member_id, staff_id=member_id))


def _sign_in_first() -> Any:
    if request.method == "POST":
        if g.rule.files is not None and (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
            raise SignInFirst
        owner = session.get("was") or owner_of_ended(portal(), store(), session.get("_user_id", ""))
        keep_what_was_typed(portal(), owner)
        raise SignInFirst
    return redirect(url("sign_in", next=request.full_path.rstrip("?")), 303)


def _ask_to_confirm() -> Any:
    if request.method == "POST":
        keep_what_was_typed(portal(), owner_of(portal(), viewer().address))
        return redirect(url("confirm", next=url("resume")), 303)
    return redirect(url("confirm", next=request.full_path.rstrip("?")), 303)


# --- cookies and Flask-Login ----------------------------------------------------------------------------------------


def _begin() -> None:
    g.unit_of_work = UnitOfWork(portal().database, writes=request.method == "POST")


def _end(_error: BaseException | None) -> None:
    """Whatever happened, no transaction outlives its request."""
    if "unit_of_work" in g:
        g.unit_of_work.conclude(keep=False)


def guard(app: Flask) -> None:
    """Give an app its cookie, its CSRF tokens and its logins."""
    app.session_interface = Cookies()
    csrf.init_app(app)
    logins.session_protection = None
    logins.init_app(app)
    app.before_request(_begin)
    app.teardown_request(_end)

    @logins.user_loader  # type: ignore[untyped-decorator]  # the package ships no types
    def _load(session_token: str) -> Login | None:
        found = viewer_of(portal(), store(), session_token)
        return Login(session_token, found) if found else None
