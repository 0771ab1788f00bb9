"""What sampled values look like, and which of them may be told: codes that several rows share, and nothing else."""

import pytest

from portal.domain.samples import codes_of, look_of
from portal.domain.surveys import Look


@pytest.mark.parametrize(
    ("values", "look"),
    [
        (["rose@example.org", "Hugo.Otis@exemple.ca", " "], Look.EMAIL),
        (["418 555-0100", "+1 (418) 555-0101", "514-555-0102 poste 12"], Look.PHONE),
        (["192.0.2.7", "2001:db8::1"], Look.IP),
        (["2026-01-31", "2026-01-31T08:00:00Z", "2026-01-31 08:00"], Look.DATE),
        (["G0S 2J0", "h2x1y4"], Look.POSTAL_CODE),
        (["$2b$12$abcdefghijklmnopqrstuv", "d41d8cd98f00b204e9800998ecf8427e"], Look.DIGEST),
        (['{"phone": "418 555-0100"}', "{}", '{\n "a": [1, '], Look.JSON),
        (["{draft}", "{braces}"], None),
        (["rose@example.org"], None),
        (["rose@example.org", "hugo", "mai"], None),
        (["2026", "12", "418"], None),
        ([], None),
    ],
)
def test_a_column_looks_like_what_nearly_all_of_its_values_look_like(values: list[str], look: Look | None) -> None:
    assert look_of(values) is look


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (["paid", "due", "paid", "due"], ("due", "paid")),
        (["fr-CA", "en-CA", "fr-CA", "en-CA"], ("en-CA", "fr-CA")),
        (["QC", "QC", "IN_PROGRESS", "IN_PROGRESS"], ("IN_PROGRESS", "QC")),
        (["paid", "due", "paid"], ()),
        (["Rose", "Rose", "Hugo", "Hugo"], ()),
        (["she is ill", "she is ill"], ()),
        (["paid", "paid", "rose@example.org", "rose@example.org"], ()),
        (["a1b2", "a1b2"], ()),
        ([letter * 2 for letter in "abcdefghi" for _ in range(2)], ()),
        ([], ()),
    ],
)
def test_only_short_words_that_several_rows_share_are_codes_or_none_of_them(
    values: list[str], codes: tuple[str, ...]
) -> None:
    assert codes_of(values) == codes
