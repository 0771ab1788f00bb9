"""Documents of JSON that no program of good will writes: read as far as they can be, and nothing left behind in them."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from portal.domain.data_map import Column, ColumnErasure
from portal.domain.languages import Text
from portal.sources.base import UNREADABLE, SourceRefused
from portal.sources.sql.erasing import Eraser
from portal.sources.sql.inside import changed_field, erased_fields, field_value

ERASER = Eraser("sqlite", b"s" * 32)
EMPTIED = ColumnErasure("null")


def emptied(raw: str, *path: str) -> object:
    column = Column(".".join(path), Text(fr="", en=""), erase=EMPTIED, inside=path)
    return erased_fields(ERASER, [column], raw, (1,))


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"k": ', "}")])
def test_a_document_of_any_depth_is_read_or_said_to_be_unreadable(opening: str, closing: str) -> None:
    """Python reads deeper than it writes: between the two, nothing may break."""
    for depth in range(50, 1_200, 50):
        raw = '{"a": ' + opening * depth + "1" + closing * depth + ', "b": "x"}'
        value = field_value(raw, ["a"])
        assert value is UNREADABLE or isinstance(value, str)
        with suppress(SourceRefused):
            emptied(raw, "document", "b")
        with suppress(SourceRefused):
            changed_field(raw, ["b"], before="x", value="y")


def test_an_exponent_that_no_number_has_is_not_readable() -> None:
    raw = '{"a": 1e99999999999999999999, "b": "x"}'
    assert field_value(raw, ["a"]) is UNREADABLE
    with pytest.raises(SourceRefused):
        emptied(raw, "document", "b")


@pytest.mark.parametrize(
    "raw",
    [
        '{"phone": "514-555-0100", "phone": "514-555-0199"}',
        '{"phone": "514-555-0100", "phone": null}',
        '{"phone": {"home": "514-555-0100"}, "phone": "514-555-0199"}',
    ],
)
def test_erasing_leaves_nothing_behind_a_name_that_comes_twice(raw: str) -> None:
    assert json.loads(str(emptied(raw, "document", "phone"))) == {"phone": None}
    assert "514" not in str(emptied(raw, "document", "phone"))


def test_nothing_is_left_behind_a_name_that_comes_twice_on_the_way() -> None:
    raw = '{"contact": {"phone": "514-555-0100"}, "contact": {"phone": "514-555-0199", "kind": 1.50}}'
    assert emptied(raw, "document", "contact", "phone") == '{"contact": {"phone": null, "kind": 1.50}}'


def test_a_name_that_comes_twice_elsewhere_is_not_touched() -> None:
    raw = '{"phone":"514-555-0100",  "plan": 1, "plan": 2}'
    assert emptied(raw, "document", "phone") == '{"phone":null,  "plan": 1, "plan": 2}'
