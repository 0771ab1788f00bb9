"""What the portal asks, as JSON: the parts of the data map a service needs to answer, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from portal.domain.data_map import AccessLog, Column, ConsentColumn, Hold, People, PersonLink, Step, Table, TableName
from portal.domain.days import Days
from portal.sources.base import Batch, Key
from portal.sources.http.exact import instant_to_json, to_json

Written = Mapping[str, object]


def key_json(key: Key | None) -> list[object] | None:
    """A key, or a place in a list."""
    return None if key is None else [to_json(part) for part in key]


def name_json(table: TableName) -> dict[str, object]:
    """A table's name within its source; its schema only where the map names one."""
    named: dict[str, object] = {"name": table.name}
    return named | ({"schema": table.schema} if table.schema else {})


def people_json(people: People) -> Written:
    """Where the people are, how one is told from another, and which columns hold their addresses and language."""
    return name_json(people.table) | {
        "key": list(people.key),
        "addresses": list(people.match_email),
        "language": people.language,
    }


def table_json(table: Table, *, now: datetime | None = None, by_key: bool = False) -> Written:
    """A table of the map. `now` turns its hold into the very moment it counts from; `by_key` leaves its order out."""
    return (
        name_json(table.name)
        | {
            "person": _link_json(table.person),
            "key": list(table.key),
            "order": None if by_key else table.order,
            "columns": [_column_json(column) for column in table.columns],
            "erase": table.erase,
            "hold": _hold_json(table.hold, now) if table.hold else None,
            "retention": {"from": table.retention.from_column, "keep": table.retention.keep.iso()}
            if table.retention
            else None,
        }
        | ({"shared": True} if table.shared else {})
    )


def consent_json(consent: ConsentColumn, people: People) -> Written:
    """A column of the people's table, and what the service writes there for each answer."""
    return {
        "people": people_json(people),
        "table": name_json(consent.table),
        "column": consent.column,
        "given": to_json(consent.given),
        "withdrawn": to_json(consent.withdrawn),
    }


def log_json(log: AccessLog) -> Written:
    """Where who looked is written; the words for roles stay here."""
    return name_json(log.table) | {
        "person": _link_json(log.person),
        "key": list(log.key),
        "at": log.at,
        "role": log.role,
        "reason": log.reason,
    }


def batch_json(batch: Batch) -> Written:
    """A range of keys, both ends included."""
    return {"first": key_json(batch.first), "last": key_json(batch.last), "count": batch.count}


def days_json(days: Days | None) -> Written | None:
    """Days, and the moments between which they lie, so that a service needs neither calendar nor zone."""
    if days is None:
        return None
    return {
        "first_day": days.first.isoformat() if days.first else None,
        "last_day": days.last.isoformat() if days.last else None,
        "from": instant_to_json(days.start) if days.start else None,
        "before": instant_to_json(days.end) if days.end else None,
    }


def _link_json(link: PersonLink) -> Written:
    return {"columns": list(link.columns), "path": [_step_json(step) for step in link.steps]}


def _step_json(step: Step) -> Written:
    """Where several columns lead on together, those after the first are apart."""
    also = [{"column": column, "target": target} for column, target in step.also]
    named = {"column": step.column, "table": name_json(step.table), "target": step.target}
    return named | ({"also": also} if also else {})


def _column_json(column: Column) -> Written:
    erase = column.erase
    method = {"method": erase.method, "value": to_json(erase.value), "prefix": erase.prefix} if erase else None
    named = {"name": column.name, "held": column.show != "plain", "erase": method}
    return named | ({"inside": list(column.inside)} if column.inside else {})


def _hold_json(hold: Hold, now: datetime | None) -> Written:
    """A service without a calendar needs `since` alone: what is dated later than that moment is kept."""
    return {
        "where": {name: [to_json(value) for value in values] for name, values in hold.where.items()},
        "from": hold.from_column,
        "keep": hold.keep.iso(),
        "since": instant_to_json(hold.keep.before(now)) if now else None,
    }
