"""What pages say of how a request came in: for whom, in which capacity, how that was shown, by which way, in which form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from portal.domain.asking import Channel, OnBehalf, WantedForm
from portal.domain.rights import BEFORE_DECISION, RightsRequest
from portal.services.behalf import is_to_check, is_unproven
from portal.services.desk import OnDesk
from portal.web.languages import page_language, url
from portal.web.pages import effective, isolated, words
from portal.wording.asking_labels import (
    capacity_label,
    channel_label,
    for_whom_label,
    for_whom_label_for_staff,
    form_label,
    proof_label,
)
from portal.wording.dates import date_long


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a request is about when it is not whoever asks, for staff. `check`: the page where a capacity is written.

    `searched`: what staff look through by hand, while that may be useful.
    """

    facts: list[tuple[str, Any]]
    unproven: bool
    check: str | None
    searched: list[str]


def concerned_here(seen: OnDesk) -> Concerned | None:
    """Whom a request is about, for staff; None for whoever asks. A role that sees no person reads no name."""
    request = seen.followed.request
    if request.behalf is None:
        return None
    sees, open_still = seen.person is not None, request.state in BEFORE_DECISION
    return Concerned(
        facts=_facts_for_staff(request.behalf, sees=sees),
        unproven=is_unproven(request),
        check=url("staff_capacity", reference=request.reference) if sees and is_to_check(request) else None,
        searched=[one.label.in_(page_language()) for one in effective().data_map.categories if one.tables]
        if sees and open_still and not is_unproven(request)
        else [],
    )


def _facts_for_staff(behalf: OnBehalf, *, sees: bool) -> list[tuple[str, Any]]:
    language = page_language()
    return [
        (words("Asked for"), for_whom_label_for_staff(behalf.whom, language)),
        (words("Asks as"), capacity_label(behalf.capacity, language)),
        (words("Person concerned"), lines(behalf.about) if sees else None),
        (words("Capacity"), _shown(behalf, sees=sees)),
    ]


def _shown(behalf: OnBehalf, *, sees: bool) -> Any:
    """How the capacity was shown, and on which day; the history says who wrote it."""
    shown = behalf.shown
    if shown is None:
        return words("Not shown yet")
    said = words(
        "%(proof)s, on %(day)s.",
        proof=proof_label(shown.proof, page_language()),
        day=date_long(shown.on, page_language()),
    )
    return Markup("<br>").join([said, *([lines(shown.what)] if sees else [])])


def for_whom_facts(request: RightsRequest) -> list[tuple[str, Any]]:
    """For whom a request is and what became of the capacity, for the one who asks; nothing of a request for oneself."""
    behalf = request.behalf
    if behalf is None:
        return []
    return [
        (words("Asked"), for_whom_label(behalf.whom, page_language())),
        (words("You ask as"), capacity_label(behalf.capacity, page_language())),
        (words("Person concerned"), lines(behalf.about)),
    ]


def form_fact(wanted: WantedForm | None) -> Any:
    """The form wanted, in words; None for the usual one."""
    if wanted is None:
        return None
    said = [form_label(wanted.form, page_language()), *([lines(wanted.words)] if wanted.words else [])]
    return Markup("<br>").join(said)


def channel_fact(channel: Channel | None) -> str | None:
    """The way a request came, where it was written and is not this portal."""
    if channel is None or channel is Channel.PORTAL:
        return None
    return channel_label(channel, page_language())


def whose_information(request: RightsRequest, asker: Any) -> Any:
    """Whose information is to be looked for, in words: the person concerned where somebody asks for another."""
    return lines(request.behalf.about) if request.behalf else asker


def lines(text: str) -> Markup:
    """Lines as somebody typed them."""
    return Markup("<br>").join(isolated(line) for line in text.split("\n"))
