"""A draft in review, approved or scheduled: approve it, give it back, publish it as approved, call it back."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request

from portal.domain.policy_drafts import Draft, Stage
from portal.domain.rights import Role
from portal.services import policy_drafts, policy_review
from portal.services.policy_drafts import StaleDraft
from portal.services.policy_publishing import publish_draft
from portal.services.policy_review import OwnWork
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.documents import document, document_url
from portal.web.policy_drafting import changed_meanwhile, member, seen_version, to_the_policy
from portal.web.policy_publish import UNFIT, filled_form, publish_page


@access.staff(Role.OFFICER)
def staff_policy_review() -> Any:
    """Move a draft on, or back."""
    draft = policy_drafts.draft(store(), document())
    if draft is None:
        return changed_meanwhile()
    try:
        return _moved(draft, request.form.get("do", ""))
    except StaleDraft:
        return changed_meanwhile()
    except OwnWork:
        access.let_go()
        return publish_page(draft, filled_form(draft), status=409)


def _moved(draft: Draft, act: str) -> Any:
    moves = {
        "approve": policy_review.approve,
        "give_back": policy_review.give_back,
        "call_back": policy_review.call_back,
    }
    if act in moves:
        moves[act](portal(), store(), member(), draft, seen_version=seen_version())
        return redirect(document_url("staff_policy_publish"), 303)
    if act != "publish":
        abort(422)
    return _published(draft)


def _published(draft: Draft) -> Any:
    """Publish an approved draft as it was approved, at once or at its moment."""
    day = draft.effective
    if draft.stage is not Stage.APPROVED or day is None:
        raise StaleDraft
    form = filled_form(draft)
    try:
        if draft.publish_at:
            policy_review.schedule(portal(), store(), member(), draft, seen_version=seen_version())
            return redirect(document_url("staff_policy_publish"), 303)
        publish_draft(portal(), store(), member(), draft, day=day, seen_version=seen_version(), now=now())
    except UNFIT as refusal:
        access.let_go()
        form.say(refusal)
        return publish_page(draft, form, status=422)
    return to_the_policy()
