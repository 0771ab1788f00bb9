"""`portal check` tells what is no problem and yet good to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.cli import main
from portal.config.law import FOLDER

ANSWERS = {
    "--name-fr": "Coop",
    "--name-en": "Co-op",
    "--url": "https://privacy.example.org",
    "--mail": "later",
    "--contact": "privacy@example.org",
    "--officer": "jo@example.org",
    "--language": "en",
}


@pytest.mark.parametrize(("mail", "noted"), [("later", True), ("print:", False)])
def test_that_no_e_mail_leaves_yet_is_noted_and_no_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, mail: str, noted: bool
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    answers = ANSWERS | {"--mail": mail}
    assert main(["init", str(tmp_path / "new"), *(part for pair in answers.items() for part in pair)]) == 0
    capsys.readouterr()
    assert main(["check", "--config", str(tmp_path / "new" / "portal.toml")]) == 0
    assert ("the mail server is not set yet" in capsys.readouterr().out) is noted


def begun(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, law: str) -> Path:
    """An installation whose portal.toml begins with these lines on the law."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert main(["init", str(tmp_path / "new"), *(part for pair in ANSWERS.items() for part in pair)]) == 0
    capsys.readouterr()
    file = tmp_path / "new" / "portal.toml"
    file.write_text(law + file.read_text(encoding="utf-8"), encoding="utf-8")
    return file


def test_a_regime_that_counsel_has_not_read_is_noted_and_one_read_lately_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = begun(tmp_path, capsys, monkeypatch, 'other_regimes = ["eu_gdpr"]\nlaw = "law"\n')
    (file.parent / "law").mkdir()
    assert main(["check", "--config", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Note: qc_p391: counsel has not read" in said
    assert "Note: eu_gdpr: counsel has not read" in said
    assert "Note: eu_authority: nobody has read how to reach this body" in said
    assert "GDPR16_accurate" in said, "grounds offered without counsel’s word"
    shipped = (FOLDER / "regimes.toml").read_text(encoding="utf-8")
    row = next(row for row in shipped.split("[[regimes]]") if '"eu_gdpr"' in row)
    lately = (datetime.now(UTC) - timedelta(days=10)).date()
    reviewed = row.replace("effective_from", f'reviewed_by = "Me Roy"\nreviewed_on = {lately}\neffective_from')
    (file.parent / "law" / "regimes.toml").write_text(f"[[regimes]]{reviewed}", encoding="utf-8")
    assert main(["check", "--config", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Note: qc_p391" in said
    assert "eu_gdpr" not in said


def test_what_is_wrong_with_the_operator_s_law_is_a_problem_like_others_and_the_portal_does_not_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = begun(tmp_path, capsys, monkeypatch, 'law = "law"\n')
    (file.parent / "law").mkdir()
    (file.parent / "law" / "holidays.toml").write_text(
        """
[[calendars]]
key = "france"
label = { fr = "France", en = "France" }
weekly = ["sunday"]

  [[calendars.holidays]]
  name = { fr = "Jour", en = "Day" }
  falls = { rule = "fixed", month = 2, day = 30 }
""",
        encoding="utf-8",
    )
    assert main(["check", "--config", str(file)]) == 1
    wanted = "law/holidays.toml: calendars[0].holidays[0].falls: expected a day that every year has"
    assert wanted in capsys.readouterr().out
    assert main(["web", "--config", str(file)]) == 1
    assert wanted in capsys.readouterr().err
