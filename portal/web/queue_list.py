"""The words over the staff's list of requests: its tabs with their numbers, and the sentence that sums it up."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.people import StaffMember
from portal.domain.queues import COUNTED_TO, NOBODY, Due, Selection
from portal.services.queue import Listed, Tabs
from portal.web.languages import page_language, url
from portal.web.pages import words
from portal.web.queue_selection import query_of
from portal.wording.catalogue import for_language
from portal.wording.numbers import number


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists that are always there, with its number."""

    label: str
    href: str
    number: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody searched for, and why it was not looked for, if it was not."""

    typed: str
    refused: str | None = None


def tabs_of(tabs: Tabs, selection: Selection, member: StaffMember, *, searched: bool) -> list[Tab]:
    """The lists in the order they matter to a member: an agent's own work first."""
    everything = (words("All open"), Selection(), tabs.open)
    mine = (words("Mine"), Selection(assignee=member.id), tabs.mine)
    others = [
        (words("Nobody’s"), Selection(assignee=NOBODY), tabs.nobodys),
        (words("Late"), Selection(due=Due.LATE), tabs.late),
    ]
    order = {"agent": [mine, everything], "officer": [everything, mine]}.get(member.role.value, [everything])
    return [
        Tab(
            label,
            url("staff_requests", **query_of(chosen, member)),
            capped(count) if chosen.due else number(count, page_language()),
            is_here=chosen == selection and not searched,
        )
        for label, chosen, count in [*order, *others]
    ]


def summary(listed: Listed, selection: Selection, *, searched: bool) -> str:
    """How many requests there are and how many of them are late, in one line."""
    counted = selection.due is not None or searched
    found = capped(listed.found) if counted else number(listed.found, page_language())
    if not listed.late:
        return for_language(page_language()).ngettext(
            "%(found)s request.", "%(found)s requests.", listed.found, found=found
        )
    return for_language(page_language()).ngettext(
        "%(found)s request, %(late)s late.",
        "%(found)s requests, %(late)s late.",
        listed.found,
        found=found,
        late=capped(listed.late),
    )


def capped(count: int) -> str:
    """A number that is counted no further than a thousand."""
    if count > COUNTED_TO:
        return words("more than %(number)s", number=number(COUNTED_TO, page_language()))
    return number(count, page_language())


def given_sentence(count: int) -> str:
    """What a member just did, said over the list."""
    return for_language(page_language()).ngettext(
        "%(num)s request changed hands.", "%(num)s requests changed hands.", count
    )
