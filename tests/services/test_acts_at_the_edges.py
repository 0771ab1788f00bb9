"""Acts on a request over the nights clocks change, a leap day and the turn of the year: whole days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.domain.rights import Kind, Level, PauseReason, RightsRequest
from portal.services import acts
from portal.services.acts import Barred, Doing
from portal.services.rights import Asked, open_request
from tests.installation import CAMILLE, Built, an_installation

OFFICER = "officer@example.org"


def utc(year: int, month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def under(tmp_path: Path, law: str, now: datetime) -> Built:
    return an_installation(tmp_path, change=lambda settings: replace(settings, regime=law), now=now)


def asked(built: Built) -> RightsRequest:
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=built.clock())
        asks = Asked(Kind.ACCESS, "fr", Level.L2, "…?")
        return open_request(built.installation, store, person, asks, form_id=None, now=built.clock())


def paused_from_to(built: Built, request: RightsRequest, start: datetime, end: datetime) -> RightsRequest:
    for moment, act in ((start, "pause"), (end, "resume")):
        built.clock.now = moment
        with built.installation.database.writing() as store:
            officer, present = store.staff.by_address(OFFICER), store.requests.by_id(request.id)
            assert officer
            assert present
            doing = Doing(officer, present, present.version, moment)
            if act == "pause":
                acts.pause(built.installation, store, doing, PauseReason.IDENTITY, "Demandé")
            else:
                request = acts.resume(built.installation, store, doing)
    return request


@pytest.mark.parametrize(
    ("received", "start", "end", "days"),
    [
        # From 23:59 before the night clocks spring forward to 0:01 after the day of 23 hours: two days.
        (utc(2026, 3, 2, 15), utc(2026, 3, 8, 4, 59), utc(2026, 3, 9, 4, 1), 2),
        # From 0:30 to 23:30 of the day of 25 hours: the same day, none.
        (utc(2026, 10, 20, 15), utc(2026, 11, 1, 4, 30), utc(2026, 11, 2, 4, 30), 0),
        # Over February 29.
        (utc(2028, 2, 10, 15), utc(2028, 2, 28, 15), utc(2028, 3, 1, 15), 2),
        # Over the turn of the year, by the clock of Montréal: it is still 2026 at 4:59 in UTC.
        (utc(2026, 12, 10, 15), utc(2027, 1, 1, 4, 59), utc(2027, 1, 1, 5, 1), 1),
    ],
)
def test_a_pause_is_counted_in_whole_local_days(
    tmp_path: Path, received: datetime, start: datetime, end: datetime, days: int
) -> None:
    built = under(tmp_path, "eu_gdpr", received)
    request = asked(built)
    running = paused_from_to(built, request, start, end)
    assert running.due == request.due + timedelta(days=days)


@pytest.mark.parametrize(
    ("law", "received", "due", "extended"),
    [
        ("eu_gdpr", utc(2027, 11, 30, 15), date(2027, 12, 30), date(2028, 2, 29)),
        ("eu_gdpr", utc(2026, 11, 30, 15), date(2026, 12, 30), date(2027, 2, 28)),
        ("ca_pipeda", utc(2028, 1, 15, 15), date(2028, 2, 14), date(2028, 3, 15)),
        ("ca_pipeda", utc(2026, 12, 15, 15), date(2027, 1, 14), date(2027, 2, 13)),
        ("us_ca_ccpa", utc(2026, 12, 1, 15), date(2027, 1, 14), date(2027, 2, 28)),
        ("qc_a21", utc(2026, 3, 1, 15), date(2026, 3, 21), date(2026, 3, 31)),
    ],
)
def test_more_time_is_counted_from_receipt_over_every_edge(
    tmp_path: Path, law: str, received: datetime, due: date, extended: date
) -> None:
    built = under(tmp_path, law, received)
    request = asked(built)
    with built.installation.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer
        longer = acts.extend(built.installation, store, Doing(officer, request, 1, built.clock()), "Beaucoup")
    assert (request.due, longer.due) == (due, extended)


@pytest.mark.parametrize(
    ("received", "last_second"),
    [
        # The last day, March 31, ends at midnight an hour nearer to UTC than the day the request came.
        (utc(2026, 3, 1, 15), utc(2026, 4, 1, 3, 59, 59)),
        # The last day, January 13, ends at midnight of winter.
        (utc(2026, 12, 14, 15), utc(2027, 1, 14, 4, 59, 59)),
    ],
)
def test_the_last_day_is_whole_where_the_organization_is(
    tmp_path: Path, received: datetime, last_second: datetime
) -> None:
    built = under(tmp_path, "ca_pipeda", received)
    request = asked(built)
    with built.installation.database.writing() as store:
        officer = store.staff.by_address(OFFICER)
        assert officer
        built.clock.now = last_second + timedelta(seconds=1)
        with pytest.raises(Barred):
            acts.extend(built.installation, store, Doing(officer, request, 1, built.clock()), "Trop tard")
        built.clock.now = last_second
        acts.extend(built.installation, store, Doing(officer, request, 1, built.clock()), "À temps")
