"""Which addresses are the same, and which only look so."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.sources.addresses import same_address


@given(st.emails())
def test_case_composition_and_spaces_around_do_not_matter(address: str) -> None:
    assert same_address(address, f" {address.upper()} ")
    assert same_address(unicodedata.normalize("NFD", f"é{address}"), f"É{address}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mike@example.org", "mi\u212ae@example.org"),
        ("émike@example.org", "émi\u212ae@example.org"),
        ("mike@example.org", "m\u0131ke@example.org"),
        ("mike@example.org", "m\u0130ke@example.org"),
        ("strasse@example.org", "stra\u00dfe@example.org"),
        ("a@example.org", "\uff41@example.org"),
        ("camille@example.org", "c\u0430mille@example.org"),
        ("élise@example.org", "elise@example.org"),
        ("", ""),
        (None, None),
        (5, 5),
    ],
)
def test_a_look_alike_is_another_address(one: object, other: object) -> None:
    assert not same_address(one, other)
    assert not same_address(other, one)


@given(st.text(max_size=12), st.text(alphabet="aikKsé\u212a\u0130\u0131\u00df\u0301\u0307", max_size=12))
def test_text_that_differs_in_ascii_is_never_the_same(one: str, other: str) -> None:
    def ascii_of(text: str) -> str:
        return "".join(filter(str.isascii, text)).lower()

    if one.isascii() and other.isascii() and ascii_of(one).strip() != ascii_of(other).strip():
        assert not same_address(one, other)
    if one.isascii() != other.isascii():
        assert not same_address(one, other)
