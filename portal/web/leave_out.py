"""Choosing what an answer leaves out, below a category: which list, then which fields or entries of it, and on which ground.

Each step is a page of its own that carries the answer being written, so that nothing typed is lost and no script is needed.
Of an entry staff see its key and its date, which find it in the service; never what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import request

from portal.domain.data_map import Category, Column, Table
from portal.domain.rights import Decision, RightsRequest
from portal.domain.withholding import CannotBeLeftOut, Unfit
from portal.services import decisions as deciding
from portal.services import severing
from portal.services.information import Reach, key_of
from portal.services.severing import RowToChoose
from portal.services.withheld import ASKING_TO_SEE, refuse_what_cannot_be_left_out
from portal.web.access import portal, store
from portal.web.decision_form import DecisionForm, parts_of, typed_again, withheld_by
from portal.web.languages import page_language
from portal.web.left_out_parts import Chosen, chosen_lines, unfit_sentence, with_more
from portal.web.pages import effective, page, words
from portal.wording.left_out import table_label
from portal.wording.values import value_words

CHOOSE, PICK, MORE, LEAVE = "choose", "pick", "more", "leave"
"""Buttons: choose a list, go on with it, see more of its entries, leave out what is ticked."""

STEPS = frozenset({CHOOSE, PICK, MORE, LEAVE})


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tick or to pick: the value its field sends, what it is called, whether it is ticked."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One list of the map."""

    category: Category
    table: Table

    @property
    def label(self) -> str:
        """What it is called on pages."""
        return table_label(self.category, self.table, page_language())

    @property
    def value(self) -> str:
        """What stands for it in a form."""
        return f"{self.category.id} {self.table.name}"


def leaving_out(form: DecisionForm, found: RightsRequest) -> dict[str, Any]:
    """What the form of an answer shows of what it leaves out: categories to choose, parts chosen, the way to choose more."""
    return {
        "parts": parts_of(form, found),
        "out": chosen_lines(form.out, found),
        "may_sever": may_sever(found),
    }


def may_sever(found: RightsRequest) -> bool:
    """Whether an answer to this request may leave out lists, fields or entries."""
    grounds = deciding.ready_grounds(portal(), store(), found)
    in_part = Decision.PARTIALLY_GRANTED in deciding.decisions_for(found)
    return found.kind in ASKING_TO_SEE and in_part and bool(grounds) and bool(_places())


def step(found: RightsRequest, form: DecisionForm) -> Any:
    """The page of a step; None once something is chosen, and the request's own page follows with it on its form."""
    do = request.form.get("do")
    place = next((one for one in _places() if one.value == request.form.get("list")), None)
    if do == CHOOSE:
        return _which_list(found, form)
    if place is None:
        return _which_list(found, form, problem=words("Choose one of these lists."))
    if do != LEAVE:
        return _what_of_it(found, form, place)
    before = form.out
    try:
        form.out = with_more(before, _ticked(found, place))
        refuse_what_cannot_be_left_out(portal(), store(), found, withheld_by(form, found))
    except CannotBeLeftOut as error:
        form.out = before
        return _what_of_it(found, form, place, problem=unfit_sentence(error))
    form.decision.data = Decision.PARTIALLY_GRANTED.value
    return None


def _which_list(found: RightsRequest, form: DecisionForm, *, problem: str | None = None) -> Any:
    return page(
        "staff_leave_out.html",
        status=422 if problem else 200,
        rights_request=found,
        typed=typed_again(form),
        lists=[Option(one.value, one.label) for one in _places()],
        problem=problem,
    )


def _what_of_it(found: RightsRequest, form: DecisionForm, place: Place, *, problem: str | None = None) -> Any:
    after = request.form.get("after") if request.form.get("do") == MORE else None
    rows = severing.rows_to_choose(portal(), store(), found, place.category, place.table, after=after)
    ticked, sent = set(request.form.getlist("field")), request.form.get("ground_of_part", "")
    return page(
        "staff_leave_out_of.html",
        status=422 if problem else 200,
        rights_request=found,
        typed=typed_again(form),
        place=place,
        whole=request.form.get("whole") == "y",
        fields=[_field(column, column.name in ticked) for column in place.table.columns],
        entries=_entries(place, rows.rows, rows.dated),
        next_after=rows.next_after,
        why_none=_why_none(rows.reach),
        grounds=[
            Option(ground.code, ground.label.in_(page_language()), ground.code == sent)
            for ground in deciding.ready_grounds(portal(), store(), found)
        ],
        key=request.form.get("key", "")[: severing.LONGEST_KEY],
        problem=problem,
    )


def _ticked(found: RightsRequest, place: Place) -> list[Chosen]:
    """What was ticked of a list: all of it, or fields and entries of it."""
    sent = request.form
    base = Chosen(sent.get("ground_of_part", ""), place.category.id, str(place.table.name))
    if sent.get("whole") == "y":
        return [base]
    typed = sent.get("key", "").strip()
    rows = sent.getlist("row")
    if typed:
        rows = [*rows, severing.token_of_typed(portal(), store(), found, place.category, place.table, typed)]
    parts = [replace(base, field=name) for name in sent.getlist("field")]
    parts += [replace(base, rows=tuple(dict.fromkeys(rows)))] if rows else []
    if not parts:
        raise CannotBeLeftOut(Unfit.NOTHING_CHOSEN)
    return parts


def _places() -> list[Place]:
    return [Place(category, table) for category, table in effective().data_map.tables()]


def _field(column: Column, chosen: bool) -> Option:
    return Option(column.name, column.label.in_(page_language()), chosen)


def _entries(place: Place, rows: tuple[RowToChoose, ...], dated: Column | None) -> list[Option]:
    """Those of this page, after those ticked on the pages before."""
    ticked = dict.fromkeys(request.form.getlist("row"))
    here = [Option(row.token, _entry_label(row, dated), row.token in ticked) for row in rows]
    before = ticked.keys() - {row.token for row in rows}
    kept = [(token, key_of(portal(), place.table, token)) for token in ticked if token in before]
    return [*(Option(token, ", ".join(map(str, key)), chosen=True) for token, key in kept if key is not None), *here]


def _entry_label(row: RowToChoose, dated: Column | None) -> str:
    key = ", ".join(row.key)
    if dated is None or row.date is None:
        return key
    date = value_words(row.date, dated, page_language(), portal().settings.zone)
    return words("%(key)s, %(date)s", key=key, date=date)


def _why_none(reach: Reach) -> str | None:
    if reach is Reach.READ:
        return None
    if reach is Reach.AWAY:
        return words("The system that holds these entries does not answer. Try again in a moment.")
    if reach is Reach.SHARED:
        return words("Several people have this address there, so nothing of theirs is given before you have looked.")
    return words("This system knows nobody under the address of the person who asks.")
