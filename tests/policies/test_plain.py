"""Versions are compared in the words people read, without Markdown's signs."""

from __future__ import annotations

from portal.domain.comparison import compare
from portal.policies.markdown import fill
from portal.policies.plain import in_plain_words
from tests.policies.builders import section, text

BODY = """\
We keep **only** what [we need](https://a.example/),
for {{ organisation.name }}.

### A part

- first `point`
- second point

| Category | Period |
|---|---|
| *Usage* | 13 months |
| Billing | |
"""


def test_each_paragraph_point_and_row_becomes_a_paragraph_of_plain_words() -> None:
    written = text(section(body=BODY, title="About {{ organisation.name }}"))
    [plain] = in_plain_words(written, placeholders={"organisation.name": "Atomes crochus"}).sections
    assert plain.title == "About Atomes crochus"
    assert plain.body_markdown.split("\n\n") == [
        "We keep only what we need (https://a.example/), for Atomes crochus.",
        "A part",
        "first point",
        "second point",
        "Category \u2013 Period",
        "Usage \u2013 13 months",
        "Billing",
    ]


def test_a_change_of_markup_alone_is_no_change_for_a_reader() -> None:
    older, newer = text(section(body="We keep **nothing**.")), text(section(body="We keep *nothing*."))
    [change] = compare(in_plain_words(older, placeholders={}), in_plain_words(newer, placeholders={}))
    assert change.kind == "unchanged"


def test_a_link_says_where_it_leads_unless_its_words_do() -> None:
    written = text(section(body="[Here](https://example.org/a), <https://example.org/b>, c@example.org."))
    [plain] = in_plain_words(written, placeholders={}).sections
    assert plain.body_markdown == "Here (https://example.org/a), https://example.org/b, c@example.org."


def test_a_name_that_ends_with_a_period_ends_a_sentence_too() -> None:
    named = {"organisation.name": "Ateliers Boréal inc."}
    assert (
        fill("The policy of {{ organisation.name }}. It applies.", named)
        == "The policy of Ateliers Boréal inc. It applies."
    )
    assert fill("{{ organisation.name }} is here.", named) == "Ateliers Boréal inc. is here."
