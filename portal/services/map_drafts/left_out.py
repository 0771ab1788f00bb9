"""Says at the end of a draft what is left out of it and why: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portal.domain.data_map import TableName
from portal.domain.map_drafts.drafting import Draft
from portal.domain.map_drafts.links import DraftLink, NoLink
from portal.services.map_drafts.sheet import Sheet
from portal.services.written_toml import written
from portal.wording.catalogue import N_, Catalogue

WHY: Mapping[NoLink, str] = {
    NoLink.NOTHING_LEADS: N_("nothing in it leads to a person"),
    NoLink.NOT_UNIQUE: N_("it leads to rows of people, but by columns that do not tell one row from another"),
    NoLink.LED_TO: N_("people’s rows lead to it. If each of its rows is one person’s, write"),
    NoLink.NO_KEY: N_("nothing tells its rows apart: it has no key"),
    NoLink.LOOKS: N_("it seems to say who looked at people’s information: see the question above"),
    NoLink.UNREADABLE: N_("it could not be described"),
    NoLink.VIEW: N_("it is a view, which shows what tables hold"),
    NoLink.NAME: N_("portal.toml cannot hold its name, or that of a column it needs"),
}


def write_left_out(
    sheet: Sheet,
    draft: Draft,
    name: Callable[[str], TableName],
    link: Callable[[DraftLink], str | list[str]],
    words: Catalogue,
) -> None:
    """Each table that is left out, with the reason."""
    if not draft.left_out:
        return
    sheet.margin = ""
    sheet.lines.append("")
    sheet.ask(
        "categories",
        words.gettext("Left out of this draft, table by table. Does any of them hold information about people?"),
    )
    for table, why in sorted(draft.left_out.items()):
        way = draft.reverse.get(table) if why is NoLink.LED_TO else None
        hint = f": person = {written(link(way))}" if way else ""
        sheet.remark(f"- {name(table)}: {words.gettext(WHY[why])}{hint}")
