"""What must agree inside the data map itself, whatever the sources hold: names that exist, rules that can be kept.

Each check takes the pieces that could be read and notes what it finds. Whether tables and columns exist is asked of
the sources, by `portal.services.check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from portal.config.map_building import Keys, single_keys, targets_of
from portal.config.map_reading import CategoryPiece, MapPieces, TablePiece
from portal.config.map_shapes import AccessShape, ColumnErasureShape, ColumnShape, PeopleShape, TableShape
from portal.config.problems import KeyPath, Problems, nearest, written_key
from portal.domain.data_map import TableName

MapCheck = Callable[[MapPieces, Problems], None]


def check_pieces(pieces: MapPieces, problems: Problems) -> None:
    """Note everything in the map that contradicts the rest of it."""
    for check in _CHECKS:
        check(pieces, problems)


def _ids_differ(pieces: MapPieces, problems: Problems) -> None:
    for name, ids in pieces.ids.items():
        first: dict[str, int] = {}
        for index, written in ids:
            if written in first:
                problems.add((name, index, "id"), "duplicate", other=f"{name}[{first[written]}].id")
            first.setdefault(written, index)


def _purposes_exist(pieces: MapPieces, problems: Problems) -> None:
    known = [written for _, written in pieces.ids["purposes"]]
    for category in pieces.categories:
        for index, purpose in enumerate(category.shape.purposes if category.shape else ()):
            _name_exists(purpose, known, (*category.at, "purposes", index), "purposes", problems)


def _sources_exist(pieces: MapPieces, problems: Problems) -> None:
    known = [written for _, written in pieces.ids["sources"]]
    for table, at in _named_tables(pieces):
        _name_exists(table.source, known, at, "sources", problems)


def _one_people_for_each_source(pieces: MapPieces, problems: Problems) -> None:
    first: dict[str, int] = {}
    for index, people in pieces.people:
        source = people.table.source
        if source in first:
            problems.add(("people", index, "table"), "duplicate", other=f"people[{first[source]}].table: its source")
        first.setdefault(source, index)


def _consents_agree(pieces: MapPieces, problems: Problems) -> None:
    """A consent is withdrawn knowing what stops (design §4.4), in a column of the person's own row."""
    for index, purpose in pieces.purposes:
        at: KeyPath = ("purposes", index)
        if purpose.basis == "consent" and purpose.consequence is None:
            problems.add((*at, "consequence"), "consent_consequence")
        if purpose.consent is None:
            continue
        if purpose.basis != "consent":
            problems.add((*at, "consent"), "consent_basis")
        if _same(purpose.consent.given, purpose.consent.withdrawn):
            problems.add((*at, "consent", "withdrawn"), "consent_same")
        table = purpose.consent.column.table
        people = _people_of(pieces, table.source)
        if people is None:
            _need_people(pieces, table, (*at, "consent", "column"), problems)
        elif people.table != table:
            problems.add((*at, "consent", "column"), "consent_table", table=str(people.table))


def _tables_or_system(pieces: MapPieces, problems: Problems) -> None:
    for category in pieces.categories:
        shape = category.shape
        if shape is None:
            continue
        if category.names_tables == (shape.system is not None):
            problems.add(category.at, "tables_or_system")
        elif shape.system is not None:
            _system_has_keeper_and_period(category, problems)
        elif shape.keeper is not None:
            problems.add((*category.at, "keeper"), "tables_or_system")


def _system_has_keeper_and_period(category: CategoryPiece, problems: Problems) -> None:
    """Staff are sent to the keeper, and no column says how long things are kept there (P-39.1, s. 8)."""
    if category.shape and category.shape.keeper is None:
        problems.add((*category.at, "keeper"), "missing", expected="the e-mail address of who keeps the system")
    if category.shape and category.shape.retention is None:
        problems.add(
            (*category.at, "retention"), "missing", expected="how long it is kept, in words: { fr = …, en = … }"
        )


def _tables_differ(pieces: MapPieces, problems: Problems) -> None:
    """Twice the same table in one category would show each row twice."""
    for category in pieces.categories:
        first: dict[TableName, int] = {}
        for index, table in enumerate(category.tables):
            if table.shape is None:
                continue
            if table.shape.table in first:
                earlier = first[table.shape.table]
                problems.add((*table.at, "table"), "duplicate", other=f"tables[{earlier}].table of this category")
            first.setdefault(table.shape.table, index)


def _rows_have_people(pieces: MapPieces, problems: Problems) -> None:
    keys = single_keys(pieces)
    for piece, shape in _table_shapes(pieces):
        _has_people(pieces, shape, piece.at, problems)
        if _comes_back(shape, keys):
            problems.add((*piece.at, "person"), "path_cycle")
    for index, access in pieces.accesses:
        _has_people(pieces, access, ("accesses", index), problems)


