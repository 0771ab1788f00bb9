"""People at their browsers while the server falls: each sends requests with a mark of its own, and presses again."""

from __future__ import annotations

import http.client
import re
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from portal.mail.mailbox import MailboxTransport
from tests.proof.programs import wait_until

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_CODE = re.compile(r"(?m)^\s*(\d{6})\s*$")
PAUSE = 0.02
"""Seconds between two presses: people are slower."""

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str


class Browser:
    """A browser without JavaScript: it keeps its cookie, and connects anew for each page."""

    def __init__(self, port: int, own_address: str) -> None:
        """Speak to a port of this machine from one of its loopback addresses."""
        self._port = port
        self._own_address = own_address
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, b"")

    def post(self, path: str, fields: Fields) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields).encode())

    def _ask(self, method: str, path: str, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=15, source_address=(self._own_address, 0)
        )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(answer.status, urlsplit(answer.headers.get("Location") or "").path, text)


@dataclass
class Client:
    """One person who asks and asks. `sent` are all marks ever posted; `acknowledged` those answered with a reference."""

    port: int
    number: int
    address: str
    sent: list[str] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    pressed_again: int = 0
    refusals: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open a browser."""
        self._browser = Browser(self.port, f"127.0.0.{self.number + 2}")
        self._token = ""

    def sign_in(self, mailbox: MailboxTransport) -> None:
        """Come in through the real door."""
        asked = {"csrf_token": self._a_token("/en/sign-in"), "email": self.address, "next": ""}
        assert self._browser.post("/en/sign-in", asked).status == 303
        wait_until(lambda: self._code(mailbox) is not None, "no code came", seconds=30)
        given = {"csrf_token": self._a_token("/en/sign-in/code"), "code": self._code(mailbox) or ""}
        assert self._browser.post("/en/sign-in/code", given).status == 303
        self._token = self._a_token("/en/requests/new")

    def ask_until(self, stop: threading.Event) -> None:
        """Send one request after another; one without an answer is pressed again, the same form, until it has one."""
        while not stop.is_set():
            mark = f"mark-{self.number}-{secrets.token_hex(8)}"
            self.sent.append(mark)
            self._press(mark, stop)
            stop.wait(PAUSE)

    def _press(self, mark: str, stop: threading.Event) -> None:
        form = {"kind": "other", "message": mark, "form_id": secrets.token_urlsafe(18), "csrf_token": self._token}
        while not stop.is_set():
            try:
                answer = self._browser.post("/en/requests/new", form)
            except (OSError, http.client.HTTPException):
                self.pressed_again += 1
                time.sleep(0.05)
                continue
            if answer.status == 303 and "/requests/" in answer.location:
                self.acknowledged[mark] = answer.location.rsplit("/", 1)[1]
                return
            self.refusals.append(f"{answer.status} {answer.location}")
            time.sleep(0.5 if answer.status in {429, 503} else 0.05)

    def _code(self, mailbox: MailboxTransport) -> str | None:
        for letter in mailbox.list(limit=20):
            found = _CODE.search(letter["text"])
            if letter["to"] == self.address and found:
                return found[1]
        return None

    def _a_token(self, path: str) -> str:
        found = _TOKEN.search(self._browser.get(path).body)
        assert found, path
        return found[1]
