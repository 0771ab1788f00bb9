"""Follow codes: always the same for a reference, forgiving to read, and never taken for the six digits of a sign-in code."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.follow_codes import canonical_follow_code, follow_code
from portal.domain.letters import looks_like_a_code
from portal.domain.references import ALPHABET, reference_from

KEYS = st.binary(min_size=32, max_size=32)
REFERENCES = st.integers(min_value=0, max_value=2**60 - 1).map(reference_from)


@given(key=KEYS, reference=REFERENCES)
def test_a_code_has_eight_signs_and_no_six_digits(key: bytes, reference: str) -> None:
    code = follow_code(key, reference)
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert not looks_like_a_code(code)
    assert code == follow_code(key, reference)


@given(key=KEYS, reference=REFERENCES)
def test_a_code_is_read_however_it_is_typed(key: bytes, reference: str) -> None:
    code = follow_code(key, reference)
    for typed in (code.lower(), code.replace("-", ""), f" {code[:4]} {code[5:]} ", code.replace("0", "o")):
        assert canonical_follow_code(typed) == code


def test_other_keys_and_other_references_have_other_codes() -> None:
    codes = {follow_code(bytes([number]) * 32, "R-7F3K-9QXM-2T4W") for number in range(200)}
    codes |= {follow_code(b"k" * 32, reference_from(number)) for number in range(200)}
    assert len(codes) == 400


def test_what_is_no_code_is_none() -> None:
    for typed in ("", "K7Q2-M4X", "K7Q2-M4XZ9", "K7Q2-M4X!", "K7Q2-M4XÉ", "K" * 10_000, "\x00" * 8, "１２３４５６７８"):
        assert canonical_follow_code(typed) is None


def test_each_code_that_replaces_another_is_one_of_its_own() -> None:
    codes = [follow_code(b"k" * 32, "R-7F3K-9QXM-2T4W", number) for number in range(200)]
    assert len(set(codes)) == 200
    assert codes[0] == follow_code(b"k" * 32, "R-7F3K-9QXM-2T4W"), "what letters carry already goes on"
