"""What a list of requests is narrowed to, read from an address or a form, and written back into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from portal.domain.languages import LANGUAGES, Language
from portal.domain.people import StaffMember
from portal.domain.queues import NOBODY, Due, Order, Selection
from portal.domain.rights import ENDED, Kind, Role, State
from portal.web.access import portal
from portal.web.languages import page_language
from portal.web.numbers import id_or_none
from portal.web.pages import words
from portal.wording.labels import kind_label_for_staff, state_label

ME, NO_ONE, ANYBODY = "me", "nobody", "all"
"""With whom requests are, as an address says it. `ANYBODY` narrows nothing: an agent's list without a word is their own."""

_Key = TypeVar("_Key", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Choice:
    """One list of the form: its name, its label, what may be chosen (value and words), and what is."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


def selection_from(given: Mapping[str, str], member: StaffMember, members: Mapping[int, StaffMember]) -> Selection:
    """What an address or a form asks for; what it says that means nothing narrows nothing."""
    state = _key(State, given.get("state"))
    ended = state in ENDED if state else given.get("ended") == "1"
    return Selection(
        ended=ended,
        state=state,
        kind=_key(Kind, given.get("kind")),
        regime=_regime(given.get("regime")),
        assignee=_assignee(given.get("assignee"), member, members),
        due=None if ended else _key(Due, given.get("due")),
        language=_language(given.get("language")),
        order=_key(Order, given.get("order")) or (Order.CHANGED if ended else Order.DUE),
    )


def query_of(selection: Selection, member: StaffMember) -> dict[str, str]:
    """The selection as an address says it, without what goes without saying."""
    usual = Order.CHANGED if selection.ended else Order.DUE
    said = {
        "ended": "1" if selection.ended and selection.state is None else None,
        "state": selection.state.value if selection.state else None,
        "kind": selection.kind.value if selection.kind else None,
        "regime": selection.regime,
        "assignee": _written(selection.assignee, member),
        "due": selection.due.value if selection.due else None,
        "language": selection.language,
        "order": None if selection.order is usual else selection.order.value,
    }
    written = {name: value for name, value in said.items() if value is not None}
    return written or everything(member)


def everything(member: StaffMember) -> dict[str, str]:
    """How the address of the whole open list is written for a member: said to an agent, who begins with their own work."""
    return {"assignee": ANYBODY} if member.role is Role.AGENT else {}


def choices_of(
    selection: Selection, member: StaffMember, members: Mapping[int, StaffMember], *, handles: bool
) -> list[Choice]:
    """The lists a selection is chosen from. `handles`: whether the member has requests in hand."""
    chosen, language = query_of(selection, member), page_language()
    states = _states(ended=selection.ended)
    kinds = [(one.value, kind_label_for_staff(one, language)) for one in Kind]
    languages = [("fr", words("French")), ("en", words("English"))]
    found = [
        Choice("state", words("State"), [(one.value, state_label(one, language)) for one in states], ""),
        Choice("kind", words("Request"), kinds, ""),
        Choice("due", words("Due"), [] if selection.ended else _dues(), ""),
        Choice("assignee", words("Handled by"), _assignees(member, members, handles=handles), ""),
        Choice("language", words("Answer in"), languages, ""),
        Choice("regime", words("Law"), _regimes(), ""),
    ]
    return [
        Choice(one.name, one.label, [("", words("All")), *one.options], chosen.get(one.name, ""))
        for one in found
        if len(one.options) > 1
    ]


def orders_of(selection: Selection) -> Choice:
    """The orders a list may be read in."""
    options = [
        (Order.DUE.value, words("Due date, the earliest first")),
        (Order.RECEIVED.value, words("Received, the oldest first")),
        (Order.CHANGED.value, words("Changed, the latest first")),
    ]
    return Choice("order", words("In the order of"), options, selection.read_by.value)


def _states(*, ended: bool) -> list[State]:
    """In the order a request goes through them."""
    return [state for state in State if (state in ENDED) is ended and state is not State.DECIDED]


def _dues() -> list[tuple[str, str]]:
    return [
        (Due.LATE.value, words("Late")),
        (Due.TODAY.value, words("Today")),
        (Due.WITHIN_5.value, words("Within 5 days")),
        (Due.WITHIN_10.value, words("Within 10 days")),
    ]


def _assignees(member: StaffMember, members: Mapping[int, StaffMember], *, handles: bool) -> list[tuple[str, str]]:
    me = [(ME, words("Me"))] if handles else []
    others = [(str(one.id), one.address) for one in members.values() if one.id != member.id]
    return [*me, (NO_ONE, words("Nobody yet")), *others]


def _regimes() -> list[tuple[str, str]]:
    return [(one.key, one.label.in_(page_language())) for one in portal().regimes.values()]


def _regime(given: str | None) -> str | None:
    return given if given in portal().regimes else None


def _language(given: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == given), None)


def _assignee(given: str | None, member: StaffMember, members: Mapping[int, StaffMember]) -> int | None:
    if given == ME:
        return member.id
    if given == NO_ONE:
        return NOBODY
    number = id_or_none(given)
    return number if number in members else None


def _written(assignee: int | None, member: StaffMember) -> str | None:
    if assignee is None:
        return None
    return {NOBODY: NO_ONE, member.id: ME}.get(assignee, str(assignee))


def _key(of: type[_Key], given: str | None) -> _Key | None:
    return next((one for one in of if one.value == given), None)
