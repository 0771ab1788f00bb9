"""The operations of the contract, each from a question to an answer, over a source that is an SQL database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from portal.demo.http_service.questions import (
    NO_WORDS,
    Asked,
    BadQuestion,
    batch_of,
    consent_of,
    days_of,
    key_of,
    log_of,
    moment_of,
    number_of,
    people_of,
    place_of,
    table_of,
    understood,
)
from portal.domain.data_map import AccessLog, Column, People, PersonLink, Table, TableName
from portal.sources.base import Key, Page, Source, SourceRefused, SourceUnavailable
from portal.sources.http.exact import instant_to_json, to_json, value_from

Answer = Mapping[str, object]
Said = tuple[int, Answer]
"""A status and what is told with it."""

MOST_ROWS, MOST_TABLES, MOST_COUNTED = 2_000, 500, 1_000_000
ACCESSES = "access_events"
"""Where a service may note who looked at whose data: `id`, `person`, `role`, `at`, `why`."""


class BadPlace(Exception):
    """A list cannot go on where it was asked to."""


def answer(source: Source, operation: str, asked: Asked) -> Said:
    """What the service says to a question.

    Raises:
        BadQuestion: the question has not the shape of the contract.
    """
    act = OPERATIONS.get(operation)
    if act is None:
        return 404, {"error": "unknown_operation"}
    try:
        return act(source, asked)
    except BadPlace:
        return 400, {"error": "bad_place"}
    except LookupError:
        return 404, {"error": "no_row"}
    except SourceRefused as refusal:
        return 422, {"error": "refused", "reason": refusal.reason, "limit": refusal.limit}
    except SourceUnavailable:
        return 503, {"error": "unavailable"}
    except (TypeError, ValueError) as error:
        raise BadQuestion from error


def _describe(source: Source, _asked: Asked) -> Said:
    tables = [
        {"name": name.name, "schema": name.schema, "columns": list(shape.columns), "view": shape.view}
        for name, shape in source.describe().items()
    ]
    return 200, {"version": 1, "tables": tables}


def _find(source: Source, asked: Asked) -> Said:
    """Whoever may be meant, with the addresses under which they are known: the portal compares them itself."""
    people, address = understood(lambda: (people_of(asked["people"], source.id), str(asked["address"])))
    found = source.people_matching(people, address)
    return 200, {"people": [{"key": _key(key), "addresses": _addresses(source, people, key)} for key in found]}


def _addresses(source: Source, people: People, key: Key) -> list[object]:
    columns = tuple(Column(name, NO_WORDS) for name in people.match_email)
    row = source.row(Table(people.table, PersonLink(people.key), people.key, None, columns, "keep"), key, key)
    return [row[name] for name in people.match_email if isinstance(row[name], str)] if row else []


def _language(source: Source, asked: Asked) -> Said:
    people, person = understood(lambda: (people_of(asked["people"], source.id), key_of(asked["person"])))
    return 200, {"language": source.language_of(people, person)}


def _list_people(source: Source, asked: Asked) -> Said:
    people, after, limit = understood(
        lambda: (people_of(asked["people"], source.id), place_of(asked), number_of(asked, "limit", most=MOST_ROWS))
    )
    return 200, _page(lambda: source.people_page(people, after=after, limit=limit))


def _list_rows(source: Source, asked: Asked) -> Said:
    table, person = _table_and_person(source, asked)
    after, limit, within = understood(
        lambda: (place_of(asked), number_of(asked, "limit", most=MOST_ROWS), days_of(asked))
    )
    return 200, _page(lambda: source.page(table, person, after=after, limit=limit, within=within))


def _page(read: Callable[[], Page]) -> Answer:
    try:
        page = read()
    except ValueError as error:
        raise BadPlace from error
    return {
        "rows": [_row(row) for row in page.rows],
        "next": None if page.next_after is None else _key(page.next_after),
    }


def _read_row(source: Source, asked: Asked) -> Said:
    table, person = _table_and_person(source, asked)
    key = understood(lambda: key_of(asked["key"]))
    row = source.row(table, person, key)
    return 200, {"row": None if row is None else _row(row)}


def _count_rows(source: Source, asked: Asked) -> Said:
    tables = understood(lambda: [table_of(table, source.id) for table in asked["tables"][:MOST_TABLES]])
    person, bound = understood(lambda: (key_of(asked["person"]), number_of(asked, "bound", most=MOST_COUNTED)))
    within = understood(lambda: days_of(asked))
    return 200, {"counts": list(source.counts(tables, person, bound=bound, within=within))}


def _dates_of_rows(source: Source, asked: Asked) -> Said:
    table, person = _table_and_person(source, asked)
    bound = understood(lambda: number_of(asked, "bound", most=MOST_COUNTED))
    found = source.dates(table, person, bound=bound)
    if found is None:
        return 200, {"dates": None}
    told = {"oldest": to_json(found.oldest), "newest": to_json(found.newest), "undated": found.undated}
    return 200, {"dates": told}


def _correct(source: Source, asked: Asked) -> Said:
    table, person = _table_and_person(source, asked)
    key, column = understood(lambda: (key_of(asked["key"]), str(asked["column"])))
    before, value = understood(lambda: (value_from(asked["before"]), value_from(asked["value"])))
    done = source.correct(table, person, key, column, before=before, value=value)
    told = {"present": to_json(done.present)}
    return (200, told) if done.done else (409, {"error": "changed", **told})


def _read_consent(source: Source, asked: Asked) -> Said:
    (consent, people), person = understood(lambda: (consent_of(asked["consent"], source.id), key_of(asked["person"])))
    return 200, {"given": source.read_consent(consent, people, person)}


def _write_consent(source: Source, asked: Asked) -> Said:
    (consent, people), person = understood(lambda: (consent_of(asked["consent"], source.id), key_of(asked["person"])))
    source.write_consent(consent, people, person, given=understood(lambda: bool(asked["given"])))
    return 200, {}


def _count_erasable(source: Source, asked: Asked) -> Said:
    table, person, now = _to_erase(source, asked)
    return 200, {"count": source.count_erasable(table, person, now=now)}


def _count_held(source: Source, asked: Asked) -> Said:
    table, person, now = _to_erase(source, asked)
    kept = source.count_held(table, person, now=now)
    return 200, {"count": kept.count, "until": instant_to_json(kept.until) if kept.until else None}


def _count_outlived(source: Source, asked: Asked) -> Said:
    table, before, now, bound = understood(
        lambda: (
            table_of(asked["table"], source.id),
            moment_of(asked, "before"),
            moment_of(asked),
            number_of(asked, "bound", most=MOST_COUNTED),
        )
    )
    return 200, {"count": source.count_outlived(table, before=before, bound=bound, now=now)}


def _next_batch(source: Source, asked: Asked) -> Said:
    table, person, now = _to_erase(source, asked)
    after, limit = understood(lambda: (place_of(asked), number_of(asked, "limit", most=MOST_ROWS)))
    batch = source.next_batch(table, person, after=after, limit=limit, now=now)
    if batch is None:
        return 200, {"batch": None}
    return 200, {"batch": {"first": _key(batch.first), "last": _key(batch.last), "count": batch.count}}


def _erase(source: Source, asked: Asked) -> Said:
    table, person, now = _to_erase(source, asked)
    batch = understood(lambda: batch_of(asked["batch"]))
    return 200, {"changed": source.erase(table, person, batch, now=now)}


def _list_accesses(source: Source, asked: Asked) -> Said:
    """By the table the portal's map names, else by `access_events`, where the service has one."""
    written = asked.get("log")
    log = _own_log(source) if written is None else understood(lambda: log_of(written, source.id))
    people, person = understood(lambda: (people_of(asked["people"], source.id), key_of(asked["person"])))
    after, limit = understood(lambda: (place_of(asked), number_of(asked, "limit", most=MOST_ROWS)))
    owner = person if written is not None else ("-".join(map(str, person)),)
    try:
        page = source.accesses(people, owner, log, after=after, limit=limit)
    except ValueError as error:
        raise BadPlace from error
    if page is None:
        return 501, {"error": "unsupported"}
    listed = [{"role": one.role, "at": _moment(one.at), "why": one.why} for one in page.accesses]
    return 200, {"accesses": listed, "next": None if page.next_after is None else _key(page.next_after)}


