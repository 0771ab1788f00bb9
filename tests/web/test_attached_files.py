"""Files attached to a request: hostile ones refused in words, the others sealed, whole with their answer, and nowhere else."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from portal.domain.attachments import LARGEST_FILE
from portal.domain.checklist import LineState
from portal.domain.keys import Keys
from portal.services import attachments
from portal.services.attachments import FileGone
from portal.web.line_forms import MOST_SENT
from tests.client import BASE, Visitor
from tests.files import a_csv, a_pdf, a_png, a_workbook
from tests.installation import Built, an_installation
from tests.keepers import AGENT, Sent, a_request, answer, granted_with_a_file, lines, look, multipart, post, signed_in

HTML = b"<!doctype html><script>alert(1)</script>"
SECRET = b"Ma piece;unmistakable-canary-text\r\n1;2\r\n"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, by_hand=True)


def kept(built: Built, request_id: int) -> list[str]:
    with built.installation.database.reading() as store:
        return [file.name for file in store.attachments.of_request(request_id)]


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        ([("releve.pdf", HTML)], 422, "releve\N{NO-BREAK SPACE}» n’est rien de ceci"),
        ([("image.svg", b"<svg onload='alert(1)'/>")], 422, "n’est rien de ceci"),
        ([("vide.pdf", b"")], 422, "est vide"),
        ([("macro.xlsx", a_workbook("xl/vbaProject.bin"))], 422, "macros"),
        ([("bon.pdf", a_pdf()), ("mauvais.pdf", HTML)], 422, "mauvais"),
        ([(f"{number}.csv", a_csv()) for number in range(21)], 422, "20\N{NO-BREAK SPACE}fichiers|20 fichiers"),
        ([("grand.png", a_png(padding=b"x" * LARGEST_FILE))], 413, "10\N{NO-BREAK SPACE}Mo"),
    ],
)
def test_a_file_that_is_not_taken_is_named_with_the_reason_and_nothing_is_kept(
    built: Built, files: Sent, status: int, said: str
) -> None:
    request = a_request(built)
    refused = answer(built, "paper", "found", files, note="Voir le classeur 3")
    assert refused.status_code == status
    page = refused.get_data(as_text=True)
    assert any(one in page for one in said.split("|"))
    assert "Voir le classeur 3" in page
    assert "<script>alert" not in page
    assert kept(built, request.id) == []
    assert lines(built, request.reference)["paper"].is_open


def test_all_files_of_a_request_together_have_a_limit(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "LARGEST_TOGETHER", 3 * len(a_csv()))
    request = a_request(built)
    assert answer(built, "paper", "found", [("a.csv", a_csv()), ("b.csv", a_csv())]).status_code == 303
    assert answer(built, "support", "found", [("c.csv", a_csv()), ("d.csv", a_csv())]).status_code == 413
    assert kept(built, request.id) == ["a.csv", "b.csv"]
    assert lines(built, request.reference)["support"].is_open


def test_a_bomb_is_taken_as_it_came_and_never_unpacked(built: Built) -> None:
    request = a_request(built)
    bomb = a_workbook("xl/worksheets/sheet1.xml", content=b"\x00" * 50_000_000)
    assert answer(built, "paper", "found", [("bombe.xlsx", bomb)]).status_code == 303
    assert kept(built, request.id) == ["bombe.xlsx"]


@pytest.mark.parametrize(
    "name", ["../../x.html", "x" * 5_000, 'é"; filename=x.exe', "a\tb.pdf", "con", "\u202efdp.exe"]
)
def test_whatever_its_name_a_file_leaves_as_what_it_is(built: Built, name: str) -> None:
    request = a_request(built)
    assert answer(built, "paper", "found", [(name, a_pdf())]).status_code == 303
    [made] = kept(built, request.id)
    agent = signed_in(built, AGENT)
    page = agent.visit("staff_line", reference=request.reference, number="2")
    taken = agent.client.post(
        agent.address("staff_file", reference=request.reference, number="1"), data=page.form("/1"), base_url=BASE
    )
    disposition = taken.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert made.endswith(".pdf")
    assert "\n" not in disposition
    assert taken.content_type == "application/pdf"


def test_a_body_larger_than_all_files_may_be_is_not_read(built: Built) -> None:
    a_request(built)
    keeper, token, page = look(built, "paper")
    refused = post(
        keeper, "keeper", page.form(f"/{token}") | {"state": "found"}, [("x", b"x" * MOST_SENT)], token=token
    )
    assert refused.status_code == 413
    assert "50\N{NO-BREAK SPACE}Mo" in refused.get_data(as_text=True)


def test_files_are_read_only_behind_a_link_that_works(built: Built) -> None:
    a_request(built)
    stranger = Visitor(built)
    form = {"csrf_token": stranger.token(), "state": "found"}
    large = [("x.png", a_png(padding=b"x" * 2_000_000))]
    assert post(stranger, "keeper", form, large, token="A" * 43).status_code == 413
    assert post(stranger, "staff_line", form, large, reference="R-2345-6789-ABCD", number="1").status_code == 401


def test_while_a_file_arrives_nobody_waits_for_the_database(built: Built) -> None:
    request = a_request(built)
    keeper, token, page = look(built, "paper")
    seen: list[bool] = []

    class Slow(io.BytesIO):
        def readinto(self, buffer: Any, /) -> int:
            database = sqlite3.connect(built.folder / "portal.db", timeout=0.2, isolation_level=None)
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
            database.close()
            seen.append(True)
            return super().readinto(buffer)

    body, kind = multipart(page.form(f"/{token}") | {"state": "found"}, [("a.pdf", a_pdf())])
    answered = keeper.client.post(
        keeper.address("keeper", token=token),
        input_stream=Slow(body),
        content_length=len(body),
        content_type=kind,
        base_url=BASE,
    )
    assert answered.status_code == 303
    assert seen
    assert kept(built, request.id) == ["a.pdf"]


def test_an_answer_and_its_files_are_kept_together_or_not_at_all(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    request = a_request(built)
    keeper, token, page = look(built, "paper")
    form = page.form(f"/{token}") | {"state": "found"}

    class Killed(BaseException):
        pass

    def die(*_arguments: object, **_values: object) -> None:
        raise Killed

    with monkeypatch.context() as at_the_end:
        at_the_end.setattr("portal.storage.audit.AuditTrail.record", die)
        with pytest.raises(Killed):
            post(keeper, "keeper", form, [("a.csv", a_csv())], token=token)
    assert kept(built, request.id) == []
    assert lines(built, request.reference)["paper"].is_open
    assert post(keeper, "keeper", form, [("a.csv", a_csv())], token=token).status_code == 303
    assert lines(built, request.reference)["paper"].state is LineState.FOUND


def test_files_are_replaced_and_taken_out_with_the_answer(built: Built) -> None:
    request = a_request(built)
    answer(built, "paper", "found", [("a.csv", a_csv()), ("b.csv", a_csv())])
    answer(built, "paper", "found", [("c.csv", a_csv())], remove="1")
    assert kept(built, request.id) == ["b.csv", "c.csv"]
    assert answer(built, "paper", "nothing", [("d.csv", a_csv())]).status_code == 422
    answer(built, "paper", "on_paper")
    assert kept(built, request.id) == []


def test_a_stolen_database_does_not_give_the_files(built: Built) -> None:
    granted_with_a_file(built, [("a.csv", SECRET)])
    for path in built.folder.glob("portal.db*"):
        assert b"unmistakable-canary-text" not in path.read_bytes()


def test_a_file_opens_with_the_secret_it_was_sealed_with_and_no_other(built: Built) -> None:
    request = granted_with_a_file(built, [("a.csv", SECRET)])
    portal = built.installation
    with portal.database.reading() as store:
        [file] = store.attachments.of_request(request.id)
        rotated = replace(portal, keys=Keys(b"n" * 48, (portal.keys.current,)))
        assert attachments.content_of(rotated, store, file) == SECRET
        for change in _wrong(portal.keys):
            with pytest.raises((FileGone, InvalidTag)):
                attachments.content_of(replace(portal, keys=change()), store, file)
        with pytest.raises(FileGone):
            attachments.content_of(portal, store, replace(file, request_id=file.request_id + 1))


def _wrong(keys: Keys) -> list[Callable[[], Keys]]:
    return [lambda: Keys(b"n" * 48), lambda: Keys(keys.current[:-1] + b"x")]
