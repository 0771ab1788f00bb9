"""The copy of everything, over HTTP, beside the database's own dump of the same rows piped to gzip.

So long a table is read once and written once, as CSV, which data.json describes (docs/decisions/0010-long-tables-in-csv.md).
"""

from __future__ import annotations

import io
import subprocess
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy.engine import URL

from tests.bench import ground
from tests.bench.figures import Row, Skipped, budget, mebibytes, times
from tests.bench.processes import forget_peak, peak, resident, serving_child
from tests.bench.timing import interleaved, seconds_of
from tests.bench.wire import Answer, Wire
from tests.installation import Built, an_installation
from tests.services import fresh_postgresql

ROWS, SLOWER, OF_ALL = 1_000_000, 1.8, 0.15
OVER_IDLE, OVER_A_TENTH = 24.0, 5.0
LOG = "SELECT * FROM api_requests"
DAYS = {"from": "2025-12-01", "to": "2025-12-02"}
"""Days that the longest log goes through: a hundredth of it."""


def measure(size: int | None) -> list[Row]:
    """`size`: how many rows the copy holds."""
    rows = size or ROWS
    with ground.a_folder() as folder:
        files = {number: ground.fill_service(folder / f"{number}.db", calls=number) for number in _sizes(rows)}
        built = {number: ground.an_installation_with(folder / str(number), file) for number, file in files.items()}
        weighed = {number: _weighed(one, number) for number, one in built.items()}
        found = [*_memory(weighed, rows), *_on_a_file(built[rows], files[rows], rows)]
        try:
            with fresh_postgresql() as url:
                found += _on_a_server(folder / "server", files[rows], url, rows)
        except pytest.skip.Exception as why:
            found.append(Skipped(f"copy of {rows:,} rows on postgresql", str(why)))
    return found


def _sizes(rows: int) -> tuple[int, ...]:
    return rows // 100, rows // 10, rows


def _memory(weighed: Mapping[int, Weight], rows: int) -> list[Row]:
    """The peak of each size over its own idle process, and that of the largest over that of a tenth."""
    found: list[Row] = []
    for number, weight in weighed.items():
        note = f"idle {mebibytes(weight.idle)}, peak {mebibytes(weight.peak)}, {mebibytes(weight.sent)} of ZIP"
        over = round((weight.peak - weight.idle) / 2**20, 1)
        found.append(budget(f"peak over idle, copy of {number:,} rows", over, OVER_IDLE, unit="MiB", note=note))
    more = round((weighed[rows].peak - weighed[rows // 10].peak) / 2**20, 1)
    return [*found, budget(f"peak of {rows:,} rows over that of {rows // 10:,}", more, OVER_A_TENTH, unit="MiB")]


def _on_a_file(built: Built, file: Path, rows: int) -> list[Row]:
    return _beside_the_dump("sqlite", built, rows, ["sqlite3", "-readonly", "-csv", str(file), LOG], "sqlite3 -csv")


def _on_a_server(folder: Path, file: Path, url: URL, rows: int) -> list[Row]:
    ground.copy_to_server(file, url)
    built = an_installation(folder, service_url=url.render_as_string(hide_password=False), now=datetime.now(UTC))
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    dump = ["psql", "-qX", plain, "-c", f"COPY ({LOG}) TO STDOUT CSV"]
    found = _beside_the_dump("postgresql", built, rows, dump, "psql COPY CSV")
    built.installation.sources["service"].close()
    return found


class Taking:
    """Somebody about to take their copy, again and again."""

    def __init__(self, built: Built, port: int) -> None:
        """Sign in afresh, so that the confirmation is recent."""
        visitor = ground.signed_in(built)
        self._path = visitor.address("download")
        self._form = visitor.visit("download").form()
        self._port, self._cookie = port, ground.cookie_of(visitor)
        self._pages = [visitor.address("my_information"), self._path]

    def rest(self) -> None:
        """Read a few pages, so that what every page needs is there."""
        with Wire(self._port, self._cookie) as wire:
            for path in self._pages * 10:
                assert wire.get(path).status == 200

    def take(self, part: Mapping[str, str] = MappingProxyType({}), *, keep: bool = False) -> Answer:
        """Read the copy, or a part of it, to its end; its bytes are counted, and kept when asked."""
        with Wire(self._port, self._cookie) as wire:
            answer = wire.post(self._path, {**self._form, **part}, keep=keep)
        assert answer.status == 200, (answer.status, answer.body[:2000])
        assert answer.headers["content-type"] == "application/zip"
        return answer


@dataclass(frozen=True, slots=True)
class Weight:
    """What the web process holds idle, and at most while the copy is taken, and the copy's size, in bytes."""

    idle: int
    peak: int
    sent: int


def _weighed(built: Built, rows: int) -> Weight:
    """Take the copy once; it is opened when it is not too big to be held beside."""
    small = rows < ROWS
    with ground.served(built) as portal:
        taking, serving = Taking(built, portal.port), serving_child(portal.process)
        taking.rest()
        idle = resident(serving)
        forget_peak(serving)
        copy = taking.take(keep=small)
        most = peak(serving)
    if small:
        assert _rows_in(copy.body) == rows
    return Weight(idle, most, copy.size)


def _rows_in(copy: bytes) -> int:
    """How many log rows the copy's CSV holds, under its row of keys and its row of labels."""
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert archive.testzip() is None
        name = next(name for name in archive.namelist() if "api_requests" in name and name.endswith(".csv"))
        return archive.read(name).count(b"\n") - 2


def _beside_the_dump(engine: str, built: Built, rows: int, dump: Sequence[str], peer: str) -> list[Row]:
    """All of the log beside the database's own dump of it; two days of it beside all."""
    began = time.monotonic()
    with ground.served(built) as portal:
        taking = Taking(built, portal.port)
        taken = interleaved(
            {
                "copy": seconds_of(taking.take),
                "dump": seconds_of(lambda: _dump(dump)),
                "days": seconds_of(lambda: taking.take(DAYS)),
            }
        )
        sent = taking.take().size
    assert time.monotonic() - began < 14 * 60, "the confirmation was no longer recent"
    whole = f"{engine}: copy of {rows:,} rows"
    note = f"{mebibytes(sent)} of ZIP, every row once, in CSV, beside {mebibytes(_dump(dump))} of gzip -6"
    return [
        times(whole, taken["copy"], taken["dump"], SLOWER, peer=f"{peer} | gzip -6", note=note),
        times(f"{whole}, two days alone", taken["days"], taken["copy"], OF_ALL, peer="all of it"),
    ]


def _dump(command: Sequence[str]) -> int:
    """Dump the rows, and give the size of it."""
    size = 0
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as dump,
        subprocess.Popen(["gzip", "-6"], stdin=dump.stdout, stdout=subprocess.PIPE) as squeezed,
    ):
        assert squeezed.stdout is not None
        while piece := squeezed.stdout.read(2**16):
            size += len(piece)
    assert (dump.returncode, squeezed.returncode) == (0, 0)
    return size
