"""The wheel: outside the checkout it still finds its templates, styles, translations, migrations, law and policies."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    builder = Path(sys.executable).parent / "hatchling"
    subprocess.run([str(builder), "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize(
    ("folder", "bundled"),
    [
        ("portal", "portal"),
        ("migrations", "portal/_bundled/migrations"),
        ("translations", "portal/_bundled/translations"),
    ],
)
def test_every_file_the_program_reads_is_in_the_wheel(names: set[str], folder: str, bundled: str) -> None:
    tracked = subprocess.run(["git", "ls-files", folder], cwd=ROOT, check=True, capture_output=True, text=True)
    files = [line for line in tracked.stdout.splitlines() if (ROOT / line).is_file()]
    assert files
    missing = [file for file in files if bundled + file.removeprefix(folder) not in names]
    assert not missing


def test_the_compiled_catalogue_is_in_the_wheel(names: set[str]) -> None:
    assert "portal/_bundled/translations/fr/LC_MESSAGES/messages.mo" in names
