"""Finds how the rows of each table lead to a person: by a column of their own, or through other tables, by the shortest way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from portal.domain.map_drafts.naming import names_workers, plain, short_names
from portal.domain.surveys import Reference, Survey, SurveyedTable

LONGEST_PATH = 6
"""Steps from a row to its person; a longer way is no way a service would take."""


class NoLink(StrEnum):
    """Why a table is left out of a draft."""

    NOTHING_LEADS = "nothing_leads"
    NOT_UNIQUE = "not_unique"
    LED_TO = "led_to"
    NO_KEY = "no_key"
    LOOKS = "looks"
    UNREADABLE = "unreadable"
    VIEW = "view"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class DraftStep:
    """Through `column` to the row of `table` whose `target` equals it; `also`: other columns that must, with their targets."""

    column: str
    table: str
    target: str
    also: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the step leaves by."""
        return (self.column, *(column for column, _ in self.also))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it takes to write it."""
        return (self.table, *self.columns, self.target, *(target for _, target in self.also))


@dataclass(frozen=True, slots=True)
class DraftLink:
    """How the rows of a table lead to a person, whether a foreign key says so all the way, and what else leads there."""

    columns: tuple[str, ...]
    steps: tuple[DraftStep, ...] = ()
    declared: bool = True
    others: tuple[str, ...] = ()

    @property
    def first_columns(self) -> tuple[str, ...]:
        """The columns of the table itself that the link begins with."""
        return self.steps[0].columns if self.steps else self.columns


@dataclass(frozen=True, slots=True)
class Links:
    """The link of each table that has one, and why the others have none (with the reverse link, where there is one)."""

    of: Mapping[str, DraftLink]
    missing: Mapping[str, NoLink]
    reverse: Mapping[str, DraftLink] = field(default_factory=dict)


def with_guessed_references(survey: Survey) -> Survey:
    """The survey with the references that only names tell: `customer_id` or `id_client`, where a table has such a key."""
    named_after: dict[str, list[SurveyedTable]] = {}
    for table in survey.tables:
        for name in _names_of_its_key_elsewhere(table):
            named_after.setdefault(name, []).append(table)
    return replace(survey, tables=tuple(_with_guesses(table, named_after) for table in survey.tables))


def _with_guesses(table: SurveyedTable, named_after: Mapping[str, list[SurveyedTable]]) -> SurveyedTable:
    declared = {column for reference in table.references for column in reference.columns}
    guesses = tuple(
        Reference((column.name,), other.name, other.key, declared=False)
        for column in table.columns
        if column.name not in declared
        for other in named_after.get(plain(column.name), ())
        if other.name != table.name and other.column(other.key[0]).holds is column.holds
    )
    return replace(table, references=(*table.references, *guesses))


def _names_of_its_key_elsewhere(table: SurveyedTable) -> set[str]:
    """What a column of another table is usually called when it holds the key of this one."""
    if len(table.key) != 1:
        return set()
    key, called = plain(table.key[0]), short_names(table.name)
    usual = {f"{one}_{end}" for one in called for end in (key, "id")}
    usual |= {f"{start}_{one}" for one in called for start in ("id", "no")}
    is_named_after_table = any(key in {f"{one}_id", f"id_{one}"} for one in called)
    return usual | ({key} if is_named_after_table else set())


def links_to(people: SurveyedTable, survey: Survey) -> Links:
    """The link of every table to the people's, found from there outwards, so that it is short and never goes round."""
    found: dict[str, DraftLink] = {people.name: DraftLink(people.key)}
    for _ in range(LONGEST_PATH):
        further = {
            table.name: link
            for table in survey.tables
            if table.name not in found and (link := _best(table, people, found, survey)) is not None
        }
        if not further:
            break
        found |= further
    missing = {table.name: _why_none(table, found) for table in survey.tables if table.name not in found}
    reverse = {
        name: link for name in missing if not names_workers(name) and (link := _reverse(name, people)) is not None
    }
    return Links(found, missing | dict.fromkeys(reverse, NoLink.LED_TO), reverse)


def _best(
    table: SurveyedTable, people: SurveyedTable, found: Mapping[str, DraftLink], survey: Survey
) -> DraftLink | None:
    """Of several ways: one that a foreign key declares, the shortest, one always filled in."""
    ways = list(_ways(table, people, found, survey))
    if not ways:
        return None
    ways.sort(key=lambda way: (not way.declared, len(way.steps), _may_be_empty(table, way)))
    best = ways[0]
    others = tuple(dict.fromkeys(name for way in ways[1:] for name in way.first_columns))
    return replace(best, others=tuple(name for name in others if name not in best.first_columns))


def _may_be_empty(table: SurveyedTable, way: DraftLink) -> bool:
    return any(table.column(name).nullable for name in way.first_columns)


def _ways(
    table: SurveyedTable, people: SurveyedTable, found: Mapping[str, DraftLink], survey: Survey
) -> Iterator[DraftLink]:
    for reference in table.references:
        there = survey.table(reference.table)
        if there is None or there.name == table.name:
            continue
        if _same_row(reference, people):
            yield DraftLink(_in_order(reference, people.key), declared=reference.declared)
        elif there.name in found:
            way = _through(reference, there, found[there.name])
            if way is not None:
                yield way


def _same_row(reference: Reference, people: SurveyedTable) -> bool:
    """Whether the reference holds a person's key: it leads to the people's table, or where that table's own key leads."""
    if reference.table == people.name:
        return set(reference.targets) == set(people.key)
    return any(
        own.table == reference.table and own.columns == people.key and own.targets == reference.targets
        for own in people.references
    )


def _in_order(reference: Reference, key: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a reference in the order of the person's key."""
    if set(reference.targets) != set(key):
        return reference.columns
    held = dict(zip(reference.targets, reference.columns, strict=True))
    return tuple(held[name] for name in key)


def _through(reference: Reference, there: SurveyedTable, link: DraftLink) -> DraftLink | None:
    """The way through a table that has a link: its person's columns are here too, or what is unique in it leads to its row."""
    held = dict(zip(reference.targets, reference.columns, strict=True))
    declared = reference.declared and link.declared
    if not link.steps and set(link.columns) <= set(held) and there.is_unique(reference.targets):
        return DraftLink(tuple(held[name] for name in link.columns), declared=declared)
    alone = next(((name,) for name in reference.targets if there.is_unique((name,))), reference.targets)
    if not there.is_unique(alone) or len({held[name] for name in alone}) < len(alone):
        return None
    target, *others = alone
    step = DraftStep(held[target], there.name, target, tuple((held[name], name) for name in others))
    return DraftLink(link.columns, (step, *link.steps), declared=declared)


def _why_none(table: SurveyedTable, found: Mapping[str, DraftLink]) -> NoLink:
    """A way by columns that tell no row from another would make one person's rows another's."""
    leads = any(reference.table in found for reference in table.references)
    return NoLink.NOT_UNIQUE if leads else NoLink.NOTHING_LEADS


def _reverse(name: str, people: SurveyedTable) -> DraftLink | None:
    """The way to a table that people's own rows lead to, such as an address: right only if each of its rows is one person's."""
    for reference in people.references:
        if reference.table == name and len(reference.columns) == len(people.key) == 1 and reference.declared:
            return DraftLink(people.key, (DraftStep(reference.targets[0], people.name, reference.columns[0]),))
    return None
