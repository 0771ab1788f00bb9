"""My account: language, where one is signed in, recent sign-ins, who looked, and what the portal keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice  # type: ignore[attr-defined]  # newer than the types of the package

from portal.domain.languages import LANGUAGES, Language
from portal.services import account as service
from portal.services.looks import Look, looks_at
from portal.services.own_records.tables import LOOKS
from portal.web import access
from portal.web.access import me, now, portal, store, viewer
from portal.web.forms import PageForm
from portal.web.languages import page_language, url
from portal.web.pages import page
from portal.web.policy_facts import offer_of, policy_facts, since_then
from portal.wording.values import value_words

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
class ShownLook:
    """One look in words. `reference`: the request it was for, if staff of this portal looked for one."""

    at: str
    who: str
    why: str
    where: str
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
    kept = service.kept_here(store(), me(), now=now())
    looks = looks_at(portal(), store(), me(), language=page_language(), older=request.args.get("looks"))
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
        sign_ins=service.sign_ins_of(store(), me()),
        looks=[_shown(look) for look in looks.looks],
        older_looks=f"{url('account', looks=looks.older)}#who_looked" if looks.older else None,
        newest_looks=f"{url('account')}#who_looked" if request.args.get("looks") else None,
        looks_outside=looks.outside and not (looks.away or looks.shared),
        looks_away=looks.away,
        looks_shared=looks.shared,
        policy_facts=policy_facts(then),
        policy_offer=offer_of(then) if then else None,
    )


def _end(session_id: int) -> str:
    return url("end_session", session_id=session_id)


def _shown(look: Look) -> ShownLook:
    at = value_words(look.at, LOOKS.columns[0], page_language(), portal().settings.zone)
    return ShownLook(at, look.who, look.why, look.where, look.reference)
