"""A visitor of the site who checks every page it is given: valid, titled, labelled, guarded, in its language.

Each later test inherits these checks by visiting pages through it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.languages import Language, twin_of
from portal.web.headers import ALWAYS
from portal.web.languages import TAGS
from portal.wording.typography import french_spacing_faults
from tests.installation import Built

HTML = "{http://www.w3.org/1999/xhtml}"
APART = "\N{PILCROW SIGN}"
"""Stands between blocks of a page's words, so that the end of one and the start of the next are not read as one."""

SOMETHING = "\N{HORIZONTAL ELLIPSIS}"
"""Stands for marked words that are not read."""

VISITED: set[tuple[str, str]] = set()
"""Every (endpoint, language) a test has seen, for the comparison with the route list."""


def is_a_file(endpoint: str) -> bool:
    """Whether an endpoint gives a file for programs, in the language of its address, and no page."""
    return endpoint.endswith(("_feed", "_markdown", "_plain", "_data", "_calendar", "_csv"))


class Page:
    """One answer, parsed and found right."""

    def __init__(self, response: TestResponse, language: str) -> None:
        self.response = response
        self.status = response.status_code
        self.language = language
        self.html = response.get_data(as_text=True)
        self.tree: Element = _parsed(self.html)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag whose attributes hold these values (`class_` for class)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.tree.iter(f"{HTML}{tag}")
            if all(_holds(element, name, value) for name, value in wanted.items())
        ]

    def text(self) -> str:
        """The words of the main part, spaces folded (no-break spaces kept)."""
        mains = self.all("main")
        return folded("".join((mains[0] if mains else self.tree).itertext()))

    @property
    def heading(self) -> str:
        """The words of the h1."""
        return folded("".join(self.all("h1")[0].itertext()))

    def links(self) -> dict[str, str]:
        """Addresses by the words of their link."""
        return {folded("".join(link.itertext())): link.get("href", "") for link in self.all("a")}

    def form(self, action_ends: str = "") -> dict[str, str]:
        """The hidden and typed fields of the first form whose address ends so, ready to be sent."""
        for form in self.all("form", method="post"):
            if form.get("action", "").split("?")[0].endswith(action_ends) and "sign-out" not in form.get("action", ""):
                return _fields(form)
        raise AssertionError(f"no form to {action_ends}: {[f.get('action') for f in self.all('form')]}")


class Visitor:
    """A browser without JavaScript, with its cookies."""

    def __init__(self, built: Built, language: Language = "fr") -> None:
        self.built = built
        self.app: Flask = built.app
        self.language: Language = language
        self.client: FlaskClient = built.app.test_client()

    def address(self, endpoint: str, lang: Language | None = None, **arguments: Any) -> str:
        """The path of a page."""
        with self.app.test_request_context("/"):
            from portal.web.languages import url

            return url(endpoint, lang=lang or self.language, **arguments)

    def visit(self, endpoint: str, lang: Language | None = None, *, status: int = 200, **arguments: Any) -> Page:
        """Open a page and check everything a page must be."""
        language = lang or self.language
        path = self.address(endpoint, language, **arguments)
        page = self.open(path, status=status, lang=language)
        VISITED.add((endpoint, language))
        if page.status == 200:
            self._check_twin(page, language)
        return page

    def open(self, path: str, *, status: int = 200, lang: Language | None = None) -> Page:
        """Open an address and check the page."""
        return self._checked(self.client.get(path, base_url=BASE), status, lang or _language_of(path) or self.language)

    def send(
        self,
        endpoint: str,
        data: Mapping[str, str],
        lang: Language | None = None,
        *,
        status: int = 303,
        with_token: bool = True,
        **arguments: Any,
    ) -> TestResponse | Page:
        """Send a form, with this browser's token unless `with_token` is False; a page in answer is checked."""
        language = lang or self.language
        fields = dict(data)
        path = self.address(endpoint, language, **arguments)
        if with_token and "csrf_token" not in fields:
            fields["csrf_token"] = self.token(language, path)
        response = self.client.post(path, data=fields, base_url=BASE)
        VISITED.add((endpoint, language))
        if status == 303 or response.mimetype != "text/html":
            assert response.status_code == status, (response.status_code, response.get_data(as_text=True)[:2000])
            check_headers(response)
            return response
        return self._checked(response, status, language)

    def token(self, lang: Language | None = None, path: str | None = None) -> str:
        """A CSRF token as any page with a form gives it: signing in, or `path` where nobody can sign in."""
        for address in filter(None, (self.address("sign_in", lang), path)):
            page = self.client.get(address, base_url=BASE)
            found = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
            if found:
                return found[1]
        raise AssertionError(f"no form at the sign-in page nor at {path}")

    def sign_in(self, address: str, lang: Language | None = None, *, next_page: str = "") -> TestResponse:
        """Come in through the real door: an address, then the code of the letter."""
        self.send("sign_in", {"email": address, "next": next_page}, lang)
        answer = self.send("sign_in_code", {"code": self.code_for(address)}, lang)
        assert isinstance(answer, TestResponse)
        return answer

    def confirm(self, address: str, lang: Language | None = None) -> None:
        """Give a fresh proof."""
        self.send("confirm", {"send": "1"}, lang, status=200)
        self.send("confirm", {"code": self.code_for(address)}, lang)

    def code_for(self, address: str) -> str:
        """The code of the newest letter to an address."""
        letter = next(letter for letter in self.built.mailbox() if letter["to"] == address and not letter["reference"])
        found = re.findall(r"(?m)^\s*(\d{6})\s*$", str(letter["text"]))
        assert len(found) == 1, letter["text"]
        return str(found[0])

    def _checked(self, response: TestResponse, status: int, language: str) -> Page:
        assert response.status_code == status, (
            response.status_code,
            response.location,
            response.get_data(as_text=True)[:3000],
        )
        page = Page(response, language)
        check_page(page)
        return page

    def _check_twin(self, page: Page, language: Language) -> None:
        alternates = page.all("link", rel="alternate", hreflang=TAGS[twin_of(language)])
        assert alternates, "the page names no twin"
        twin = self.client.get(alternates[0].get("href", ""), base_url=BASE)
        assert twin.status_code == 200, (alternates[0].get("href"), twin.status_code)


