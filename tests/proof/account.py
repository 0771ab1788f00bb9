"""The account after the kills: what each erasure and each submission left, row by row, letter by letter."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from email import message_from_bytes
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal.demo.service.tables import accounts
from portal.domain.audit import AuditEvent
from portal.domain.erasure import BATCH_ROWS, ErasureState
from portal.domain.ledger import Erased, Erasing
from portal.domain.letters import LetterKind
from portal.domain.rights import RequestEvent, State
from portal.services.ledger import entries_of
from portal.storage.request_tables import request_events
from portal.storage.request_tables import rights_requests as requests
from portal.storage.tables import audit, erasure_batches, erasure_steps, erasures, letters
from tests.proof.figures import Claim, at_most, equal
from tests.proof.ground import (
    DEVICES,
    FIRST_HEAVY,
    KEPT_INVOICES,
    OLD_INVOICES,
    QUOTES,
    SIGN_INS,
    Stage,
)


def of_erasures(stage: Stage, kills: int, neighbours: str, *, stopped: Sequence[int]) -> list[Claim]:
    """Everything that must be true once the last worker has gone quiet."""
    every = stage.invented
    with stage.installation.database.reading() as store:
        claims = [
            *_records(store.connection, every),
            *_batches(store.connection, stage),
            *_mail(store.connection, stage, kills),
        ]
    return [
        *claims,
        *_rows(stage),
        *_ledger(stage),
        equal("rows of other people as before", stage.neighbours() == neighbours, True),
        equal("every worker ends when asked", list(stopped), [0] * len(stopped)),
        *integrity(stage),
    ]


def _ledger(stage: Stage) -> list[Claim]:
    """Each step is told of once before its rows went and once after, and what it destroyed agrees with the portal's record."""
    facts = [entry.fact for entry in entries_of(stage.installation)]
    begun = Counter((one.reference, one.table) for one in facts if isinstance(one, Erasing))
    ended = {(one.reference, one.table): (one.erased, one.kept) for one in facts if isinstance(one, Erased)}
    recorded = sa.select(requests.c.reference, erasure_steps.c.table_name, erasure_steps.c.erased, erasure_steps.c.kept)
    steps = recorded.join_from(erasure_steps, erasures).join(requests, requests.c.id == erasures.c.request_id)
    with stage.installation.database.reading() as store:
        told = {(row.reference, row.table_name): (row.erased, row.kept) for row in store.connection.execute(steps)}
    return [
        equal("steps told to the ledger once before and once after", set(begun.values()), {1}),
        equal(
            "steps of which ledger and record differ", sum(ended.get(step) != held for step, held in told.items()), 0
        ),
        equal("steps that only the ledger knows", len(begun.keys() - told.keys()), 0),
    ]


def integrity(stage: Stage) -> list[Claim]:
    """What SQLite itself says of the files; PostgreSQL looks after its own."""
    return [equal(f"integrity of {path.name}", _checked(path), "ok") for path in sorted(stage.folder.glob("*.db"))]


def delivered(stage: Stage) -> Counter[str]:
    """How often each Message-ID lies in the mailbox."""
    folder = stage.folder / "mailbox" / "new"
    return Counter(str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in folder.iterdir())


def _records(connection: sa.Connection, every: int) -> list[Claim]:
    """One of each, for each erasure: never none, never two."""
    done = _numbers(connection, sa.select(erasures.c.request_id).where(erasures.c.state == ErasureState.DONE.value))
    closed = _numbers(connection, sa.select(requests.c.id).where(requests.c.state == State.CLOSED.value))
    return [
        equal("erasures complete", len(done), every),
        equal("requests closed", len(closed), every),
        _once("one closing event each", connection, _events(RequestEvent.CLOSED), every),
        _once("one event for what was carried out", connection, _events(RequestEvent.CARRIED_OUT), every),
        _once("one beginning recorded", connection, _audited(AuditEvent.ERASURE_STARTED), every),
        _once("one end recorded (attestation)", connection, _audited(AuditEvent.ERASURE_FINISHED), every),
        _once("one outcome letter promised", connection, _letters(LetterKind.ERASURE_DONE), every),
        _once("one acknowledgement promised", connection, _letters(LetterKind.ACKNOWLEDGEMENT), every),
        _once("one letter to the contact at the end", connection, _letters(LetterKind.CONTACT_CLOSED), every),
    ]


