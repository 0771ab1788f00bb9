"""An erasure as the worker carries it out, beside one DELETE of the same rows, and what the service notices of it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from portal.domain.rights import Decision, Kind, Level
from portal.services.decisions import Verdict, decide
from portal.services.rights import Asked, open_request
from portal.storage.tables import erasure_batches
from tests.bench import ground
from tests.bench.figures import Row, times
from tests.bench.processes import PYTHON
from tests.bench.timing import ROUNDS, interleaved, percentile, seconds_of
from tests.installation import Built

ROWS, SLOWER, WRITER_SLOWER = 1_000_000, 2.5, 5
OFFICER = "officer@example.org"
WRITER_SECONDS, ROWS_A_SECOND = 4.0, 200_000
BEGINS_WITHIN = 20.0


def measure(size: int | None) -> list[Row]:
    """`size`: how many rows are erased; a fifth as many of somebody else's stay."""
    rows = size or ROWS
    with ground.a_folder() as folder:
        filled = ground.fill_service(folder / "filled.db", calls=rows, others=rows // 5)
        built = ground.an_installation_with(folder / "portal", filled)
        bare = folder / "bare.db"
        taken = interleaved({"portal": lambda: _erased(built, filled), "delete": lambda: _deleted(bare, filled)})
        idle, busy = _another_writer(built, filled, rows)
    name = f"erasure of {rows:,} of {rows + rows // 5:,} rows"
    return [
        times(name, taken["portal"], taken["delete"], SLOWER, peer="one DELETE"),
        times("another writer meanwhile (p99)", busy, idle, WRITER_SLOWER, peer="idle (p99)"),
    ]


def _erased(built: Built, filled: Path) -> float:
    """Ask, grant, and carry out: only the carrying out is timed."""
    _fresh(filled, built.folder / "service.db")
    _ask_and_grant(built)
    seconds = seconds_of(lambda: _carried_out(built))()
    assert _left(built.folder / "service.db") == 0
    return seconds


def _deleted(path: Path, filled: Path) -> float:
    _fresh(filled, path)
    with _open(path) as connection:
        return seconds_of(lambda: connection.execute("DELETE FROM api_requests WHERE account_id = 1"))()


def _another_writer(built: Built, filled: Path, rows: int) -> tuple[float, float]:
    """The slowest in a hundred of its writes, while nothing else happens and while the worker erases."""
    seconds = min(WRITER_SECONDS, rows / ROWS_A_SECOND / 4)
    idle, busy = [], []
    for _ in range(ROUNDS):
        _fresh(filled, built.folder / "service.db")
        idle.append(percentile(_written(built, seconds), 0.99))
        before = _batches(built)
        _ask_and_grant(built)
        with ground.working(built):
            _wait_for_a_batch(built, before)
            busy.append(percentile(_written(built, seconds), 0.99))
            assert _left(built.folder / "service.db"), "the erasure ended before the writer did"
        _carried_out(built)
    return median(idle), median(busy)


def _wait_for_a_batch(built: Built, before: int) -> None:
    until = time.monotonic() + BEGINS_WITHIN
    while _batches(built) <= before:
        assert time.monotonic() < until, "the worker does not begin"
        time.sleep(0.01)


def _batches(built: Built) -> int:
    with built.installation.database.reading() as store:
        return store.connection.execute(sa.select(sa.func.count()).select_from(erasure_batches)).scalar_one()


def _written(built: Built, seconds: float) -> list[float]:
    command = [PYTHON, "-m", "tests.bench.other_writer", str(built.folder / "service.db"), str(seconds)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    taken: list[float] = json.loads(said)
    return taken


def _ask_and_grant(built: Built) -> None:
    portal, now = built.installation, built.clock()
    with portal.database.writing() as store:
        person = store.people.ensure(ground.PERSON, language="en", now=now)
        asked = Asked(Kind.DELETION, "en", Level.L2)
        request = open_request(portal, store, person, asked, form_id=None, now=now)
    built.work()
    with portal.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer is not None
        decide(portal, store, officer, request, Verdict(Decision.GRANTED), seen_version=request.version)


def _carried_out(built: Built) -> None:
    while built.work():
        pass


def _fresh(filled: Path, path: Path) -> None:
    """Put a copy of the filled database in place; a new file, so that nobody goes on with the one before."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    shutil.copyfile(filled, path)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _left(path: Path) -> int:
    with _open(path) as connection:
        found: int = connection.execute("SELECT count(*) FROM api_requests WHERE account_id = 1").fetchone()[0]
        return found


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()