def _has_people(pieces: MapPieces, shape: TableShape | AccessShape, at: KeyPath, problems: Problems) -> None:
    if any(step.table.source != shape.table.source for step in shape.person.steps):
        problems.add((*at, "person"), "path_source", source=shape.table.source)
    people = _people_of(pieces, shape.table.source)
    if people is None:
        _need_people(pieces, shape.table, (*at, "table"), problems)
    elif len(shape.person.columns) != len(people.key):
        problems.add((*at, "person"), "person_length", count=str(len(people.key)))


def _access_logs_differ(pieces: MapPieces, problems: Problems) -> None:
    first: dict[TableName, int] = {}
    for index, access in pieces.accesses:
        if access.table in first:
            problems.add(("accesses", index, "table"), "duplicate", other=f"accesses[{first[access.table]}].table")
        first.setdefault(access.table, index)


def _employees_stay_unnamed(pieces: MapPieces, problems: Problems) -> None:
    """Who looked is told by role (P-39.1, s. 27): the map shows no other column of such a table anywhere."""
    told = {access.table: _told(access) for _, access in pieces.accesses}
    for piece, name, column in _columns(pieces):
        if piece.shape and column.show == "plain" and name not in told.get(piece.shape.table, {name}):
            problems.add((*piece.at, "columns", name), "access_column")


def _told(access: AccessShape) -> set[str]:
    """What a person may read of an access log: when, why, and what is their own. What the role holds is told in words alone."""
    way = {*access.person.steps[0].columns} if access.person.steps else set(access.person.columns)
    return {*access.key, *way, access.at, *([access.reason] if access.reason else [])} - {access.role}


def _comes_back(shape: TableShape, keys: Keys) -> bool:
    """Whether a path returns to columns whose value it already had: a table may come again, but only by another column."""
    here: set[tuple[TableName, tuple[str, ...]]] = set()
    table = shape.table
    for step in shape.person.steps:
        leaves, arrives = (table, step.columns), (step.table, targets_of(step, keys))
        here = here | {leaves} if leaves in here else {leaves}
        if arrives in here:
            return True
        here.add(arrives)
        table = step.table
    return False


def _no_links_in_a_circle(pieces: MapPieces, problems: Problems) -> None:
    """What leads to a row must outlive it: of tables that are found through each other, none could be erased first."""
    through: dict[TableName, set[TableName]] = {}
    for _, shape in _table_shapes(pieces):
        people = _people_of(pieces, shape.table.source)
        if shape.erase != "keep" and not (people and people.table == shape.table):
            through.setdefault(shape.table, set()).update(step.table for step in shape.person.steps)
    circle = _circle({table: {one for one in others if one != table} for table, others in through.items()})
    for piece, shape in _table_shapes(pieces):
        if shape.table in circle:
            problems.add((*piece.at, "person"), "links_circle", tables=", ".join(map(str, circle)))
            return


def _circle(through: Mapping[TableName, set[TableName]]) -> Sequence[TableName]:
    """Tables each of which leads through the next, and the last through the first; none where there is no such circle."""
    try:
        TopologicalSorter(through).prepare()
    except CycleError as found:
        circle: Sequence[TableName] = found.args[1][1:]
        return circle
    return ()


def _erasures_are_possible(pieces: MapPieces, problems: Problems) -> None:
    for piece, shape in _table_shapes(pieces):
        if shape.erase == "columns" and piece.columns and not any(c.erase for c in piece.columns.values()):
            problems.add((*piece.at, "erase"), "erase_columns")
    for piece, name, column in _columns(pieces):
        if column.erase:
            _method_fits(column.erase, (*piece.at, "columns", name, "erase"), problems)


def _method_fits(erase: ColumnErasureShape, at: KeyPath, problems: Problems) -> None:
    if (erase.method == "constant") != (erase.value is not None):
        problems.add((*at, "value"), "erase_value")
    if erase.prefix is not None and erase.method != "generalise":
        problems.add((*at, "prefix"), "erase_prefix")


def _corrections_are_safe(pieces: MapPieces, problems: Problems) -> None:
    """Nobody corrects what is never shown, nor moves a row to someone else, nor takes another's address alone."""
    for piece, name, column in _columns(pieces):
        at = (*piece.at, "columns", name, "correct")
        if column.correct == "never":
            continue
        if column.show == "held":
            problems.add(at, "held_corrected")
        if piece.shape is None:
            continue
        people = _people_of(pieces, piece.shape.table.source)
        own_people = people if people and people.table == piece.shape.table else None
        real = column.inside[0] if column.inside else name
        if real in _identifying(piece.shape, own_people):
            problems.add(at, "key_corrected")
        elif column.correct == "self" and own_people and name in own_people.match.email:
            problems.add(at, "match_corrected")


def _identifying(shape: TableShape, people: PeopleShape | None) -> set[str]:
    """The columns that say which row it is, or whose."""
    return {*shape.key, *shape.person.first_columns, *(people.key if people else ())}


