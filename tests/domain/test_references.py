"""A reference survives being written, read aloud and typed again, and is never two things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.references import BITS, canonical_reference, reference_from

NUMBERS = st.integers(min_value=0, max_value=(1 << BITS) - 1)


@given(NUMBERS)
def test_what_is_written_reads_as_itself(number: int) -> None:
    assert canonical_reference(reference_from(number)) == reference_from(number)


@given(NUMBERS, NUMBERS)
def test_two_numbers_never_share_a_reference(one: int, other: int) -> None:
    assert (reference_from(one) == reference_from(other)) == (one == other)


@given(NUMBERS)
def test_every_reference_has_the_shape_told_to_people(number: int) -> None:
    head, *groups = reference_from(number).split("-")
    assert head == "R"
    assert [len(group) for group in groups] == [4, 4, 4]
    assert not set("".join(groups)) & set("ILOU")


@given(NUMBERS, st.data())
def test_careless_typing_is_forgiven(number: int, data: st.DataObject) -> None:
    reference = reference_from(number)
    separator = data.draw(st.sampled_from(["", " ", "-", "\u00a0", " - "]))
    zero, one = data.draw(st.sampled_from("0Oo")), data.draw(st.sampled_from("1IiLl"))
    typed = separator.join(reference.split("-")).replace("0", zero).replace("1", one)
    typed = data.draw(st.sampled_from([typed, typed.lower(), f"  {typed}\n"]))
    assert canonical_reference(typed) == reference


@given(st.text(max_size=60))
def test_reading_never_fails_and_is_stable(written: str) -> None:
    read = canonical_reference(written)
    assert read is None or canonical_reference(read) == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        "R",
        "7F3K-9QXM-2T4W",
        "R-7F3K-9QXM-2T4",
        "R-7F3K-9QXM-2T4WW",
        "R-7F3K-9QXM-2T4U",
        "Q-7F3K-9QXM-2T4W",
        "R-7F3K-9QXM-2T4W'",
        "R/7F3K/9QXM/2T4W",
        "R-7F3K-9QXM-2T4W\x00",
        "R" + "-" * 5000 + "7F3K9QXM2T4W",
    ],
)
def test_what_is_no_reference_reads_as_none(written: str) -> None:
    assert canonical_reference(written) is None


@pytest.mark.parametrize("number", [-1, 1 << BITS])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        reference_from(number)
