"""A request as the rules see it, for the tests of rules and for the table of the documentation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from portal.domain.rights import Kind, Level, RightsRequest, State

RECEIVED = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def a_request(**changes: object) -> RightsRequest:
    """A request of access just received, to be answered by April 1, 2026, some of its fields changed."""
    asked = RightsRequest(
        id=1,
        reference="R-7F3K-9QXM-2T4W",
        person_id=7,
        kind=Kind.ACCESS,
        state=State.RECEIVED,
        language="fr",
        message="",
        level=Level.L2,
        regime="qc_p391",
        received_at=RECEIVED,
        received_on=RECEIVED.date(),
        due=date(2026, 4, 1),
        version=1,
    )
    return replace(asked, **changes)  # type: ignore[arg-type]  # real fields are named
