"""What an answer leaves out, as it is kept: the keys of rows come back as they were, and old answers are still read."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.rights import Withheld
from portal.storage.request_rows import withheld_of, withheld_rows

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9))


@given(st.lists(st.tuples(SCALARS, SCALARS), max_size=4), st.one_of(st.none(), st.dates()))
def test_what_is_kept_is_read_as_it_was(keys: list[tuple[object, object]], until: date | None) -> None:
    one = Withheld("talk", "x", "why", "s. 40", until, "service.notes", "", tuple(keys))  # type: ignore[arg-type]
    assert withheld_of(json.loads(json.dumps(withheld_rows([one])))) == (one,)


def test_an_answer_kept_before_tables_could_be_left_out_leaves_out_its_category() -> None:
    [one] = withheld_of([{"category": "talk", "ground": "x", "reason": "why", "provision": "s. 40", "until": None}])
    assert one.is_whole
    assert one.rows == ()
