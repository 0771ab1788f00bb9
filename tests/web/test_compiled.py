"""Templates are compiled once for all starts, and what was compiled is believed only where nobody else could write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from portal.app import site_of
from portal.web.compiled import FOLDER, compiled_templates
from tests.client import BASE
from tests.installation import Built, an_installation


def compiled_to(data: Path, text: str) -> str:
    """What a template of that text says, when it is compiled into, or taken from, a data folder."""
    environment = Environment(loader=DictLoader({"page": text}), bytecode_cache=compiled_templates(data))  # noqa: S701
    return environment.get_template("page").render()


def page_of(built: Built) -> int:
    """Of a site that keeps its templates as the portal does: those of other tests keep them in memory."""
    return site_of(built.installation).test_client().get("/en/policy", base_url=BASE).status_code


def kept(data: Path) -> list[Path]:
    return sorted((data / FOLDER).iterdir())


def test_the_first_visit_after_a_start_compiles_no_template_of_an_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = an_installation(tmp_path)
    assert page_of(built) == 200
    assert kept(tmp_path)
    again = an_installation(tmp_path)

    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(Environment, "_generate", refuse)

    assert page_of(again) == 200


def test_a_template_that_changed_is_compiled_anew(tmp_path: Path) -> None:
    assert compiled_to(tmp_path, "before") == "before"
    [file] = kept(tmp_path)
    assert compiled_to(tmp_path, "after") == "after"
    assert kept(tmp_path) == [file]


def test_a_damaged_file_is_compiled_anew(tmp_path: Path) -> None:
    compiled_to(tmp_path, "whole")
    [file] = kept(tmp_path)
    file.write_bytes(file.read_bytes()[:-20])

    assert compiled_to(tmp_path, "whole") == "whole"


def test_nobody_else_may_read_or_write_what_is_kept(tmp_path: Path) -> None:
    compiled_to(tmp_path, "ours")

    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o705])
def test_a_folder_open_to_others_is_not_believed(tmp_path: Path, mode: int) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER).chmod(mode)

    assert compiled_templates(tmp_path) is None


def test_neither_is_a_link_to_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / FOLDER).symlink_to(tmp_path / "elsewhere")

    assert compiled_templates(tmp_path) is None


def test_without_a_folder_to_write_in_pages_are_made_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    assert compiled_templates(file) is None
    assert compiled_to(file, "shown") == "shown"


def test_a_disk_that_takes_nothing_more_keeps_no_page_from_being_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "replace", full)

    assert compiled_to(tmp_path, "shown") == "shown"
    assert kept(tmp_path) == []
