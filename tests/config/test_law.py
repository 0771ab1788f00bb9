"""The shipped law files say what the law says, in both languages, and a spoilt one is refused with its name."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from portal.config.law import FOLDER, LawFileInvalid, shipped_law
from portal.domain.grounds import grounds_for
from portal.domain.languages import Text
from portal.domain.regimes import Span
from portal.domain.rights import Kind

QUEBEC_CODES = {
    "QC30_identity",
    "QC30_capacity",
    "QC27_portability_difficulty",
    "QC27_derived",
    "QC28_accurate",
    "QC23_legal_retention",
    "QC36_pending_recourse",
    "QC37_health",
    "QC38_under14",
    "QC39_1_inquiry",
    "QC39_2_proceedings",
    "QC40_third_party",
    "QC41_succession",
    "QC281_criteria",
    "PRIV_privilege",
}


SPOILT = [
    ("regimes.toml", "value = 30", "value = 0", "regimes[0].base.value: expected a whole number from 1 to 1000"),
    ("regimes.toml", 'unit = "day"', 'unit = "fortnight"', "base.unit: expected one of: day, business_day, month"),
    ("regimes.toml", "pause_reasons", "pause_raisons", "pause_raisons: no such key here; nearest: pause_reasons"),
    ("regimes.toml", 'calendar = "qc_interpretation_act"', 'calendar = "nowhere"', "holiday_calendar: no such id"),
    ("regimes.toml", 'body = "cai"', 'body = "cia"', "recourse.body: no such id among the bodies"),
    (
        "regimes.toml",
        'extension_authority = "regulator"',
        'extension_authority = "self"',
        "extension_authority: expected a",
    ),
    ("regimes.toml", "# Regimes", "regime = 1\n# Regimes", "regime: no such key here; nearest: regimes"),
    ("regimes.toml", "key = ", "key : ", "not valid TOML"),
    ("regimes.toml", 'key = "ca_pipeda"', 'key = "qc_p391"', "regimes[1].key: is the same as regimes[0].key"),
    ("regimes.toml", 'key = "qc_p391"', 'key = "qc_p391_and_more_of_it"', "regimes[0].key: expected a short name"),
    (
        "regimes.toml",
        "record_months = 36",
        "record_months = 11",
        "record_months: expected a whole number of months, from 12",
    ),
    ("regimes.toml", "record_months = 36", "record_months = 1001", "record_months: expected a whole number of months"),
    ("regimes.toml", 'en = "I live in Québec"', 'en = " "', "declaration.en: expected some words"),
    ("holidays.toml", 'rule = "easter"', 'rule = "pasqua"', "falls.rule: expected one of: fixed, easter"),
    ("holidays.toml", 'weekday = "monday"', 'weekday = "moonday"', "falls.weekday: expected one of: monday"),
    ("holidays.toml", "month = 6, day = 24", "month = 2, day = 29", "falls: expected a day that every year has"),
    ("holidays.toml", "offset = -2", "offset = -2000", "falls: expected a day that every year has"),
    (
        "holidays.toml",
        'weekly = ["sunday"]',
        'weekly = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]',
        "calendars[0].weekly: expected at least one weekday",
    ),
    ("grounds.toml", '"access"', '"acess"', "applies_to[0]"),
    ("grounds.toml", "  fr = ", "  de = ", "reason.fr: is missing"),
    ("grounds.toml", 'regime = "qc_p391"', 'regime = "qc"', "grounds[0].regime: no such id among the regimes"),
    ("bodies.toml", "toll_free", "toll_fre", "toll_fre: no such key here; nearest: toll_free"),
    ("bodies.toml", "checked_on = 2026-11-23", 'checked_on = "soon"', "checked_on: expected a date that exists"),
]


def test_quebec_answers_in_30_days_free_and_cannot_extend_alone() -> None:
    quebec = shipped_law().regimes["qc_p391"]
    assert quebec.base == Span(30, "day")
    assert not quebec.counts_receipt_day
    assert (quebec.extension, quebec.extension_authority) == (None, "regulator")
    assert quebec.pause_reasons == ()
    assert quebec.silence == "deemed_refusal"
    assert quebec.recourse.within == Span(30, "day")


def test_a_regime_counsel_has_not_read_does_not_say_it_was() -> None:
    assert not [regime.key for regime in shipped_law().regimes.values() if regime.is_reviewed]


def test_quebec_recourse_is_the_commission() -> None:
    commission = shipped_law().bodies["cai"]
    assert shipped_law().regimes["qc_p391"].recourse.body == commission.key
    assert commission.name == Text("Commission d’accès à l’information", "Commission d’accès à l’information")
    assert [office.city for office in commission.offices] == ["Québec", "Montréal"]
    assert commission.website.startswith("https://")


@pytest.mark.parametrize("key", shipped_law().regimes)
def test_each_regime_names_a_body_and_says_how_to_turn_to_it(key: str) -> None:
    regime = shipped_law().regimes[key]
    assert regime.recourse.body in shipped_law().bodies
    named = {"cai": "Commission d’accès", "opc": "Privacy Commissioner", "eu_authority": "supervisory authority"}
    assert named.get(regime.recourse.body, "California Privacy Protection Agency") in regime.recourse.how.en


def test_only_the_gdpr_names_the_judicial_remedy_and_sets_no_last_day_with_california() -> None:
    regimes = shipped_law().regimes
    assert [key for key, one in regimes.items() if one.recourse.court] == ["eu_gdpr"]
    assert [key for key, one in regimes.items() if one.recourse.within is None] == ["eu_gdpr", "us_ca_ccpa"]
    assert regimes["ca_pipeda"].recourse.within == Span(6, "month")


def test_who_may_extend_pause_and_what_silence_means_are_as_the_table_says() -> None:
    found = {
        key: (one.extension_authority, one.extension, one.pause_reasons, one.silence)
        for key, one in shipped_law().regimes.items()
    }
    assert found == {
        "qc_p391": ("regulator", None, (), "deemed_refusal"),
        "ca_pipeda": ("self", Span(30, "day"), (), "deemed_refusal"),
        "eu_gdpr": ("self", Span(2, "month"), ("identity", "clarification"), "breach"),
        "us_ca_ccpa": ("self", Span(45, "day"), (), "breach"),
        "qc_a21": ("self", Span(10, "day"), (), "deemed_refusal"),
    }


def codes_of(regime: str) -> set[str]:
    return {ground.code for ground in shipped_law().grounds if ground.regime == regime}


def test_every_ground_is_there_once() -> None:
    codes = [ground.code for ground in shipped_law().grounds]
    assert len(codes) == len(set(codes))
    assert codes_of("qc_p391") == QUEBEC_CODES
    assert codes_of("eu_gdpr") >= {"GDPR12_5", "GDPR15_4", "GDPR20_4", *(f"GDPR17_3_{one}" for one in "abcde")}
    assert codes_of("ca_pipeda") >= {"PIPEDA9_1", *(f"PIPEDA9_3_{one}" for one in ("a", "b", "c", "c1", "d", "e"))}
    assert codes_of("us_ca_ccpa") == {"CCPA_unverified", "CCPA145", *(f"CCPA105_d_{one}" for one in range(1, 9))}


def test_every_ground_belongs_to_a_regime_and_to_requests_in_free_words() -> None:
    for ground in shipped_law().grounds:
        assert ground.regime in shipped_law().regimes
        assert Kind.OTHER in ground.applies_to


def test_volume_is_a_ground_under_the_gdpr_alone() -> None:
    found = [ground.regime for ground in shipped_law().grounds if "excessive" in ground.reason.en]
    assert found == ["eu_gdpr"]


def test_each_provision_cites_the_same_section_in_both_languages() -> None:
    for ground in shipped_law().grounds:
        french = re.search(r"(?:art\.|par\.|al\.|§)\u00a0([\d.]+\d|\d)", ground.provision.fr)
        english = re.search(r"(?:\bs\.|Art\.|§)\u00a0([\d.]+\d|\d)", ground.provision.en)
        assert french is not None, ground.code
        assert english is not None, ground.code
        assert french[1] == english[1], ground.code


def test_a_ground_code_names_the_section_it_cites() -> None:
    for ground in shipped_law().grounds:
        number = "".join(re.findall(r"^[A-Z]+(\d.*)", ground.code)).split("_")[0]
        if number:
            cited = {"281": "28.1", "105": "1798.105", "145": "1798.145"}.get(number, number)
            assert re.search(rf"(art\.|par\.|al\.|§)\u00a0{re.escape(cited)}\b", ground.provision.fr), ground.code


def test_what_counsel_must_confirm_of_quebec_is_marked_so() -> None:
    quebec = [ground for ground in shipped_law().grounds if ground.regime == "qc_p391"]
    assert [ground.code for ground in quebec if ground.to_be_reviewed] == ["PRIV_privilege"]
    assert [ground.code for ground in quebec if ground.cites_act] == ["QC23_legal_retention"]


def test_what_was_not_read_at_its_source_is_to_be_reviewed() -> None:
    law = shipped_law()
    today = date(2026, 11, 28)
    assert {key for key, body in law.bodies.items() if not body.wants_check(today)} == {"cai"}
    cai = law.bodies["cai"]
    assert "cai.gouv.qc.ca" in (cai.checked_by or ""), "who read it, and where"
    assert cai.wants_check(date(2027, 11, 24)), "a year later"
    assert replace(cai, checked_by=None).wants_check(today), "nobody says who"
    assert all(one.to_be_reviewed for one in law.grounds if one.regime == "qc_a21" or one.code.startswith("PIPEDA9_3"))
    assert all(one.wants_review(date(2026, 11, 28)) for one in law.regimes.values())


@pytest.mark.parametrize("regime", shipped_law().regimes)
def test_every_kind_but_a_complaint_has_its_grounds(regime: str) -> None:
    without = {kind for kind in Kind if not grounds_for(shipped_law().grounds, regime=regime, kind=kind)}
    assert without == {Kind.COMPLAINT}


def test_every_text_exists_in_both_languages_with_canadian_typography() -> None:
    shipped = [
        *shipped_law().regimes.values(),
        *shipped_law().calendars.values(),
        *shipped_law().grounds,
        *shipped_law().bodies.values(),
    ]
    texts = [text for row in shipped for text in _texts(row)]
    assert len(texts) > 50
    for text in texts:
        assert text.fr.strip(), text
        assert text.en.strip(), text
        assert "'" not in text.fr + text.en, text
        assert not re.search(r"[^\u00a0]:| [;!?]|« | »", text.fr), text


def test_each_folder_is_read_once() -> None:
    assert shipped_law() is shipped_law()


def test_what_is_loaded_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        shipped_law().regimes["qc_p391"] = None  # type: ignore[index]


@pytest.mark.parametrize(("file", "old", "new", "says"), SPOILT)
def test_a_spoilt_file_is_refused_with_its_name(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    folder = a_copy_in(tmp_path)
    written = (folder / file).read_text(encoding="utf-8")
    assert old in written
    (folder / file).write_text(written.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawFileInvalid) as refused:
        shipped_law(folder)
    assert refused.value.file == file
    assert says in refused.value.problem


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    folder = a_copy_in(tmp_path)
    (folder / "bodies.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(LawFileInvalid, match=r"bodies\.toml"):
        shipped_law(folder)
    shutil.copy(FOLDER / "bodies.toml", folder)
    (folder / "grounds.toml").unlink()
    with pytest.raises(LawFileInvalid, match=r"grounds\.toml"):
        shipped_law(folder)


def a_copy_in(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "law"))


def _texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
