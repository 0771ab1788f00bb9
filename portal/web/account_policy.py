"""The policy and the person: what changed since the version they know, and the facts recorded, each by their own act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, request

from portal.domain.policy_readings import Reading, Since
from portal.services import policies
from portal.services import policy_readings as service
from portal.services.policy_readings import NotInForce, SinceThen
from portal.web import access
from portal.web.access import me, now, portal, store
from portal.web.compared import Compared, compared
from portal.web.languages import page_language, url
from portal.web.pages import page, words
from portal.web.policy_facts import Fact, fact_of, policy_facts, since_then
from portal.web.policy_links import title_of

OPEN, ACKNOWLEDGE, TAKE_BACK = "open", "acknowledge", "take_back"


@dataclass(frozen=True, slots=True)
class Offer:
    """The version in force, and what changed since the one the person knows, if that is another."""

    present: Fact
    start: Fact | None
    why: str | None
    compared: Compared | None


@access.person
def account_policy() -> Any:
    """See what changed; say that one has read it; take that back. Nothing else depends on any of it."""
    if request.method != "POST":
        return _page()
    act, version_id = request.form.get("act", ""), request.form.get("version", "")
    try:
        if act == OPEN:
            service.open_present(portal(), store(), me(), policies.PRIVACY, version_id, now=now())
        elif act == ACKNOWLEDGE:
            service.acknowledge(portal(), store(), me(), policies.PRIVACY, version_id, now=now())
        elif act == TAKE_BACK:
            service.take_back(store(), me(), policies.PRIVACY, version_id)
        else:
            return _page(status=422, problem=words("Use one of the buttons below."))
    except NotInForce:
        return _page(status=409, problem=words("Another version is in force now. Here it is; nothing was recorded."))
    return redirect(url("account_policy"), 303)


def _page(*, status: int = 200, problem: str | None = None) -> Any:
    then = since_then()
    return page(
        "account_policy.html",
        status=status,
        problem=problem,
        offer=_offer(then) if then else None,
        facts=policy_facts(then),
    )


def _offer(then: SinceThen) -> Offer:
    present = fact_of(then.present)
    if not then.changed or then.start is None:
        return Offer(present, None, None, None)
    return Offer(present, fact_of(then.start), _why(then.start, then.since), _compared(then.start, then.present))


def _compared(start: Reading, present: Reading) -> Compared | None:
    older, newer = (policies.one(store(), one.id) for one in (start, present))
    if older is None or newer is None:
        return None
    return compared(policies.compare(portal(), store(), older, newer, page_language()))


def _why(start: Reading, since: Since | None) -> str:
    title = title_of(start.id, start.effective)
    if since is Since.ACKNOWLEDGED:
        return words("You told us that you had read this one: %(version)s.", version=title)
    if since is Since.OPENED:
        return words("This is the one you opened first: %(version)s.", version=title)
    return words("This is the one you were told of first: %(version)s.", version=title)
