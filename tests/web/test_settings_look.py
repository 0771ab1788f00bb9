"""Logo and colour: shown on every page at once, told by content, and refused in words when they cannot be."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from portal.domain.languages import Language
from tests.client import BASE, Page, Visitor, check_page
from tests.installation import Built, an_installation
from tests.pictures import SVG, jpeg, png, webp
from tests.web.settings_visits import form_of, notice_at_once, officer, rows

LOOK = "staff_settings_look"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, log_rows=6)


def send(
    visitor: Visitor, content: bytes | None = None, *, name: str = "logo.png", status: int = 303, **typed: str
) -> Page | None:
    """Send the form as a browser does, its body in memory: the test client's own large bodies leave files open."""
    form = {key: value for key, value in form_of(visitor, LOOK).items() if key != "logo"} | typed
    parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in form.items()]
    if content is not None:
        parts.append(f'name="logo"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'.encode() + content)
    body = b"".join(b"--edge\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    answer = visitor.client.post(
        visitor.address(LOOK),
        input_stream=BytesIO(body),
        content_length=len(body),
        content_type="multipart/form-data; boundary=edge",
        base_url=BASE,
    )
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    if status == 303:
        return None
    page = Page(answer, visitor.language)
    check_page(page)
    return page


@pytest.mark.parametrize(("content", "kind"), [(png(), "image/png"), (jpeg(), "image/jpeg"), (webp(), "image/webp")])
def test_a_logo_stands_on_every_page_with_the_type_of_its_content(built: Built, content: bytes, kind: str) -> None:
    visitor, reader = officer(built, "en"), Visitor(built, "fr")
    send(visitor, content, name="evil.svg")
    notice_at_once(built)
    [picture] = [one for one in reader.visit("home").all("img") if "/look/logo/" in one.get("src", "")]
    answer = reader.client.get(picture.get("src", ""), base_url=BASE)
    assert (answer.status_code, answer.content_type) == (200, kind)
    assert "public" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


REFUSED = [
    (SVG, {"fr": "SVG peut contenir un programme", "en": "SVG file can hold a program"}),
    (b"GIF89a", {"fr": "pas une image", "en": "no picture"}),
    (png()[:-20], {"fr": "endommagée", "en": "damaged"}),
    (b"", {"fr": "vide", "en": "empty"}),
    (png() + b"\0" * 1_000_000, {"fr": "plus de 1\u00a0Mo", "en": "larger than 1 MB"}),
    (png(2_001, 1), {"fr": "trop large", "en": "too wide"}),
]


@pytest.mark.parametrize(("content", "words"), REFUSED)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_is_no_logo_is_refused_beside_its_field(
    built: Built, lang: Language, content: bytes, words: dict[Language, str]
) -> None:
    page = send(officer(built, lang), content, status=422, accent="#123456")
    assert isinstance(page, Page)
    assert words[lang] in page.text()
    assert 'value="#123456"' in page.html
    assert not rows(built, "look")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_logo_of_twenty_megabytes_is_refused_in_words(built: Built, lang: Language) -> None:
    page = send(officer(built, lang), b"\0" * 20_000_000, status=413)
    assert isinstance(page, Page)
    assert {"fr": "1\u00a0Mo au plus", "en": "1 MB at most"}[lang] in page.text()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_colour_that_can_be_read_is_on_every_page_and_one_that_cannot_is_refused(
    built: Built, lang: Language
) -> None:
    visitor = officer(built, lang)
    send(visitor, accent="#8A1538")
    notice_at_once(built)
    page = Visitor(built, lang).visit("home")
    [sheet] = [one.get("href", "") for one in page.all("link", rel="stylesheet") if "/look/" in one.get("href", "")]
    answer = visitor.client.get(sheet, base_url=BASE)
    assert answer.mimetype == "text/css"
    assert "--accent: #8a1538;" in answer.get_data(as_text=True)
    refused = send(visitor, status=422, accent="#ffd700")
    assert isinstance(refused, Page)
    assert {"fr": "plus foncée", "en": "darker"}[lang] in refused.text()
    assert {"fr": "trop peu", "en": "too little"}[lang] in refused.text()
    for none in ("red", "#fff", "8a1538", "#8a1538;}"):
        send(visitor, status=422, accent=none)
    assert rows(built, "look")[0].value == {"accent": "#8a1538"}


def test_a_logo_stays_when_the_colour_changes_goes_when_asked_and_comes_back(built: Built) -> None:
    visitor = officer(built, "en")
    send(visitor, png())
    send(visitor, accent="#8a1538")
    both = rows(built, "look")[0].value
    assert set(both) == {"accent", "logo"}
    send(visitor, remove="y")
    assert rows(built, "look")[0].value == {"accent": "#8a1538"}
    older, newest = rows(built, "look")[1], rows(built, "look")[0]
    visitor.send("staff_settings_undo", {"key": "look", "row": str(older.id), "version": str(newest.id)})
    assert rows(built, "look")[0].value == both


@pytest.mark.parametrize(
    "path", ["/look/logo/x", "/look/logo/" + "0" * 64, "/look/ffffff.css", "/look/zzzzzz.css", "/look/%7D.css"]
)
def test_an_address_of_no_logo_and_of_no_colour_is_not_found(built: Built, path: str) -> None:
    assert built.app.test_client().get(path, base_url=BASE).status_code == 404
