"""An operator's own rows of the law take the place of shipped ones, or come beside them; what is wrong is said at once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from portal.config import Settings, SettingsInvalid, read_settings
from portal.config.law import FOLDER, shipped_law
from portal.domain.regimes import Span
from tests.config.written import COMPLETE, ENVIRON

WITH_LAW = COMPLETE.replace("sells = false\n", 'sells = false\nlaw = "law"\n', 1)
SHIPPED = {name: (FOLDER / f"{name}.toml").read_text(encoding="utf-8") for name in ("regimes", "bodies", "holidays")}
FRENCH_DAYS = """
[[calendars]]
key = "france"
label = { fr = "France", en = "France" }
weekly = ["saturday", "sunday"]

  [[calendars.holidays]]
  name = { fr = "Fête nationale", en = "Bastille Day" }
  falls = { rule = "fixed", month = 7, day = 14 }
"""


def row_of(file: str, key: str) -> str:
    """One shipped row, as an operator copies it to change it."""
    name = {"holidays": "calendars"}.get(file, file)
    rows = re.split(rf"(?=^\[\[{name}\]\]$)", SHIPPED[file], flags=re.MULTILINE)
    return next(row for row in rows if f'\nkey = "{key}"\n' in row)


def written(tmp_path: Path, text: str = WITH_LAW, **files: str) -> Settings:
    (tmp_path / "law").mkdir()
    for name, content in files.items():
        (tmp_path / "law" / f"{name}.toml").write_text(content, encoding="utf-8")
    return read_settings(text, tmp_path, ENVIRON)


def problems_of(tmp_path: Path, text: str = WITH_LAW, **files: str) -> list[tuple[str, str, str]]:
    with pytest.raises(SettingsInvalid) as refused:
        written(tmp_path, text, **files)
    return [(one.file, one.key, one.code) for one in refused.value.problems]


def test_without_a_folder_the_law_is_the_one_shipped(tmp_path: Path) -> None:
    assert read_settings(COMPLETE, tmp_path, ENVIRON).law is shipped_law()


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    assert written(tmp_path).law == shipped_law()


def test_a_row_takes_the_place_of_the_shipped_one_and_the_others_stay(tmp_path: Path) -> None:
    own = row_of("regimes", "eu_gdpr").replace(
        'holiday_calendar = "eu_weekends"',
        'holiday_calendar = "france"\nreviewed_by = "Me Roy"\nreviewed_on = 2026-10-01',
    )
    law = written(tmp_path, regimes=own, holidays=FRENCH_DAYS).law
    gdpr = law.regimes["eu_gdpr"]
    assert (gdpr.reviewed_by, gdpr.reviewed_on) == ("Me Roy", date(2026, 10, 1))
    assert not gdpr.wants_review(date(2026, 11, 28))
    assert law.calendar_of(gdpr).is_holiday(date(2027, 7, 14))
    assert law.regimes["qc_p391"] == shipped_law().regimes["qc_p391"]
    assert list(law.regimes) == list(shipped_law().regimes)


def test_a_new_row_comes_beside_and_may_be_switched_on(tmp_path: Path) -> None:
    own = row_of("regimes", "eu_gdpr").replace('key = "eu_gdpr"', 'key = "uk_gdpr"').replace('"eu_authority"', '"ico"')
    body = row_of("bodies", "eu_authority").replace('key = "eu_authority"', 'key = "ico"')
    text = WITH_LAW.replace('law = "law"\n', 'law = "law"\nother_regimes = ["uk_gdpr"]\n')
    settings = written(tmp_path, text, regimes=own, bodies=body)
    assert settings.other_regimes == ("uk_gdpr",)
    assert settings.law.body_of(settings.law.regimes["uk_gdpr"]).key == "ico"
    assert settings.own_law == "law"


def test_a_ground_is_replaced_by_its_code(tmp_path: Path) -> None:
    grounds = (FOLDER / "grounds.toml").read_text(encoding="utf-8")
    own = grounds[grounds.index("[[grounds]]") : grounds.index("\n# s. 30: representative")]
    law = written(tmp_path, grounds=own.replace("Identité non prouvée", "Qui demande\u00a0?")).law
    assert len(law.grounds) == len(shipped_law().grounds)
    assert law.grounds[0].label.fr == "Qui demande\u00a0?"


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        ("effective_from = 2018-05-25", 'effective_from = "2018-02-30"', "regimes[0].effective_from", "wrong"),
        ("pause_reasons", "pause_raisons", "regimes[0].pause_raisons", "unknown_key_nearest"),
        (
            'extension_authority = "self"',
            'extension_authority = "none"',
            "regimes[0].extension_authority",
            "extension_authority",
        ),
        ('extension = { value = 2, unit = "month" }\n', "", "regimes[0].extension_authority", "extension_authority"),
        (
            'unit = "month" }\nextension',
            'unit = "day" }\nextension',
            "regimes[0].extension_authority",
            "extension_authority",
        ),
        ("value = 1,", "value = 0,", "regimes[0].base.value", "wrong"),
        ("value = 1,", 'value = "soon",', "regimes[0].base.value", "wrong"),
        ("value = 1,", "value = 100000,", "regimes[0].base.value", "wrong"),
        ('silence = "breach"', 'silence = "golden"', "regimes[0].silence", "wrong"),
        ("record_months = 36", "record_months = 11", "regimes[0].record_months", "record_months"),
        ('"eu_weekends"', '"nowhere"', "regimes[0].holiday_calendar", "unknown_name"),
        ('body = "eu_authority"', 'body = "nobody"', "regimes[0].recourse.body", "unknown_name"),
        ('key = "eu_gdpr"', 'key = "eu gdpr"', "regimes[0].key", "wrong"),
        ('en = "I live in the European Union"', 'en = ""', "regimes[0].declaration.en", "wrong"),
        ("base = {", "bass = {", "regimes[0].base", "missing"),
        ('en = "complaint"', 'en = "com\\u202eplaint"', "regimes[0].recourse.remedy.en", "wrong"),
        ('en = "complaint"', 'en = "com\\nplaint"', "regimes[0].recourse.remedy.en", "wrong"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_at_its_key(tmp_path: Path, old: str, new: str, key: str, code: str) -> None:
    row = row_of("regimes", "eu_gdpr")
    assert old in row
    assert problems_of(tmp_path, regimes=row.replace(old, new, 1)) == [("law/regimes.toml", key, code)]


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        ("month = 7, day = 14", "month = 2, day = 30", "calendars[0].holidays[0].falls", "impossible_day"),
        ("month = 7, day = 14", "month = 13, day = 1", "calendars[0].holidays[0].falls", "impossible_day"),
        ("month = 7, day = 14", "month = 7", "calendars[0].holidays[0].falls.day", "missing"),
        ('rule = "fixed", month = 7, day = 14', 'rule = "days", days = [2027-02-30]', "", "toml"),
        (
            'rule = "fixed", month = 7, day = 14',
            'rule = "days", days = ["2027-02-30"]',
            "calendars[0].holidays[0].falls.days[0]",
            "wrong",
        ),
        ('rule = "fixed"', 'rule = "moon"', "calendars[0].holidays[0].falls.rule", "wrong"),
        ("falls = {", "fells = {", "calendars[0].holidays[0].falls", "missing"),
        ("weekly", "wekly", "calendars[0].weekly", "missing"),
        ("[[calendars]]", "[[calendar]]", "calendar", "unknown_key_nearest"),
    ],
)
def test_an_impossible_day_is_said_at_its_key(tmp_path: Path, old: str, new: str, key: str, code: str) -> None:
    assert old in FRENCH_DAYS
    found = problems_of(tmp_path, holidays=FRENCH_DAYS.replace(old, new))
    assert ("law/holidays.toml", key, code) in found


def test_every_file_is_gone_over_and_every_problem_said_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        WITH_LAW.replace("port = 8000", "port = 0"),
        regimes=row_of("regimes", "eu_gdpr").replace("base = {", "bass = {"),
        bodies=row_of("bodies", "eu_authority").replace("website", "webside"),
        holidays=FRENCH_DAYS.replace("day = 14", "day = 32"),
    )
    assert {file for file, _, _ in found} == {"portal.toml", "law/regimes.toml", "law/bodies.toml", "law/holidays.toml"}


def test_a_file_under_another_name_is_not_passed_over(tmp_path: Path) -> None:
    assert problems_of(tmp_path, regime="") == [("law/regime.toml", "", "unknown_law_file")]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(WITH_LAW, tmp_path, ENVIRON)
    [problem] = refused.value.problems
    assert (problem.file, problem.message) == (
        "law",
        "no such folder; expected that of the operator's own rows of the law",
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "www.example.org", ""])
def test_a_body_is_reached_at_an_address_of_the_web(tmp_path: Path, address: str) -> None:
    body = re.sub(r'website = "[^"]*"', f'website = "{address}"', row_of("bodies", "eu_authority"))
    assert problems_of(tmp_path, bodies=body) == [("law/bodies.toml", "bodies[0].website", "wrong")]


def test_a_row_written_twice_is_refused(tmp_path: Path) -> None:
    row = row_of("regimes", "eu_gdpr")
    assert problems_of(tmp_path, regimes=row + row) == [("law/regimes.toml", "regimes[1].key", "duplicate")]


@pytest.mark.parametrize(
    ("named", "key", "code"),
    [
        ('["eu_gdrp"]', "other_regimes[0]", "wrong"),
        ('["qc_p391"]', "other_regimes[0]", "duplicate"),
        ('["eu_gdpr", "eu_gdpr"]', "other_regimes[1]", "duplicate"),
        ('["qc_a21"]', "other_regimes[0]", "never_asked"),
        ('"eu_gdpr"', "other_regimes", "wrong"),
    ],
)
def test_a_regime_that_nobody_can_be_asked_about_is_not_switched_on(
    tmp_path: Path, named: str, key: str, code: str
) -> None:
    text = WITH_LAW.replace('law = "law"\n', f'law = "law"\nother_regimes = {named}\n')
    assert problems_of(tmp_path, text) == [("portal.toml", key, code)]


def test_the_base_of_the_clock_may_be_counted_otherwise(tmp_path: Path) -> None:
    row = row_of("regimes", "ca_pipeda").replace(
        'value = 30, unit = "day" }\ncounts', 'value = 20, unit = "business_day" }\ncounts'
    )
    row = row.replace('extension = { value = 30, unit = "day" }', 'extension = { value = 10, unit = "business_day" }')
    assert written(tmp_path, regimes=row).law.regimes["ca_pipeda"].base == Span(20, "business_day")
