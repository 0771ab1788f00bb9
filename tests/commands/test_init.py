"""`portal init` as a newcomer meets it: five questions or options, a whole installation or nothing, then a link."""

from __future__ import annotations

import os
import pty
import re
import select
import socket
import stat
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from werkzeug.test import TestResponse

from portal.cli import main
from portal.config import Settings, load_settings
from portal.services import members
from portal.wording.typography import french_spacing_faults
from tests.client import Page, Visitor
from tests.installation import Built, an_empty_installation

ANSWERS = {
    "--name-fr": "Coop L’Éveil",
    "--name-en": 'The "Awakening" Co-op',
    "--url": "https://confidentialite.example.org",
    "--contact": "privacy@example.org",
    "--mail": "later",
    "--officer": "Jo.Tremblay@Example.org",
    "--language": "fr",
}
TREE = ["data", "policy", "portal.toml", "secret.key"]


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.commands import refusals

    for name in ("LC_ALL", "LC_MESSAGES", "PORTAL_CONFIG", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    refusals._spoken.set(None)


def options(**changed: str | None) -> list[str]:
    """The options of a right answer to each question, some changed or, with None, left out."""
    given = ANSWERS | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    return [part for name, value in given.items() if value is not None for part in (name, value)]


def init(folder: Path, **changed: str | None) -> int:
    return main(["init", str(folder), *options(**changed)])


def tree(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def opened(folder: Path) -> Built:
    """The installation that init wrote, at head, with its site."""
    return an_empty_installation(folder)


def come_in(visitor: Visitor, token: str) -> TestResponse | Page:
    return visitor.send("sign_in_link", visitor.visit("sign_in_link", token=token).form(), token=token)


def test_options_make_a_whole_installation_without_a_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "portal"
    assert init(folder) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "portal serve --config" in told.out
    assert "jo.tremblay@example.org" in told.out
    assert "plus tard" not in told.out
    assert "dans le navigateur, après portal serve" in told.out
    assert tree(folder) == TREE
    assert main(["check", "--config", str(folder / "portal.toml")]) == 0
    settings = load_settings(folder / "portal.toml", {})
    assert settings.organisation.name.en == 'The "Awakening" Co-op'
    assert settings.site.url == "https://confidentialite.example.org"
    assert settings.mail.url is None
    assert (settings.privacy_contact.email, settings.privacy_contact.phone) == ("privacy@example.org", "")
    assert settings.first_officer is not None
    assert settings.first_officer.email == "jo.tremblay@example.org"
    assert settings.database.url == f"sqlite:///{folder}/data/portal.db"


def test_secrets_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    init(tmp_path / "a")
    init(tmp_path / "b")
    for name in ("portal.toml", "secret.key"):
        assert stat.S_IMODE((tmp_path / "a" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700
    keys = {(tmp_path / one / "secret.key").read_text() for one in ("a", "b")}
    assert len(keys) == 2
    assert all(len(key) >= 64 for key in keys)


def test_comments_are_in_the_language_asked_for_and_both_files_say_the_same(tmp_path: Path) -> None:
    init(tmp_path / "fr", language="fr")
    init(tmp_path / "en", language="en")
    texts = {one: (tmp_path / one / "portal.toml").read_text(encoding="utf-8") for one in ("fr", "en")}
    french, english = (tomllib.loads(texts[one]) for one in ("fr", "en"))
    french["first_officer"].pop("language")
    english["first_officer"].pop("language")
    assert french == english
    comments = "\n".join(re.findall(r"#(?! \w+ =)[^\n]*", texts["fr"]))
    assert "serveur mandataire" in comments
    assert "a proxy" in texts["en"]
    assert french_spacing_faults(re.sub(r"smtps?:\S+|print:|postgresql\S+", "", comments)) == []


def test_the_draft_reads_as_a_policy_in_both_languages_and_cannot_be_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(tmp_path / "new", language="en")
    [folder] = (tmp_path / "new" / "policy").iterdir()
    assert folder.name == datetime.now(ZoneInfo("America/Toronto")).date().isoformat()
    opened(tmp_path / "new")
    capsys.readouterr()
    publish = ["policy", "publish", str(folder), "--config", str(tmp_path / "new" / "portal.toml")]
    assert main(publish) == 1
    refused = capsys.readouterr().err
    assert "fr.md: retention: still to complete: [À compléter par l’organisation" in refused
    assert "en.md: retention: still to complete: [To be completed by the organization" in refused
    assert {line.split(":")[0] for line in refused.splitlines()} == {"fr.md", "en.md"}
    for name in ("fr.md", "en.md"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(re.sub(r"\[(À compléter|To be completed)[^\]]*\]", "X", text), encoding="utf-8")
    assert main(publish) == 0


@pytest.mark.parametrize(
    ("named", "value", "said"),
    [
        ("url", "http://privacy.example.org", "begins with https://"),
        ("url", "https://privacy.example.org/portal", "without a path"),
        ("url", "privacy.example.org", "https:// is missing"),
        ("url", "https://", "not an address such as"),
        ("contact", "privacy at example.org", "not an e-mail address"),
        ("officer", "a@example.org, b@example.org", "not an e-mail address"),
        ("mail", "gopher://mail.example.org", "not a mail server"),
        ("mail", "smtp://me:secret@mail.example.org?starttls=off", "without encryption"),
        ("mail", "mailbox:", "belongs to the demo"),
        ("name_fr", "Coop\nBcc: x", "on one line"),
        ("name_en", "   ", "on one line"),
        ("name_en", "x" * 121, "at most 120"),
    ],
)
def test_a_bad_answer_is_refused_in_one_sentence_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], named: str, value: str, said: str
) -> None:
    assert init(tmp_path, **{named: value, "language": "en"}) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert len(told.err.splitlines()) == 1
    assert "secret" not in told.err
    assert tree(tmp_path) == []


def test_what_is_missing_is_named_when_nobody_can_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(tmp_path, officer=None, language="fr") == 2
    assert capsys.readouterr().err == "Il manque --officer. Donnez ces options, ou répondez dans un terminal.\n"
    assert init(tmp_path, url=None, mail=None, language="en") == 2
    assert capsys.readouterr().err == "Missing: --url, --mail. Give them as options, or answer on a terminal.\n"
    assert tree(tmp_path) == []


@pytest.mark.parametrize("present", TREE)
def test_an_installation_or_a_part_of_one_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], present: str
) -> None:
    (tmp_path / present).write_text("mine")
    before = (tmp_path / present).stat()
    assert init(tmp_path, language="en") == 1
    told = capsys.readouterr().err
    assert f"{present} is already there: nothing was touched." in told
    assert len(told.splitlines()) == 1
    assert tree(tmp_path) == [present]
    assert (tmp_path / present).stat() == before


def test_a_folder_that_cannot_be_written_is_said_and_left_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    assert init(tmp_path / "file", language="en") == 1
    assert capsys.readouterr().err.startswith("Nothing was written in ")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.rename

    def full(self: Path, target: Path) -> Path:
        if self.name == "portal.toml":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", full)
    assert init(tmp_path / "new", language="en") == 1
    assert not (tmp_path / "new").exists()
    (tmp_path / "mine").mkdir()
    assert init(tmp_path / "mine", language="en") == 1
    assert tree(tmp_path / "mine") == []


def test_a_mail_server_may_be_a_bare_name_and_its_password_a_variable(tmp_path: Path) -> None:
    init(tmp_path / "a", mail="courriel.example.org:465")
    assert load_settings(tmp_path / "a" / "portal.toml", {}).mail.url == "smtps://courriel.example.org:465"
    assert init(tmp_path / "b", mail="smtp://jo:${SMTP_PASSWORD}@mail.example.org:587?starttls=required") == 0
    settings = load_settings(tmp_path / "b" / "portal.toml", {"SMTP_PASSWORD": "p@ss"})
    assert settings.mail.url == "smtp://jo:p%40ss@mail.example.org:587?starttls=required"


def test_on_a_terminal_five_questions_are_asked_and_asked_again(tmp_path: Path) -> None:
    typed = {
        "in French:": ["Coop L’Éveil"],
        "in English": [""],
        "public address": ["http://example.org", "http://127.0.0.1:8123"],
        "person in charge, published": ["nobody", "privacy@example.org"],
        "mail server": ["ftp://x", ""],
        "officer": [""],
    }
    told, code = on_a_terminal(["init", str(tmp_path / "new"), "--language", "en"], typed)
    assert code == 0, told
    assert "begins with https://" in told
    assert "This is not an e-mail address." in told
    assert "This is not a mail server" in told
    settings = load_settings(tmp_path / "new" / "portal.toml", {})
    assert (settings.organisation.name.fr, settings.organisation.name.en) == ("Coop L’Éveil", "Coop L’Éveil")
    assert (settings.site.url, settings.web.port) == ("http://127.0.0.1:8123", 8123)
    assert settings.first_officer is not None
    assert settings.first_officer.email == "privacy@example.org"


def test_the_end_of_input_writes_nothing(tmp_path: Path) -> None:
    told, code = on_a_terminal(["init", str(tmp_path / "new"), "--language", "fr"], {"en français": ["\x04"]})
    assert code == 1
    assert "Rien n’a été écrit." in told
    assert not (tmp_path / "new").exists()


def test_serve_on_an_empty_database_prints_a_link_that_opens_the_portal(tmp_path: Path) -> None:
    port = a_free_port()
    init(tmp_path, url=f"http://127.0.0.1:{port}", language="en")
    with serving(tmp_path) as lines:
        said = "".join(lines)
    [link] = re.findall(rf"http://127\.0\.0\.1:{port}(/en/sign-in/link/[A-Za-z0-9_-]+)", said)
    assert f"portal staff add jo.tremblay@example.org --role officer --language en --config {tmp_path}" in said
    visitor = Visitor(opened(tmp_path), "en")
    assert come_in(visitor, link.rsplit("/", 1)[1])
    with serving(tmp_path) as lines:
        assert "sign-in/link" not in "".join(lines), "nobody is awaited any more"


def test_a_first_officer_is_awaited_until_they_come_and_never_after(tmp_path: Path) -> None:
    init(tmp_path)
    built = opened(tmp_path)
    portal, address = built.installation, "jo.tremblay@example.org"

    def awaited() -> bool:
        with portal.database.reading() as store:
            return members.awaited(store, address, now=built.clock())

    def add() -> str:
        with portal.database.writing() as store:
            return members.add(portal, store, address, members.Role.OFFICER, language="fr")

    assert awaited()
    add()
    assert not awaited(), "the link printed a moment ago still works"
    built.clock.now += timedelta(hours=2)
    assert awaited(), "it is late: the next start prints another"
    token = add()
    come_in(Visitor(built, "fr"), token)
    built.clock.now += timedelta(days=400)
    assert not awaited()


def test_a_member_shut_out_is_not_let_in_again_by_a_restart(tmp_path: Path) -> None:
    init(tmp_path)
    built = opened(tmp_path)
    with built.installation.database.writing() as store:
        members.add(built.installation, store, "jo.tremblay@example.org", members.Role.OFFICER, language="fr")
        officer = store.staff.by_address("jo.tremblay@example.org")
        assert officer
        store.staff.disable(officer.id, built.clock())
        built.clock.advance(hours=2)
        assert not members.awaited(store, "jo.tremblay@example.org", now=built.clock())


def test_a_port_that_is_taken_is_said_in_one_sentence_and_the_link_is_not_spent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        init(tmp_path, url=f"http://127.0.0.1:{taken.getsockname()[1]}", language="en")
        capfd.readouterr()
        for command in ("serve", "web"):
            main(["db", "upgrade", "--config", str(tmp_path / "portal.toml")])
            capfd.readouterr()
            assert main([command, "--config", str(tmp_path / "portal.toml")]) == 1
            told = capfd.readouterr()
            assert told.out == ""
            assert "Another program already listens on" in told.err
            assert len(told.err.splitlines()) == 1


def test_letters_to_a_mailbox_are_refused_off_this_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(tmp_path, language="en")
    file = tmp_path / "portal.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('# url = "smtp://…"', 'url = "mailbox:"'))
    capsys.readouterr()
    for command in ("serve", "web", "worker", "check"):
        assert main([command, "--config", str(file)]) == 1
        told = capsys.readouterr()
        assert "mail.url: mailbox: is for a portal on this machine alone" in told.out + told.err
    assert tree(tmp_path / "data") == []


def on_a_terminal(arguments: list[str], typed: dict[str, list[str]]) -> tuple[str, int]:
    """Run a command on a terminal of its own, answering each question as it comes; what was told, and the exit code."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "portal", *arguments], stdin=child, stdout=child, stderr=child, env=os.environ.copy()
    )
    os.close(child)
    told, asked = "", 0
    while select.select([parent], [], [], 60)[0]:
        try:
            read = os.read(parent, 4096)
        except OSError:
            break
        told += read.decode("utf-8", "replace")
        if told.endswith("> ") and len(told) > asked:
            question = next(part for part in reversed(typed) if part in told[asked:].splitlines()[-2])
            asked = len(told)
            answer = typed[question].pop(0)
            os.write(parent, answer.encode() + (b"" if answer == "\x04" else b"\n"))
    os.close(parent)
    return told, process.wait(timeout=60)


@contextmanager
def serving(folder: Path) -> Iterator[list[str]]:
    """Run `portal serve` until its address answers; what it printed by then, filled at the end."""
    lines: list[str] = []
    process = subprocess.Popen(
        [sys.executable, "-m", "portal", "serve", "--config", str(folder / "portal.toml")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        for line in process.stdout:
            lines.append(line)
            if "listens on" in line:
                break
        answered(load_settings(folder / "portal.toml", {}))
        yield lines
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stdout.close() if process.stdout else None


def answered(settings: Settings) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{settings.site.url}/healthz", timeout=5) as answer:  # noqa: S310  # our own address
                assert answer.status == 200
                return
        except OSError:
            select.select([], [], [], 0.1)
    raise AssertionError("no answer")


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
