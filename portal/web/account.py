"""My account: language, where one is signed in, recent sign-ins, who on staff looked, and what the portal keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice  # type: ignore[attr-defined]  # newer than the types of the package

from portal.domain.audit import Actor, RecordedLine
from portal.domain.languages import LANGUAGES, Language
from portal.domain.rights import Role
from portal.services import account as service
from portal.web import access
from portal.web.access import me, now, portal, store, viewer
from portal.web.forms import PageForm
from portal.web.languages import page_language, url
from portal.web.pages import page, words
from portal.web.policy_facts import offer_of, policy_facts, since_then
from portal.wording.labels import role_label

LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


class LanguageForm(PageForm):
    """Choose the language of letters and of this portal."""

    language = RadioField(_l("Language"), choices=[SelectChoice(code, LANGUAGE_NAMES[code]) for code in LANGUAGES])


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser that is signed in; `end` is where it is ended, None for the one that looks."""

    since: datetime
    seen: datetime
    end: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """One time a member of staff looked at the person's information."""

    at: datetime
    who: str
    reference: str | None


@access.person
def account() -> Any:
    """The account, whole."""
    return _page(LanguageForm(None, language=me().language))


@access.person
def account_language() -> Any:
    """Change the language; the page answers in it."""
    form = LanguageForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    chosen = cast("Language", form.language.data)
    service.choose_language(store(), me(), chosen)
    return redirect(url("account", lang=chosen), 303)


@access.person
def end_session(session_id: int) -> Any:
    """End one session: that browser is out at once."""
    if not service.end_session(store(), me(), session_id, now=now()):
        abort(404)
    return redirect(url("account"), 303)


def _page(form: LanguageForm, *, status: int = 200) -> Any:
    then = since_then()
    kept, looks = service.kept_here(store(), me(), now=now()), service.looks_at(store(), me())
    return page(
        "account.html",
        status=status,
        form=form,
        kept=kept,
        kept_until=portal().today(kept.until) if kept.until else None,
        sessions=[
            OpenSession(
                found.created_at, found.last_seen_at, None if found.id == viewer().session.id else _end(found.id)
            )
            for found in kept.sessions
        ],
        sign_ins=[line.at for line in looks.sign_ins],
        looks=[_look(line) for line in looks.by_staff],
        policy_facts=policy_facts(then),
        policy_offer=offer_of(then) if then else None,
    )


def _end(session_id: int) -> str:
    return url("end_session", session_id=session_id)


def _look(line: RecordedLine) -> Look:
    who = role_label(Role(line.role), page_language()) if line.role else words("A member of staff")
    if line.actor is Actor.KEEPER:
        who = words("Who keeps what is not in a database")
    return Look(line.at, who, line.reference)
