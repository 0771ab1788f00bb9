"""The copy of everything, over HTTP, beside the database's own dump of the same rows piped to gzip.

So long a table is read once and written once, as CSV, which data.json describes (docs/decisions/0010-long-tables-in-csv.md).
"""

from __future__ import annotations

import io
import subprocess
import time
import zipfile
from pathlib import Path

from tests.bench import ground
from tests.bench.figures import Row, budget, mebibytes, times
from tests.bench.processes import forget_peak, peak, resident, serving_child
from tests.bench.timing import interleaved, seconds_of
from tests.bench.wire import Answer, Wire
from tests.installation import Built

ROWS, SLOWER = 1_000_000, 1.8
OVER_IDLE, OVER_A_TENTH = 24.0, 5.0


def measure(size: int | None) -> list[Row]:
    """`size`: how many rows the copy holds."""
    rows = size or ROWS
    with ground.a_folder() as folder:
        filled = ground.fill_service(folder / "filled.db", calls=rows)
        tenth = ground.fill_service(folder / "tenth.db", calls=rows // 10)
        small = _weighed(ground.an_installation_with(folder / "small", tenth), rows // 10)
        large = ground.an_installation_with(folder / "large", filled)
        idle, most, sent = _weighed(large, None)
        taken = _beside_the_dump(large, filled)
        dumped = _dump(filled)
    over = (most - idle) / 2**20
    more = (most - small[1]) / 2**20
    files = f"{mebibytes(sent)} of ZIP, every row once, in CSV, beside {mebibytes(dumped)} of gzip -6"
    note = f"idle {mebibytes(idle)}, peak {mebibytes(most)}"
    return [
        times(
            f"copy of {rows:,} rows", taken["copy"], taken["dump"], SLOWER, peer="sqlite3 -csv | gzip -6", note=files
        ),
        budget("its peak over the idle web process", round(over, 1), OVER_IDLE, unit="MiB", note=note),
        budget(f"its peak over that of {rows // 10:,} rows", round(more, 1), OVER_A_TENTH, unit="MiB"),
    ]


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

    def take(self, *, keep: bool = False) -> Answer:
        """Read the copy to its end; its bytes are counted, and kept when asked."""
        with Wire(self._port, self._cookie) as wire:
            answer = wire.post(self._path, self._form, keep=keep)
        assert answer.status == 200, (answer.status, answer.body[:2000])
        assert answer.headers["content-type"] == "application/zip"
        return answer


def _weighed(built: Built, check: int | None) -> tuple[int, int, int]:
    """What the web process holds idle, and at most while the copy is taken, and the copy's size; it is opened when not too big."""
    with ground.served(built) as portal:
        taking, serving = Taking(built, portal.port), serving_child(portal.process)
        taking.rest()
        idle = resident(serving)
        forget_peak(serving)
        copy = taking.take(keep=check is not None)
        most = peak(serving)
    if check is not None:
        assert _rows_in(copy.body) == check
    return idle, most, copy.size


def _rows_in(copy: bytes) -> int:
    """How many log rows the copy's CSV holds, under its row of keys and its row of labels."""
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert archive.testzip() is None
        name = next(name for name in archive.namelist() if "api_requests" in name and name.endswith(".csv"))
        return archive.read(name).count(b"\n") - 2


def _beside_the_dump(built: Built, service: Path) -> dict[str, float]:
    began = time.monotonic()
    with ground.served(built) as portal:
        taking = Taking(built, portal.port)
        taken = interleaved(
            {
                "copy": seconds_of(taking.take),
                "dump": seconds_of(lambda: _dump(service)),
            }
        )
    assert time.monotonic() - began < 14 * 60, "the confirmation was no longer recent"
    return taken


def _dump(service: Path) -> int:
    """Dump the rows, and give the size of it."""
    size = 0
    with (
        subprocess.Popen(
            ["sqlite3", "-readonly", "-csv", str(service), "SELECT * FROM api_requests"], stdout=subprocess.PIPE
        ) as dump,
        subprocess.Popen(["gzip", "-6"], stdin=dump.stdout, stdout=subprocess.PIPE) as squeezed,
    ):
        assert squeezed.stdout is not None
        while piece := squeezed.stdout.read(2**16):
            size += len(piece)
    assert (dump.returncode, squeezed.returncode) == (0, 0)
    return size
