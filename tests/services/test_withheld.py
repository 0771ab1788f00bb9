"""Rows left out of a service that does not play by the contract: nothing is waited for without end, nothing is given."""

from __future__ import annotations

import json

import pytest

from portal.domain.rights import LeftOut
from portal.domain.withholding import TableLeftOut
from portal.services.withheld import ShownRows
from portal.sources.base import SourceUnavailable
from tests.sources.invented_service import CAMILLE, REQUESTS
from tests.sources.rogue import answer, misbehaving, saying
from tests.sources.serving import asked_at

WHY = LeftOut("About somebody else.", "P-39.1, s. 40", "R-7F3K-9QXM-2T4W")


def page_of(*numbers: int) -> bytes:
    """The same page, whatever is asked for, which another one follows."""
    rows = [{"id": one, "account_id": 1, "requested_at": None, "ip": None, "path": "/"} for one in numbers]
    return answer(json.dumps({"rows": rows, "next": [1]}).encode())


def test_a_service_that_gives_the_row_left_out_for_ever_is_not_followed() -> None:
    with misbehaving(saying(page_of(1))) as rogue:
        source = asked_at(rogue.port)
        shown = ShownRows(source, REQUESTS, TableLeftOut(rows={("1",): WHY, ("2",): WHY}))
        with pytest.raises(SourceUnavailable):
            shown.page(CAMILLE, after=None, limit=5)
        source.close()
        assert len(rogue.asked) == 3


def test_rows_that_follow_take_the_place_of_the_one_left_out() -> None:
    with misbehaving(saying(page_of(1, 7))) as rogue:
        source = asked_at(rogue.port)
        shown = ShownRows(source, REQUESTS, TableLeftOut(rows={("1",): WHY}))
        page = shown.page(CAMILLE, after=None, limit=3)
        source.close()
        assert [row["id"] for row in page.rows] == [7, 7]
        assert page.next_after == (1,)
