"""`portal settings export`: what it prints, put in the place of the same sections, gives the same settings."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from portal.cli import main
from portal.config import load_settings, read_settings
from portal.domain.reminders import Reminders
from portal.services.settings import in_effect
from portal.services.settings.exporting import exported
from tests.config.written import COMPLETE, ENVIRON, FOLDER
from tests.installation import Built, an_installation
from tests.web.settings_visits import form_of, officer
from tests.web.test_settings_held import PAPER

OWNED = ("privacy_contact", "purposes", "categories", "holidays", "replies")


def pasted(file: str, export: str) -> str:
    """The file with the officer's sections taken out, and the export in their place."""
    kept, skipping = [], False
    for line in file.splitlines():
        if line.strip().startswith("["):
            skipping = line.strip().strip("[]").split(".")[0].strip("[") in OWNED
        if not skipping:
            kept.append(line)
    return "\n".join(kept) + "\n" + export


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, log_rows=6, by_hand=True)


def test_the_export_pasted_into_the_file_says_the_same(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    visitor = officer(built, "en")
    typed = {"name": 'Ada "A." Lavoie\\', "address": "1, rue du Port\nQuébec", "delegated_on": "2026-11-01"}
    away = {"backup": "b@example.org", "away_from": "2026-12-20", "away_to": "2026-12-28", "delegation": "R. 12"}
    visitor.send("staff_settings_contact", form_of(visitor, "staff_settings_contact") | typed | away)
    form = form_of(visitor, "staff_settings_category", category="usage") | {"keep0_number": "5", "keep0_unit": "Y"}
    visitor.send("staff_settings_category", form | {"label_en": 'Your "calls"'}, category="usage")
    visitor.send("staff_settings_category_new", form_of(visitor, "staff_settings_category_new") | PAPER)
    days = {"day_0": "2026-12-24", "name_fr_0": "La veille", "name_en_0": "The eve"}
    visitor.send("staff_settings_holidays", form_of(visitor, "staff_settings_holidays") | days)
    ready = {"name_fr_0": "Tiers", "name_en_0": "Others", "text_fr_0": "L’un.\nL’autre.", "text_en_0": "One.\nTwo."}
    visitor.send("staff_settings_replies", form_of(visitor, "staff_settings_replies") | ready)
    visitor.send("staff_settings_approval", form_of(visitor, "staff_settings_approval") | {"four_eyes": "y"})
    days = {"days": "7 1", "backup": "1", "unopened": "2"}
    visitor.send("staff_settings_reminders", form_of(visitor, "staff_settings_reminders") | days)
    assert main(["settings", "export", "--config", str(built.folder / "portal.toml")]) == 0
    export = capsys.readouterr().out
    tomllib.loads(export)
    file = built.folder / "portal.toml"
    file.write_text(pasted(file.read_text(encoding="utf-8"), export), encoding="utf-8")
    read = load_settings(file, {})
    with built.installation.database.reading() as store:
        now = in_effect(built.installation, store)
    assert read.privacy_contact == now.in_charge
    assert read.privacy_contact.name == 'Ada "A." Lavoie\\'
    assert read.data_map == now.data_map
    assert (read.holidays, read.replies) == (now.holidays, now.replies)
    assert len(read.holidays) == len(read.replies) == 1
    assert read.four_eyes
    assert read.reminders == now.reminders == Reminders((7, 1), half_time=True, backup=(1,), unopened=2)


def test_every_way_to_write_a_map_comes_back(built: Built) -> None:
    settings = read_settings(COMPLETE, FOLDER, ENVIRON)
    portal = replace(built.installation, settings=settings)
    with built.installation.database.writing() as store:
        text = exported(portal, store)
    again = read_settings(pasted(COMPLETE, text), FOLDER, ENVIRON)
    assert again.data_map == settings.data_map
    assert again.privacy_contact == settings.privacy_contact
