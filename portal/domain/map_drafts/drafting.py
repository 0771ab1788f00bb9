"""Puts a draft of the data map together: people, categories, their tables, and what is left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from portal.domain.data_map import Origin, TableErasure
from portal.domain.languages import Text
from portal.domain.map_drafts.columns import DraftColumn, Setting, date_counted_from, draft_columns
from portal.domain.map_drafts.links import DraftLink, Links, NoLink, links_to, with_guessed_references
from portal.domain.map_drafts.looks import DraftLooks, looks_in
from portal.domain.map_drafts.naming import is_writable, slug, table_label, theme_of
from portal.domain.map_drafts.people import DraftPeople, people_of
from portal.domain.map_drafts.vocabulary import THEMES, Role, Theme
from portal.domain.surveys import Holds, Survey, SurveyedTable

ORIGINS: Mapping[Theme, Origin] = {
    Theme.USAGE: "observed",
    Theme.TECHNICAL: "observed",
    Theme.BILLING: "created",
    Theme.COMMUNICATIONS: "created",
}
PURPOSES: Mapping[Theme, tuple[str, ...]] = {
    Theme.USAGE: ("provide", "security"),
    Theme.TECHNICAL: ("provide", "security"),
    Theme.BILLING: ("provide", "legal"),
}


@dataclass(frozen=True, slots=True)
class DraftTable:
    """One table of a draft. `books`: an Act may oblige to keep its rows, so that nothing of them is erased yet."""

    name: str
    link: DraftLink
    key: tuple[str, ...]
    columns: tuple[DraftColumn, ...]
    erase: TableErasure
    dated: str | None = None
    books: bool = False
    emptied: bool = False
    not_shown: tuple[str, ...] = ()
    comment: str = ""
    sampled: bool = True


@dataclass(frozen=True, slots=True)
class DraftCategory:
    """One category of a draft; `sure` is False where its words must be asked."""

    id: str
    label: Text
    sure: bool
    purposes: tuple[str, ...]
    origin: Origin
    sensitive: bool
    tables: tuple[DraftTable, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole draft. Without people there are no categories: nothing says whose the rows are."""

    schema: str | None
    people: DraftPeople | None = None
    other_people: tuple[str, ...] = ()
    categories: tuple[DraftCategory, ...] = ()
    looks: tuple[DraftLooks, ...] = ()
    left_out: Mapping[str, NoLink] = field(default_factory=dict)
    reverse: Mapping[str, DraftLink] = field(default_factory=dict)

    @property
    def purposes(self) -> tuple[str, ...]:
        """The purposes that the categories name, each once."""
        return tuple(dict.fromkeys(one for category in self.categories for one in category.purposes))

    @property
    def tables(self) -> Iterator[DraftTable]:
        """Every table, in the order of the draft."""
        return (table for category in self.categories for table in category.tables)

    @property
    def consents(self) -> tuple[DraftColumn, ...]:
        """Columns of the people's table that look like consents."""
        own = (table for table in self.tables if self.people and table.name == self.people.table.name)
        return tuple(column for table in own for column in table.columns if column.role is Role.CONSENT)


def draft_of(looked_at: Survey, taken: Iterable[str] = ()) -> Draft:
    """The draft of a map of what was looked at; `taken` are ids that its categories must not have."""
    survey = with_guessed_references(looked_at)
    unread = dict.fromkeys(survey.unreadable, NoLink.UNREADABLE) | dict.fromkeys(survey.views, NoLink.VIEW)
    writable = replace(survey, tables=tuple(table for table in survey.tables if _is_named_well(table, survey)))
    unwritable = {table.name: NoLink.NAME for table in survey.tables if table not in writable.tables}
    people, others = people_of(writable)
    if people is None or not _can_be_written(DraftLink(people.table.key), people.table, survey):
        nobody = {table.name: NoLink.NOTHING_LEADS for table in writable.tables}
        return Draft(survey.schema, left_out=nobody | unread | unwritable)
    links = links_to(people.table, writable)
    kept, without = _sorted_out(links, writable)
    looks = tuple(_records_of_looks(kept, links, people))
    without |= dict.fromkeys((kept.pop(one.name).name for one in looks), NoLink.LOOKS)
    tables = [_table(table, links.of[table.name], people, writable) for table in kept.values()]
    return Draft(
        schema=survey.schema,
        people=people,
        other_people=others,
        categories=tuple(_categories(tables, people, set(taken))),
        looks=looks,
        left_out={**links.missing, **without, **unread, **unwritable},
        reverse={name: link for name, link in links.reverse.items() if name not in without},
    )


def _records_of_looks(kept: Mapping[str, SurveyedTable], links: Links, people: DraftPeople) -> Iterator[DraftLooks]:
    for table in kept.values():
        found = looks_in(table, links.of[table.name]) if table.name != people.table.name else None
        if found is not None:
            yield found


def _sorted_out(links: Links, survey: Survey) -> tuple[dict[str, SurveyedTable], dict[str, NoLink]]:
    """The tables that can be mapped, and those that have a link but lack a key or a name the map can write."""
    kept: dict[str, SurveyedTable] = {}
    without: dict[str, NoLink] = {}
    for table in survey.tables:
        keyed = table if table.key else replace(table, key=_key_instead(table))
        if table.name not in links.of:
            continue
        if not keyed.key:
            without[table.name] = NoLink.NO_KEY
        elif not _can_be_written(links.of[table.name], keyed, survey):
            without[table.name] = NoLink.NAME
        else:
            kept[table.name] = keyed
    return kept, without


