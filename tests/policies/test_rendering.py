"""Whatever a policy's author writes or the contact's settings hold, the page shows it and runs none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.policies import PLACEHOLDERS
from portal.policies.rendering import render
from tests.policies.builders import section, text

CONTACT = {
    "contact.title": "Person in charge",
    "contact.name": "Ada Lavoie",
    "contact.email": "jp@atomescroch.us",
    "contact.phone": "418 555-0100",
    "contact.address": "12, rue des Affinités\nQuébec (Québec)",
    "organisation.name": "Atomes crochus",
}
SAFE_TAGS = {
    *("p", "br", "hr", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><iframe src="//evil.example"></iframe>',
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:x)",
    "<javascript:alert(1)>",
    "![photo](https://evil.example/pixel.gif)",
    "![x](javascript:alert(1))",
    '[a](https://a.example "onmouseover=alert(1)")',
    "# A title above the page's own",
    "<style>body { display: none }</style>",
    "| a |\n|:-:|\n| <b onclick=x>b</b> |",
    '| "><b onclick=x>b</b> |\n|---|\n| a |',
    "> ## A heading in a quotation",
]


class Elements(HTMLParser):
    """The elements of a piece of HTML, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def html_of(body: str, placeholders: dict[str, str] = CONTACT) -> str:
    [rendered] = render(text(section(body=body)), placeholders=placeholders).sections
    return rendered.html


def links_in(html: str) -> Iterator[dict[str, str | None]]:
    return (attributes for tag, attributes in Elements(html).found if tag == "a")


def assert_harmless(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag in SAFE_TAGS
        assert set(attributes) <= {"href", "rel", "scope", "start", "data-label"}
        assert re.match(r"(?:https?|mailto|tel):|/|#|[^:]*$", attributes.get("href") or "", re.IGNORECASE)


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_markdown_is_harmless(body: str) -> None:
    assert_harmless(html_of(body))


@given(st.lists(st.sampled_from([*HOSTILE, "{{ contact.email }}", "**", "`", "\n", "\n\n", "[", "](", ")", "é"])))
def test_hostile_markdown_in_any_mixture_is_harmless(pieces: list[str]) -> None:
    assert_harmless(html_of("".join(pieces)))


def test_raw_html_is_shown_as_it_was_typed() -> None:
    assert html_of("Use <script>alert(1)</script> here.") == "<p>Use &lt;script&gt;alert(1)&lt;/script&gt; here.</p>"


@pytest.mark.parametrize("value", [*HOSTILE, "{{ contact.email }}", "**bold**", "a@b.example <script>", "x\n\n# y"])
@pytest.mark.parametrize("place", ["Write to {{ contact.title }} now.", "| a |\n|---|\n| {{contact.title}} |"])
def test_hostile_settings_stay_words(value: str, place: str) -> None:
    html = html_of(place, {**CONTACT, "contact.title": value})
    assert_harmless(html)
    assert not {"strong", "h3", "h4", "code", "blockquote"} & {tag for tag, _ in Elements(html).found}


def test_each_cell_says_its_column() -> None:
    html = html_of("| Kind | **How** long |\n|---|---|\n| a | b |\n\n| One |\n|---|\n| c |")
    cells = [attributes["data-label"] for tag, attributes in Elements(html).found if tag == "td"]
    assert cells == ["Kind", "How long", "One"]


@pytest.mark.parametrize(
    "literal", ["{{7*7}}", "{{ 7*7 }}", "${7*7}", "#{7*7}", "{% if x %}", "{{}}", "{{ config.items() }}"]
)
def test_template_syntax_is_literal(literal: str) -> None:
    assert html_of(f"See {literal} here.") == f"<p>See {literal} here.</p>"


def test_every_placeholder_takes_its_value() -> None:
    html = html_of(" - ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS))
    shown = re.sub(r"<br>\s*", "\n", html).replace("</a>", "").replace('<a href="mailto:jp@atomescroch.us">', "")
    assert all(CONTACT[name] in shown for name in PLACEHOLDERS)


def test_a_value_that_holds_a_placeholder_is_not_filled_again() -> None:
    html = html_of("{{ contact.title }}", {**CONTACT, "contact.title": "{{ contact.phone }}"})
    assert html == "<p>{{ contact.phone }}</p>"


def test_a_placeholder_without_value_stays_visible() -> None:
    assert html_of("Call {{ contact.phone }}.", {}) == "<p>Call {{ contact.phone }}.</p>"


def test_an_address_of_several_lines_keeps_its_lines() -> None:
    assert "12, rue des Affinités<br>\nQuébec (Québec)" in html_of("{{ contact.address }}")


@pytest.mark.parametrize(
    "body", ["{{ contact.email }}", "jp@atomescroch.us", "<jp@atomescroch.us>", "(jp@atomescroch.us)."]
)
def test_an_email_address_becomes_one_link(body: str) -> None:
    html = html_of(f"Write to {body}")
    assert list(links_in(html)) == [{"href": "mailto:jp@atomescroch.us"}]
    assert ">jp@atomescroch.us</a>" in html


def test_an_email_address_inside_a_link_is_not_linked_again() -> None:
    html = html_of("[write to jp@atomescroch.us](https://a.example/)")
    assert [attributes["href"] for attributes in links_in(html)] == ["https://a.example/"]


@pytest.mark.parametrize("href", ["https://www.cai.gouv.qc.ca/", "http://a.example", "//a.example/x"])
def test_a_link_that_leaves_the_portal_tells_the_other_site_nothing(href: str) -> None:
    [link] = links_in(html_of(f"[there]({href})"))
    assert link["rel"] == "noopener noreferrer"


@pytest.mark.parametrize("href", ["/en/contact", "#rights", "tel:+14185550100"])
def test_a_link_inside_the_portal_has_no_rel(href: str) -> None:
    assert list(links_in(html_of(f"[here]({href})"))) == [{"href": href}]


def test_tables_have_column_headers_and_no_inline_style() -> None:
    html = html_of("| Category | Period |\n|:--|--:|\n| Usage | 13 months |")
    assert html.count('<th scope="col">') == 2
    assert "style" not in html


def test_third_level_headings_are_kept_and_the_sections_own_is_left_to_the_page() -> None:
    [rendered] = render(text(section(body="### A part\n\nWords.", title="A & B")), placeholders={}).sections
    assert (rendered.key, rendered.title) == ("uses", "A & B")
    assert rendered.html == "<h3>A part</h3>\n<p>Words.</p>"
