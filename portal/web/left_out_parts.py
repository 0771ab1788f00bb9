"""The tables, fields and rows an answer will leave out, as a form carries them from page to page until it is decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.rights import Proposal, RightsRequest, Withheld
from portal.domain.withholding import MOST_ROWS, CannotBeLeftOut, Unfit
from portal.services import decisions as deciding
from portal.services.information import key_of, row_token
from portal.web.access import portal, store
from portal.web.languages import page_language
from portal.web.pages import effective, words
from portal.wording.left_out import part_label
from portal.wording.numbers import number

PART = "left_out_part_"
"""What the name of each field begins with that carries one part."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part to leave out and its ground: a table, a field of it, or rows of it by the tokens that stand for their keys."""

    ground: str
    category: str
    table: str
    field: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChosenLine:
    """One of them on a form: its field's name and value, and what it is called."""

    name: str
    value: str
    label: str


def chosen_in(sent: Mapping[str, str]) -> tuple[Chosen, ...]:
    """The parts a form carries, in their order, each once. One that was damaged stays, to be refused: it is never given."""
    return tuple(dict.fromkeys(_read(written) for name, written in sent.items() if name.startswith(PART)))


def chosen_of(proposal: Proposal) -> tuple[Chosen, ...]:
    """The parts a prepared answer leaves out."""
    return tuple(
        Chosen(one.ground, one.category, one.table, one.field, _tokens(one))
        for one in proposal.withheld
        if not one.is_whole
    )


def with_more(chosen: Iterable[Chosen], more: Iterable[Chosen]) -> tuple[Chosen, ...]:
    """The parts with some more; rows of one table on one ground are one part."""
    found = list(chosen)
    for one in more:
        place = next((place for place, other in enumerate(found) if _joins(other, one)), None)
        if place is None:
            found.append(one)
        else:
            found[place] = replace(found[place], rows=tuple(dict.fromkeys((*found[place].rows, *one.rows))))
    return tuple(dict.fromkeys(found))


def carried(chosen: Iterable[Chosen]) -> dict[str, str]:
    """The fields that carry the parts, by name."""
    return {f"{PART}{number}": _written(one) for number, one in enumerate(chosen)}


def chosen_lines(chosen: tuple[Chosen, ...], found: RightsRequest) -> list[ChosenLine]:
    """The parts as boxes to untick, each named with its ground."""
    grounds = {ground.code: ground for ground in deciding.ready_grounds(portal(), store(), found)}
    return [
        ChosenLine(
            name, value, _named(one, grounds[one.ground].label.in_(page_language()) if one.ground in grounds else "")
        )
        for one, (name, value) in zip(chosen, carried(chosen).items(), strict=True)
    ]


def withheld_parts(chosen: Iterable[Chosen], found: RightsRequest, until: date | None) -> tuple[Withheld, ...]:
    """The parts as an answer keeps them, on grounds of the catalogue, in the words of its person's language.

    Raises:
        CannotBeLeftOut: the map has no such category, a ground is none, or a token stands for no row.
    """
    grounds = {ground.code: ground for ground in deciding.ready_grounds(portal(), store(), found)}
    withheld = []
    for one in chosen:
        ground, plain = grounds.get(one.ground), _plain(one, one.ground)
        if effective().data_map.category(one.category) is None:
            raise CannotBeLeftOut(Unfit.NO_CATEGORY, plain)
        if ground is None:
            raise CannotBeLeftOut(Unfit.NO_GROUND, plain)
        reason, provision = ground.reason.in_(found.language), ground.provision.in_(found.language)
        rows = _keys(one, plain)
        withheld.append(replace(plain, reason=reason, provision=provision, until=until, rows=rows))
    return tuple(withheld)


def unfit_sentence(error: CannotBeLeftOut) -> str:
    """Why a part cannot be left out, and what to do instead."""
    part = part_label(effective().data_map, error.part, page_language()) if error.part else ""
    return _sentence(error.why, part)


