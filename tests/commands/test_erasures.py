"""`portal erasures` as an operator meets it: who came back is said by reference, and erased again; nobody is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.cli import main
from tests.installation import CAMILLE, Built, an_installation
from tests.services.test_erasure import everything_of
from tests.services.test_replay import NEW, back_up, erased, newcomer, restore


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return an_installation(tmp_path)


def run(built: Built, *arguments: str) -> int:
    return main(["erasures", *arguments, "--config", str(built.folder / "portal.toml")])


def test_who_came_back_is_told_erased_again_and_told_no_more(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    copy, reference = back_up(built), erased(built, CAMILLE)
    assert run(built, "verify") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Nobody who was erased came back."
    restore(built, copy)
    assert run(built, "verify") == 1
    *lines, last = capsys.readouterr().out.splitlines()[1:]
    assert last == "People who came back: 1. To erase them again: portal erasures replay"
    assert {line.split("\t")[0] for line in lines} == {reference}
    assert run(built, "replay") == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1].startswith("People erased again: 1. Rows: ")
    assert CAMILLE not in out
    assert run(built, "verify") == 0


def test_french_operators_are_answered_in_french(
    built: Built, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert run(built, "verify") == 0
    assert "Aucun renseignement supprimé n’est revenu." in capsys.readouterr().out


def test_a_harmed_ledger_and_a_source_away_are_one_sentence(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    erased(built, CAMILLE)
    (built.folder / "service.db").rename(built.folder / "elsewhere.db")
    assert run(built, "verify") == 1
    assert capsys.readouterr().err == "A source does not answer: portal sources list says which.\n"
    (built.folder / "erasures.ledger").unlink()
    assert run(built, "replay") == 1
    assert capsys.readouterr().err.startswith("The erasure ledger ends before entry ")


def test_a_day_that_is_none_is_wrong_usage(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "replay", "--since", "2026-02-30") == 2
    assert capsys.readouterr().err == "2026-02-30 is not a date such as 2026-11-28.\n"


def test_somebody_new_under_the_key_of_a_person_erased_is_spared_until_the_operator_says_so(
    built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    newcomer(built)
    present = everything_of(built, NEW)
    assert run(built, "verify") == 1
    out = capsys.readouterr().out
    assert "may be somebody else: 1." in out
    assert "\tservice.api_requests\t1\n" in out
    assert "People who came back" not in out
    assert run(built, "replay") == 0
    assert "People erased again: 0. Rows: 0." in capsys.readouterr().out
    assert everything_of(built, NEW) == present
    assert run(built, "replay", "--under-another-address") == 0
    assert "People erased again: 1. Rows: 1." in capsys.readouterr().out
