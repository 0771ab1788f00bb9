"""A new installation for the browser, as `portal init` and `portal serve` give it, with a real mail server beside it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.domain.languages import Language
from tests.bench.processes import free_port
from tests.mail.sink import Sink, mail_server

ANSWERS_WITHIN = 90
LETTERS_WITHIN = 60
ORGANISATION = {"fr": "Coopérative de l’Éveil", "en": "Awakening Co-op"}
IN_CHARGE, OFFICER = "confidentialite@example.org", "jo.tremblay@example.org"


@dataclass
class Founded:
    """Where it answers, the link it gave the first officer, and the letters its mail server took."""

    url: str
    link: str
    sink: Sink
    _read: set[int] = field(default_factory=set)

    def letter_to(self, address: str, *, saying: str = "") -> str:
        """The words of the next letter to an address that has these in it, once it has left."""
        until = time.monotonic() + LETTERS_WITHIN
        while True:
            for number, letter in enumerate(list(self.sink.taken)):
                if number not in self._read and letter["To"] == address and saying in _words(letter):
                    self._read.add(number)
                    return _words(letter)
            assert time.monotonic() < until, f"no letter to {address} in {self.addresses()}"
            time.sleep(0.1)

    def link_to(self, address: str, *, saying: str = "") -> str:
        """The first link of the next letter to an address."""
        return _link(self.url, self.letter_to(address, saying=saying))

    def addresses(self) -> list[str]:
        """Whom letters left to, the oldest first."""
        return [str(letter["To"]) for letter in self.sink.taken]


@contextmanager
def founded(language: Language) -> Iterator[Founded]:
    """`portal init` in an empty folder and `portal serve` on it, until the block ends."""
    with TemporaryDirectory(prefix="portal-founded-", ignore_cleanup_errors=True) as name, mail_server() as sink:
        folder = Path(name) / "portal"
        url = f"http://127.0.0.1:{free_port()}"
        _init(folder, url, sink.port, language)
        said = Path(name) / "said.txt"
        command = [sys.executable, "-m", "portal", "serve", "--config", str(folder / "portal.toml")]
        with said.open("wb") as told:
            process = subprocess.Popen(command, stdout=told, stderr=told)
        try:
            yield Founded(url, _told(said, url, process), sink)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _init(folder: Path, url: str, mail_port: int, language: Language) -> None:
    answers = {
        "--name-fr": ORGANISATION["fr"],
        "--name-en": ORGANISATION["en"],
        "--url": url,
        "--contact": IN_CHARGE,
        "--mail": f"smtp://127.0.0.1:{mail_port}?starttls=off",
        "--officer": OFFICER,
        "--language": language,
    }
    options = [part for answer in answers.items() for part in answer]
    subprocess.run([sys.executable, "-m", "portal", "init", str(folder), *options], check=True, capture_output=True)


def _told(said: Path, url: str, process: subprocess.Popen[bytes]) -> str:
    """The link for the first officer, once the address answers."""
    until = time.monotonic() + ANSWERS_WITHIN
    while not _answers(url):
        assert process.poll() is None, f"the portal ended by itself: {said.read_text(encoding='utf-8')}"
        assert time.monotonic() < until, "the portal does not answer"
        time.sleep(0.1)
    return _link(url, said.read_text(encoding="utf-8"))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310  # our own loopback address
            return True
    except OSError:
        return False


def _link(url: str, text: str) -> str:
    found = re.search(rf"{re.escape(url)}/\S+", text)
    assert found, text
    return found[0]


def _words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return body.get_content() if body else ""
