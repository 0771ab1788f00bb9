"""A policy as a plain text file: everything it says, nothing of how it was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.policies.text_file import WIDTH, text_file, wrapped
from tests.policies.builders import section, text

BODY = """\
We keep **only** what [we need](https://a.example/), for {{ organisation.name }}.

### A part

- first point that is long enough to be carried over to a second line of the file by itself
- second
  1. inner
  2. other

7. seventh

   still seventh

| Category | Period |
|---|---|
| *Usage* | 13 months |
"""


def test_lists_keep_their_marks_rows_their_cells_and_links_their_addresses() -> None:
    written = text_file(text(section(body=BODY, title="What we keep")), placeholders={"organisation.name": "Atomes"})
    assert written.split("\n\n") == [
        "What we keep\n------------",
        "We keep only what we need (https://a.example/), for Atomes.",
        "A part",
        "- first point that is long enough to be carried over to a second line of the\n  file by itself",
        "- second",
        "  1. inner",
        "  2. other",
        "7. seventh",
        "   still seventh",
        "Category | Period",
        "Usage | 13 months\n",
    ]


@given(st.lists(st.text(st.sampled_from("abé\u00a0-:"), min_size=1, max_size=30), min_size=1, max_size=60))
def test_no_word_is_lost_none_is_cut_and_no_line_is_long(words: list[str]) -> None:
    words = [f"a{word}b" for word in words]
    lines = wrapped(" ".join(words), mark="- ")
    assert [word for line in lines for word in line.split(" ") if word] == ["-", *words]
    assert all(len(line) <= WIDTH for line in lines)
