"""The whole portal killed with SIGKILL at random instants while people send requests: none is lost, none doubled."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import cast

import sqlalchemy as sa

from portal.demo.people import PEOPLE
from portal.mail.mailbox import MailboxTransport
from portal.storage.request_tables import request_events, rights_requests
from portal.storage.tables import letters
from tests.proof import account, ground
from tests.proof.clients import Client
from tests.proof.figures import Claim, Part, at_least, at_most, equal
from tests.proof.ground import Stage
from tests.proof.programs import Program, answers, program, wait_until

KILLS, CLIENTS = 50, 4
UP_WITHIN = 15.0
LONGEST_LIFE = 2.5
"""Seconds between a restart and the next kill: any instant from the first good answer on."""

_chance = Random()  # noqa: S311  # any instant will do


def while_clients_submit(kills: int = KILLS) -> Part:
    """`portal serve` on SQLite, four people, as many kills as asked."""
    began = time.monotonic()
    with ground.on_sqlite(0) as stage, program(stage.folder, "serve") as serve:
        serve.start()
        _up(stage, serve)
        clients = _signed_in(stage)
        with _submitting(clients):
            falls = [_fall(stage, serve) for _ in range(kills)]
            time.sleep(1.0)
        code = serve.stop()
        claims = _account(stage, clients, falls, kills)
        claims += [equal("it ends when asked, with its children", (code, serve.kin()), (0, set()))]
    return Part("web (SQLite)", kills, time.monotonic() - began, claims, _notes(clients, falls))


def _fall(stage: Stage, serve: Program) -> tuple[float, bool]:
    """Kill the main process at any instant; gives how long it was away, and whether one set of processes came back."""
    time.sleep(_chance.uniform(0.0, LONGEST_LIFE))
    old = serve.kin()
    serve.kill()
    serve.start()
    away = _up(stage, serve, old)
    return away, serve.one_set()


def _up(stage: Stage, serve: Program, old: frozenset[int] | set[int] = frozenset()) -> float:
    """Wait for a good answer of the new processes: for a moment, the children of the killed one still give theirs."""
    health = f"{stage.url}/healthz"
    try:
        return wait_until(lambda: not old & serve.kin() and answers(health), "it does not come up", seconds=60)
    except TimeoutError as error:
        raise TimeoutError(f"{error}: {serve.state()}") from error


def _signed_in(stage: Stage) -> list[Client]:
    """People of different languages and rows, each from an address of their own."""
    known = [person.email for person in PEOPLE if person.note == "ordinary"][:CLIENTS]
    clients = [Client(stage.port, number, address) for number, address in enumerate(known)]
    for client in clients:
        client.sign_in(cast("MailboxTransport", stage.installation.transport))
    return clients


@contextmanager
def _submitting(clients: Sequence[Client]) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=client.ask_until, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _account(stage: Stage, clients: Sequence[Client], falls: Sequence[tuple[float, bool]], kills: int) -> list[Claim]:
    acknowledged = {mark: reference for client in clients for mark, reference in client.acknowledged.items()}
    with stage.installation.database.reading() as store:
        rows = store.connection.execute(sa.select(rights_requests.c.message, rights_requests.c.reference)).all()
        told = _per_request(store.connection, letters)
        opened = _per_request(store.connection, request_events)
    stored = Counter(message for message, _ in rows)
    references = {row.message: row.reference for row in rows}
    lost = [mark for mark, reference in acknowledged.items() if references.get(mark) != reference]
    strange = set(stored) - {mark for client in clients for mark in client.sent}
    return [
        at_least("submissions acknowledged", len(acknowledged), kills * 4),
        equal("acknowledged and lost", len(lost), 0),
        equal("stored twice", sum(number > 1 for number in stored.values()), 0),
        equal("stored and never sent", len(strange), 0),
        equal("requests without exactly two letters promised", sum(found != 2 for found in told), 0),
        equal("requests without exactly one opening", sum(found != 1 for found in opened), 0),
        equal("answers other than a reference", _refusals(clients), "none"),
        at_most("seconds until it answers again, at worst", max(away for away, _ in falls), UP_WITHIN),
        equal("restarts with one set of processes", sum(one for _, one in falls), kills),
        *account.integrity(stage),
    ]


def _per_request(connection: sa.Connection, table: sa.Table) -> list[int]:
    counted = sa.select(rights_requests.c.id, sa.func.count(table.c.id)).outerjoin(
        table, table.c.request_id == rights_requests.c.id
    )
    return [number for _, number in connection.execute(counted.group_by(rights_requests.c.id))]


def _refusals(clients: Sequence[Client]) -> str:
    seen = Counter(refusal for client in clients for refusal in client.refusals)
    return ", ".join(f"{number} x {refusal}" for refusal, number in seen.most_common(3)) or "none"


def _notes(clients: Sequence[Client], falls: Sequence[tuple[float, bool]]) -> tuple[str, ...]:
    sent, again = sum(len(client.sent) for client in clients), sum(client.pressed_again for client in clients)
    mean = sum(away for away, _ in falls) / len(falls)
    return (f"{sent} sent by {len(clients)} people, {again} presses met a closed door", f"{mean:.1f} s away on average")