def _own_log(source: Source) -> AccessLog | None:
    """The service's own record, if it keeps one; a person's key is text there."""
    name = TableName(source.id, ACCESSES)
    if name not in source.describe():
        return None
    return AccessLog(name, NO_WORDS, PersonLink(("person",)), ("id",), at="at", role="role", reason="why")


def _moment(at: datetime | date | None) -> str | None:
    return instant_to_json(at) if isinstance(at, datetime) else at.isoformat() if at else None


def _table_and_person(source: Source, asked: Asked) -> tuple[Table, Key]:
    return understood(lambda: (table_of(asked["table"], source.id), key_of(asked["person"])))


def _to_erase(source: Source, asked: Asked) -> tuple[Table, Key, datetime]:
    table, person = _table_and_person(source, asked)
    return table, person, understood(lambda: moment_of(asked))


def _row(row: Mapping[str, object]) -> Answer:
    return {name: to_json(value) for name, value in row.items()}


def _key(key: Key) -> list[object]:
    return [to_json(part) for part in key]


OPERATIONS: Mapping[str, Callable[[Source, Asked], Said]] = {
    "describe": _describe,
    "people/find": _find,
    "people/language": _language,
    "people/list": _list_people,
    "rows/list": _list_rows,
    "rows/read": _read_row,
    "rows/count": _count_rows,
    "rows/dates": _dates_of_rows,
    "rows/correct": _correct,
    "consent/read": _read_consent,
    "consent/write": _write_consent,
    "erasure/count": _count_erasable,
    "erasure/held": _count_held,
    "erasure/outlived": _count_outlived,
    "erasure/next": _next_batch,
    "erasure/erase": _erase,
    "accesses/list": _list_accesses,
}
"""Every operation of the contract, by its path below /v1/."""
