"""My information: what is held in each category and why, its rows page by page, and what the portal itself keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l

from portal.domain.data_map import Category, DataMap
from portal.domain.rights import RightsRequest, stage_of
from portal.domain.statements import about_category
from portal.domain.withholding import AllLeftOut
from portal.services import account, attachments, checklist, information, send_me_mine, statements
from portal.services.account import KeptHere
from portal.services.identities import identities_of_person
from portal.services.information import CategoryHeld, Reach
from portal.services.own_records import CATEGORY_ID
from portal.services.withheld import left_out_for
from portal.web import access
from portal.web.access import me, now, portal, store, viewer
from portal.web.days_form import DaysForm
from portal.web.forms import IdempotentForm, Line, NoLongerThan, no_control_characters
from portal.web.held_rows import ShownTable, shown_table
from portal.web.languages import page_language, url
from portal.web.line_forms import given_view
from portal.web.pages import effective, page, words
from portal.web.policy_facts import new_choices, offer_of, policy_facts, since_then
from portal.web.statement_views import comments_of
from portal.wording.category_words import purposes_words, retention_words
from portal.wording.dates import days_left
from portal.wording.held_words import entries_words
from portal.wording.labels import kind_label, stage_label
from portal.wording.map_labels import origin_label

DUE_SHOWN = 5
LONGEST_HINT = 300


class SendMineForm(IdempotentForm):
    """One button, and a few words for whoever looks."""

    hint = Line(_l("What helps us find it"), validators=[no_control_characters, NoLongerThan(LONGEST_HINT)])


@dataclass(frozen=True, slots=True)
class CategoryCard:
    """One category of the overview. `problem` says what keeps its rows from being counted."""

    label: str
    href: str
    held: str | None
    problem: str | None
    purposes: tuple[str, ...]
    retention: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request of the person in one line."""

    reference: str
    kind: str
    stage: str
    href: str
    request: RightsRequest
    left: str


@dataclass(frozen=True, slots=True)
class CategoryView:
    """Everything the map says of one category, in the words of the page."""

    id: str
    label: str
    purposes: list[str]
    origin: str
    means: str | None
    retention: list[str]
    seen_by: list[str]
    recipients: list[str]
    outside: list[str]
    sensitive: bool
    system: str | None
    keeper: str | None


@access.person
def my_information() -> Any:
    """Every category at a glance, and what can be done from here."""
    data_map = effective().data_map
    identities = identities_of_person(portal(), store(), me())
    then = since_then()
    left_out = left_out_for(store(), me())
    held = information.held_in_each(portal(), data_map, identities, left_out)
    return page(
        "my_information.html",
        categories=[_card(one, data_map) for one in held],
        due=[_request_line(one) for one in account.under_way(store(), me())[:DUE_SHOWN]],
        shared=bool(identities.shared),
        away=any(Reach.AWAY in one.reaches for one in held),
        unknown=not (identities.known or identities.shared or identities.away),
        others=identities.addresses[1:],
        correct_href=_where_to_correct(data_map),
        policy_offer=offer_of(then) if then else None,
        choices=new_choices(then) if then else [],
        comments=comments_of(me()),
    )


@access.person
def category(category: str) -> Any:
    """One category: why, how, how long, who sees it; then its rows."""
    if category == CATEGORY_ID:
        return _this_portal()
    found = effective().data_map.category(category) or abort(404)
    return _category_page(found, None if found.tables else SendMineForm(None))


@access.person
def send_mine(category: str) -> Any:
    """Ask for what no table holds of one category; a second press finds the request that is open."""
    found = effective().data_map.category(category)
    if found is None or found.tables:
        abort(404)
    form = SendMineForm(request.form)
    if not form.validate():
        return _category_page(found, form, status=422)
    made = send_me_mine.ask(
        portal(),
        store(),
        me(),
        found,
        language=page_language(),
        level=viewer().session.level,
        hint=form.hint.data or "",
        form_id=form.form_id.data or "",
        now=now(),
    )
    return redirect(url("request_page", reference=made.reference), 303)


@access.person
def ask_to_look() -> Any:
    """Have staff look where several people have one address; a second press finds the request that is open."""
    made = send_me_mine.ask_to_look(
        portal(), store(), me(), language=page_language(), level=viewer().session.level, now=now()
    )
    return redirect(url("request_page", reference=made.reference), 303)


