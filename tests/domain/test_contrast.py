"""Contrast by the known values of WCAG, and the backgrounds as the style sheet has them."""

import re

import pytest

from portal.domain.contrast import BACKGROUNDS, contrast, deeper, is_readable
from portal.resources import static_folder


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_known_ratios(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_a_pale_colour_is_not_readable_and_the_portals_own_is() -> None:
    assert is_readable("#0f5450")
    assert not is_readable("#767676"), "enough on white, too little on the sand"
    assert not is_readable("#ffd700")
    assert contrast(deeper("#0f5450"), "#ffffff") > contrast("#0f5450", "#ffffff")


def test_the_backgrounds_are_those_of_the_light_scheme() -> None:
    css = (
        (static_folder() / "css" / "00-tokens.css").read_text(encoding="utf-8").split("@media (prefers-color-scheme")[0]
    )
    assert {name: re.search(rf"--{name}: (#\w+);", css)[1] for name in BACKGROUNDS} == dict(BACKGROUNDS)  # type: ignore[index]  # it is there
