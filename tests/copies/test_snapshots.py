"""A whole copy in each language is, byte for byte, the one that was read and found right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import fastjsonschema
import pytest

from portal.copies.writing import write_copy
from portal.domain.languages import LANGUAGES, Language
from tests.copies.builders import a_copy
from tests.copies.snapshots import FOLDER, files_of, of_a_person


def kept(name: str) -> Mapping[str, bytes]:
    """Every file that was read and found right, by its name in the archive."""
    folder = FOLDER / name
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def compare(written: Mapping[str, bytes], name: str) -> None:
    """Each file with the one that was kept: none more, none less."""
    found = kept(name)
    assert set(written) == set(found)
    for file, content in written.items():
        assert content == found[file], f"{file}: python -m tests.copies.snapshots writes the files anew"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_persons_copy_is_what_was_kept(language: Language, tmp_path: Path) -> None:
    compare(of_a_person(tmp_path, language), language)


def test_a_copy_with_every_kind_of_value_is_what_was_kept() -> None:
    compare(files_of(write_copy(a_copy())), "values")


@pytest.mark.parametrize("name", [*LANGUAGES, "values"])
def test_what_was_kept_is_whole_and_has_the_published_form(name: str) -> None:
    files = kept(name)
    manifest = json.loads(files["manifest.json"])
    listed = {file["name"]: (file["bytes"], file["sha256"]) for file in manifest["files"]}
    assert listed == {
        file: (len(content), sha256(content).hexdigest()) for file, content in files.items() if file != "manifest.json"
    }
    fastjsonschema.compile(json.loads(files["data.schema.json"]))(json.loads(files["data.json"]))
