"""How long the program takes to begin: to its first page, and to say its version."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.bench import ground
from tests.bench.figures import Row, times
from tests.bench.processes import PYTHON
from tests.bench.timing import interleaved, seconds_of
from tests.installation import Built

ROUNDS = 7
VERSION_ROUNDS = 21


def measure(size: int | None) -> list[Row]:
    """`size`: rounds."""
    with ground.a_folder() as folder:
        service = ground.fill_service(folder / "filled.db", calls=10)
        built = ground.an_installation_with(folder / "portal", service)
        policy = ground.path_of(built, "policy")
        command = [str(Path(sys.executable).with_name("portal")), "--version"]
        start = interleaved(
            {
                "portal": lambda: _to_the_first_page(built, policy),
                "imports": seconds_of(lambda: _ran([PYTHON, "-c", "import flask, sqlalchemy"])),
            },
            rounds=size or ROUNDS,
            warm=1,
        )
        version = interleaved(
            {
                "portal": seconds_of(lambda: _ran(command)),
                "pass": seconds_of(lambda: _ran([PYTHON, "-c", "pass"])),
            },
            rounds=size or VERSION_ROUNDS,
            warm=1,
        )
    return [
        times("start to first page", start["portal"], start["imports"], 3, peer="import flask, sqlalchemy"),
        times("portal --version", version["portal"], version["pass"], 5, peer="python -c pass"),
    ]


def _to_the_first_page(built: Built, path: str) -> float:
    began = time.perf_counter()
    with ground.served(built, until_answers=path):
        return time.perf_counter() - began


def _ran(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)