def _category_page(found: Category, form: SendMineForm | None, *, status: int = 200) -> Any:
    everything = left_out_for(store(), me())
    left_out = everything.category(found.id)
    hidden = found.sensitive and request.args.get("show") != "yes" and bool(found.tables) and not left_out
    given = attachments.given_to(portal(), store(), me(), now=now()) if form else []
    listed = bool(found.tables) and not (hidden or left_out)
    days = DaysForm(request.args if listed else None)
    well = days.validate()
    tables = _tables(found, days if well else None, everything) if listed else []
    return page(
        "category.html",
        status=status if well else 422,
        form=form,
        asked=checklist.open_access_to(store(), me(), found.id) if form else None,
        given=[given_view(one) for one in given],
        category=_category_view(found, effective().data_map),
        left_out=left_out,
        tables=tables,
        hidden=hidden,
        one_table="table" in request.args,
        days=days if any(one.dated for one in tables) or not well else None,
        days_chosen=days.query() if well else {},
        beside_days={name: request.args[name] for name in ("show", "table", "account") if name in request.args},
    )


def _tables(category: Category, days: DaysForm | None, left_out: AllLeftOut) -> list[ShownTable]:
    """Its tables on the days chosen; days that cannot be read choose nothing."""
    identities = identities_of_person(portal(), store(), me())
    table, account, after = (request.args.get(name) for name in ("table", "account", "after"))
    within, said = (days.chosen(), days.query()) if days else (None, {})
    try:
        pages = information.pages_of(
            portal(), category, identities, table=table, account=account, after=after, within=within, left_out=left_out
        )
    except LookupError:
        abort(404)
    kept = about_category(statements.of_person(store(), me()), category.id)
    first = not (table and after)
    return [shown_table(category, one, kept, said, first=first, left_out=left_out) for one in pages]


def _this_portal() -> Any:
    kept = account.kept_here(store(), me(), now=now())
    return page(
        "this_portal.html",
        kept=kept,
        kept_until=portal().today(kept.until) if kept.until else None,
        requests=[_request_line(one) for one in kept.requests],
        consents=_consent_rows(kept),
        policy_facts=policy_facts(since_then()),
    )


def _consent_rows(kept: KeptHere) -> list[tuple[str, str, Any]]:
    data_map = effective().data_map
    said = {"given": words("Given"), "withdrawn": words("Withdrawn")}
    rows = []
    for event in kept.consents:
        purpose = data_map.purpose(event.purpose)
        label = purpose.label.in_(page_language()) if purpose else event.purpose
        rows.append((label, said.get(event.state, event.state), event.at))
    return rows


def _card(held: CategoryHeld, data_map: DataMap) -> CategoryCard:
    found = held.category
    return CategoryCard(
        label=found.label.in_(page_language()),
        href=url("category", category=found.id),
        held=_held_words(held),
        problem=_problem(held),
        purposes=tuple(one.label.in_(page_language()) for one in data_map.purposes if one.id in found.purposes),
        retention=tuple(retention_words(found, page_language())),
    )


def _held_words(held: CategoryHeld) -> str | None:
    return entries_words(held.rows, page_language(), more=held.more) if Reach.READ in held.reaches else None


def _problem(held: CategoryHeld) -> str | None:
    """The most pressing thing that keeps rows from being counted."""
    if Reach.WITHHELD in held.reaches:
        return words("Left out by our answer to one of your requests. Open it to see why.")
    if not held.category.tables:
        system = held.category.system.in_(page_language()) if held.category.system else ""
        return words("Kept here: %(system)s. Open it to have yours sent to you.", system=system)
    if Reach.AWAY in held.reaches:
        return words("This part cannot be read just now. Try again later.")
    if Reach.SHARED in held.reaches:
        return words("Someone else has the same address here. Our staff will look before anything is shown.")
    if held.partly and Reach.READ in held.reaches:
        return words("Part of it is left out by our answer to one of your requests. Open it to see what and why.")
    return words("Nothing found under this address.") if Reach.UNKNOWN in held.reaches else None


def _category_view(category: Category, data_map: DataMap) -> CategoryView:
    language = page_language()
    return CategoryView(
        id=category.id,
        label=category.label.in_(language),
        purposes=purposes_words(category, data_map, language),
        origin=origin_label(category.origin, language),
        means=category.means.in_(language) if category.means else None,
        retention=retention_words(category, language),
        seen_by=[text.in_(language) for text in category.seen_by],
        recipients=[text.in_(language) for text in category.recipients],
        outside=[
            words("%(place)s. %(safeguards)s", place=one.place.in_(language), safeguards=one.safeguards.in_(language))
            for one in category.outside_quebec
        ],
        sensitive=category.sensitive,
        system=category.system.in_(language) if category.system else None,
        keeper=category.keeper,
    )


def _request_line(found: RightsRequest) -> RequestLine:
    return RequestLine(
        reference=found.reference,
        kind=kind_label(found.kind, page_language(), found.whom),
        stage=stage_label(stage_of(found), page_language()),
        href=url("request_page", reference=found.reference),
        request=found,
        left=days_left(found.due, portal().today(now()), page_language()),
    )


def _where_to_correct(data_map: DataMap) -> str:
    """The first category in which something may be corrected, else a request for it."""
    for found, table in data_map.tables():
        if any(column.correct != "never" for column in table.columns):
            return url("category", category=found.id)
    return url("new_request", kind="rectification")