BASE = "http://127.0.0.1:8000"


def check_page(page: Page) -> None:
    """Everything that must be true of every page."""
    response = page.response
    assert response.content_type == "text/html; charset=utf-8"
    check_headers(response)
    root = next(iter(page.tree.iter(f"{HTML}html")))
    assert root.get("lang") == TAGS["fr" if page.language == "fr" else "en"]
    headings = page.all("h1")
    assert len(headings) == 1, "one h1"
    title = folded("".join(page.all("title")[0].itertext()))
    assert title.startswith(page.heading), (title, page.heading)
    _check_ids_and_labels(page)
    _check_nothing_inline(page)
    _check_forms(page)
    _check_heading_order(page)
    _check_headings_say_something(page)
    if page.language == "fr":
        faults = french_spacing_faults(_prose(page))
        assert not faults, faults[:5]


def check_headers(response: TestResponse) -> None:
    """The headers of every answer."""
    for name, value in ALWAYS:
        if name != "Content-Security-Policy":
            assert response.headers.get(name) == value, name
    assert "Content-Security-Policy" in response.headers
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in response.headers
    for cookie in response.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie, cookie
        assert "SameSite=Lax" in cookie, cookie


def folded(text: str) -> str:
    """Text with ordinary white space folded; no-break spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def _parsed(html: str) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=True)
    document: Element = parser.parse(html)
    return document


def _check_ids_and_labels(page: Page) -> None:
    ids = [element.get("id") for element in page.tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"duplicate id {[name for name in ids if ids.count(name) > 1]}"
    labelled = {label.get("for") for label in page.all("label")}
    for tag in ("input", "textarea", "select"):
        for control in page.all(tag):
            if control.get("type") in {"hidden", "submit"}:
                continue
            assert control.get("id") in labelled or control.get("aria-label"), control.attrib
    for element in page.tree.iter():
        for name in ("aria-describedby", "aria-labelledby"):
            for target in (element.get(name) or "").split():
                assert target in ids, f"{name} points to nothing: {target}"


def _check_nothing_inline(page: Page) -> None:
    assert not page.all("style"), "inline style sheet"
    for script in page.all("script"):
        assert urlsplit(script.get("src", "")).netloc == "", "script of another origin"
        assert script.get("src"), "inline script"
    for element in page.tree.iter():
        for name in element.attrib:
            assert not str(name).startswith("on"), f"inline handler {name}"
            assert name != "style", "inline style"


def _check_forms(page: Page) -> None:
    for form in page.all("form"):
        assert form.get("action"), "a form says where it goes"
        if (form.get("method") or "get").lower() == "post":
            names = [control.get("name") for control in form.iter(f"{HTML}input")]
            assert "csrf_token" in names, f"no token in the form to {form.get('action')}"


def _check_headings_say_something(page: Page) -> None:
    for element in page.tree.iter():
        if re.fullmatch(r".*}(?:h[1-6]|a)", str(element.tag)):
            assert "".join(element.itertext()).strip() or element.get("aria-label"), f"empty {element.tag}"


def _check_heading_order(page: Page) -> None:
    main = page.all("main")
    levels = [int(str(element.tag)[-1]) for element in main[0].iter() if re.fullmatch(r".*}h[1-6]", str(element.tag))]
    for before, after in pairwise(levels):
        assert after <= before + 1, f"a heading level is skipped: {levels}"


def _prose(page: Page) -> str:
    """The page's own words: what came from a person or a source stands in bdi, code or a field, and is left out.

    So is what a comparison marks, which stands between other words than it was written between.
    """
    parts: list[str] = []

    def gather(element: Element) -> None:
        tag = str(element.tag).removeprefix(HTML)
        if tag not in _INLINE:
            parts.append(APART)
        if tag not in _NOT_OURS and element.get("lang") in (None, "fr-CA"):
            parts.append(element.text or "")
            for child in element:
                gather(child)
        elif tag in {"del", "ins"}:
            parts.append(SOMETHING)
        if tag not in _INLINE:
            parts.append(APART)
        parts.append(element.tail or "")

    gather(page.all("body")[0])
    return folded("".join(parts))


_NOT_OURS = frozenset({"bdi", "code", "pre", "textarea", "script", "style", "title", "del", "ins"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "code", "del", "em", "i", "ins", "small", "span", "strong", "sup", "time"}
)


def _fields(form: Element) -> dict[str, str]:
    fields = {}
    for control in form.iter():
        name = control.get("name")
        if not name or (control.get("type") in {"radio", "checkbox"} and control.get("checked") is None):
            continue
        if str(control.tag).endswith("}textarea"):
            fields[name] = (control.text or "").removeprefix("\n")
        elif control.get("type") != "submit" and not str(control.tag).endswith("}button"):
            fields[name] = control.get("value", "")
    return fields


def _holds(element: Element, name: str, value: str) -> bool:
    if name == "class":
        return value in (element.get("class") or "").split()
    return element.get(name) == value


def _language_of(path: str) -> Language | None:
    first = path.split("/")[1] if path.count("/") > 1 else ""
    return "en" if first == "en" else "fr" if first == "fr" else None