def _batches(connection: sa.Connection, stage: Stage) -> list[Claim]:
    """Each batch was written down before and after, and each row counted once."""
    steps = connection.execute(sa.select(erasure_steps)).mappings().all()
    batches = connection.execute(sa.select(erasure_batches)).mappings().all()
    found: Counter[int] = Counter()
    for batch in batches:
        found[batch["step_id"]] += batch["found"]
    wanted = {
        "service.api_requests": stage.rows,
        "service.devices": DEVICES,
        "service.sign_ins": SIGN_INS,
        "service.invoices": OLD_INVOICES + QUOTES,
        "service.accounts": 1,
    }
    wrong = [
        step["id"]
        for step in steps
        if step["erased"] != wanted[step["table_name"]] or found[step["id"]] != step["erased"]
    ]
    kept = {step["kept"] for step in steps if step["table_name"] == "service.invoices"}
    return [
        equal("batches recorded and not done", sum(batch["done_at"] is None for batch in batches), 0),
        equal("batches done before they were recorded", sum(_early(batch) for batch in batches), 0),
        at_most("rows in the largest batch", max(batch["found"] for batch in batches), BATCH_ROWS),
        equal("steps that remain or whose rows are not counted once", len(wrong) + sum(map(_unfinished, steps)), 0),
        equal("invoices the law keeps, as attested", kept, {KEPT_INVOICES}),
    ]


def _mail(connection: sa.Connection, stage: Stage, kills: int) -> list[Claim]:
    """Each letter at least once; a repeat carries the same Message-ID, at most one for each kill."""
    promised = connection.execute(sa.select(letters.c.message_id, letters.c.state)).all()
    mailbox = delivered(stage)
    identified = Counter(one.strip("<>").split("@")[0] for one in mailbox.elements())
    missing = [name for name, _ in promised if identified[name] < 1]
    return [
        equal("letters promised and not sent", sum(state != "sent" for _, state in promised), 0),
        equal("letters sent and not in the mailbox", len(missing), 0),
        equal("letters in the mailbox that nobody promised", len(set(identified) - {name for name, _ in promised}), 0),
        at_most("letters repeated, with the same Message-ID", sum(identified.values()) - len(identified), kills),
    ]


def _rows(stage: Stage) -> list[Claim]:
    """The rows themselves, in the service's database."""
    wanted = {"api_requests": 0, "devices": 0, "sign_ins": 0, "invoices": KEPT_INVOICES}
    numbers = range(FIRST_HEAVY, FIRST_HEAVY + stage.invented)
    wrong = [number for number in numbers if stage.left_of(number) != wanted]
    with stage.service.connect() as connection:
        mine = connection.execute(accounts.select().where(accounts.c.id >= FIRST_HEAVY)).mappings().all()
    readable = [row["id"] for row in mine if row["name"] or "@example.org" in row["email"] or row["plan"] != "closed"]
    return [
        equal("people with a row too many or an invoice too few", len(wrong), 0),
        equal("accounts kept for their invoices and emptied", len(mine) - len(readable), stage.invented),
    ]


def _once(says: str, connection: sa.Connection, query: sa.Select[Any], every: int) -> Claim:
    seen = Counter(_numbers(connection, query))
    return equal(says, sorted(seen.values()), [1] * every) if _differs(seen, every) else equal(says, every, every)


def _differs(seen: Counter[int], every: int) -> bool:
    return sorted(seen.values()) != [1] * every


def _events(event: RequestEvent) -> sa.Select[Any]:
    return sa.select(request_events.c.request_id).where(request_events.c.event == event.value)


def _audited(event: AuditEvent) -> sa.Select[Any]:
    return sa.select(audit.c.request_id).where(audit.c.event == event.value)


def _letters(kind: LetterKind) -> sa.Select[Any]:
    return sa.select(letters.c.request_id).where(letters.c.kind == kind.value)


def _numbers(connection: sa.Connection, query: sa.Select[Any]) -> list[int]:
    return list(connection.execute(query).scalars())


def _early(batch: sa.RowMapping) -> bool:
    return bool(batch["done_at"] is not None and batch["done_at"] < batch["recorded_at"])


def _unfinished(step: sa.RowMapping) -> bool:
    return bool(step["state"] != ErasureState.DONE.value or step["remaining"] != 0)


def _checked(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        rows: Iterable[tuple[str]] = connection.execute("PRAGMA integrity_check")
        return ", ".join(row[0] for row in rows)
    finally:
        connection.close()