def _key_instead(table: SurveyedTable) -> tuple[str, ...]:
    """Columns that tell rows apart where no key is declared: unique ones that are never empty."""
    fit = (unique for unique in table.uniques if not any(table.column(name).nullable for name in unique))
    return next(fit, ())


def is_plain_step(name: str) -> bool:
    """Whether a name can stand in a path, whose marks are `.`, `,`, `->` and parentheses."""
    return name.strip() == name and not any(mark in name for mark in (".", ",", "->", "(", ")"))


def _is_named_well(table: SurveyedTable, survey: Survey) -> bool:
    return is_writable(table.name) and (survey.schema is None or is_writable(survey.schema))


def _can_be_written(link: DraftLink, table: SurveyedTable, survey: Survey) -> bool:
    """Whether the map can say whose the rows are, and which: all the names it takes can be written where they go."""
    names = (
        *link.columns,
        *table.key,
        *(name for step in link.steps for name in step.names),
    )
    in_a_path = (*names, survey.schema or "") if link.steps else ()
    shown = any(is_writable(column.name) for column in table.columns)
    return shown and all(map(is_writable, names)) and all(map(is_plain_step, in_a_path))


def _table(table: SurveyedTable, link: DraftLink, people: DraftPeople, survey: Survey) -> DraftTable:
    is_people = table.name == people.table.name
    theme = Theme.ACCOUNT if is_people else _theme(table.name, link)
    pointed_at = {
        target
        for other in survey.tables
        for one in other.references
        if one.table == table.name
        for target in one.targets
    }
    emptied, books = bool(pointed_at), theme is Theme.BILLING and not is_people
    leading = {name for one in table.references for name in one.columns}
    fixed = frozenset({*table.key, *link.first_columns, *leading, *pointed_at})
    shown = _shown(table, link, leading, is_people=is_people)
    setting = Setting(table, theme, fixed, emptied, people.address if is_people else None)
    columns = draft_columns(setting, shown)
    return DraftTable(
        name=table.name,
        link=link,
        key=table.key,
        columns=columns,
        erase=_erase(columns, emptied=emptied, books=books),
        dated=None if is_people else date_counted_from(table),
        books=books,
        emptied=emptied,
        not_shown=tuple(one.name for one in table.columns if one.name not in {*shown, *table.key, *link.first_columns}),
        comment=table.comment,
        sampled=table.sampled,
    )


def _erase(columns: Iterable[DraftColumn], *, emptied: bool, books: bool) -> TableErasure:
    """Rows that others point at are emptied, others go; what an Act may oblige to keep stays until somebody has said."""
    if books or (emptied and not any(column.erase for column in columns)):
        return "keep"
    return "columns" if emptied else "delete"


def _shown(table: SurveyedTable, link: DraftLink, leading: set[str], *, is_people: bool) -> tuple[str, ...]:
    """What says something to its person: no column that only leads elsewhere, nor the number of a row, unless nothing else is there."""
    ways = {*leading, *link.first_columns}
    numbers = (
        {table.key[0]}
        if len(table.key) == 1 and table.column(table.key[0]).holds in {Holds.INTEGER, Holds.UUID}
        else set()
    )
    aside = ways - set(table.key) if is_people else ways | numbers
    names = [column.name for column in table.columns if is_writable(column.name)]
    others = tuple(name for name in names if name not in aside)
    return others or tuple(name for name in names if name not in link.first_columns) or tuple(names)


def _theme(name: str, link: DraftLink) -> Theme | None:
    """What a table is about; one that says nothing itself, or hangs on invoices, is about what it leads to."""
    on_the_way = [theme_of(step.table) for step in link.steps]
    if Theme.BILLING in on_the_way:
        return Theme.BILLING
    return theme_of(name) or next((theme for theme in on_the_way if theme), None)


def _categories(tables: Iterable[DraftTable], people: DraftPeople, taken: set[str]) -> Iterator[DraftCategory]:
    """The people's own first, then one for each theme, then one for each table that has none."""
    groups: dict[Theme | str, list[DraftTable]] = {Theme.ACCOUNT: []}
    for table in tables:
        own = table.name == people.table.name
        theme = Theme.ACCOUNT if own else _theme(table.name, table.link)
        members = groups.setdefault(theme or table.name, [])
        members.insert(0, table) if own else members.append(table)
    for about, members in groups.items():
        yield _category(about, tuple(members), taken)


def _category(about: Theme | str, tables: tuple[DraftTable, ...], taken: set[str]) -> DraftCategory:
    theme = about if isinstance(about, Theme) else None
    roles = {column.role for table in tables for column in table.columns}
    return DraftCategory(
        id=slug(about, taken),
        label=THEMES[theme] if theme else table_label(about),
        sure=theme is not None,
        purposes=PURPOSES.get(theme, ("provide",)) if theme else ("provide",),
        origin=ORIGINS.get(theme, "given") if theme else "given",
        sensitive=theme is Theme.HEALTH or bool(roles & {Role.SENSITIVE, Role.IDENTIFIER}),
        tables=tables,
    )