def _sentence(why: Unfit, part: str) -> str:
    most = number(MOST_ROWS, page_language())
    gone = words("The data map has no such part any more: %(part)s. Choose again what to leave out.", part=part)
    sentences = {
        Unfit.NO_CATEGORY: gone,
        Unfit.NO_TABLE: gone,
        Unfit.NO_FIELD: gone,
        Unfit.NO_ROW: words("%(part)s: an entry is not there, or is not this person’s. Choose it again.", part=part),
        Unfit.NO_GROUND: words("Choose the ground: the person is told why each part is left out."),
        Unfit.NOTHING_CHOSEN: words("Choose what to leave out: the whole list, a field, or an entry."),
        Unfit.CATEGORY_IS_OUT: words(
            "%(part)s: the whole category is left out already. Keep one of the two.", part=part
        ),
        Unfit.TABLE_IS_OUT: words("%(part)s: the whole list is left out already. Keep one of the two.", part=part),
        Unfit.TOO_MANY_ROWS: words(
            "An answer names %(most)s entries of a list at most. Leave out the list, or a field of it.", most=most
        ),
        Unfit.TOO_WIDE: words(
            "%(part)s: this ground is about another person. Leave out only the fields or the entries that concern them, and "
            "give the rest.",
            part=part,
        ),
        Unfit.NOT_OF_THIS_KIND: words(
            "Only the answer to a request to see or to receive information leaves out lists, fields or entries."
        ),
        Unfit.NOT_IN_PART: words(
            "Parts are left out below, so the request is granted in part. Say so, or untick them."
        ),
        Unfit.NOTHING_LEFT: words("Nothing would be given: every category is left out. Refuse the request instead."),
        Unfit.AWAY: words(
            "The system that holds these entries does not answer, so they cannot be checked. Try again in a moment."
        ),
    }
    return sentences[why]


def _joins(one: Chosen, other: Chosen) -> bool:
    same = (one.ground, one.category, one.table) == (other.ground, other.category, other.table)
    return same and bool(one.rows) and bool(other.rows)


def _named(one: Chosen, ground: str) -> str:
    label = part_label(
        effective().data_map, _plain(one, one.ground, rows=tuple((token,) for token in one.rows)), page_language()
    )
    return words("%(part)s – %(ground)s", part=label, ground=ground)


def _plain(one: Chosen, ground: str, rows: tuple[tuple[str, ...], ...] = ()) -> Withheld:
    return Withheld(one.category, ground, "", "", table=one.table, field=one.field, rows=rows)


def _keys(one: Chosen, plain: Withheld) -> tuple[tuple[str | int | float | bool | None, ...], ...]:
    category = effective().data_map.category(one.category)
    table = category.table(one.table) if category else None
    if table is None:
        return ()
    keys = [key_of(portal(), table, token) for token in one.rows]
    if None in keys:
        raise CannotBeLeftOut(Unfit.NO_ROW, plain)
    return tuple(key for key in keys if key is not None)


def _tokens(one: Withheld) -> tuple[str, ...]:
    category = effective().data_map.category(one.category)
    table = category.table(one.table) if category else None
    return tuple(row_token(portal(), table, key) for key in one.rows) if table else ()


def _written(one: Chosen) -> str:
    return json.dumps([one.ground, one.category, one.table, one.field, *one.rows], ensure_ascii=False)


def _read(written: str) -> Chosen:
    """What a field carries; a part the map does not have where it was damaged on its way."""
    damaged = Chosen("", "?", "?")
    try:
        parts = json.loads(written)
        json.dumps(parts, ensure_ascii=False).encode()  # half a character can be written in JSON, and on no page
    except (ValueError, RecursionError):
        return damaged
    if not isinstance(parts, list) or len(parts) < 4 or not all(isinstance(part, str) for part in parts):
        return damaged
    ground, category, table, column, *rows = parts
    return Chosen(ground, category, table, column, tuple(rows)) if category and table else damaged
