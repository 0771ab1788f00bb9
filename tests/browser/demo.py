"""A demo of its own for the browser: the real command in a folder that goes with it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from portal.demo.service.tables import accounts, api_requests, invoices
from tests.bench.processes import free_port

ANSWERS_WITHIN = 90
WORK_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Demo:
    """Where it answers, its settings, and the invented service's database."""

    url: str
    config: str
    service: str

    def account_of(self, address: str) -> int:
        """The number of somebody's account in the service."""
        return self._number(sa.select(accounts.c.id).where(accounts.c.email == address))

    def rows_of(self, account: int) -> tuple[int, int]:
        """How many log rows and how many invoices the service holds of one account."""
        calls = sa.select(sa.func.count(api_requests.c.id)).where(api_requests.c.account_id == account)
        billed = sa.select(sa.func.count(invoices.c.id)).where(invoices.c.account_id == account)
        return self._number(calls), self._number(billed.where(invoices.c.kind == "invoice"))

    def wait_until_erased(self, address: str) -> None:
        """Wait for the worker to do what was granted; the account itself comes last."""
        known = sa.select(sa.func.count(accounts.c.id)).where(accounts.c.email == address)
        until = time.monotonic() + WORK_WITHIN
        while self._number(known):
            assert time.monotonic() < until, "the rows are still there"
            time.sleep(0.2)

    def invitation(self, address: str) -> str:
        """A one-time link for a new member of staff, as the command prints it."""
        command = [sys.executable, "-m", "portal", "staff", "add", address, "--role", "agent", "--config", self.config]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return next(word for word in said.split() if word.startswith("http")).removeprefix(self.url)

    def keeper_token(self, reference: str) -> str:
        """The token of the link in a keeper's letter about a request, once it has left."""
        until = time.monotonic() + WORK_WITHIN
        while True:
            with urllib.request.urlopen(f"{self.url}/mailbox.json") as answer:  # noqa: S310  # our own loopback address
                letters = json.loads(answer.read())
            for letter in letters:
                if letter["kind"] == "keeper_asked" and letter["reference"] == reference:
                    return next(word for word in letter["text"].split() if "/gardien/" in word).rsplit("/", 1)[1]
            assert time.monotonic() < until, "no letter to a keeper"
            time.sleep(0.5)

    def _number(self, query: sa.Select[Any]) -> int:
        engine = sa.create_engine(self.service, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return int(connection.execute(query).scalar_one())


@contextmanager
def running_demo() -> Iterator[Demo]:
    """`portal demo` in an empty folder, until the block ends."""
    with TemporaryDirectory(prefix="portal-browser-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / "demo"
        command = [sys.executable, "-m", "portal", "demo", "--port", str(free_port()), "--data", str(folder)]
        with (Path(name) / "said.txt").open("wb") as said:
            process = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            told = _told(folder / "demo.json", process)
            yield Demo(told["url"], told["config"], told["service_database"])
        finally:
            process.terminate()
            process.wait(timeout=60)


def _told(path: Path, process: subprocess.Popen[bytes]) -> dict[str, str]:
    until = time.monotonic() + ANSWERS_WITHIN
    while not path.exists():
        assert process.poll() is None, "the demo ended by itself"
        assert time.monotonic() < until, "the demo does not answer"
        time.sleep(0.1)
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found
