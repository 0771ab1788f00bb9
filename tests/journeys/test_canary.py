"""A canary walks through each journey; afterwards nobody finds it where nothing personal may be (design §2.5)."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import sqlalchemy as sa
from werkzeug.test import TestResponse

from portal.demo.service.tables import accounts, api_requests, devices
from portal.storage.jobs import jobs
from portal.storage.tables import audit, letters
from tests import keepers
from tests.client import Visitor
from tests.installation import Built, an_installation
from tests.journeys import story
from tests.journeys.test_story import OFFICER

ADDRESS = "serin.jaune@example.org"
VALUES = ("Serin Jaunequeue", "581 555-0199", "Volière Plumart", "192.0.2.211", "Perchoir de Serin")
"""What the service holds of the canary: its name, its phone, its company, its network address, its device."""

TYPED = ("Jaunequeue-Huppé", "nid.neuf@example.org", "la cage de mon serin", "motif au plumage secret")
"""What is typed on the way: a new name, a new address, a message, an officer's reason."""

EVERYTHING = (ADDRESS, *VALUES, *TYPED)


class Listening(logging.Handler):
    """Hears every line the portal writes."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage() + (self.formatter or logging.Formatter()).format(record))


class Watched(Visitor):
    """A visitor whose addresses are written down: those asked, those led to, those linked from its pages."""

    def __init__(self, built: Built, addresses: list[str]) -> None:
        super().__init__(built, "en")
        asked = self.client.open

        def open_and_note(*arguments: Any, **values: Any) -> TestResponse:
            answer = asked(*arguments, **values)
            addresses.extend((answer.request.full_path, answer.location or ""))
            return answer

        self.client.open = open_and_note  # type: ignore[method-assign]  # the browser's own, listened to

    def text_of(self, endpoint: str, **arguments: Any) -> str:
        """The words of a page."""
        return self.visit(endpoint, **arguments).text()


def test_a_canary_is_shown_to_itself_and_found_nowhere_else(tmp_path: Path) -> None:
    with story.on_sqlite(tmp_path) as built, _listening() as heard:
        _hatch(built)
        addresses: list[str] = []
        rows: list[str] = []
        note: Callable[[], None] = lambda: rows.extend(_identifiers_only(built))  # noqa: E731
        canary, officer = Watched(built, addresses), Watched(built, addresses)
        _fail_to_come_in(canary)
        canary.sign_in(ADDRESS)
        officer.sign_in(OFFICER)
        assert ADDRESS in canary.text_of("my_information")
        assert VALUES[3] in canary.text_of("category", category="usage")
        story.correct(canary, "name", TYPED[0])
        note()
        reviewed = story.correct(canary, "email", TYPED[1])
        asked = story.ask(canary, TYPED[2])
        note()
        story.withdraw(canary, "news")
        assert TYPED[0] in _copy(canary)
        story.decide(officer, asked, decision="refused", reason=TYPED[3], provision="P-39.1, s. 40")
        story.decide(officer, reviewed, decision="refused", reason=TYPED[3], provision="P-39.1, s. 40")
        assert TYPED[3] in canary.text_of("request_page", reference=asked)
        story.decide(officer, story.ask_for_deletion(canary), decision="granted")
        note()
        built.work()
        _turn_over_every_list(canary, officer)
        note()
        subjects = [str(letter["subject"]) for letter in built.mailbox()]
        bodies = [f"{letter['text']} {letter['html']}" for letter in built.mailbox()]
        _silent("log line", heard.lines)
        _silent("job, audit line or letter's record", rows)
        _silent("address", [unquote_plus(address) for address in addresses])
        _silent("subject of a letter", subjects)
        _silent("body of a letter", bodies)
        assert heard.lines
        assert rows
        assert len(subjects) > 10


def _silent(where: str, lines: list[str]) -> None:
    found = [line for line in lines for value in EVERYTHING if value.casefold() in line.casefold()]
    assert not found, f"the canary sings in a {where}: {found[:3]}"


def _hatch(built: Built) -> None:
    name, phone, company, network, device = VALUES
    engine = sa.create_engine(built.service_url, poolclass=sa.NullPool)
    now = built.clock().replace(tzinfo=None)
    account = {"id": 900, "email": ADDRESS, "name": name, "phone": phone, "company": company, "plan": "free"}
    call = {"account_id": 900, "requested_at": now, "method": "GET", "path": "/v1", "status": 200, "ip": network}
    seen = {"account_id": 900, "label": device, "ip": network, "first_seen_at": now, "last_seen_at": now}
    with engine.begin() as connection:
        connection.execute(accounts.insert(), account | {"password_hash": "x", "news_ok": True, "created_at": now})
        connection.execute(api_requests.insert(), call)
        connection.execute(devices.insert(), seen)


@contextmanager
def _listening() -> Iterator[Listening]:
    heard, portal = Listening(), logging.getLogger("portal")
    before = portal.level
    portal.addHandler(heard)
    portal.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        portal.removeHandler(heard)
        portal.setLevel(before)


def _identifiers_only(built: Built) -> list[str]:
    """Every row of the tables that may hold identifiers and fixed words alone."""
    with built.installation.database.reading() as store:
        return [
            repr(tuple(row)) for table in (jobs, audit, letters) for row in store.connection.execute(table.select())
        ]


def _fail_to_come_in(canary: Watched) -> None:
    canary.send("sign_in", {"email": ADDRESS, "next": ""})
    canary.send("sign_in_code", {"code": "000000"}, status=422)


def _copy(canary: Watched) -> str:
    answer = canary.send("download", canary.visit("download").form(), status=200)
    assert isinstance(answer, TestResponse)
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        return archive.read("data.json").decode()


def _turn_over_every_list(canary: Watched, officer: Watched) -> None:
    for endpoint in ("my_information", "consents", "requests", "account", "delete"):
        canary.visit(endpoint)
    for endpoint in ("staff_requests", "staff_letters", "staff_audit"):
        assert ADDRESS not in officer.text_of(endpoint), endpoint


def test_a_canary_is_looked_up_by_a_keeper_and_found_nowhere_else(tmp_path: Path) -> None:
    built = an_installation(tmp_path, by_hand=True)
    with _listening() as heard:
        _hatch(built)
        addresses: list[str] = []
        canary, officer = Watched(built, addresses), Watched(built, addresses)
        canary.sign_in(ADDRESS)
        officer.sign_in(OFFICER)
        form = canary.visit("category", category="paper").form("/send-me-mine")
        reference = story.reference_of(canary.send("send_mine", form | {"hint": TYPED[2]}, category="paper"))
        assert (
            keepers.answer(
                built, "paper", "found", [(f"{VALUES[0]}.csv", f"{VALUES[1]};x\n".encode())], note=TYPED[3]
            ).status_code
            == 303
        )
        at = {"reference": reference, "number": "1"}
        assert VALUES[0] in officer.text_of("staff_line", **at)
        officer.send("staff_file", officer.visit("staff_line", **at).form("/files/1"), status=200, **at)
        story.decide(officer, reference, decision="granted")
        mine = canary.visit("request_page", reference=reference)
        assert TYPED[3] in mine.text()
        canary.send("given_file", mine.form("/files/1"), status=200, **at)
        letters_sent = built.mailbox()
        _silent("log line", heard.lines)
        _silent("job, audit line or letter's record", _identifiers_only(built))
        _silent("address", [unquote_plus(address) for address in addresses])
        _silent("letter", [f"{letter['subject']} {letter['text']} {letter['html']}" for letter in letters_sent])
        assert [letter["kind"] for letter in letters_sent].count("keeper_asked") == 1
