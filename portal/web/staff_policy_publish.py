"""The draft as it will read, and publishing it: what changed, from which day, and when people can read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, request

from portal.domain.policies import VersionKind
from portal.domain.policy_drafts import Draft
from portal.domain.rights import Role
from portal.services import policy_drafts, policy_publishing, policy_review
from portal.services.policy_drafts import StaleDraft
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.documents import document, document_url
from portal.web.languages import page_language
from portal.web.pages import page
from portal.web.policy_drafting import changed_meanwhile, member, seen_version, to_the_policy, typed_text
from portal.web.policy_publish import UNFIT, PublishForm, filled_form, publish_page, typed_form


@access.staff(Role.OFFICER)
def staff_policy_preview() -> Any:
    """The whole draft as it will read."""
    draft = policy_drafts.draft(store(), document())
    if draft is None or not draft.sections:
        return redirect(document_url("staff_policy"), 302)
    rendered = policy_publishing.as_it_will_read(portal(), store(), draft.sections, page_language())
    return page("staff_policy_preview.html", parts=[part for part in rendered.sections if part.title and part.html])


@access.staff(Role.OFFICER)
def staff_policy_publish() -> Any:
    """Save what is said of the version, send it for review, publish it or schedule it."""
    draft = policy_drafts.draft(store(), document())
    if request.method != "POST":
        if draft is None or not draft.sections:
            return redirect(document_url("staff_policy"), 302)
        return publish_page(draft, filled_form(draft))
    form = typed_form(request.form)
    if draft is None:
        return changed_meanwhile(typed_text(form.summary()))
    if not form.validate():
        return publish_page(draft, form, status=422)
    try:
        return _ACTS.get(request.form.get("do", ""), _saved)(draft, form)
    except StaleDraft:
        return changed_meanwhile(typed_text(form.summary()))


def _saved(draft: Draft, form: PublishForm) -> Any:
    _keep(draft, form)
    return to_the_policy()


def _sent_for_review(draft: Draft, form: PublishForm) -> Any:
    if not form.is_whole():
        return publish_page(draft, form, status=422)
    kept = _keep(draft, form)
    try:
        policy_review.send_for_review(portal(), store(), member(), kept, seen_version=kept.version)
    except UNFIT as refusal:
        access.let_go()
        form.say(refusal)
        return publish_page(draft, form, status=422)
    return redirect(document_url("staff_policy_publish"), 303)


def _published(draft: Draft, form: PublishForm) -> Any:
    """Publish or schedule, or say what is missing; what was typed is kept in either case only when it succeeds."""
    day = form.typed_day()
    if not form.is_whole() or day is None:
        return publish_page(draft, form, status=422)
    kept = _keep(draft, form)
    try:
        if kept.publish_at:
            policy_review.schedule(portal(), store(), member(), kept, seen_version=kept.version)
            return redirect(document_url("staff_policy_publish"), 303)
        made = policy_publishing.publish_draft(
            portal(), store(), member(), kept, day=day, seen_version=kept.version, now=now()
        )
    except UNFIT as refusal:
        access.let_go()
        form.say(refusal)
        return publish_page(draft, form, status=422)
    return redirect(document_url("staff_policy", published=made.id), 303)


_ACTS: Mapping[str, Callable[[Draft, PublishForm], Any]] = {"review": _sent_for_review, "publish": _published}


def _keep(draft: Draft, form: PublishForm) -> Draft:
    kind: VersionKind = "wording" if form.kind.data == "wording" else "material"
    moment = form.typed_moment()
    return policy_drafts.save_details(
        store(),
        member(),
        draft,
        kind=kind,
        effective=form.typed_day(),
        publish_at=moment.at if moment else None,
        summary=form.summary(),
        seen_version=seen_version(),
        now=now(),
    )
