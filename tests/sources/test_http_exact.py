"""Values come through JSON exactly as they were, in the very form the contract says; signatures are those of the standard."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.demo.http_service.operations import OPERATIONS
from portal.sources.base import UNREADABLE
from portal.sources.http.exact import NoScalar, instant_from, scalar_from, to_json, value_from
from portal.sources.http.signing import digest_of, mac_of, signature_base, signed_headers

WRITTEN = [
    (None, "null"),
    (True, "true"),
    ("é\x00", '"\\u00e9\\u0000"'),
    (2**53 - 1, "9007199254740991"),
    (2**53, '{"int": "9007199254740992"}'),
    (-(2**63), '{"int": "-9223372036854775808"}'),
    (61.5, "61.5"),
    (61.0, "61.0"),
    (Decimal("19.90"), '{"decimal": "19.90"}'),
    (Decimal("1E+3"), '{"decimal": "1000"}'),
    (datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), '{"instant": "2025-01-02T03:04:05.678901Z"}'),
    (datetime(2025, 1, 1, 23, 0, tzinfo=timezone(timedelta(hours=-5))), '{"instant": "2025-01-02T04:00:00Z"}'),
    (date(1990, 2, 28), '{"date": "1990-02-28"}'),
    (b"\x00\xff", '{"bytes": "AP8="}'),
]
EXAMPLE = b"a secret of thirty-two bytes...."
MOMENTS = st.datetimes(timezones=st.just(UTC))
VALUES = (
    st.none()
    | st.booleans()
    | st.text(st.characters(exclude_categories=("Cs",)))
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False, places=6)
    | MOMENTS
    | st.dates()
    | st.binary()
)


@pytest.mark.parametrize(("value", "written"), WRITTEN)
def test_each_kind_has_its_one_form(value: Any, written: str) -> None:
    assert json.dumps(to_json(value)) == written
    read = value_from(json.loads(written))
    assert (read, type(read)) == (value, type(value))


@given(VALUES)
def test_what_goes_out_comes_back_as_it_was(value: Any) -> None:
    read = value_from(json.loads(json.dumps(to_json(value))))
    assert read == value
    assert type(read) is type(value)
    if isinstance(value, Decimal):
        assert str(read) == format(value, "f")


@pytest.mark.parametrize(
    "value",
    [
        "half \ud800",
        float("inf"),
        float("nan"),
        Decimal("NaN"),
        Decimal("1E+999999999"),
        UNREADABLE,
        object(),
        timedelta(days=1),
    ],
)
def test_what_has_no_exact_form_is_said_to_be_unreadable(value: Any) -> None:
    assert to_json(value) == {"unreadable": True}
    assert value_from(to_json(value)) is UNREADABLE


@pytest.mark.parametrize(
    "written",
    [
        {"decimal": 1.5},
        {"decimal": "1e5"},
        {"decimal": "١"},
        {"decimal": "9" * 5_000},
        {"int": 1},
        {"int": "9" * 30},
        {"int": "1_000"},
        {"instant": "2025-01-02T03:04:05"},
        {"instant": "2025-01-02T03:04:05+00:00"},
        {"instant": "2025-02-30T03:04:05Z"},
        {"date": "20250102"},
        {"date": "0000-01-01"},
        {"bytes": "A"},
        {"bytes": "é"},
        {"text": "x"},
        {"decimal": "1", "int": "1"},
        {},
        [],
        "\udc00",
        2**70,
    ],
)
def test_what_is_no_form_is_unreadable(written: Any) -> None:
    assert value_from(written) is UNREADABLE


@pytest.mark.parametrize("written", [{"date": "2025-01-02"}, [], "\ud800", float("inf"), 2**70, {"int": "x"}])
def test_a_key_holds_scalars_alone(written: Any) -> None:
    with pytest.raises(NoScalar):
        scalar_from(written)


@pytest.mark.parametrize("written", [None, 5, "2025-01-02", "2025-01-02T03:04:05"])
def test_an_instant_is_in_utc_and_says_so(written: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 – whatever the words
        instant_from(written)


def test_the_signature_is_that_of_the_standard() -> None:
    """RFC 9421, appendix B.2.5: signing a request with HMAC-SHA-256."""
    secret = base64.b64decode(
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
    )
    parameters = '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
    covered = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
    ]
    mac = mac_of(secret, signature_base(covered, parameters))
    assert base64.b64encode(mac).decode() == "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="


def test_the_digest_is_that_of_the_standard() -> None:
    """RFC 9530, appendix D: the digest of a small JSON body."""
    assert digest_of(b'{"hello": "world"}\n') == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


def test_what_is_signed_is_what_the_document_shows() -> None:
    headers = signed_headers(EXAMPLE, path="/v1/describe", body=b"{}", created=1_767_225_600, nonce="00" * 16)
    assert headers == {
        "Content-Digest": "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:",
        "Signature-Input": 'portal=("@method" "@path" "content-digest");created=1767225600;'
        'nonce="00000000000000000000000000000000";alg="hmac-sha256";keyid="portal"',
        "Signature": "portal=:B3wZJz5l//sLXvmfT8DuVBMwgwGLXjXPZDQ4XmkHt6Q=:",
    }


def test_the_document_shows_the_very_headers_and_every_operation() -> None:
    written = (Path(__file__).resolve().parents[2] / "docs" / "http-source.md").read_text(encoding="utf-8")
    headers = signed_headers(EXAMPLE, path="/v1/describe", body=b"{}", created=1_767_225_600, nonce="00" * 16)
    assert all(f"{name}: {value}\n" in written for name, value in headers.items())
    assert set(re.findall(r"^\| `([a-z]+(?:/[a-z]+)?)` \| .*\| .*\|$", written, re.MULTILINE)) == set(OPERATIONS)
