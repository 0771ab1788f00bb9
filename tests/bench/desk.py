"""The staff's list at a million requests beside the same at a thousand: pages, filters, counts and searches."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.domain.queues import NOBODY
from portal.domain.rights import ENDED, OPEN, Kind, State
from portal.storage.desk_tables import request_sorts
from portal.storage.request_tables import rights_requests
from portal.storage.tables import people
from tests.bench import ground
from tests.bench.figures import Row, Skipped, budget, times
from tests.bench.statements import heard
from tests.bench.timing import interleaved, seconds_of
from tests.client import BASE, Visitor
from tests.installation import NOON, Built, an_installation_on

FEW, MANY = 1_000, 1_000_000
PAGING, NARROWING, MOST_STATEMENTS = 2.0, 5.0, 15
ROUNDS, PART = 9, 5_000
OFFICER = "officer@example.org"
SEED = 1_954
_STATES = (State.RECEIVED, State.IN_PROGRESS, State.AWAITING_REQUESTER, State.AWAITING_APPROVAL, State.FULFILLING)
_WORDS = tuple(f"{word}{number}" for number in range(200) for word in ("mot", "chat", "avis", "lieu", "note"))
_IN_EVERY = "bonjour je veux savoir"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a member of staff asks of the list. `typed` is searched for; `deep` begins in the middle."""

    name: str
    query: Mapping[str, str]
    goal: float = NARROWING
    typed: str | None = None
    deep: bool = False


ASKED = (
    Asked("first page", {}, PAGING),
    Asked("deep page", {}, PAGING, deep=True),
    Asked("deep page of what ended, latest change first", {"ended": "1"}, PAGING, deep=True),
    Asked("in the order received", {"order": "received"}, PAGING),
    Asked("one state", {"state": "in_progress"}),
    Asked("one kind", {"kind": "deletion"}),
    Asked("kind, state and colleague", {"kind": "access", "state": "in_progress", "assignee": "2"}),
    Asked("a colleague with little, latest change first", {"assignee": "2", "order": "changed", "kind": "complaint"}),
    Asked("language, deep", {"language": "en"}, deep=True),
    Asked("late", {"due": "late"}),
    Asked("within 5 days, one kind", {"due": "5", "kind": "access"}),
    Asked("a word in every message", {}, typed="bonjour"),
    Asked("a word in one of a hundred", {}, typed="mot7"),
    Asked("two common words, one kind", {"kind": "deletion"}, typed="veux note3"),
    Asked("a word in no message", {}, typed="introuvable"),
    Asked("one e-mail address", {}, typed="person7@example.org"),
)


def measure(size: int | None) -> list[Row]:
    """`size`: how many requests the larger list holds."""
    rows: list[Row] = []
    for engine in ("sqlite", "postgresql"):
        with ground.a_folder() as folder, ExitStack() as stack:
            try:
                few = stack.enter_context(an_installation_on(engine, folder / "few"))
                many = stack.enter_context(an_installation_on(engine, folder / "many"))
            except pytest.skip.Exception as why:
                rows.append(Skipped(f"the staff's list on {engine}", str(why)))
                continue
            rows += _on(engine, few, many, size or MANY)
    return rows


def _on(engine: str, few: Built, many: Built, size: int) -> list[Row]:
    fill(few, FEW)
    fill(many, size)
    officers = {"few": _officer(few), "many": _officer(many)}
    rows: list[Row] = []
    statements: dict[str, int] = {}
    for asked in ASKED:
        acts = {name: _act(visitor, asked) for name, visitor in officers.items()}
        taken = interleaved({name: seconds_of(act) for name, act in acts.items()}, rounds=ROUNDS, warm=2)
        name = f"{engine}: {asked.name}, {size:,} requests"
        rows.append(times(name, taken["many"], taken["few"], asked.goal, peer=f"with {FEW:,}"))
        with heard(many.installation.database.engine) as found:
            acts["many"]()
        statements[asked.name] = found.all
    most = max(statements, key=lambda one: statements[one])
    note = ", ".join(f"{name} {count}" for name, count in statements.items())
    rows.append(budget(f"{engine}: statements of the busiest list", statements[most], MOST_STATEMENTS, note=note))
    return rows


def _officer(built: Built) -> Visitor:
    return ground.signed_in(built, OFFICER)


def _act(visitor: Visitor, asked: Asked) -> Any:
    """What a browser sends, which must be answered by a list."""
    if asked.typed is not None:
        path = visitor.address("staff_requests_search")
        data = {**asked.query, "typed": asked.typed, "csrf_token": visitor.token()}
        return lambda: _answered(visitor.client.post(path, data=data, base_url=BASE))
    path = visitor.address("staff_requests", **asked.query, **(_middle(asked) if asked.deep else {}))
    return lambda: _answered(visitor.client.get(path, base_url=BASE))


