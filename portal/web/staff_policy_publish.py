"""The draft as it will read, and publishing it: what changed, from which day."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice  # type: ignore[attr-defined]  # newer than the types of the package
from wtforms.validators import ValidationError

from portal.domain.languages import LANGUAGES, Text
from portal.domain.policies import VersionKind
from portal.domain.policy_drafts import Draft
from portal.domain.rights import Role
from portal.services import policy_drafts, policy_publishing
from portal.services.policy_drafts import StaleDraft
from portal.services.policy_publishing import FURTHEST_DAYS, BadDay, NotReady, publish_draft, revision, tasks
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.forms import Line, NoLongerThan, Paragraphs, no_control_characters, something
from portal.web.languages import page_language, url
from portal.web.pages import page, words
from portal.web.policy_drafting import (
    IN_ENGLISH,
    IN_FRENCH,
    VersionedForm,
    changed_meanwhile,
    member,
    seen_version,
    task_lines,
    to_the_policy,
    typed_text,
)
from portal.wording.policy_tasks import revision_sentence, revision_summary

LONGEST_SUMMARY = 2_000
PUBLISH = "publish"


class PublishForm(VersionedForm):
    """What is said of the version as a whole."""

    summary_fr = Paragraphs(
        _l("What changes, in French"),
        validators=[no_control_characters, NoLongerThan(LONGEST_SUMMARY)],
        render_kw=IN_FRENCH,
    )
    summary_en = Paragraphs(
        _l("What changes, in English"),
        validators=[no_control_characters, NoLongerThan(LONGEST_SUMMARY)],
        render_kw=IN_ENGLISH,
    )
    kind = RadioField(_l("Nature of the change"), validate_choice=False)
    day = Line(_l("In force from"), validators=[no_control_characters], render_kw={"type": "date"})

    def validate_kind(self, field: Any) -> None:
        """One of the two kinds, and our own sentence when it is none."""
        if field.data not in {"material", "wording"}:
            raise ValidationError(words("Choose the nature of the change."))

    def validate_day(self, field: Any) -> None:
        """A day as calendars write it, or none yet."""
        if field.data and self.typed_day() is None:
            raise ValidationError(words("Write the day as year, month, day, such as 2026-02-28."))

    def typed_day(self) -> date | None:
        """The day, or None when there is none or it is none."""
        typed = self.day.data or ""
        try:
            return date.fromisoformat(typed) if len(typed) == 10 and typed.isascii() else None
        except ValueError:
            return None


@access.staff(Role.OFFICER)
def staff_policy_preview() -> Any:
    """The whole draft as it will read."""
    draft = policy_drafts.draft(store())
    if draft is None or not draft.sections:
        return redirect(url("staff_policy"), 302)
    rendered = policy_publishing.as_it_will_read(portal(), store(), draft.sections, page_language())
    return page("staff_policy_preview.html", parts=[part for part in rendered.sections if part.title and part.html])


@access.staff(Role.OFFICER)
def staff_policy_publish() -> Any:
    """Save what is said of the version, or publish it."""
    draft = policy_drafts.draft(store())
    if request.method != "POST":
        if draft is None or not draft.sections:
            return redirect(url("staff_policy"), 302)
        return _page(draft, _filled(draft))
    form = _prepared(PublishForm(request.form))
    if draft is None:
        return changed_meanwhile(typed_text(_summary(form)))
    if not form.validate():
        return _page(draft, form, status=422)
    try:
        return _published(draft, form) if request.form.get("do") == PUBLISH else _saved(draft, form)
    except StaleDraft:
        return changed_meanwhile(typed_text(_summary(form)))


def _saved(draft: Draft, form: PublishForm) -> Any:
    _keep(draft, form, seen_version())
    return to_the_policy()


def _published(draft: Draft, form: PublishForm) -> Any:
    """Publish, or say what is missing; what was typed is kept in either case only when it succeeds."""
    day = form.typed_day()
    if not _is_whole(form, day) or day is None:
        return _page(draft, form, status=422)
    kept = _keep(draft, form, seen_version())
    try:
        publish_draft(portal(), store(), member(), kept, day=day, seen_version=kept.version, now=now())
    except NotReady:
        access.let_go()
        return _page(draft, form, status=422)
    except BadDay:
        access.let_go()
        form.day.errors = [_bad_day()]
        return _page(draft, form, status=422)
    return to_the_policy()


def _is_whole(form: PublishForm, day: date | None) -> bool:
    """Whether the summary is there in both languages and a day is given; the sentences are put beside the fields."""
    missing = {
        "summary_fr": words("Say in a few words, in French, what changes."),
        "summary_en": words("Say in a few words, in English, what changes."),
    }
    for name, sentence in missing.items():
        try:
            something(form[name], sentence)
        except ValidationError as error:
            form[name].errors = [str(error)]
    if day is None:
        form.day.errors = [words("Give the day from which this version is in force.")]
    return not any(field.errors for field in form)


def _keep(draft: Draft, form: PublishForm, seen: int) -> Draft:
    kind: VersionKind = "wording" if form.kind.data == "wording" else "material"
    return policy_drafts.save_details(
        store(),
        member(),
        draft,
        kind=kind,
        effective=form.typed_day(),
        summary=_summary(form),
        seen_version=seen,
        now=now(),
    )


def _summary(form: PublishForm) -> Text:
    return Text(fr=form.summary_fr.data or "", en=form.summary_en.data or "")


def _filled(draft: Draft) -> PublishForm:
    """The form as it was saved; of a revised translation that says nothing of itself yet, what there is to say."""
    form = _prepared(PublishForm(None))
    revised = revision(portal(), store(), draft, now=now())
    is_untold = not draft.summary.fr and not draft.summary.en
    for language in LANGUAGES:
        proposed = revision_summary(revised, language) if revised and is_untold else draft.summary.in_(language)
        form[f"summary_{language}"].data = proposed
    form.kind.data = "wording" if revised and is_untold else draft.kind
    form.day.data = (draft.effective or portal().today(now())).isoformat()
    form.version.data = str(draft.version)
    return form


def _prepared(form: PublishForm) -> PublishForm:
    form.kind.choices = [
        SelectChoice("material", words("A change of substance: it touches how information is handled")),
        SelectChoice("wording", words("A change of wording: it says the same thing better")),
    ]
    return form


def _bad_day() -> str:
    return words(
        "Choose today or a later day, within %(days)s days. A version cannot come into force in the past.",
        days=FURTHEST_DAYS,
    )


def _page(draft: Draft, form: PublishForm, *, status: int = 200) -> Any:
    revised = revision(portal(), store(), draft, now=now())
    return page(
        "staff_policy_publish.html",
        status=status,
        draft=draft,
        form=form,
        to_do=task_lines(draft, tasks(portal(), store(), draft)),
        today=portal().today(now()),
        revised=revision_sentence(revised, page_language()) if revised else None,
    )
