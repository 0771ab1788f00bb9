"""The portal's own processes: started, killed with SIGKILL, counted by a mark that each inherits from the first."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MARK = "PROOF_MARK"


class Program:
    """One `portal …` command, in a process of its own, whose kin can be told by their environment."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        """Run the command on the folder's portal.toml from `start` on; what it says goes to a file there."""
        self._command = [sys.executable, "-m", "portal", *arguments, "--config", str(folder / "portal.toml")]
        self._said = folder / f"{arguments[0]}-{secrets.token_hex(3)}.log"
        self.mark = secrets.token_hex(12)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it (again)."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=own | {_MARK: self.mark}, stdout=said, stderr=said
            )

    @property
    def pid(self) -> int:
        """The main process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End the main process as a power cut would; its children are left to notice."""
        assert self._process is not None
        assert self._process.poll() is None, f"it ended by itself: {self.said()}"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def state(self) -> str:
        """How its processes stand and the last it said, for whoever waited in vain."""
        assert self._process is not None
        return f"main {self.pid} ended with {self._process.poll()}, kin {sorted(self.kin())}, said: {self.said()}"

    def stop(self) -> int:
        """Ask it to end; gives its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=40)

    def said(self) -> str:
        """The end of what it wrote."""
        return self._said.read_text(errors="replace")[-2_000:] if self._said.exists() else ""

    def kin(self) -> set[int]:
        """Every living process that this one started, and theirs, and those of its killed predecessors."""
        wanted = f"{_MARK}={self.mark}".encode()
        return {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and _carries(path, wanted)}

    def one_set(self) -> bool:
        """Whether every living kin descends from the main process of now."""
        return self.kin() <= self._descendants()

    def _descendants(self) -> set[int]:
        parents = {pid: _parent(pid) for pid in self.kin()}
        found = {self.pid}
        while grown := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= grown
        return found

    def end_all(self) -> None:
        """Leave nothing of it behind."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for pid in self.kin():
            with_pid(pid, signal.SIGKILL)


@contextmanager
def program(folder: Path, *arguments: str) -> Iterator[Program]:
    """A program that is over when the block is."""
    made = Program(folder, *arguments)
    try:
        yield made
    finally:
        made.end_all()


def with_pid(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_until(true: Callable[[], bool], what: str, *, seconds: float) -> float:
    """Wait for something; gives how long it took, or fails saying what did not come."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise TimeoutError(what)
        time.sleep(0.02)
    return time.monotonic() - began


def answers(url: str) -> bool:
    """Whether an address gives a good answer."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _carries(process: Path, wanted: bytes) -> bool:
    try:
        if (process / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return False
        return wanted in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0
