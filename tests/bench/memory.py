"""What a web process and a worker hold, beside a process that only imports the libraries they are built on."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions, requires
from itertools import cycle, islice
from statistics import median

from tests.bench import ground
from tests.bench.figures import Figure, Row, budget, mebibytes
from tests.bench.processes import PYTHON, children, resident, serving_child
from tests.bench.timing import ROUNDS
from tests.bench.wire import Wire
from tests.installation import Built

REQUESTS, WARM = 10_000, 500
HEAVIER, GROWTH = 1.6, 5.0
WORKER_SETTLES = 2.5
_ENDPOINTS = ("policy", "home", "rights", "my_information", "requests", "consents", "account", "sign_in")
_DISTRIBUTION = "privacy-portal"


def measure(size: int | None) -> list[Row]:
    """`size`: how many requests the growth is measured over."""
    with ground.a_folder() as folder:
        built = ground.an_installation_with(folder / "portal", ground.fill_service(folder / "filled.db", calls=30))
        cookie = ground.cookie_of(ground.signed_in(built))
        paths = [ground.path_of(built, endpoint, lang) for endpoint in _ENDPOINTS for lang in ("en", "fr")]
        sides: dict[str, Callable[[], int]] = {
            "libraries": _libraries,
            "web": lambda: _web(built, cookie, paths),
            "worker": lambda: _worker(built),
        }
        held = {name: median(values) for name, values in _in_turn(sides).items()}
        rows: list[Row] = [
            _beside("a web process", held["web"], held["libraries"]),
            _beside("a worker", held["worker"], held["libraries"]),
            _growth(built, cookie, paths, size or REQUESTS),
        ]
    return rows


def _in_turn(sides: dict[str, Callable[[], int]]) -> dict[str, list[int]]:
    taken: dict[str, list[int]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            taken[name].append(side())
    return taken


def _libraries() -> int:
    """A process that imports each direct run-time dependency and nothing else."""
    program = f"import {', '.join(sorted(_direct()))}\nprint(open('/proc/self/status').read())"
    said = subprocess.run([PYTHON, "-c", program], check=True, capture_output=True, text=True).stdout
    found = re.search(r"VmRSS:\s+(\d+)", said)
    assert found
    return int(found[1]) * 1024


def _direct() -> Iterator[str]:
    """The modules of the direct run-time dependencies, extras left out."""
    wanted = {_plain(re.split(r"[^\w.-]", line)[0]) for line in requires(_DISTRIBUTION) or [] if "extra ==" not in line}
    for module, distributions in packages_distributions().items():
        if module.isidentifier() and not module.startswith("_") and wanted & {_plain(name) for name in distributions}:
            yield module


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _web(built: Built, cookie: str, paths: list[str]) -> int:
    with ground.served(built) as portal:
        with Wire(portal.port, cookie) as wire:
            for path in paths:
                wire.get(path)
        return resident(serving_child(portal.process))


def _worker(built: Built) -> int:
    with ground.working(built) as process:
        time.sleep(WORKER_SETTLES)
        assert not children(process)
        return resident(process)


def _growth(built: Built, cookie: str, paths: list[str], requests: int) -> Figure:
    with ground.served(built) as portal, Wire(portal.port, cookie) as wire:
        serving = serving_child(portal.process)
        before = _after(wire, paths, WARM, serving)
        after = _after(wire, paths, requests, serving)
    grown = (after - before) / 2**20
    note = f"{mebibytes(before)} after {WARM} requests, {mebibytes(after)} after {requests:,} more"
    return budget(f"growth over {requests:,} requests", round(grown, 1), GROWTH, unit="MiB", note=note)


def _after(wire: Wire, paths: list[str], requests: int, process: int) -> int:
    for path in islice(cycle(paths), requests):
        answer = wire.get(path)
        assert answer.status == 200, (path, answer.status)
    return resident(process)


def _beside(what: str, held: float, libraries: float) -> Figure:
    return Figure(what, mebibytes(held), f"{mebibytes(libraries)} imports only", held / libraries, HEAVIER)
