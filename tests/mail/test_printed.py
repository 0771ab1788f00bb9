"""Letters on paper: one page each, whatever the number of tries."""

from __future__ import annotations

import stat
from pathlib import Path

from portal.mail.outcomes import Accepted, TemporarilyRefused
from portal.mail.printed import PrintedTransport
from tests.mail.builders import NOW, a_letter


def test_a_letter_becomes_a_page_with_its_reader_on_top(tmp_path: Path) -> None:
    letter = a_letter()
    assert list(PrintedTransport(tmp_path).deliver([letter], now=NOW)) == [Accepted()]
    [page] = tmp_path.iterdir()
    assert page.name == f"{letter.reference}-token-1.html"
    words = page.read_text()
    assert words.index("camille@example.net") < words.index("<h1")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_a_repeat_is_not_posted_twice(tmp_path: Path) -> None:
    transport = PrintedTransport(tmp_path)
    assert list(transport.deliver([a_letter(), a_letter()], now=NOW)) == [Accepted(), Accepted()]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_hostile_message_id_stays_inside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    assert list(PrintedTransport(folder).deliver([a_letter(message_id="<../../x@y>")], now=NOW)) == [Accepted()]
    assert [path.name for path in tmp_path.iterdir()] == ["letters"]
    assert len(list(folder.iterdir())) == 1


def test_a_folder_that_cannot_be_written_makes_letters_wait(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("a file stands here")
    transport = PrintedTransport(tmp_path / "letters")
    [outcome] = transport.deliver([a_letter()], now=NOW)
    assert isinstance(outcome, TemporarilyRefused)
    assert isinstance(transport.probe(), TemporarilyRefused)
