"""Starts the programs a bench compares, on 127.0.0.1 only, weighs them, and ends each with the bench."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.wire import Wire, WireClosed

PYTHON = sys.executable
PORTAL = (PYTHON, "-m", "portal")
READY_WITHIN = 30.0
_PR_SET_PDEATHSIG = 1


@contextmanager
def running(
    command: Sequence[str], *, port: int | None = None, path: str = "/", environ: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run a program until the block ends; gives its process id, once `path` answers when it has a port."""
    program = subprocess.Popen(
        list(command),
        env=dict(os.environ if environ is None else environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_end_with_the_bench,  # noqa: PLW1509  # no threads run here, and an orphan would spoil other figures
    )
    try:
        if port is not None:
            _wait_for(port, path, program)
        yield program.pid
    finally:
        _end(program)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, path: str, program: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if program.poll() is not None:
            raise RuntimeError(f"{program.args!r} ended with {program.returncode}")
        try:
            with Wire(port) as wire:
                answer = wire.get(path)
        except (OSError, WireClosed):
            time.sleep(0.005)
            continue
        if answer.status < 400:
            return
        raise RuntimeError(f"{path} answers {answer.status}")
    raise RuntimeError(f"nothing answers at port {port}")


def serving_child(parent: int) -> int:
    """The process that serves under a server's main one: its heaviest child, or itself when it has none."""
    return max(children(parent), key=resident, default=parent)


def children(parent: int) -> list[int]:
    """The processes a process started."""
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    others = [Path(path, "children") for path in Path(f"/proc/{parent}/task").iterdir() if path.name != str(parent)]
    return [int(found) for found in (text + " " + " ".join(path.read_text() for path in others)).split()]


def resident(process: int) -> int:
    """Bytes of memory a process holds now."""
    return _status(process, "VmRSS")


def peak(process: int) -> int:
    """The most it held since `forget_peak`."""
    return _status(process, "VmHWM")


def forget_peak(process: int) -> None:
    """Begin a new peak from what is held now."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def _status(process: int, name: str) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"process {process} has no {name}")


def _end_with_the_bench() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(timeout=15)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
