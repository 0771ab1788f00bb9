"""The shipped law files say what the law says, in both languages, and a spoilt one is refused with its name."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from portal.config.law import (
    FOLDER,
    LawFileInvalid,
    load_calendars,
    load_commission,
    load_grounds,
    load_regimes,
)
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


def test_quebec_answers_in_30_days_free_and_cannot_extend_alone() -> None:
    quebec = load_regimes()["qc_p391"]
    assert quebec.base == Span(30, "day")
    assert not quebec.counts_receipt_day
    assert (quebec.extension, quebec.extension_authority) == (None, "regulator")
    assert quebec.pause_reasons == ()
    assert quebec.silence == "deemed_refusal"
    assert quebec.recourse.within == Span(30, "day")


def test_a_regime_counsel_has_not_read_does_not_say_it_was() -> None:
    assert not [regime.key for regime in load_regimes().values() if regime.is_reviewed]


def test_quebec_recourse_is_the_commission() -> None:
    commission = load_commission()
    assert load_regimes()["qc_p391"].recourse.body == commission.key
    assert commission.name == "Commission d’accès à l’information"
    assert [office.city for office in commission.offices] == ["Québec", "Montréal"]
    assert commission.website.startswith("https://")


def test_every_quebec_ground_is_there_once() -> None:
    codes = [ground.code for ground in load_grounds()]
    assert len(codes) == len(set(codes))
    assert set(codes) == QUEBEC_CODES


def test_every_ground_belongs_to_a_regime_and_to_requests_in_free_words() -> None:
    for ground in load_grounds():
        assert ground.regime in load_regimes()
        assert Kind.OTHER in ground.applies_to


def test_each_provision_cites_the_same_section_in_both_languages() -> None:
    for ground in load_grounds():
        french = re.search(r"art\.\u00a0([\d.]+\d|\d)", ground.provision.fr)
        english = re.search(r"\bs\.\u00a0([\d.]+\d|\d)", ground.provision.en)
        assert french is not None, ground.code
        assert english is not None, ground.code
        assert french[1] == english[1], ground.code


def test_a_ground_code_names_the_section_it_cites() -> None:
    for ground in load_grounds():
        if ground.code.startswith("QC"):
            number = ground.code.removeprefix("QC").split("_")[0]
            assert f"art.\u00a0{'28.1' if number == '281' else number}" in ground.provision.fr


def test_only_what_counsel_must_confirm_is_marked_so() -> None:
    assert [ground.code for ground in load_grounds() if ground.to_be_reviewed] == ["PRIV_privilege"]
    assert [ground.code for ground in load_grounds() if ground.cites_act] == ["QC23_legal_retention"]


def test_every_kind_but_a_complaint_and_words_of_ones_own_has_its_grounds() -> None:
    without = {kind for kind in Kind if not grounds_for(load_grounds(), regime="qc_p391", kind=kind)}
    assert without == {Kind.COMPLAINT}


def test_every_text_exists_in_both_languages_with_canadian_typography() -> None:
    shipped = [*load_regimes().values(), *load_calendars().values(), *load_grounds()]
    texts = [text for row in shipped for text in _texts(row)]
    assert len(texts) > 50
    for text in texts:
        assert text.fr.strip(), text
        assert text.en.strip(), text
        assert "'" not in text.fr + text.en, text
        assert not re.search(r"[^\u00a0]:| [;!?]|« | »", text.fr), text


def test_each_folder_is_read_once() -> None:
    assert load_regimes() is load_regimes()
    assert load_grounds() is load_grounds()


def test_what_is_loaded_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        load_regimes()["qc_p391"] = None  # type: ignore[index]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("regimes.toml", "value = 30", "value = 0", "base"),
        ("regimes.toml", 'unit = "day"', 'unit = "fortnight"', "unit"),
        ("regimes.toml", "pause_reasons", "pause_raisons", "pause_raisons"),
        ("regimes.toml", 'calendar = "qc_interpretation_act"', 'calendar = "nowhere"', "nowhere"),
        ("regimes.toml", 'extension_authority = "regulator"', 'extension_authority = "self"', "an extension"),
        ("regimes.toml", "[[regimes]]", "[[regime]]", "regimes"),
        ("regimes.toml", "key = ", "key : ", "line"),
        ("holidays.toml", 'rule = "easter"', 'rule = "pasqua"', "falls"),
        ("holidays.toml", 'weekday = "monday"', 'weekday = "moonday"', "weekday"),
        ("grounds.toml", '"access"', '"acess"', "applies_to"),
        ("grounds.toml", "  fr = ", "  de = ", "reason.fr"),
        ("commission.toml", "toll_free", "toll_fre", "toll_free"),
    ],
)
def test_a_spoilt_file_is_refused_with_its_name(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    folder = a_copy_in(tmp_path)
    written = (folder / file).read_text(encoding="utf-8")
    assert old in written
    (folder / file).write_text(written.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawFileInvalid) as refused:
        _load_all(folder)
    assert refused.value.file == file
    assert says in refused.value.problem


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    folder = a_copy_in(tmp_path)
    (folder / "commission.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(LawFileInvalid, match=r"commission\.toml"):
        load_commission(folder)
    (folder / "grounds.toml").unlink()
    with pytest.raises(LawFileInvalid, match=r"grounds\.toml"):
        load_grounds(folder)


def a_copy_in(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "law"))


def _load_all(folder: Path) -> None:
    for load in (load_calendars, load_regimes, load_grounds, load_commission):
        load(folder)


def _texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
