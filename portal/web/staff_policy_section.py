"""One section of the draft: both languages side by side, and how they will read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import PLACEHOLDERS
from portal.domain.policy_coverage import Item, Kind
from portal.domain.policy_drafts import LONGEST_BODY, LONGEST_TITLE, Draft, DraftSection, edited, with_section
from portal.domain.policy_tasks import COVERS
from portal.domain.rights import Role
from portal.policies.rendering import RenderedSection
from portal.services import policies, policy_drafts
from portal.services.policy_drafts import StaleDraft, Unreadable
from portal.services.policy_publishing import as_it_will_read, coverable, proposals, tasks
from portal.web import access, policy_answers
from portal.web.access import now, portal, store
from portal.web.documents import document, document_url
from portal.web.forms import Line, NoLongerThan, Paragraphs, no_control_characters
from portal.web.languages import TAGS, page_language
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
)

CHECK = "check"
"""Sends what is typed to be looked at, not saved."""


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
    same = BooleanField(_l("Both languages say the same"))


@dataclass(frozen=True, slots=True)
class Coverable:
    """One thing a section may cover: ticked when it does, or when it seems to and none does yet (`proposed`)."""

    name: str
    label: str
    ticked: bool
    proposed: bool
    unmapped: bool


@access.staff(Role.OFFICER)
def staff_policy_section(key: str) -> Any:
    """Read or write one section."""
    draft = policy_drafts.draft(store(), document())
    if request.method != "POST":
        if draft is None:
            return redirect(document_url("staff_policy"), 302)
        return _page(draft, draft.section(key) or abort(404), _filled(draft, key))
    section = draft.section(key) if draft else None
    if draft and section and policy_answers.is_sent():
        return _answered(draft, section)
    form = SectionForm(request.form)
    written = _written(form, key, section)
    if draft is None or section is None:
        return changed_meanwhile(_typed(written))
    if not form.validate():
        return _page(draft, section, form, status=422)
    if request.form.get("do") == CHECK:
        return _checked(draft, section, form, written)
    return _saved(draft, section, form, written)


def _answered(draft: Draft, section: DraftSection) -> Any:
    """The slot filled with ready answers, or the page again with why not."""
    try:
        return policy_answers.fill(draft, section)
    except policy_answers.REFUSED as refusal:
        why_not = policy_answers.why_not(refusal)
    return _page(draft, section, _filled(draft, section.key), status=422, unanswered=why_not)


def _checked(draft: Draft, section: DraftSection, form: SectionForm, written: DraftSection) -> Any:
    """What was typed, how it would read and what would remain, with nothing saved."""
    try:
        typed = edited(section, policy_drafts.tidied(written), at=now(), by=member().id, same=bool(form.same.data))
    except Unreadable as error:
        return _unreadable(draft, section, form, error)
    return _page(replace(draft, sections=with_section(draft.sections, typed)), typed, form)


def _unreadable(draft: Draft, section: DraftSection, form: SectionForm, error: Unreadable) -> Any:
    form[f"body_{error.language}"].errors = [
        words("We cannot tell where this section ends. Remove the lines that begin with ``` or ~~~.")
    ]
    return _page(draft, section, form, status=422)


def _saved(draft: Draft, section: DraftSection, form: SectionForm, written: DraftSection) -> Any:
    same, seen = bool(form.same.data), seen_version()
    try:
        saved = policy_drafts.save_section(store(), member(), draft, written, same=same, seen_version=seen, now=now())
    except Unreadable as error:
        return _unreadable(draft, section, form, error)
    except StaleDraft:
        return changed_meanwhile(_typed(written), key=section.key)
    following = _after(saved, section.key) if request.form.get("do") == "next" else section.key
    if following is None:
        return redirect(document_url("staff_policy"), 303)
    return redirect(
        document_url("staff_policy_section", key=following, saved="1" if following == section.key else None), 303
    )


def _typed(written: DraftSection) -> list[tuple[Language | None, str]]:
    """All that was sent of a section, to be copied: titles, texts, and what was ticked."""
    names = [
        item.label.in_(page_language())
        for item in coverable(portal(), store(), document())
        if item.name in written.covers
    ]
    covered = words("What it covers: %(names)s", names=", ".join(names)) if names else ""
    return [
        *((language, part.in_(language)) for language in LANGUAGES for part in (written.title, written.body)),
        (None, covered),
    ]


def _written(form: SectionForm, key: str, section: DraftSection | None) -> DraftSection:
    return DraftSection(
        key,
        Text(fr=form.title_fr.data or "", en=form.title_en.data or ""),
        Text(fr=form.body_fr.data or "", en=form.body_en.data or ""),
        _covers(section),
    )


def _covers(section: DraftSection | None) -> tuple[str, ...]:
    """What is ticked of what may be: the things of the map, and those the section covered already.

    Governance practices cover nothing of the map, and have nothing to tick.
    """
    before = section.covers if section else ()
    if document() != policies.PRIVACY:
        return before
    known = dict.fromkeys((*(item.name for item in coverable(portal(), store(), document())), *before))
    return tuple(name for name in known if request.form.get(f"{COVERS}{name}"))


def _coverable(draft: Draft, section: DraftSection) -> list[tuple[str, list[Coverable]]]:
    """The pick-list: categories, purposes and recipients, then what the map no longer has; none but for the policy."""
    if draft.document != policies.PRIVACY:
        return []
    proposed = () if request.method == "POST" else proposals(portal(), store(), draft).get(section.key, ())
    headings = {
        Kind.CATEGORY: words("Information"),
        Kind.PURPOSE: words("Purposes"),
        Kind.RECIPIENT: words("Recipients"),
    }
    items = coverable(portal(), store(), document())
    listed = [
        (heading, [_choice(item, section, proposed) for item in items if item.kind is kind])
        for kind, heading in headings.items()
    ]
    known = {item.name for item in items}
    gone = [
        Coverable(name, name, ticked=True, proposed=False, unmapped=True)
        for name in section.covers
        if name not in known
    ]
    return [(heading, lines) for heading, lines in (*listed, (words("No longer in the data map"), gone)) if lines]


def _choice(item: Item, section: DraftSection, proposed: Collection[str]) -> Coverable:
    is_there = item.name in section.covers
    return Coverable(
        item.name,
        item.label.in_(page_language()),
        ticked=is_there or item.name in proposed,
        proposed=not is_there and item.name in proposed,
        unmapped=False,
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


def _page(
    draft: Draft, section: DraftSection, form: SectionForm, *, status: int = 200, unanswered: str | None = None
) -> Any:
    here = [task for task in tasks(portal(), store(), draft) if task.section == section.key and not task.ready]
    covers = _coverable(draft, section)
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
        lagging=section.lagging,
        coverable=covers,
        unsaved_covers=any(line.proposed or line.unmapped for _, lines in covers for line in lines),
        covers_prefix=COVERS,
        is_check=request.method == "POST" and status == 200,
        answers=policy_answers.answers_form(draft, section, unanswered),
        twins=policy_answers.twins(draft, section),
        unanswered=unanswered,
        was_filled=request.args.get("filled") == "1" and request.method == "GET",
    )


def _as_read(section: DraftSection, language: Language) -> RenderedSection | None:
    """The section as its page will show it; None while it says nothing."""
    [found] = as_it_will_read(portal(), store(), (section,), language).sections
    return found if found.html else None


def _after(draft: Draft, key: str) -> str | None:
    keys = [section.key for section in draft.sections]
    place = keys.index(key) + 1
    return keys[place] if place < len(keys) else None