def _middle(asked: Asked) -> dict[str, str]:
    """A place in the middle of what `fill` makes."""
    if "ended" in asked.query:
        return {"after": f"{(NOON - timedelta(days=500)).isoformat()}_1"}
    return {"after": f"{NOON.date().isoformat()}_1"}


def _answered(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code


def fill(built: Built, size: int) -> None:
    """So many requests, half of them ended, of every kind, with four colleagues or nobody; the same for the same size."""
    sorts: dict[tuple[object, ...], tuple[int, int]] = {}
    with built.installation.database.writing() as store:
        connection = store.connection
        if not built.installation.database.is_sqlite:
            connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        for part in _parts(_people(max(size // 10, 10))):
            connection.execute(sa.insert(people), part)
        with _indexed_afterwards(connection):
            for part in _parts(_requests(size, sorts)):
                connection.execute(sa.insert(rights_requests), part)
        names = ("state", "kind", "regime", "language", "assignee_id")
        kept = [dict(zip(names, key, strict=True), id=one, number=number) for key, (one, number) in sorts.items()]
        connection.execute(sa.insert(request_sorts), kept)
    if not built.installation.database.is_sqlite:
        with built.installation.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("SET statement_timeout = 0"))
            connection.execute(sa.text("VACUUM ANALYZE"))


@contextmanager
def _indexed_afterwards(connection: sa.Connection) -> Iterator[None]:
    """Take the list's indexes away while it is filled, and make them of the whole: what else takes most of an hour."""
    sqlite = connection.dialect.name == "sqlite"
    made = _MADE_SQLITE if sqlite else _MADE_POSTGRESQL
    found = list(connection.execute(sa.text(made)))
    for row in found:
        connection.execute(sa.text(f"DROP {row.type} {row.name}"))
    yield
    for row in found:
        connection.exec_driver_sql(row.sql)
    if sqlite:
        connection.execute(sa.text("INSERT INTO request_words(request_words) VALUES ('rebuild')"))


_MADE_SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'rights_requests' AND sql IS NOT NULL AND type <> 'table'"
_MADE_POSTGRESQL = (
    "SELECT 'index' AS type, indexname AS name, indexdef AS sql FROM pg_indexes"
    " WHERE tablename = 'rights_requests' AND indexname LIKE 'ix_%'"
)


def _parts(rows: Iterator[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == PART:
            yield part
            part = []
    if part:
        yield part


def _people(size: int) -> Iterator[dict[str, Any]]:
    for number in range(1, size + 1):
        yield {"id": number, "address": f"person{number}@example.org", "language": "fr", "created_at": NOON}


def _requests(size: int, sorts: dict[tuple[object, ...], tuple[int, int]]) -> Iterator[dict[str, Any]]:
    draw = random.Random(SEED)  # noqa: S311  # rows, not secrets
    for number in range(1, size + 1):
        ended = draw.random() < 0.5
        state = draw.choice(sorted(ENDED)) if ended else draw.choice(_STATES)
        kind = draw.choices(list(Kind), weights=range(len(Kind), 0, -1))[0]
        language = "fr" if draw.random() < 0.8 else "en"
        assignee = None if state is State.RECEIVED else 1 if draw.random() < 0.99 else 2
        key = (state.value, kind.value, "qc_p391", language, assignee or NOBODY)
        sort, there = sorts.get(key, (len(sorts) + 1, 0))
        sorts[key] = (sort, there + 1)
        days = draw.randrange(40, 1_000) if ended else draw.randrange(0, 60)
        received = NOON - timedelta(days=days, seconds=draw.randrange(80_000))
        yield {
            "id": number,
            "reference": f"R-{number:012d}",
            "person_id": number % max(size // 10, 10) + 1,
            "kind": kind.value,
            "state": state.value,
            "is_open": state in OPEN,
            "language": language,
            "message": f"{_IN_EVERY} {' '.join(draw.choices(_WORDS, k=12))}",
            "level": "L2",
            "regime": "qc_p391",
            "regime_frozen": {"record_months": 36},
            "received_at": received,
            "received_on": received.date(),
            "due": received.date() + timedelta(days=30),
            "version": 1,
            "assignee_id": assignee,
            "is_test": False,
            "sort_id": sort,
            "changed_at": received + timedelta(days=draw.randrange(0, 20)),
            "closed_at": datetime(2026, 11, 1, tzinfo=UTC) if ended else None,
        }
