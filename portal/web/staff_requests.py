"""The staff's list of requests: narrowing it, searching it, keeping a view of it, giving requests out from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from flask import redirect, request

from portal.domain.people import StaffMember
from portal.domain.queues import Order, Selection, words_of
from portal.domain.references import canonical_reference
from portal.domain.rights import Role
from portal.services import assigning, desk, desk_views, queue, rights, summaries
from portal.services.addresses import BadAddress, canonical_address
from portal.services.assigning import Chosen, WhyLeft
from portal.services.members import HANDLES
from portal.services.posting import number_to_post
from portal.services.queue import Listed
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.languages import page_language, url
from portal.web.numbers import id_or_none
from portal.web.pages import page, words
from portal.web.queue_lines import line_of
from portal.web.queue_list import Asked, given_sentence, summary, tabs_of
from portal.web.queue_selection import ME, choices_of, everything, orders_of, query_of, selection_from
from portal.web.typed import shown_again
from portal.wording.numbers import number

LONGEST_SEARCH = 254


@access.staff()
def staff_requests() -> Any:
    """The list, narrowed to what the address says; where it says nothing, an agent is sent to their own work."""
    if not request.args and queue.begins_with_own(store(), _member()):
        return redirect(_address(Selection(assignee=_member().id)), 302)
    members = desk.members_by_id(store())
    selection = selection_from(request.args, _member(), members)
    return _list(selection, members, after=request.args.get("after"), given=id_or_none(request.args.get("given")))


@access.staff()
def staff_requests_search() -> Any:
    """Look for a reference, an e-mail address or words; what was typed stays out of every address (design §2.5)."""
    members = desk.members_by_id(store())
    selection = selection_from(request.form, _member(), members)
    typed = shown_again(request.form.get("typed", "")).strip()
    known = rights.find(store(), typed)
    if known is not None:
        return redirect(url("staff_request", reference=known.reference), 303)
    if not words_of(typed):
        return redirect(_address(selection), 303)
    refused = _unsearchable(typed)
    if refused:
        return _list(selection, members, asked=Asked(typed, refused), status=422)
    address = canonical_address(typed) if "@" in typed else None
    return _list(selection, members, after=request.form.get("after"), asked=Asked(typed), address=address)


@access.staff(Role.OFFICER, Role.AGENT)
def staff_requests_give() -> Any:
    """Give the requests that were chosen to a colleague, or to whoever gives."""
    members = desk.members_by_id(store())
    selection = selection_from(request.form, _member(), members)
    chosen = [one for one in map(_chosen, request.form.getlist("chosen")) if one is not None]
    to = _member() if request.form.get("to") == ME else members.get(id_or_none(request.form.get("to")) or 0)
    if not chosen or to is None:
        refused = words("Choose one request or more.") if to else words("Choose who is to have the requests.")
        return _list(selection, members, refused=(refused, "to" if chosen else None), status=422)
    try:
        given = assigning.give(portal(), store(), _member(), to, chosen)
    except assigning.CannotBeGiven:
        refused = words("This colleague cannot have requests any more. Choose another.")
        return _list(selection, members, refused=(refused, "to"), status=409)
    if not given.left:
        opened = request.form.get("open") == "1"
        there = url("staff_request", reference=given.done[0]) if opened else None
        return redirect(there or _address(selection, given=len(given.done)), 303)
    return page(
        "staff_requests_given.html",
        status=200 if given.done else 409,
        done=given.done,
        left=[(reference, _why_left(why)) for reference, why in given.left],
        to=to.address,
        back=_address(selection),
    )


@access.staff()
def staff_requests_keep() -> Any:
    """Keep the present list under a name."""
    members = desk.members_by_id(store())
    selection = selection_from(request.form, _member(), members)
    name = " ".join(shown_again(request.form.get("name", "")).split())
    refused = _unfit_name(name)
    if refused is None:
        try:
            desk_views.keep(store(), _member(), name, query_of(selection, _member()))
        except desk_views.NameTaken:
            refused = words("You keep another view under this name. Choose another name.")
        except desk_views.TooManyViews:
            refused = words("You keep %(most)s views. Remove one first.", most=desk_views.MOST_VIEWS)
    if refused:
        return _list(selection, members, refused=(refused, "name"), name=name, status=422)
    return redirect(_address(selection), 303)


@access.staff()
def staff_requests_forget() -> Any:
    """Remove a view."""
    selection = selection_from(request.form, _member(), desk.members_by_id(store()))
    desk_views.remove(store(), _member(), id_or_none(request.form.get("view")) or 0)
    return redirect(_address(selection), 303)


@access.staff(Role.OFFICER, Role.AGENT)
def staff_requests_summary() -> Any:
    """Choose whether a letter of one's work comes each morning."""
    summaries.choose(store(), _member(), wanted=request.form.get("wanted") == "1")
    return redirect(_address(selection_from(request.form, _member(), desk.members_by_id(store()))), 303)


