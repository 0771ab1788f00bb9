"""Turns the pieces of the file, found right, into the domain's data map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from portal.config.map_reading import CategoryPiece, MapPieces, TablePiece
from portal.config.map_shapes import (
    AccessShape,
    ColumnErasureShape,
    ColumnShape,
    HoldShape,
    OfficerCategoryShape,
    OutsideShape,
    PeopleShape,
    PurposeShape,
    TableShape,
)
from portal.config.names import WrittenLink, WrittenStep
from portal.config.words import text_or_none
from portal.domain.data_map import (
    AccessLog,
    Category,
    Column,
    ColumnErasure,
    ConsentColumn,
    DataMap,
    Hold,
    OutsideQuebec,
    People,
    PersonLink,
    Purpose,
    Retention,
    Step,
    Table,
    TableName,
)
from portal.domain.periods import Period

_USUAL_KEY = "id"
"""What a table's key is called where the map does not say."""

Keys = dict[TableName, str]


def data_map_of(pieces: MapPieces) -> DataMap:
    """The map of a file in which no problem was found."""
    keys = single_keys(pieces)
    return DataMap(
        purposes=tuple(purpose_of(shape) for _, shape in pieces.purposes),
        people=tuple(_people(shape) for _, shape in pieces.people),
        categories=tuple(category for piece in pieces.categories for category in _category(piece, keys)),
        accesses=tuple(_access_log(shape, keys) for _, shape in pieces.accesses),
    )


def single_keys(pieces: MapPieces) -> Keys:
    """The key column of each table whose key the map gives: a path may step to it without naming it."""
    return dict(_single_keys(pieces))


def _single_keys(pieces: MapPieces) -> Iterator[tuple[TableName, str]]:
    for category in pieces.categories:
        for piece in category.tables:
            if piece.shape and len(piece.shape.key) == 1:
                yield piece.shape.table, piece.shape.key[0]
    for _, people in pieces.people:
        if len(people.key) == 1:
            yield people.table, people.key[0]


def purpose_of(shape: PurposeShape) -> Purpose:
    """One purpose."""
    consent = shape.consent
    return Purpose(
        id=shape.id,
        label=shape.label.text(),
        basis=shape.basis,
        consequence=text_or_none(shape.consequence),
        consent=ConsentColumn(consent.column.table, consent.column.column, consent.given, consent.withdrawn)
        if consent
        else None,
    )


def worded_category(category: Category, shape: OfficerCategoryShape) -> Category:
    """A category in the officer's words; whose rows are in which tables stays as the operator wrote it."""
    return replace(
        category,
        label=shape.label.text(),
        purposes=tuple(shape.purposes),
        origin=shape.origin,
        means=text_or_none(shape.means),
        seen_by=tuple(words.text() for words in shape.seen_by),
        recipients=tuple(words.text() for words in shape.recipients),
        sensitive=shape.sensitive,
        outside_quebec=_outside(shape.outside_quebec),
        tables=tuple(_kept_for(table, shape.keep.get(str(table.name))) for table in category.tables),
        system=None if category.tables else text_or_none(shape.system),
        keeper=None if category.tables else shape.keeper,
        retention=text_or_none(shape.retention),
    )


def _kept_for(table: Table, keep: Period | None) -> Table:
    if keep is None or table.retention is None:
        return table
    return replace(table, retention=replace(table.retention, keep=keep))


def _outside(shapes: Iterable[OutsideShape]) -> tuple[OutsideQuebec, ...]:
    return tuple(OutsideQuebec(place=one.place.text(), safeguards=one.safeguards.text()) for one in shapes)


def _people(shape: PeopleShape) -> People:
    return People(table=shape.table, key=shape.key, match_email=shape.match.email, language=shape.language)


def _category(piece: CategoryPiece, keys: Keys) -> Iterator[Category]:
    shape = piece.shape
    if shape is None:
        return
    yield Category(
        id=shape.id,
        label=shape.label.text(),
        purposes=tuple(shape.purposes),
        origin=shape.origin,
        means=text_or_none(shape.means),
        seen_by=tuple(words.text() for words in shape.seen_by),
        recipients=tuple(words.text() for words in shape.recipients),
        sensitive=shape.sensitive,
        outside_quebec=_outside(shape.outside_quebec),
        tables=tuple(_table(table, table.shape, keys) for table in piece.tables if table.shape),
        system=text_or_none(shape.system),
        keeper=shape.keeper,
        retention=text_or_none(shape.retention),
    )


def _table(piece: TablePiece, shape: TableShape, keys: Keys) -> Table:
    return Table(
        name=shape.table,
        person=_link(shape.person, keys),
        key=shape.key,
        order=shape.order,
        columns=tuple(_column(name, column) for name, column in piece.columns.items()),
        erase=shape.erase,
        retention=Retention(shape.retention.from_, shape.retention.keep) if shape.retention else None,
        hold=_hold(shape.hold) if shape.hold else None,
        shared=bool(shape.shared),
    )


def _access_log(shape: AccessShape, keys: Keys) -> AccessLog:
    return AccessLog(
        table=shape.table,
        label=shape.label.text(),
        person=_link(shape.person, keys),
        key=shape.key,
        at=shape.at,
        role=shape.role,
        reason=shape.reason,
        roles={written: words.text() for written, words in shape.roles.items()},
    )


def _link(written: WrittenLink, keys: Keys) -> PersonLink:
    return PersonLink(columns=written.columns, steps=tuple(_step(step, keys) for step in written.steps))


def _step(written: WrittenStep, keys: Keys) -> Step:
    (column, target), *also = zip(written.columns, targets_of(written, keys), strict=True)
    return Step(column, written.table, target, tuple(also))


def targets_of(written: WrittenStep, keys: Keys) -> tuple[str, ...]:
    """The columns a step arrives by. Where none is written: the key of the table, or for several those of the same names."""
    if written.targets or len(written.columns) > 1:
        return written.targets or written.columns
    return (keys.get(written.table, _USUAL_KEY),)


def _hold(shape: HoldShape) -> Hold:
    return Hold(
        where={column: tuple(values) for column, values in shape.where.items()},
        from_column=shape.from_,
        keep=shape.keep,
        because=shape.because.text(),
        provision=shape.provision,
    )


def _column(name: str, shape: ColumnShape) -> Column:
    return Column(
        name=name,
        label=shape.label.text(),
        correct=shape.correct,
        show=shape.show,
        values={value: words.text() for value, words in shape.values.items()},
        erase=_erasure(shape.erase) if shape.erase else None,
        inside=shape.inside or (),
    )


def _erasure(shape: ColumnErasureShape) -> ColumnErasure:
    return ColumnErasure(method=shape.method, value=shape.value, prefix=shape.prefix)
