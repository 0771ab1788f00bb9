"""A notice as the worker sends it, beside a bare loop over the same server's connection, and what it holds meanwhile."""

from __future__ import annotations

import smtplib
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from portal.config import Settings
from portal.domain.notices import Notice, NoticeState
from portal.services import notices
from portal.storage.notice_tables import notice_recipients
from portal.storage.notice_tables import notices as rows
from tests.bench import ground
from tests.bench.figures import Figure, Row, budget, rates
from tests.bench.processes import PYTHON, free_port, resident, running
from tests.bench.timing import ROUNDS
from tests.installation import Built
from tests.services.telling import a_change, again, begun, officer_of

PEOPLE, PART_OF_THE_RATE, GROWTH = 100_000, 0.5, 5.0
WITHIN = 1_800.0

_PEOPLE = """WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :people)
INSERT INTO accounts (id, email, name, locale, password_hash, plan, improve_ok, news_ok, created_at)
SELECT 1000 + n, 'person' || n || '@example.org', 'Someone Invented', CASE n % 3 WHEN 0 THEN 'en-CA' ELSE 'fr-CA' END,
  'scrypt:0', 'pro', 1, 0, '2026-11-01 12:00:00.000000' FROM counted"""


def measure(size: int | None) -> list[Row]:
    """`size`: how many people are told in all, an equal part in each round."""
    people = (size or PEOPLE) // ROUNDS
    ours, bare, held = [], [], []
    with ground.a_folder() as folder:
        port = free_port()
        built = _an_installation(folder, port, people)
        with running([PYTHON, "-m", "tests.mail.tally", str(port)]), ground.working(built) as worker:
            _wait_for(port)
            sample = _sample()
            for number in range(ROUNDS):
                bare.append(_bare(port, sample, people))
                ours.append(_told(built, people, number))
                held.append(resident(worker))
    name = f"notice to {people * ROUNDS:,} people, {people:,} a round"
    return [
        rates(name, median(ours), median(bare), PART_OF_THE_RATE, peer="bare smtplib loop"),
        _growth(held),
    ]


def _an_installation(folder: Path, port: int, people: int) -> Built:
    """An installation whose settings file, which the worker reads, names the server and no pace."""
    service = ground.fill_service(folder / "filled.db", calls=1)
    with closing(sqlite3.connect(service)) as connection, connection:
        connection.execute(_PEOPLE, {"people": people - 2})
    url = f"smtp://127.0.0.1:{port}?starttls=off"

    def change(settings: Settings) -> Settings:
        return replace(settings, mail=replace(settings.mail, url=url, notices_per_minute=1_000_000))

    built = ground.an_installation_with(folder / "portal", service, change=change)
    file = built.folder / "portal.toml"
    text = file.read_text(encoding="utf-8").replace('"mailbox:"', f'"{url}"\nnotices_per_minute = 1000000')
    assert url in text
    file.write_text(text, encoding="utf-8")
    return built


def _told(built: Built, people: int, number: int) -> float:
    """Letters a second from the end of the countdown to the last letter noted, the fetching of addresses included."""
    portal = built.installation
    notice = _ready(built, number)
    began = time.perf_counter()
    begun(portal, notice, countdown=timedelta())
    _until(lambda: again(portal, notice.id).state is NoticeState.DONE)
    seconds = time.perf_counter() - began
    assert again(portal, notice.id).counters.handed_over == people
    with portal.database.writing() as store:
        store.connection.execute(sa.delete(notice_recipients))
        store.connection.execute(sa.delete(rows))
    return people / seconds


def _ready(built: Built, number: int) -> Notice:
    """A notice drafted, counted and proved by the worker."""
    portal, member = built.installation, officer_of(built.installation)
    version_id = a_change(portal, day=portal.today(portal.clock()) + timedelta(days=30 + number))
    with portal.database.writing() as store:
        notice_id = notices.draft_change(portal, store, member, version_id, portal.clock())
    _until(lambda: again(portal, notice_id).gathering == "counted")
    with portal.database.writing() as store:
        notice = notices.one(store, notice_id)
        assert notice
        notices.ask_proof(store, member, notice, seen_version=notice.version)
    _until(lambda: again(portal, notice_id).state is NoticeState.PROOF_SENT)
    return again(portal, notice_id)


def _bare(port: int, sample: bytes, people: int) -> float:
    """Letters a second of a loop that does nothing else: each ready, none noted, all over one connection."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number in range(people):
            smtp.sendmail("privacy@example.org", [f"person{number}@example.org"], sample)
    return people / (time.perf_counter() - began)


def _sample() -> bytes:
    """A letter like ours, as long to the byte or nearly."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "privacy@example.org", "person1@example.org"
    message["Subject"], message["Message-ID"] = "Our privacy policy changes", "<bare@example.org>"
    message.set_content("a line of a letter, as long as most of them are in a letter\n" * 60)
    return message.as_bytes()


def _growth(held: list[int]) -> Figure:
    """What the worker holds more after the last round than after the first."""
    grown = max(0.0, (max(held[1:]) - held[0]) / 2**20)
    return budget("a worker's memory from the first round to the last", round(grown, 1), GROWTH, unit="MiB")


def _wait_for(port: int) -> None:
    def answers() -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", port):
                return True
        except OSError:
            return False

    _until(answers)


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < until, "the notice stands still"
        time.sleep(0.02)
