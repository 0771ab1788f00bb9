"""A notice to very many, past a mail server that puts one letter in twenty off, with the worker killed again and again.

Each kill falls a moment after the server's yes, where a letter may go twice; nobody may be passed over (issue 4, point 6).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from portal.demo.service.tables import accounts
from portal.domain.notices import NoticeState
from portal.policies.folders import read_folder_whole
from portal.resources import demo_policies_folder
from portal.services import notices
from portal.services.policies import publish
from portal.storage.notice_tables import notice_recipients
from portal.storage.notice_tables import notices as rows
from tests.mail.sink import mail_server
from tests.mail.tally import Tally
from tests.proof import account, ground
from tests.proof.figures import Claim, Part, at_least, at_most, equal
from tests.proof.ground import Stage
from tests.proof.programs import Program, program, wait_until
from tests.services.telling import a_change, again, begun, officer_of, subscribe

KILLS, PEOPLE, SUBSCRIBERS = 10, 100_000, 50
ONE_IN = 20
FIRST = 1_000_000
PATIENCE = 3_600.0
"""Seconds for the whole: the few whose letter is put off four times in a row wait ten minutes."""


def to_everybody(kills: int = KILLS, people: int = PEOPLE) -> Part:
    """As many kills as asked, spread over the sending."""
    began = time.monotonic()
    with mail_server(sink=Tally()) as tally:
        url = f"smtp://127.0.0.1:{tally.port}?starttls=off"
        with ground.on_sqlite(0, mail_url=url, mail_more="notices_per_minute = 1000000\n") as stage:
            told = _invite(stage, people)
            with program(stage.folder, "worker") as worker:
                worker.start()
                notice_id = _begin(stage, tally)
                started = time.monotonic()
                _kill(worker, tally, kills, len(told))
                wait_until(
                    lambda: _done(stage, notice_id), f"the notice does not end: {worker.said()}", seconds=PATIENCE
                )
                seconds = time.monotonic() - started
                code = worker.stop()
            claims = [*_account(stage, tally, told, kills), *account.integrity(stage)]
            claims.append(equal("how the worker ended when asked", code, 0))
    notes = (
        f"{len(told):,} letters in {seconds:.0f} s, kills and waits included",
        f"{tally.put_off:,} of {tally.offered:,} offers put off",
    )
    return Part("notice (SMTP, SQLite)", kills, time.monotonic() - began, claims, notes)


def _invite(stage: Stage, people: int) -> set[str]:
    """Publish the policies, fill the service with people, let a few visitors subscribe; gives every address to tell."""
    portal, now = stage.installation, stage.now()
    with portal.database.writing() as store:
        for folder in sorted((demo_policies_folder() / "privacy").iterdir()):
            version, settings_text = read_folder_whole(folder)  # in force for months, whatever day it is today
            publish(portal, store, version, staff_id=None, now=now, settings_text=settings_text)
    at = datetime.now(UTC).replace(tzinfo=None)
    with stage.service.begin() as connection:
        connection.execute(accounts.insert(), [_account_row(number, at) for number in range(FIRST, FIRST + people)])
        everybody = {str(address).lower() for address in connection.execute(sa.select(accounts.c.email)).scalars()}
    visitors = {f"visitor{number}@example.net" for number in range(SUBSCRIBERS)}
    for visitor in visitors:
        subscribe(portal, visitor)
    return everybody | visitors


def _account_row(number: int, at: datetime) -> dict[str, object]:
    return {
        "id": number,
        "email": f"person{number}@example.org",
        "name": "Someone Invented",
        "locale": "en-CA" if number % 3 == 0 else "fr-CA",
        "password_hash": "x",
        "plan": "pro",
        "created_at": at,
        "improve_ok": True,
    }


def _begin(stage: Stage, tally: Tally) -> int:
    """Draft, count, prove and let it begin at once; only then does the server put letters off."""
    portal = stage.installation
    version_id = a_change(portal)
    with portal.database.writing() as store:
        notice_id = notices.draft_change(portal, store, officer_of(portal), version_id, stage.now())
    wait_until(lambda: again(portal, notice_id).gathering == "counted", "nobody is counted", seconds=300)
    with portal.database.writing() as store:
        notice = notices.one(store, notice_id)
        assert notice
        notices.ask_proof(store, officer_of(portal), notice, seen_version=notice.version)
    wait_until(lambda: again(portal, notice_id).state is NoticeState.PROOF_SENT, "no proof comes", seconds=60)
    tally.counted.clear()
    tally.offered, tally.fails = 0, ONE_IN
    begun(portal, again(portal, notice_id), countdown=timedelta())
    return notice_id


def _kill(worker: Program, tally: Tally, kills: int, number: int) -> None:
    """Kill the worker each time a further part of the letters has been taken, as soon as one more is."""
    for kill in range(kills):
        wanted, until = number * (kill + 1) // (kills + 2), time.monotonic() + PATIENCE
        while tally.counted.total() < wanted:
            assert time.monotonic() < until, f"letters stand still: {worker.said()}"
            time.sleep(0.0005)
        worker.kill()
        worker.start()


def _done(stage: Stage, notice_id: int) -> bool:
    return again(stage.installation, notice_id).state is NoticeState.DONE


def _account(stage: Stage, tally: Tally, told: set[str], kills: int) -> list[Claim]:
    with stage.installation.database.reading() as store:
        addresses = sa.select(sa.func.count()).where(notice_recipients.c.address.is_not(None))
        left = store.connection.execute(addresses).scalar_one()
        handed_over, waiting = store.connection.execute(sa.select(rows.c.handed_over, rows.c.waiting)).one()
    readers = [address for address, _ in tally.counted]
    return [
        equal("people and subscribers passed over", len(told - set(readers)), 0),
        equal("letters to somebody else", len(set(readers) - told), 0),
        equal("readers who got two letters of different names", len(readers) - len(set(readers)), 0),
        at_most("letters repeated, with the same Message-ID", tally.counted.total() - len(readers), kills),
        equal("handed over, as the page says", handed_over, len(told)),
        equal("waiting, as the page says", waiting, 0),
        equal("addresses left in the portal", left, 0),
        at_least("offers put off, in a hundred", 100 * tally.put_off / tally.offered, 4.9),
    ]
