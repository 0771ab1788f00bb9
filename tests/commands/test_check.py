"""`portal check` tells what is no problem and yet good to know."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.cli import main


@pytest.mark.parametrize(("mail", "noted"), [("later", True), ("print:", False)])
def test_that_no_e_mail_leaves_yet_is_noted_and_no_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, mail: str, noted: bool
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    answers = {
        "--name-fr": "Coop",
        "--name-en": "Co-op",
        "--url": "https://privacy.example.org",
        "--mail": mail,
        "--contact": "privacy@example.org",
        "--officer": "jo@example.org",
        "--language": "en",
    }
    assert main(["init", str(tmp_path / "new"), *(part for pair in answers.items() for part in pair)]) == 0
    capsys.readouterr()
    assert main(["check", "--config", str(tmp_path / "new" / "portal.toml")]) == 0
    assert ("the mail server is not set yet" in capsys.readouterr().out) is noted
