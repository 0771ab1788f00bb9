"""Sentences come from the French catalogue, compiled or not, and from the English source."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from portal.wording.catalogue import N_, catalogue_from, for_language


def test_english_is_the_source_text() -> None:
    words = for_language("en")
    assert words.gettext("Due %(day)s", day="today") == "Due today"
    assert words.ngettext("%(num)s row", "%(num)s rows", 1) == "1 row"
    assert words.ngettext("%(num)s row", "%(num)s rows", 0) == "0 rows"
    assert words.pgettext("request", "Granted") == "Granted"


def test_a_language_keeps_one_catalogue() -> None:
    assert for_language("fr") is for_language("fr")


def test_a_marked_constant_stays_itself() -> None:
    assert N_("Save") == "Save"


def test_the_text_is_read_when_nothing_is_compiled(tmp_path: Path) -> None:
    write_text(tmp_path, "Enregistrer")
    assert catalogue_from(tmp_path, "fr").gettext("Save") == "Enregistrer"


def test_the_compiled_file_serves_when_it_is_as_new_as_the_text(tmp_path: Path) -> None:
    text = write_text(tmp_path, "Ancien")
    compiled = write_compiled(tmp_path, "Compilé")
    os.utime(text, (1, 1))
    os.utime(compiled, (2, 2))
    assert catalogue_from(tmp_path, "fr").gettext("Save") == "Compilé"


def test_a_compiled_file_older_than_the_text_is_passed_over(tmp_path: Path) -> None:
    compiled = write_compiled(tmp_path, "Périmé")
    text = write_text(tmp_path, "Récent")
    os.utime(compiled, (1, 1))
    os.utime(text, (2, 2))
    assert catalogue_from(tmp_path, "fr").gettext("Save") == "Récent"


def test_a_compiled_file_alone_serves(tmp_path: Path) -> None:
    write_compiled(tmp_path, "Compilé")
    assert catalogue_from(tmp_path, "fr").gettext("Save") == "Compilé"


def test_without_any_file_sentences_stay_in_english(tmp_path: Path) -> None:
    assert catalogue_from(tmp_path, "fr").gettext("Save") == "Save"


def test_a_fuzzy_translation_is_not_used(tmp_path: Path) -> None:
    write_text(tmp_path, "Peut-être", flags=["fuzzy"])
    assert catalogue_from(tmp_path, "fr").gettext("Save") == "Save"


def test_french_counts_zero_as_singular(tmp_path: Path) -> None:
    write_text(tmp_path, "Enregistrer")
    words = catalogue_from(tmp_path, "fr")
    counted = [words.ngettext("%(num)s row", "%(num)s rows", num) for num in (0, 1, 2)]
    assert counted == ["0 ligne", "1 ligne", "2 lignes"]


def test_context_keeps_apart_what_english_writes_alike(tmp_path: Path) -> None:
    write_text(tmp_path, "Enregistrer")
    words = catalogue_from(tmp_path, "fr")
    assert words.pgettext("request", "Received") == "Reçue"
    assert words.gettext("Received") == "Received"


def write_text(folder: Path, save: str, flags: list[str] | None = None) -> Path:
    """Write a small French catalogue and give its file."""
    path = messages(folder).with_suffix(".po")
    with path.open("wb") as stream:
        write_po(stream, french(save, flags or []))
    return path


def write_compiled(folder: Path, save: str) -> Path:
    """Compile a small French catalogue and give its file."""
    path = messages(folder).with_suffix(".mo")
    stream = BytesIO()
    write_mo(stream, french(save, []))
    path.write_bytes(stream.getvalue())
    return path


def messages(folder: Path) -> Path:
    """Where the French catalogue lies under a folder."""
    place = folder / "fr" / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    return place / "messages"


def french(save: str, flags: list[str]) -> Catalog:
    """A catalogue of three sentences."""
    catalogue = Catalog(locale="fr_CA", fuzzy=False)
    catalogue.add("Save", save, flags=flags)
    catalogue.add("Received", "Reçue", context="request")
    catalogue.add(("%(num)s row", "%(num)s rows"), ("%(num)s ligne", "%(num)s lignes"), flags=["python-format"])
    return catalogue
