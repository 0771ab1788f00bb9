"""The demo's own clock moves ahead by a press; its worker then finds days come, and letters really leave."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.app import install, site_of, work
from portal.config import load_settings
from portal.demo.clock import FURTHEST, DemoClock, TooFar
from portal.domain.rights import Kind, Level
from portal.engine.base import utc_now
from portal.services.rights import Asked, open_request
from tests.client import BASE, Visitor
from tests.installation import CAMILLE, Built, an_installation

PATIENCE = 60.0


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """The demo's installation, with the clock a demo has."""
    an_installation(tmp_path, now=utc_now()).installation.database.close()
    installation = install(load_settings(tmp_path / "portal.toml", {}))
    app = site_of(installation)
    app.testing = True
    return Built(installation, app, installation.clock, "", tmp_path)  # type: ignore[arg-type]  # a clock all the same


@contextmanager
def a_worker(built: Built) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(built.installation, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)


def press(built: Built, days: str, *, status: int = 303) -> TestResponse:
    visitor = Visitor(built, "en")
    token = visitor.token("en", "/demo?lang=en")
    answer = visitor.client.post("/demo/later", data={"days": days, "lang": "en", "csrf_token": token}, base_url=BASE)
    assert answer.status_code == status
    return answer


def letters(built: Built) -> list[dict[str, object]]:
    return list(built.installation.transport.list(limit=500))  # type: ignore[union-attr]  # the mailbox's own


def waited_for(built: Built, kind: str) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if kind in {letter["kind"] for letter in letters(built)}:
            return True
        time.sleep(0.1)
    return False


def test_after_31_days_the_worker_tells_both_sides_that_the_answer_is_late(built: Built) -> None:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=now)
        asked = Asked(Kind.ACCESS, "fr", Level.L2, "Tout")
        request = open_request(built.installation, store, person, asked, form_id=None, now=now)
    with a_worker(built):
        assert waited_for(built, "acknowledgement")
        assert "we_are_late" not in {letter["kind"] for letter in letters(built)}
        assert press(built, "31").location == "/demo?lang=en#later"
        assert waited_for(built, "we_are_late")
        assert waited_for(built, "contact_late")
    with built.installation.database.reading() as store:
        found = store.requests.by_id(request.id)
    assert found
    assert found.deemed_refused_on == request.due + timedelta(days=1)


def test_every_process_sees_the_same_day_and_it_adds_up(built: Built, tmp_path: Path) -> None:
    press(built, "1")
    press(built, "31")
    other = DemoClock(tmp_path)
    assert other.days_ahead() == 32
    assert timedelta(days=32) <= other() - utc_now() + timedelta(seconds=5)
    page = Visitor(built, "en").open("/demo?lang=en")
    assert "Its clock is 32 days ahead." in page.text().replace("\u00a0", " ")
    assert "Un jour plus tard" in Visitor(built, "fr").open("/demo?lang=fr").text()


@pytest.mark.parametrize("days", ["", "0", "-1", "2", "31 ", "1e9", "٣١"])
def test_only_the_two_steps_are_taken(built: Built, days: str) -> None:
    press(built, days, status=404)
    assert DemoClock(built.folder).days_ahead() == 0


def test_a_get_moves_nothing_and_a_form_without_its_token_neither(built: Built) -> None:
    client = Visitor(built, "en").client
    assert client.get("/demo/later", base_url=BASE).status_code == 405
    assert client.post("/demo/later", data={"days": "31"}, base_url=BASE).status_code in {400, 403}
    assert DemoClock(built.folder).days_ahead() == 0


def test_it_ends_somewhere_and_an_unreadable_file_is_no_day(built: Built, tmp_path: Path) -> None:
    clock = DemoClock(tmp_path)
    (tmp_path / "days-ahead").write_text("soon")
    assert clock.days_ahead() == 0
    (tmp_path / "days-ahead").write_text(str(FURTHEST))
    press(built, "1", status=409)
    with pytest.raises(TooFar):
        clock.move(1)


def test_outside_the_demo_nothing_moves_the_clock(tmp_path: Path) -> None:
    an_installation(tmp_path).installation.database.close()
    (tmp_path / "days-ahead").write_text("31")
    settings = load_settings(tmp_path / "portal.toml", {})
    elsewhere = replace(settings, mail=replace(settings.mail, url=None))
    portal = install(elsewhere)
    assert abs(portal.clock() - utc_now()) < timedelta(seconds=5)
    client = site_of(portal).test_client()
    assert client.post("/demo/later", data={"days": "31"}, base_url=BASE).status_code == 404
    assert client.get("/demo", base_url=BASE).status_code == 404
