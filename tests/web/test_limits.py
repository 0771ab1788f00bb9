"""One network may send many forms, not any number; readers are never counted."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from portal.config.settings import LimitsSettings
from portal.web import limits
from tests.client import BASE
from tests.installation import Built, an_installation
from tests.services import redis_url

MOST = 3


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FORMS_A_MINUTE", MOST)


def sent(built: Built, path: str, times: int = 1, network: str = "192.0.2.1") -> list[int]:
    """The statuses of so many forms; without a token each is refused, and counted all the same."""
    client = built.app.test_client()
    return [
        client.post(path, base_url=BASE, environ_overrides={"REMOTE_ADDR": network}).status_code for _ in range(times)
    ]


def counted_at(folder: Path, address: str) -> Built:
    return an_installation(folder, change=lambda settings: replace(settings, limits=LimitsSettings(url=address)))


def test_one_form_too_many_is_refused_with_the_time_to_wait(tmp_path: Path) -> None:
    built = an_installation(tmp_path)

    assert sent(built, "/en/sign-in", MOST) == [400] * MOST
    refused = built.app.test_client().post("/en/sign-in", base_url=BASE, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "wait 1 min" in refused.text


def test_another_network_and_another_form_have_counts_of_their_own(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    assert sent(built, "/en/sign-in", MOST + 1)[-1] == 429

    assert sent(built, "/en/sign-in", network="192.0.2.2") == [400]
    assert sent(built, "/en/confirm") != [429]
    assert sent(built, "/fr/connexion") == [429], "the same form in the other language"


def test_readers_are_never_counted(tmp_path: Path) -> None:
    client = an_installation(tmp_path).app.test_client()

    assert {client.get("/en/sign-in", base_url=BASE).status_code for _ in range(MOST + 2)} == {200}


def test_two_processes_share_their_counts_in_redis(tmp_path: Path) -> None:
    address = redis_url()
    network = f"test-{uuid4()}"
    one, other = counted_at(tmp_path / "one", address), counted_at(tmp_path / "other", address)

    assert sent(one, "/en/sign-in", MOST, network) == [400] * MOST
    assert sent(other, "/en/sign-in", network=network) == [429]


def test_a_counter_that_is_away_refuses_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    built = counted_at(tmp_path, "redis://:a-password@127.0.0.1:1/0")

    assert sent(built, "/en/sign-in", MOST + 1) == [400] * (MOST + 1)
    assert "forms_not_counted" in caplog.text
    assert "a-password" not in caplog.text


def test_what_counts_forms_is_not_loaded_for_readers(tmp_path: Path) -> None:
    """It takes as long to import as Jinja, and no page that is only read needs it."""
    program = (
        "import sys; from pathlib import Path; from tests.installation import an_installation; from tests.client import BASE;"
        f"app = an_installation(Path({str(tmp_path)!r})).app;"
        "assert app.test_client().get('/en/policy', base_url=BASE).status_code == 200;"
        "sys.exit('limits' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
