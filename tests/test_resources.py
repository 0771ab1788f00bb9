"""The program finds its own files in a checkout and in an installation that has no checkout around it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal import resources

BESIDE = ("migrations", "translations")
INSIDE = ("templates", "static", "demo/policies")


@pytest.mark.parametrize(
    ("find", "name"),
    [
        (resources.migrations_folder, "migrations"),
        (resources.translations_folder, "translations"),
        (resources.templates_folder, "portal/templates"),
        (resources.static_folder, "portal/static"),
    ],
)
def test_a_checkout_has_its_folders_where_they_are_written(find, name):
    root = Path(resources.__file__).resolve().parent.parent
    assert find() == root / name
    assert find().is_dir()


def installed(folder: Path, *, bundled: bool) -> Path:
    """A package `portal` that holds resources.py alone, laid out as the wheel lays it out."""
    package = folder / "portal"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.copy(resources.__file__, package / "resources.py")
    for name in INSIDE:
        (package / name).mkdir(parents=True)
    for name in BESIDE if bundled else ():
        (package / "_bundled" / name).mkdir(parents=True)
    return folder


def asked(folder: Path, function: str) -> subprocess.CompletedProcess[str]:
    code = f"from portal import resources; print(resources.{function}())"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", BESIDE)
def test_an_installation_without_checkout_finds_its_bundled_folders(tmp_path, name):
    (tmp_path / name).mkdir()
    answer = asked(installed(tmp_path, bundled=True), f"{name}_folder")
    assert Path(answer.stdout.strip()) == tmp_path / "portal" / "_bundled" / name


def test_an_installation_without_checkout_finds_what_lies_inside_the_package(tmp_path):
    answer = asked(installed(tmp_path, bundled=True), "demo_policies_folder")
    assert Path(answer.stdout.strip()) == tmp_path / "portal" / "demo" / "policies"


def test_an_incomplete_installation_says_which_folder_is_missing(tmp_path):
    answer = asked(installed(tmp_path, bundled=False), "migrations_folder")
    assert answer.returncode != 0
    assert "ResourceMissing: This installation is incomplete: its folder migrations is missing." in answer.stderr
