"""The ledger as a file: cut by a kill, without room, without a right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.domain.ledger import LedgerAway
from portal.ledger.file import LONGEST_LINE, FileLedger
from tests.ledger.contract import LedgerContract, line

WITHOUT_ROOM = """
import resource, signal, sys
from pathlib import Path
from portal.domain.ledger import LedgerAway
from portal.ledger.file import FileLedger

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
most = path.stat().st_size + 40
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    FileLedger(path).append(lambda _: ['{"number":2,"text":"' + "b" * 100 + '"}'], since=1)
except LedgerAway as error:
    print("away:", error)
"""
"""A real refusal of the system in the middle of a write: the process may let no file grow by more than forty bytes."""


class TestFileLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, tmp_path: Path) -> FileLedger:
        return FileLedger(tmp_path / "erasures.ledger")


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path / "erasures.ledger")
    ledger.append(lambda _: [line(1)], since=1)
    assert ledger.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("torn", [b"{", b'{"number":2,"te', b"\xff\xfe" * 9_000])
def test_a_line_cut_by_a_kill_was_never_there(tmp_path: Path, torn: bytes) -> None:
    ledger = FileLedger(tmp_path / "erasures.ledger")
    ledger.append(lambda _: [line(1)], since=1)
    with ledger.path.open("ab") as handle:
        handle.write(torn)
    assert list(ledger.lines()) == ledger.tail(1) == [line(1)]
    ledger.append(lambda _: [line(2)], since=1)
    assert ledger.path.read_bytes() == f"{line(1)}\n{line(2)}\n".encode()


def test_without_room_nothing_is_written_in_part(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path / "erasures.ledger")
    ledger.append(lambda _: [line(1)], since=1)
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_ROOM, str(ledger.path)], check=True, capture_output=True, text=True
    )
    assert ran.stdout.startswith("away:")
    assert ledger.path.read_bytes() == f"{line(1)}\n".encode()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerAway, match=os.strerror(2)):
        FileLedger(tmp_path / "no" / "such" / "erasures.ledger").append(lambda _: [line(1)], since=1)
    with pytest.raises(LedgerAway, match=os.strerror(21)):
        list(FileLedger(tmp_path).lines())


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "erasures.ledger"
    code = (
        "import sys; from pathlib import Path; from portal.ledger.file import FileLedger\n"
        "ledger, number = FileLedger(Path(sys.argv[1])), 0\n"
        "while True:\n"
        "    number += 1\n"
        '    ledger.append(lambda _: [\'{"number":%d,"text":"%s"}\' % (number, \'a\' * 3000)], since=number)\n'
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = [int(process.stdout.readline()) for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        told += [int(said) for said in process.stdout.read().split()]
    kept = list(FileLedger(path).lines())
    assert len(kept) >= told[-1]
    assert kept == [line(number, "a" * 3000) for number in range(1, len(kept) + 1)]


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_keeps_nothing_and_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    ledger = FileLedger(tmp_path / "erasures.ledger")
    {
        "pipe": lambda: os.mkfifo(ledger.path),
        "device": lambda: ledger.path.symlink_to("/dev/zero"),
        "folder": ledger.path.mkdir,
    }[kind]()
    for use in (
        lambda: list(ledger.lines()),
        lambda: ledger.tail(1),
        lambda: ledger.append(lambda _: [line(1)], since=1),
    ):
        with pytest.raises(LedgerAway):
            use()


def test_a_line_longer_than_any_entry_is_read_no_further_and_never_passed_over(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path / "erasures.ledger")
    ledger.append(lambda _: [line(1)], since=1)
    with ledger.path.open("ab") as handle:
        handle.write(b"x" * LONGEST_LINE + line(2).encode() + b"\n")
    assert [len(one) for one in ledger.lines()] == [len(line(1)), LONGEST_LINE, len(line(2))]
    with ledger.path.open("ab") as handle:
        handle.write(b"x" * 40 * LONGEST_LINE + b"\n")
    start = time.monotonic()
    assert ledger.tail(2) == []
    assert time.monotonic() - start < 5
