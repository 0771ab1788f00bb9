"""A regime frozen on a request comes back as it was, and an impossible one is never built."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config.law import shipped_law
from portal.domain.languages import Text
from portal.domain.regimes import Recourse, Regime, Span

TEXTS = st.builds(Text, fr=st.text(max_size=20), en=st.text(max_size=20))
UNITS = st.sampled_from(["day", "business_day", "month"])
SPANS = st.builds(Span, value=st.integers(1, 400), unit=UNITS)
RECOURSES = st.builds(
    Recourse,
    body=st.text(max_size=9),
    remedy=TEXTS,
    how=TEXTS,
    provision=TEXTS,
    within=st.none() | SPANS,
    court=st.none() | TEXTS,
)


def a_regime(**changes: Any) -> Regime:
    values: dict[str, Any] = {
        "key": "test",
        "label": Text("Essai", "Test"),
        "base": Span(30, "day"),
        "counts_receipt_day": False,
        "rollover": "none",
        "holiday_calendar": "none",
        "acknowledgement": Span(2, "business_day"),
        "acknowledgement_required": False,
        "extension_authority": "none",
        "silence": "breach",
        "recourse": Recourse(
            "authority",
            Text("plainte", "complaint"),
            Text("porter plainte", "complain"),
            Text("art. 1", "s. 1"),
            Span(30, "day"),
        ),
        "fee_policy": "free",
        "record_months": 36,
        "legal_text_version": "2026-01-01",
        "effective_from": date(2026, 1, 1),
    }
    return Regime(**{**values, **changes})


@st.composite
def regimes(draw: st.DrawFn) -> Regime:
    base = draw(SPANS)
    own = draw(st.booleans())
    return a_regime(
        label=draw(TEXTS),
        base=base,
        counts_receipt_day=draw(st.booleans()),
        rollover=draw(st.sampled_from(["none", "next_working_day"])),
        acknowledgement=draw(SPANS),
        extension_authority="self" if own else draw(st.sampled_from(["none", "regulator"])),
        extension=Span(draw(st.integers(1, 90)), base.unit) if own else None,
        pause_reasons=tuple(draw(st.sets(st.sampled_from(["identity", "clarification"])))),
        recourse=draw(RECOURSES),
        declaration=draw(st.none() | TEXTS),
        reviewed_by=draw(st.none() | st.text(max_size=20)),
        reviewed_on=draw(st.none() | st.dates()),
    )


@given(regimes())
def test_a_frozen_regime_comes_back_through_json_as_it_was(regime: Regime) -> None:
    snapshot = regime.as_snapshot()
    stored = json.loads(json.dumps(snapshot))
    assert stored == snapshot
    assert Regime.from_snapshot(stored) == regime


def test_a_snapshot_outlives_columns_that_are_gone_or_were_not_there_yet() -> None:
    snapshot = a_regime().as_snapshot()
    snapshot["no_longer_known"] = 1
    for later in ("extension", "pause_reasons", "declaration", "alone_from", "reviewed_by", "reviewed_on"):
        del snapshot[later]
    assert Regime.from_snapshot(snapshot) == a_regime()


def test_a_request_frozen_before_recourses_said_how_is_one_of_quebec() -> None:
    snapshot = shipped_law().regimes["qc_p391"].as_snapshot()
    del snapshot["recourse"]["how"]
    del snapshot["recourse"]["court"]
    assert Regime.from_snapshot(snapshot) == shipped_law().regimes["qc_p391"]


def test_a_later_edit_moves_no_frozen_regime() -> None:
    snapshot = a_regime().as_snapshot()
    edited = replace(a_regime(), base=Span(20, "day"))
    assert Regime.from_snapshot(snapshot).base == Span(30, "day") != edited.base


@pytest.mark.parametrize("snapshot", [{}, {"label": {"fr": "a", "en": "b"}}])
def test_what_is_no_snapshot_is_refused(snapshot: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        Regime.from_snapshot(snapshot)


@pytest.mark.parametrize(
    "changes",
    [
        {"extension_authority": "regulator", "extension": Span(30, "day")},
        {"extension_authority": "none", "extension": Span(30, "day")},
        {"extension_authority": "self"},
        {"extension_authority": "self", "extension": Span(1, "month")},
    ],
)
def test_an_extension_that_nobody_may_grant_or_count_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="test: an extension"):
        a_regime(**changes)


@pytest.mark.parametrize("value", [0, -1, 1001])
def test_a_span_of_nothing_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match=str(value)):
        Span(value, "day")


@pytest.mark.parametrize(
    ("by", "on", "reviewed"),
    [
        (None, None, False),
        ("", date(2026, 1, 1), False),
        ("Me Roy", None, False),
        ("Me Roy", date(2026, 1, 1), True),
    ],
)
def test_a_regime_is_reviewed_when_counsel_signed_and_dated(by: str | None, on: date | None, reviewed: bool) -> None:
    assert a_regime(reviewed_by=by, reviewed_on=on).is_reviewed is reviewed


@pytest.mark.parametrize(
    ("reviewed_on", "wanted"),
    [
        (None, True),
        (date(2025, 11, 27), True),
        (date(2025, 11, 28), False),
        (date(2026, 11, 28), False),
        (date(2026, 11, 29), True),
    ],
)
def test_a_review_holds_for_a_year_and_not_before_its_day(reviewed_on: date | None, wanted: bool) -> None:
    assert a_regime(reviewed_by="Me Roy", reviewed_on=reviewed_on).wants_review(date(2026, 11, 28)) is wanted
