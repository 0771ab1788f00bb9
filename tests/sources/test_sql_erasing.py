"""What erasing leaves in a column: the same after one time and after two, and nothing of what was there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.data_map import Column, ColumnErasure, Hold
from portal.domain.languages import Text
from portal.domain.periods import Period
from portal.sources import open_source
from portal.sources.base import SourceRefused
from portal.sources.sql.erasing import Eraser
from portal.sources.sql.shapes import ColumnShape, Kind
from tests.sources import invented_service as service
from tests.sources.bench import every_row
from tests.sources.invented_service import CAMILLE, NOW, fill, invoice, mapped

ERASER = Eraser("postgresql", service.SECRET)
SAMPLES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.text(max_size=60) | st.ip_addresses().map(str) | st.datetimes().map(str),
    Kind.INTEGER: st.integers(-(2**31), 2**31 - 1),
    Kind.NUMBER: st.decimals(-(10**8), 10**8, places=2, allow_nan=False),
    Kind.FLOAT: st.floats(-1e9, 1e9, allow_nan=False),
    Kind.BOOLEAN: st.booleans(),
    Kind.INSTANT: st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    Kind.DATE: st.dates(),
    Kind.BYTES: st.binary(max_size=40),
}


def replaced(method: Any, kind: Kind, raw: object, *, row: int = 1, eraser: Eraser = ERASER, **how: Any) -> Any:
    """What the method leaves in a column of that kind."""
    column = Column(
        "c", Text(fr="c", en="c"), erase=ColumnErasure(method, how.pop("value", None), how.pop("prefix", None))
    )
    return eraser.replacement(
        column, ColumnShape("c", kind, nullable=how.pop("nullable", True), zoned=True, **how), raw, (row,)
    )


@given(st.data())
def test_erasing_twice_is_erasing_once(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(SAMPLES)))
    raw = data.draw(SAMPLES[kind])
    methods = ["null", "truncate", "generalise", "random"] + (["hash"] if kind is Kind.TEXT else [])
    method, nullable = data.draw(st.sampled_from(methods)), data.draw(st.booleans())
    once = replaced(method, kind, raw, nullable=nullable)
    assert replaced(method, kind, once, nullable=nullable) == once


@given(st.text(min_size=1, max_size=80), st.integers(16, 64))
def test_a_pseudonym_is_stable_fits_and_depends_on_the_secret(value: str, length: int) -> None:
    pseudonym = replaced("hash", Kind.TEXT, value, length=length)
    assert pseudonym == replaced("hash", Kind.TEXT, value, length=length, row=2)
    assert pseudonym != replaced("hash", Kind.TEXT, value, length=length, eraser=Eraser("sqlite", b"another secret"))
    assert len(pseudonym) == min(32, length)
    assert value not in pseudonym or len(value) < 8


def test_what_only_looks_like_a_pseudonym_is_erased() -> None:
    looks = "0123456789abcdef0123456789abcdef"
    assert replaced("hash", Kind.TEXT, looks) != looks


@pytest.mark.parametrize(("kind", "length"), [(Kind.INTEGER, None), (Kind.DATE, None), (Kind.TEXT, 15)])
def test_a_pseudonym_that_would_not_fit_is_refused(kind: Kind, length: int | None) -> None:
    with pytest.raises(SourceRefused):
        replaced("hash", kind, "1", length=length)


def test_a_source_without_a_secret_makes_no_pseudonym() -> None:
    with pytest.raises(ValueError, match="hash key"):
        replaced("hash", Kind.TEXT, "x", eraser=Eraser("sqlite", b""))


@given(st.text(alphabet="abcXYZ0189 -@.é", max_size=40))
def test_random_text_keeps_the_shape_and_nothing_else(value: str) -> None:
    left = replaced("random", Kind.TEXT, value)
    assert len(left) == len(value)
    assert [sign for sign in left if not sign.isalnum()] == [sign for sign in value if not sign.isalnum()]
    assert left == replaced("random", Kind.TEXT, "".join("7" if sign.isdigit() else sign for sign in value))


@pytest.mark.parametrize(
    ("method", "kind", "raw", "left", "how"),
    [
        ("generalise", Kind.TEXT, "203.0.113.77", "203.0.113.0", {}),
        ("generalise", Kind.TEXT, "203.0.113.77", "203.0.0.0", {"prefix": 16}),
        ("generalise", Kind.TEXT, "2001:db8:1:2::3", "2001:db8:1::", {"prefix": 24}),
        ("generalise", Kind.TEXT, "2001:db8:1:2::3", "2001:db8:1:2::", {"prefix": 64}),
        ("generalise", Kind.OTHER, "203.0.113.77/32", "203.0.113.0", {}),
        ("generalise", Kind.TEXT, "camille", None, {}),
        ("generalise", Kind.TEXT, "camille", "", {"nullable": False}),
        ("generalise", Kind.INTEGER, 47, 40, {}),
        ("generalise", Kind.INTEGER, 47, 45, {"value": 5}),
        ("generalise", Kind.NUMBER, Decimal("45.5031"), Decimal("45.5"), {"value": 0.5}),
        ("truncate", Kind.DATE, date(1990, 2, 28), date(1990, 1, 1), {}),
        ("truncate", Kind.DATE, date(1990, 2, 28), date(1990, 2, 1), {"value": "month"}),
        (
            "truncate",
            Kind.INSTANT,
            datetime(2025, 2, 25, 9, tzinfo=UTC),
            datetime(2025, 2, 25, tzinfo=UTC),
            {"value": "day"},
        ),
        ("truncate", Kind.INSTANT, "2025-02-25T09:08:07.5Z", "2025-01-01T00:00:00.0Z", {}),
        ("truncate", Kind.TEXT, "H2X 1Y4", "H2X", {"prefix": 3}),
        ("truncate", Kind.TEXT, "Camille", "", {}),
        ("constant", Kind.TEXT, None, "—", {"value": "—"}),
        ("null", Kind.TEXT, "x", None, {}),
        ("hash", Kind.TEXT, None, None, {}),
    ],
)
def test_each_method_leaves_what_it_says(method: str, kind: Kind, raw: Any, left: Any, how: dict[str, Any]) -> None:
    assert replaced(method, kind, raw, **how) == left


MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 31))  # noqa: DTZ001 – as the service keeps them
PERIODS = st.builds(Period, months=st.integers(0, 90), days=st.integers(0, 40))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(issued=st.lists(MOMENTS | st.none(), min_size=1, max_size=8), keep=PERIODS, days=st.integers(-900, 900))
def test_no_row_is_erased_before_its_day_and_none_is_kept_long_after(
    tmp_path: Path, issued: list[datetime | None], keep: Period, days: int
) -> None:
    """P-39.1, s. 23: what an Act obliges to keep is kept until its day, and destroyed then."""
    url = f"sqlite:///{tmp_path / 'service.db'}"
    engine = sa.create_engine(url)
    service.metadata.create_all(engine)
    fill(engine, invoices=[invoice(id, moment) for id, moment in enumerate(issued)])
    now = NOW + timedelta(days=days)
    hold = Hold({"kind": ("invoice",)}, "issued_at", keep, Text(fr="a", en="a"), "s. 1")
    table = mapped(service.invoices, hold=hold)
    source = open_source("sql", "service", url)
    while batch := source.next_batch(table, CAMILLE, after=None, limit=3, now=now):
        assert source.erase(table, CAMILLE, batch, now=now) == batch.count
    left = {row["id"] for row in every_row(source, table, CAMILLE)}
    assert source.count_held(table, CAMILLE, now=now).count == len(left)
    for id, moment in enumerate(issued):
        until = moment and keep.after(moment.replace(tzinfo=UTC))
        assert (id in left) or (until is not None and until <= now)
        assert (id not in left) or until is None or until > now - timedelta(days=3)
