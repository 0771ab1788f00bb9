"""A letter that came back is counted once, its reader was not told, and its mailbox is read without losing a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from portal.cli import FAILED, WELL, main
from portal.mail.imap import MailboxAway
from portal.services import notices
from portal.services.bounces import Taken, fetch, take
from portal.storage.notice_tables import notice_recipients
from tests.installation import CAMILLE, Built, an_installation
from tests.mail.imap_server import imap_server
from tests.mail.reports import a_report
from tests.services.telling import a_change, again, told, told_at


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def test_a_report_is_counted_once_and_its_reader_was_not_told(built: Built) -> None:
    version_id = a_change(built.installation)
    done = told(built, version_id)
    report = a_report(CAMILLE, f"<{name_of(built, CAMILLE)}@example.org>")
    assert [taken(built, report) for _ in range(2)] == [Taken.MARKED, Taken.KNOWN]
    counters = again(built.installation, done.id).counters
    assert (counters.bounced, counters.handed_over) == (1, done.counters.handed_over - 1)
    assert told_at(built.installation, CAMILLE, version_id) is None


def test_a_report_without_the_letter_is_known_by_its_address(built: Built) -> None:
    told(built, a_change(built.installation))
    assert taken(built, a_report(CAMILLE.upper(), None)) is Taken.MARKED


def test_an_address_alone_is_believed_for_some_days_and_the_letters_own_name_for_ever(built: Built) -> None:
    told(built, a_change(built.installation))
    built.clock.advance(days=8)
    assert taken(built, a_report(CAMILLE, None)) is Taken.NOT_OURS
    assert taken(built, a_report(CAMILLE, f"<{name_of(built, CAMILLE)}@example.org>")) is Taken.MARKED


def test_a_letter_that_is_not_ours_marks_nobody(built: Built) -> None:
    told(built, a_change(built.installation))
    assert taken(built, a_report(CAMILLE, "<another@example.org>")) is Taken.NOT_OURS
    assert taken(built, a_report("nobody@example.org", None)) is Taken.NOT_OURS
    assert taken(built, b"Subject: hello\r\n\r\nhello") is Taken.NO_REPORT


def test_the_command_reads_a_file(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    told(built, a_change(built.installation))
    report = built.folder / "report.eml"
    report.write_bytes(a_report(CAMILLE, f"<{name_of(built, CAMILLE)}@example.org>"))
    config = ["--config", str(built.folder / "portal.toml")]
    assert main(["mail", "bounce", str(report), *config]) == WELL
    assert main(["mail", "bounce", str(built.folder / "portal.toml"), *config]) == FAILED
    assert main(["mail", "bounce", str(built.folder / "none.eml"), *config]) == FAILED
    assert "Traceback" not in capsys.readouterr().err


def test_a_mailbox_is_read_and_each_report_marked_as_read(built: Built) -> None:
    told(built, a_change(built.installation))
    report = a_report(CAMILLE, f"<{name_of(built, CAMILLE)}@example.org>")
    with imap_server([b"Subject: holidays\r\n\r\nback on Monday", report]) as server:
        portal = with_bounces(built, server.url)
        assert fetch(portal, 0, built.clock()) is None
        assert server.seen == {1, 2}
        assert fetch(portal, 0, built.clock()) is None
    with built.installation.database.reading() as store:
        states = store.connection.execute(sa.select(notice_recipients.c.state)).scalars()
        assert sorted(states).count("bounced") == 1


def test_a_folder_and_a_password_may_have_accents(built: Built) -> None:
    with imap_server([a_report(CAMILLE, None)]) as server:
        server.name, server.password = "Non distribu&AOk-s &- &ZeVnLIqe-", "passé"
        url = server.url.replace("INBOX", quote("Non distribués & 日本語"))
        assert fetch(with_bounces(built, url), 0, built.clock()) is None
        assert server.seen == {1}


def test_a_mailbox_that_is_away_or_refuses_us_says_nothing_of_its_password(built: Built) -> None:
    with imap_server([]) as server:
        wrong = server.url.replace("p%40ss", "wrong")
        with pytest.raises(MailboxAway) as refused:
            fetch(with_bounces(built, wrong), 0, built.clock())
    assert "wrong" not in str(refused.value)
    with pytest.raises(MailboxAway):
        fetch(with_bounces(built, server.url), 0, built.clock())


def with_bounces(built: Built, url: str):  # type: ignore[no-untyped-def]  # an Installation
    portal = built.installation
    return replace(portal, settings=replace(portal.settings, mail=replace(portal.settings.mail, bounces=url)))


def taken(built: Built, report: bytes) -> Taken:
    with built.installation.database.writing() as store:
        return take(built.installation, store, report, built.clock())


def name_of(built: Built, address: str) -> str:
    hashed = notices.address_hash(built.installation, address)
    with built.installation.database.reading() as store:
        found = sa.select(notice_recipients.c.message_id).where(notice_recipients.c.address_hash == hashed)
        return str(store.connection.execute(found).scalar_one())
