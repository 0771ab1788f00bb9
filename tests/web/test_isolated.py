"""A value of somebody's stands apart from its neighbours, and an address breaks where a reader would break it."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from portal.web.pages import isolated


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Zoë <b>", "<bdi>Zoë &lt;b&gt;</bdi>"),
        ("zoe@example.org", "<bdi>zoe@<wbr>example.<wbr>org</bdi>"),
        ("<b>@x@example.org", "<bdi>&lt;b&gt;@x@<wbr>example.<wbr>org</bdi>"),
        ("Title, zoe@example.org", "<bdi>Title, zoe@example.org</bdi>"),
        (Markup("a@<br>"), "<bdi>a@<br></bdi>"),
        (12, "<bdi>12</bdi>"),
    ],
)
def test_a_value_is_isolated(value: object, shown: str) -> None:
    assert isolated(value) == shown
