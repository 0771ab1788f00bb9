"""The demo's mailbox keeps letters on this machine, newest first, and gives them back as they were written."""

from __future__ import annotations

import mailbox
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.domain.letters import LetterKind
from portal.mail.letters import Letter
from portal.mail.mailbox import MailboxTransport
from portal.mail.outcomes import Accepted, TemporarilyRefused
from tests.mail.builders import NOW, a_letter, letter_of


def test_a_letter_comes_back_as_it_was_written(tmp_path: Path) -> None:
    box, letter = MailboxTransport(tmp_path / "mailbox"), a_letter()
    put(box, letter)
    [read] = box.list()
    assert set(read) == {"id", "to", "language", "kind", "reference", "subject", "text", "html", "sent_at"}
    assert read["to"] == "camille@example.net"
    assert (read["language"], read["kind"], read["reference"]) == ("en", "acknowledgement", letter.reference)
    assert (read["subject"], read["text"], read["html"]) == (letter.subject, letter.text, letter.html)
    assert read["sent_at"] == "2025-08-02T14:30:00Z"
    assert box.find(read["id"]) == read


def test_a_code_letter_has_no_reference(tmp_path: Path) -> None:
    box = MailboxTransport(tmp_path)
    put(box, letter_of(LetterKind.SIGN_IN_CODE))
    [read] = box.list()
    assert read["reference"] is None
    assert "\n482913\n" in read["text"]
    assert "\n482913\n" in read["html"]


def test_the_newest_letter_comes_first_whatever_the_order_of_writing(tmp_path: Path) -> None:
    box = MailboxTransport(tmp_path)
    for days in (3, 1, 2):
        put(box, a_letter(subject=f"{days} days ago"), NOW - timedelta(days=days))
    put(box, a_letter(subject="now, first"))
    put(box, a_letter(subject="now, second"))
    subjects = [letter["subject"] for letter in box.list()]
    assert subjects == ["now, second", "now, first", "1 days ago", "2 days ago", "3 days ago"]
    assert [letter["subject"] for letter in box.list(2)] == subjects[:2]


def test_a_repeat_is_a_second_letter_with_an_id_of_its_own(tmp_path: Path) -> None:
    box = MailboxTransport(tmp_path)
    put(box, a_letter())
    put(box, a_letter())
    assert len({letter["id"] for letter in box.list()}) == 2


def test_an_empty_mailbox_and_an_unknown_letter(tmp_path: Path) -> None:
    box = MailboxTransport(tmp_path / "absent")
    assert box.list() == []
    assert box.find("../../etc/passwd") is None


def test_the_standard_library_opens_it_and_only_its_owner_may(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    put(MailboxTransport(folder), a_letter())
    [message] = mailbox.Maildir(folder, create=False)
    assert message["X-Portal-Kind"] == "acknowledgement"
    [file] = (folder / "new").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list((folder / "tmp").iterdir()) == []


def test_hostile_names_change_nothing_but_the_words(tmp_path: Path) -> None:
    box = MailboxTransport(tmp_path)
    put(box, a_letter(sender_name='"><script>, <b@example.org>', subject="Objet « été » = =?utf-8?q?x?= 😀"))
    [read] = box.list()
    assert read["to"] == "camille@example.net"
    assert "« été »" in read["subject"]


def test_a_folder_that_cannot_be_written_makes_letters_wait(tmp_path: Path) -> None:
    (tmp_path / "mailbox").write_text("a file stands here")
    box = MailboxTransport(tmp_path / "mailbox")
    [outcome] = box.deliver([a_letter()], now=NOW)
    assert isinstance(outcome, TemporarilyRefused)
    assert isinstance(box.probe(), TemporarilyRefused)
    assert MailboxTransport(tmp_path / "other").probe() == Accepted()


def test_listing_reads_no_more_letters_than_it_gives(tmp_path: Path) -> None:
    box = MailboxTransport(tmp_path)
    put(box, a_letter())
    [file] = (tmp_path / "new").iterdir()
    for number in range(3000):
        (tmp_path / "new" / f"{number:010d}.000000.P1Q{number:06d}.old").hardlink_to(file)
    began = time.monotonic()
    assert len(box.list(20)) == 20
    first = time.monotonic() - began
    began = time.monotonic()
    assert len(box.list()) == 3001
    assert first < (time.monotonic() - began) / 3


@pytest.mark.parametrize("year", [1999, 2025, 2099])
def test_the_instant_of_sending_is_told_in_utc(year: int, tmp_path: Path) -> None:
    box = MailboxTransport(tmp_path)
    put(box, a_letter(), datetime(year, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC))
    assert box.list()[0]["sent_at"] == f"{year}-01-01T23:59:59Z"


def put(box: MailboxTransport, letter: Letter, now: datetime = NOW) -> None:
    """Deliver one letter and see it accepted."""
    assert list(box.deliver([letter], now=now)) == [Accepted()]
