"""The `portal` command as an operator meets it: plain sentences, exit codes, JSON for programs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal import __version__
from portal.cli import main
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from tests.client import Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    for name in ("LC_ALL", "LC_MESSAGES", "PORTAL_CONFIG", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return an_installation(tmp_path)


def run(built: Built, *arguments: str) -> int:
    return main([*arguments, "--config", str(built.folder / "portal.toml")])


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"portal {__version__}\n"


@pytest.mark.parametrize("wrong", [["nonsense"], [], ["staff", "add", "x@example.org"], ["demo", "--port", "0"]])
def test_wrong_usage_exits_two(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2


def test_a_right_installation_has_no_problem(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "check") == 0
    *notes, last = capsys.readouterr().out.splitlines()
    assert last == "No problem found."
    assert notes[0] == "Note: qc_p391: counsel has not read this regime in the last twelve months."
    assert notes[-1] == "Note: grounds of refusal still to be reviewed by counsel: PRIV_privilege."
    assert all(one.startswith("Note: ") for one in notes)
    assert run(built, "check", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"problems": []}


def test_a_mistyped_column_is_named_with_the_nearest(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    file = built.folder / "portal.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("[categories.tables.columns.phone]", "[categories.tables.columns.phoen]"), encoding="utf-8"
    )
    assert run(built, "check") == 1
    out = capsys.readouterr().out
    assert "no such column in service.accounts; nearest: phone" in out
    assert out.endswith("1 problem.\n")


def test_a_policy_that_covers_what_the_map_lacks_is_a_problem(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    file = built.folder / "portal.toml"
    text = file.read_text(encoding="utf-8")
    before, _, rest = text.partition('[[categories]]\nid = "support"')
    assert rest
    file.write_text(before, encoding="utf-8")
    assert run(built, "check") == 1
    assert "collected: It is said to cover “support”, which your data map does not have." in capsys.readouterr().out


def test_settings_that_are_wrong_are_refused_on_stderr(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    (built.folder / "portal.toml").write_text("languages = [", encoding="utf-8")
    assert run(built, "rights", "list") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "portal.toml" in told.err
    assert "Traceback" not in told.err


def test_a_link_for_staff_works_in_the_site(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "staff", "add", "New.Officer@Example.org", "--role", "officer", "--language", "en") == 0
    link = capsys.readouterr().out.strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/en/sign-in/link/[A-Za-z0-9_-]{40,}", link)
    visitor = Visitor(built, "en")
    assert visitor.send("sign_in_link", {}, token=link.rsplit("/", 1)[1]).location == "/en/staff/setup"  # type: ignore[union-attr]  # a redirect
    assert run(built, "staff", "list") == 0
    assert "new.officer@example.org\tofficer\tactive" in capsys.readouterr().out
    assert run(built, "staff", "disable", "new.officer@example.org") == 0
    assert run(built, "staff", "disable", "nobody@example.org") == 1


def test_requests_are_listed_without_an_address(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=now)
        asked = Asked(Kind.ACCESS, "fr", Level.L2, message="Tout, s’il vous plaît")
        request = open_request(built.installation, store, person, asked, form_id=None, now=now)
    assert run(built, "rights", "list", "--json") == 0
    [row] = json.loads(capsys.readouterr().out)
    assert row == {
        "reference": request.reference,
        "kind": "access",
        "state": "received",
        "decision": None,
        "flags": [],
        "received_at": "2026-11-23T17:00:00Z",
        "due": "2026-12-23",
        "regime": "qc_p391",
        "language": "fr",
        "assignee": None,
    }
    assert run(built, "rights", "show", request.reference.lower().replace("-", ""), "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert [event["event"] for event in shown["events"]] == ["opened"]
    assert run(built, "rights", "list", "--state", "closed", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(built, "rights", "show", "R-0000-0000-0000") == 1


def test_a_preview_masks_values_and_never_shows_what_is_held(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "sources", "preview", CAMILLE) == 0
    masked = capsys.readouterr().out
    assert CAMILLE not in masked
    assert run(built, "sources", "preview", CAMILLE, "--reveal") == 0
    revealed = capsys.readouterr().out
    assert CAMILLE in revealed
    assert "password_hash=held" in revealed
    assert run(built, "sources", "preview", "nobody") == 1


def test_a_preview_covers_every_address_the_person_has_shown(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="en", now=built.clock())
        store.other_addresses.prove(person.id, EMILY, datetime.now(UTC))
    assert run(built, "sources", "preview", CAMILLE, "--reveal") == 0
    revealed = capsys.readouterr().out
    assert "Also under" in revealed or "Aussi sous" in revealed
    assert "Emily Clarke" in revealed
    assert "Camille Tremblay" in revealed
    assert run(built, "sources", "preview", EMILY, "--reveal") == 0
    assert "Camille Tremblay" not in capsys.readouterr().out


def test_a_database_of_another_version_is_refused_in_one_sentence(
    built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    from sqlalchemy import text

    with built.installation.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for arguments in (["serve"], ["web"], ["rights", "list"], ["db", "upgrade"]):
        assert run(built, *arguments) == 1
        assert capsys.readouterr().err.startswith("The database was made by a newer version of the portal.")


def test_the_outbox_is_counted(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "mail", "status") == 0
    assert capsys.readouterr().out == "waiting\t0\nto_post\t0\nsent\t0\nrefused\t0\n"
    assert run(built, "mail", "retry") == 0


def test_a_closed_pipe_and_an_interrupt_leave_no_trace() -> None:
    command = f"{sys.executable} -m portal rights list --help | head -1"
    answer = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in answer.stderr


def test_colleagues_are_managed_as_on_the_page(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "staff", "disable", "officer@example.org") == 1
    assert capsys.readouterr().err == "This is the last officer who can sign in. Give somebody else this role first.\n"
    assert run(built, "staff", "add", "officer@example.org", "--role", "agent") == 1
    assert run(built, "staff", "role", "officer@example.org", "--role", "auditor") == 1
    assert run(built, "staff", "role", "agent@example.org", "--role", "officer") == 0
    assert run(built, "staff", "disable", "officer@example.org", "--to", "auditor@example.org") == 1
    assert "Requests go to another officer or agent who can sign in." in capsys.readouterr().err
    assert run(built, "staff", "disable", "officer@example.org", "--to", "agent@example.org") == 0
    assert run(built, "staff", "list") == 0
    listed = capsys.readouterr().out
    assert "officer@example.org\tofficer\tdisabled" in listed
    assert "agent@example.org\tofficer\tactive" in listed
    assert run(built, "staff", "enable", "officer@example.org") == 0
    assert run(built, "staff", "enable", "nobody@example.org") == 1


def test_the_list_of_requests_marks_a_test(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=now)
        for is_test in (True, False):
            asked = Asked(Kind.INFO, "fr", Level.L2, "Bonjour", is_test=is_test)
            open_request(built.installation, store, person, asked, form_id=None, now=now)
    assert run(built, "rights", "list") == 0
    ends = sorted(line.rsplit("\t", 1)[1] for line in capsys.readouterr().out.splitlines())
    assert ends == ["2026-12-23", "test"]