def _shared_rows_stay(pieces: MapPieces, problems: Problems) -> None:
    """A row that concerns two people is shown to each without the other's part, and destroyed for neither (P-39.1, s. 40)."""
    for piece, shape in _table_shapes(pieces):
        if shape.shared and shape.erase == "delete":
            problems.add((*piece.at, "erase"), "shared_erased")
    for piece, name, column in _columns(pieces):
        at = (*piece.at, "columns", name)
        if column.show != "other":
            continue
        if piece.shape and not piece.shape.shared:
            problems.add((*at, "show"), "other_unshared")
        if piece.shape and name in piece.shape.key:
            problems.add((*at, "show"), "other_key")
        if column.correct != "never" or column.erase:
            problems.add((*at, "show"), "other_touched")


def _keys_are_shown(pieces: MapPieces, problems: Problems) -> None:
    """A row's key goes with the row, in addresses and in the copy's data: what is never shown can be no part of it."""
    for piece, name, column in _columns(pieces):
        if column.show == "held" and piece.shape and name in piece.shape.key:
            problems.add((*piece.at, "columns", name, "show"), "held_key")


def _two_ways_are_told_apart(pieces: MapPieces, problems: Problems) -> None:
    """Rows that lead to people by two ways may concern two people: the map says whether they do."""
    first: dict[TableName, tuple[TablePiece, TableShape]] = {}
    for piece, shape in _table_shapes(pieces):
        earlier, known = first.setdefault(shape.table, (piece, shape))
        if known.person == shape.person:
            continue
        for one, told, other in ((earlier, known, piece), (piece, shape, earlier)):
            if told.shared is None:
                problems.add((*one.at, "shared"), "linked_twice", other=written_key(other.at))


def _fields_stand_apart(pieces: MapPieces, problems: Problems) -> None:
    """A field of a JSON column has a name of its own, and what holds for it is not undone by its column."""
    for piece, name, column in _columns(pieces):
        if column.inside is None:
            continue
        at = (*piece.at, "columns", name)
        if piece.shape and name in {*piece.shape.key, piece.shape.order, *_real_columns(piece)}:
            problems.add((*at, "inside"), "inside_named")
        whole = _whole_column(piece, column.inside[0])
        if whole and whole.show == "plain" and column.show != "plain":
            problems.add((*at, "show"), "inside_held", column=column.inside[0])
        if whole and whole.erase and column.erase:
            problems.add((*at, "erase"), "inside_erased", column=column.inside[0])


def _real_columns(piece: TablePiece) -> set[str]:
    """Columns that fields are inside of."""
    return {column.inside[0] for column in piece.columns.values() if column.inside}


def _whole_column(piece: TablePiece, name: str) -> ColumnShape | None:
    found = piece.columns.get(name)
    return found if found and found.inside is None else None


_CHECKS: tuple[MapCheck, ...] = (
    _ids_differ,
    _purposes_exist,
    _sources_exist,
    _one_people_for_each_source,
    _consents_agree,
    _tables_or_system,
    _tables_differ,
    _rows_have_people,
    _no_links_in_a_circle,
    _access_logs_differ,
    _employees_stay_unnamed,
    _erasures_are_possible,
    _corrections_are_safe,
    _shared_rows_stay,
    _keys_are_shown,
    _two_ways_are_told_apart,
    _fields_stand_apart,
)


def _table_shapes(pieces: MapPieces) -> Iterator[tuple[TablePiece, TableShape]]:
    for category in pieces.categories:
        for piece in category.tables:
            if piece.shape is not None:
                yield piece, piece.shape


def _columns(pieces: MapPieces) -> Iterator[tuple[TablePiece, str, ColumnShape]]:
    for category in pieces.categories:
        for piece in category.tables:
            for name, column in piece.columns.items():
                yield piece, name, column


def _named_tables(pieces: MapPieces) -> Iterator[tuple[TableName, KeyPath]]:
    """Every table the map names, and where."""
    for index, purpose in pieces.purposes:
        if purpose.consent:
            yield purpose.consent.column.table, ("purposes", index, "consent", "column")
    for index, people in pieces.people:
        yield people.table, ("people", index, "table")
    for piece, shape in _table_shapes(pieces):
        yield shape.table, (*piece.at, "table")
    for index, access in pieces.accesses:
        yield access.table, ("accesses", index, "table")


def _people_of(pieces: MapPieces, source: str) -> PeopleShape | None:
    return next((people for _, people in pieces.people if people.table.source == source), None)


def _need_people(pieces: MapPieces, table: TableName, at: KeyPath, problems: Problems) -> None:
    """Say that a source has no people, unless the source itself, or some [[people]] entry, is what is wrong."""
    source_exists = any(written == table.source for _, written in pieces.ids["sources"])
    if source_exists and not any(problem.key.startswith("people") for problem in problems.all()):
        problems.add(at, "people_missing")


def _name_exists(name: str, known: Iterable[str], at: KeyPath, listed: str, problems: Problems) -> None:
    if name in known:
        return
    likely = nearest(name, known)
    if likely:
        problems.add(at, "unknown_name_nearest", list=listed, nearest=likely)
    else:
        problems.add(at, "unknown_name", list=listed)


def _same(one: object, other: object) -> bool:
    """Whether a database would hold them alike: true and 1 are the same there."""
    return one == other