def _list(
    selection: Selection,
    members: Mapping[int, StaffMember],
    *,
    after: str | None = None,
    asked: Asked | None = None,
    address: str | None = None,
    given: int | None = None,
    refused: tuple[str, str | None] | None = None,
    name: str | None = None,
    status: int = 200,
) -> Any:
    """The page. `asked`: what is searched for; `refused`: what is to mend, and the field it is about; `name`: of a view."""
    listed = _listed(selection, asked, address, after)
    handles = _member().role in HANDLES
    query, whole = query_of(selection, _member()), everything(_member())
    views = desk_views.of_member(store(), _member())
    return page(
        "staff_requests.html",
        status=status,
        lines=[line_of(one.request, members, changed_at=one.changed_at) for one in listed.requests],
        selection=selection,
        query=query,
        summary=summary(listed, selection, searched=asked is not None),
        tabs=tabs_of(listed.tabs, selection, _member(), searched=asked is not None),
        choices=choices_of(selection, _member(), members, handles=handles),
        orders=orders_of(selection),
        heads={order.value: _address(replace(selection, order=order)) for order in Order},
        narrowed=any(one not in {"ended", "order"} for one in query) and query != whole,
        unfiltered=_address(Selection(ended=selection.ended)),
        asked=asked,
        next_after=listed.next_after,
        first=after is None,
        views=[(one, url("staff_requests", **one.selection), one.selection == query) for one in views],
        may_keep=asked is None and (name is not None or query not in (whole, *(one.selection for one in views))),
        name=name or "",
        refused=refused,
        given=given_sentence(given) if given and given <= assigning.MOST_AT_ONCE else None,
        handles=handles,
        wants_summary=_member().wants_summary,
        takers=[one for one in members.values() if assigning.may_have_requests(one) and one.id != _member().id],
        to_post=number_to_post(store()) if handles and asked is None else 0,
    )


def _listed(selection: Selection, asked: Asked | None, address: str | None, after: str | None) -> Listed:
    if asked is None or asked.refused:
        return queue.listed(portal(), store(), _member(), selection, after=after, now=now())
    return queue.searched(
        portal(), store(), _member(), selection, typed=asked.typed, address=address, after=after, now=now()
    )


def _unsearchable(typed: str) -> str | None:
    """Why what was typed is not looked for, or None when it is."""
    if canonical_reference(typed):
        return words("No request has this reference. Check its letters and digits.")
    if not desk.may_see_person(_member()):
        return words("Write a whole reference, such as R-7F3K-9QXM-2T4W. You see no person’s information.")
    if len(typed) > LONGEST_SEARCH:
        return words("Write fewer words: %(most)s characters at most.", most=number(LONGEST_SEARCH, page_language()))
    if "@" in typed:
        try:
            canonical_address(typed)
        except BadAddress:
            return words("Write the whole e-mail address, such as name@example.org.")
    return None


def _unfit_name(name: str) -> str | None:
    if not name:
        return words("Give the view a name.")
    if len(name) > desk_views.LONGEST_NAME:
        return words("The name has %(most)s characters at most.", most=desk_views.LONGEST_NAME)
    return None


def _why_left(why: WhyLeft) -> str:
    return {
        WhyLeft.CHANGED: words("It changed since you saw it."),
        WhyLeft.ANSWERED: words("It is answered already, or was taken back."),
        WhyLeft.OWN: words("It is this member’s own request. Nobody handles their own request."),
    }[why]


def _chosen(sent: str) -> Chosen | None:
    """A request and the version of it that was seen, or None when what was sent is neither."""
    written, _, version = sent.partition(":")
    reference = canonical_reference(written)
    return Chosen(reference, id_or_none(version) or 0) if reference else None


def _address(selection: Selection, **more: Any) -> str:
    """The address of a list."""
    return url("staff_requests", **(query_of(selection, _member()) | more))


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)
