"""One section of the draft: both languages side by side, and how they will read."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import PLACEHOLDERS
from portal.domain.policy_drafts import LONGEST_BODY, LONGEST_TITLE, Draft, DraftSection, TaskKind
from portal.domain.rights import Role
from portal.policies.rendering import RenderedSection
from portal.services import policy_drafts
from portal.services.policy_drafts import StaleDraft, Unreadable
from portal.services.policy_publishing import as_it_will_read, tasks
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.documents import document, document_url
from portal.web.forms import Line, NoLongerThan, Paragraphs, no_control_characters
from portal.web.languages import TAGS
from portal.web.pages import page, words
from portal.web.policy_drafting import (
    IN_ENGLISH,
    IN_FRENCH,
    VersionedForm,
    changed_meanwhile,
    member,
    seen_version,
    task_lines,
    title_of,
    typed_text,
)


class SectionForm(VersionedForm):
    """One section in both languages."""

    title_fr = Line(
        _l("Title in French"), validators=[no_control_characters, NoLongerThan(LONGEST_TITLE)], render_kw=IN_FRENCH
    )
    body_fr = Paragraphs(
        _l("Text in French"), validators=[no_control_characters, NoLongerThan(LONGEST_BODY)], render_kw=IN_FRENCH
    )
    title_en = Line(
        _l("Title in English"), validators=[no_control_characters, NoLongerThan(LONGEST_TITLE)], render_kw=IN_ENGLISH
    )
    body_en = Paragraphs(
        _l("Text in English"), validators=[no_control_characters, NoLongerThan(LONGEST_BODY)], render_kw=IN_ENGLISH
    )


@access.staff(Role.OFFICER)
def staff_policy_section(key: str) -> Any:
    """Read or write one section."""
    draft = policy_drafts.draft(store(), document())
    if request.method != "POST":
        if draft is None:
            return redirect(document_url("staff_policy"), 302)
        return _page(draft, draft.section(key) or abort(404), _filled(draft, key))
    form = SectionForm(request.form)
    written = _written(form, key)
    section = draft.section(key) if draft else None
    if draft is None or section is None:
        return changed_meanwhile(typed_text(written.body))
    if not form.validate():
        return _page(draft, section, form, status=422)
    return _saved(draft, section, form, written)


def _saved(draft: Draft, section: DraftSection, form: SectionForm, written: DraftSection) -> Any:
    changed = DraftSection(section.key, written.title, written.body, section.covers)
    try:
        saved = policy_drafts.save_section(store(), member(), draft, changed, seen_version=seen_version(), now=now())
    except Unreadable as error:
        form[f"body_{error.language}"].errors = [
            words("We cannot tell where this section ends. Remove the lines that begin with ``` or ~~~.")
        ]
        return _page(draft, section, form, status=422)
    except StaleDraft:
        return changed_meanwhile(typed_text(written.body))
    following = _after(saved, section.key) if request.form.get("do") == "next" else section.key
    if following is None:
        return redirect(document_url("staff_policy"), 303)
    return redirect(
        document_url("staff_policy_section", key=following, saved="1" if following == section.key else None), 303
    )


def _written(form: SectionForm, key: str) -> DraftSection:
    return DraftSection(
        key,
        Text(fr=form.title_fr.data or "", en=form.title_en.data or ""),
        Text(fr=form.body_fr.data or "", en=form.body_en.data or ""),
    )


def _filled(draft: Draft, key: str) -> SectionForm:
    """The form with the section as it is kept."""
    form = SectionForm(None)
    section = draft.section(key)
    if section:
        for language in LANGUAGES:
            form[f"title_{language}"].data = section.title.in_(language)
            form[f"body_{language}"].data = section.body.in_(language)
    form.version.data = str(draft.version)
    return form


def _page(draft: Draft, section: DraftSection, form: SectionForm, *, status: int = 200) -> Any:
    here = [
        task
        for task in tasks(portal(), store(), draft)
        if task.section == section.key and task.kind is not TaskKind.PART
    ]
    return page(
        "staff_policy_section.html",
        status=status,
        draft=draft,
        section=section,
        name=title_of(section),
        form=form,
        to_do=task_lines(draft, here),
        read=[(TAGS[language], _as_read(section, language)) for language in LANGUAGES],
        was_saved=request.args.get("saved") == "1" and request.method == "GET",
        following=_after(draft, section.key),
        placeholders=PLACEHOLDERS,
    )


def _as_read(section: DraftSection, language: Language) -> RenderedSection | None:
    """The section as its page will show it; None while it says nothing."""
    [found] = as_it_will_read(portal(), store(), (section,), language).sections
    return found if found.html else None


def _after(draft: Draft, key: str) -> str | None:
    keys = [section.key for section in draft.sections]
    place = keys.index(key) + 1
    return keys[place] if place < len(keys) else None
