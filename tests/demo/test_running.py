"""The demo as a process: it answers however busy the machine is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser.demo import running_demo

SAY_WHO_LIVES = """
import os, threading

def say():
    with open({file!r}, "a") as file:
        print(*(thread.name for thread in threading.enumerate()), sep=",", file=file)

os.register_at_fork(before=say)
"""


def test_nothing_that_takes_a_lock_lives_beside_the_web_when_it_forks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock held at a fork, an import's say, is held in the child for ever: the web then answers nobody."""
    forks = tmp_path / "forks"
    (tmp_path / "sitecustomize.py").write_text(SAY_WHO_LIVES.format(file=str(forks)))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)

    with running_demo():
        alive = [set(line.split(",")) for line in forks.read_text().splitlines()]

    assert len(alive) >= 2, "one fork tells when the web answers, one is the web"
    assert set.union(*alive) <= {"MainThread", "worker-keeper"}
