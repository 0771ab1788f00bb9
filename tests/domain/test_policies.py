"""Which version is in force, what takes its place, and whether both languages say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.languages import Text
from portal.domain.policies import (
    Version,
    digest,
    disparities_between,
    in_force,
    is_version_id,
    newest_first,
    superseded_by,
)
from tests.policies.builders import section, text, version

FIRST = version("2025-02-25")
SECOND = version("2026-06-15")
SAME_DAY = version("2026-06-15-2")
TENTH = version("2026-06-15-10")

days = st.dates(date(2024, 1, 1), date(2028, 1, 1))
histories = st.lists(days, unique=True, max_size=8).map(
    lambda dates: [version(day.isoformat(), effective=day) for day in dates]
)


def test_no_version_is_in_force_before_the_first_one_takes_effect() -> None:
    assert in_force([FIRST, SECOND], date(2025, 2, 24)) is None


def test_a_version_is_in_force_from_its_effective_date_on() -> None:
    assert in_force([SECOND, FIRST], date(2026, 6, 14)) == FIRST
    assert in_force([SECOND, FIRST], date(2026, 6, 15)) == SECOND


def test_of_two_versions_of_one_day_the_higher_number_is_in_force() -> None:
    assert in_force([TENTH, SECOND, SAME_DAY], date(2026, 6, 15)) == TENTH


@given(histories, days)
def test_the_version_in_force_is_the_latest_that_has_come(history: list[Version], today: date) -> None:
    found = in_force(history, today)
    come = [one.effective for one in history if one.effective <= today]
    assert (found.effective if found else None) == max(come, default=None)


@given(histories)
def test_each_version_is_superseded_by_the_one_listed_just_before_it(history: list[Version]) -> None:
    listed = newest_first(history)
    assert [superseded_by(one, history) for one in listed] == [None, *listed][: len(listed)]


def test_a_number_always_comes_after_the_bare_day() -> None:
    assert newest_first([FIRST, version("2025-02-25-1")]) == newest_first([version("2025-02-25-1"), FIRST])


def test_a_version_is_not_superseded_by_one_of_another_document() -> None:
    assert superseded_by(FIRST, [FIRST, version("2026-01-01", document="governance")]) is None


@pytest.mark.parametrize("written", ["2025-02-25", "2025-02-25-2", "2024-02-29-17"])
def test_an_id_is_a_day_with_or_without_a_number(written: str) -> None:
    assert is_version_id(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2025-2-25",
        "2025-02-30",
        "2025-02-25-0",
        "2025-02-25-1",
        "2025-02-25-01",
        "2025-02-25\n",
        "2025-02-25-",
        "2025-02-25 ",
        "../2025-02-25",
        "\uff12025-02-25",
    ],
)
def test_an_id_that_is_no_day_is_refused(written: str) -> None:
    assert not is_version_id(written)


def test_twins_that_say_the_same_have_no_disparity() -> None:
    french = text(section(body="Le 1er août 2025, puis le 25 février 2026 : voyez https://www.cai.gouv.qc.ca/."))
    english = text(section(body="On August 1, 2025, then 2026-02-25: see <https://www.cai.gouv.qc.ca/>."))
    assert disparities_between(french, english) == []


def test_a_section_of_one_language_only_is_named() -> None:
    french = text(section("uses"), section("rights", title="Vos droits"))
    [found] = disparities_between(french, text(section("uses")))
    assert (found.section, found.difference, found.only_fr, found.only_en) == (
        "rights",
        "missing_section",
        ("Vos droits",),
        (),
    )


def test_sections_in_another_order_are_named() -> None:
    french = text(section("uses"), section("rights"))
    english = text(section("rights"), section("uses"))
    [found] = disparities_between(french, english)
    assert (found.section, found.difference, found.only_en) == ("uses", "order", ("rights",))


@pytest.mark.parametrize(
    ("french", "english", "difference", "only_fr", "only_en"),
    [
        ("le 1er août 2025", "August 2, 2025", "dates", ("2025-08-01",), ("2025-08-02",)),
        ("le 15 juin 2026", "soon", "dates", ("2026-06-15",), ()),
        ("[ici](https://a.example/x)", "[here](https://a.example/y)", "links", None, None),
        ("a@x.example", "b@x.example", "emails", ("a@x.example",), ("b@x.example",)),
        ("{{ contact.phone }}", "phone", "placeholders", ("contact.phone",), ()),
    ],
)
def test_a_fact_of_one_language_only_is_named(
    french: str, english: str, difference: str, only_fr: tuple[str, ...] | None, only_en: tuple[str, ...] | None
) -> None:
    [found] = disparities_between(text(section(body=french)), text(section(body=english)))
    assert (found.section, found.difference) == ("uses", difference)
    assert only_fr in (None, found.only_fr)
    assert only_en in (None, found.only_en)


def test_sections_that_cover_other_things_are_named() -> None:
    french, english = text(section(covers="usage improve")), text(section(covers="improve news"))
    [found] = disparities_between(french, english)
    assert (found.difference, found.only_fr, found.only_en) == ("covers", ("usage",), ("news",))


def test_a_digest_changes_with_anything_the_version_says() -> None:
    others = [
        replace(FIRST, effective=FIRST.effective + timedelta(days=1)),
        replace(FIRST, summary=Text(fr="Autre chose.", en=FIRST.summary.en)),
        replace(FIRST, texts={**FIRST.texts, "fr": text(section(body="Autre chose."))}),
        replace(FIRST, texts={**FIRST.texts, "en": text(section(body="Something else."))}),
    ]
    assert len({digest(one) for one in [FIRST, *others]}) == len(others) + 1
    assert digest(FIRST) == digest(version("2025-02-25"))
