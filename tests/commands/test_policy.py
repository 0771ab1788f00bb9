"""`portal policy`: list, check, publish, export and diff, byte for byte, one plain sentence for each refusal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.cli import main
from portal.resources import demo_policies_folder
from tests.installation import Built, an_installation
from tests.policies.builders import ENGLISH, FRENCH, folder
from tests.services.drafts import a_draft
from tests.web.policy_visits import complete, officer_of, publish

TOML = """\
# Ce commentaire reste.
id     = "2020-01-15"
effective = 2020-01-15
kind = 'wording'
imported = true
summary = { fr = "  Rien.  ", en = "Nothing." }
"""


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path / "installation")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    (tmp_path / "version").mkdir()
    return folder(tmp_path / "version", toml=TOML, fr=FRENCH.replace("\n", "\r\n"))


def run(built: Built, *arguments: str) -> int:
    return main(["policy", *arguments, "--config", str(built.folder / "portal.toml")])


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def test_what_is_published_from_a_folder_is_exported_byte_for_byte(
    built: Built, there: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(built, "publish", str(there)) == 0
    assert run(built, "publish", str(there)) == 0, "the same again changes nothing"
    out = tmp_path / "out"
    assert run(built, "export", str(out), "--id", "2020-01-15") == 0
    assert contents(out) == contents(there)
    assert run(built, "export", str(out), "--id", "2020-01-15") == 0
    assert run(built, "export", str(out)) == 1
    assert "already" in capsys.readouterr().err
    assert contents(out) == contents(there), "nothing was written over"


@pytest.mark.parametrize("document", ["privacy", "governance"])
def test_every_version_of_the_demo_goes_out_as_it_came_in(built: Built, tmp_path: Path, document: str) -> None:
    for path in sorted((demo_policies_folder() / document).iterdir()):
        out = tmp_path / path.name
        assert run(built, "export", str(out), "--id", path.name, "--document", document) == 0
        assert {name: out.joinpath(name).read_bytes() for name in ("fr.md", "en.md")} == {
            name: path.joinpath(name).read_bytes() for name in ("fr.md", "en.md")
        }
        assert run(built, "publish", str(out)) == 0, "the same version, whatever wrote its policy.toml"


def test_a_version_written_in_the_browser_goes_out_and_in_again_unchanged(tmp_path: Path) -> None:
    built = an_installation(tmp_path / "installation", by_hand=True)
    a_draft(built, pasted=None)
    officer = officer_of(built, "fr")
    complete(officer)
    publish(officer, "2026-11-25")
    assert run(built, "export", str(tmp_path / "one"), "--id", "2026-11-25") == 0
    other = an_installation(tmp_path / "other")
    (tmp_path / "one" / "policy.toml").write_text(
        (tmp_path / "one" / "policy.toml").read_text(encoding="utf-8").replace("2026-11-25", "2099-11-25"),
        encoding="utf-8",
    )
    assert run(other, "publish", str(tmp_path / "one")) == 0
    assert run(other, "export", str(tmp_path / "two"), "--id", "2099-11-25") == 0
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_an_id_of_another_text_and_a_day_that_is_past_are_refused_in_one_sentence(
    built: Built, there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(built, "publish", str(there)) == 0
    (there / "en.md").write_text(ENGLISH.replace("Your name", "Your first name"), encoding="utf-8")
    assert run(built, "publish", str(there)) == 1
    assert "2020-01-15" in capsys.readouterr().err
    past = TOML.replace("2020-01-15", "2024-01-15")
    (there / "policy.toml").write_text(past.replace("imported = true\n", ""), encoding="utf-8")
    assert run(built, "publish", str(there)) == 1
    said = capsys.readouterr().err
    assert "in the past" in said
    assert said.count("\n") == 1
    (there / "policy.toml").write_text(past, encoding="utf-8")
    assert run(built, "publish", str(there)) == 0


def test_the_list_says_where_each_version_stands(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "list") == 0
    assert "governance\t2026-06-15\t2026-06-15\tmaterial\tin_force" in capsys.readouterr().out
    assert run(built, "list", "--document", "privacy", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["id"], one["state"], one["until"]) for one in listed] == [
        ("2026-06-15", "in_force", None),
        ("2025-02-25", "superseded", "2026-06-15"),
    ]


def test_check_names_section_and_line_and_mends_on_request(
    built: Built, there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (there / "fr.md").write_bytes(FRENCH.replace("Votre nom.", "Votre nom au QuÃ©bec.").encode())
    (there / "en.md").write_bytes(ENGLISH.encode() + b"\n<script>x</script>\n")
    assert run(built, "check", str(there)) == 1
    said = capsys.readouterr().out.splitlines()
    assert any(line.startswith("fr.md: collected: line 3: QuÃ©bec.") for line in said)
    assert any(line.startswith("en.md: contact: line 9: <script>") for line in said)
    assert said[-1] == "2 problems."
    assert run(built, "check", str(there), "--json") == 1
    found = json.loads(capsys.readouterr().out)["problems"]
    assert {(one["code"], one["line"]) for one in found} == {("garbled", 3), ("raw_html", 9)}
    (there / "en.md").write_bytes(ENGLISH.encode())
    assert run(built, "check", str(there), "--mend") == 0
    assert "fr.md" in capsys.readouterr().out
    assert "Québec" in (there / "fr.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", ["privacy", "governance"])
def test_what_a_folder_lacks_is_said_by_check_and_refused_by_publish(
    built: Built, there: Path, document: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = TOML.replace("imported = true", f'document = "{document}"').replace("2020", "2099")
    (there / "policy.toml").write_text(settings, encoding="utf-8")
    assert run(built, "check", str(there)) == 1
    said = capsys.readouterr().out.splitlines()[:-1]
    assert any("Not said: " in line for line in said)
    assert any("Not said: Recipient: " in line for line in said) is (document == "privacy")
    assert run(built, "publish", str(there)) == 1
    refused = capsys.readouterr().err
    assert [line for line in said if line not in refused] == []
    assert run(built, "list", "--document", document) == 0
    assert "2099-01-15" not in capsys.readouterr().out


def test_a_folder_that_changes_one_language_is_a_change_of_wording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = an_installation(tmp_path / "installation", by_hand=True)
    path = tmp_path / "out"
    assert run(built, "export", str(path)) == 0
    settings = (path / "policy.toml").read_text(encoding="utf-8").replace("2026-06-15", "2099-01-15")
    (path / "policy.toml").write_text(settings, encoding="utf-8")
    (path / "en.md").write_text((path / "en.md").read_text(encoding="utf-8") + "\nThank you.\n", encoding="utf-8")
    assert run(built, "publish", str(path)) == 1
    assert "policy.toml: kind: Only one language changes." in capsys.readouterr().err
    assert run(built, "check", str(path)) == 1
    assert "policy.toml: kind: Only one language changes." in capsys.readouterr().out
    wording = settings.replace('"material"', '"wording"').replace("'material'", "'wording'")
    (path / "policy.toml").write_text(wording, encoding="utf-8")
    assert run(built, "check", str(path)) == 0
    assert run(built, "publish", str(path)) == 0


@pytest.mark.parametrize("day", ["2026-11-23", "2099-01-15"])
def test_a_folder_of_a_day_of_this_portal_was_not_in_force_before_it(
    built: Built, there: Path, day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (there / "policy.toml").write_text(TOML.replace("2020-01-15", day), encoding="utf-8")
    assert run(built, "publish", str(there)) == 1
    assert "policy.toml: imported: This version was not in force before this portal" in capsys.readouterr().err
    assert run(built, "check", str(there)) == 1
    assert "Take imported = true out." in capsys.readouterr().out


def test_what_was_in_force_before_this_portal_is_told_what_it_lacks(
    built: Built, there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(built, "check", str(there)) == 0
    said = capsys.readouterr().out.splitlines()
    assert any(line.startswith("Note: ") and "Not said: " in line for line in said)
    assert said[-1] == "No problem found."


def test_check_names_a_past_day_and_an_id_that_is_taken(
    built: Built, there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for day, said in (("2026-11-01", "effective: A version cannot come"), ("2026-06-15", "id: Another text")):
        settings = TOML.replace("2020-01-15", day).replace("imported = true\n", "")
        (there / "policy.toml").write_text(settings, encoding="utf-8")
        assert run(built, "check", str(there)) == 1
        assert f"policy.toml: {said}" in capsys.readouterr().out


def test_a_folder_is_checked_in_the_operators_language(
    built: Built, there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert run(built, "check", str(there)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Aucun problème trouvé."
    (there / "policy.toml").write_text(TOML.replace("'wording'", "'big'"), encoding="utf-8")
    (there / "en.md").write_text(ENGLISH + "\n<script>x</script> for 30 days\n", encoding="utf-8")
    for command in ("check", "publish"):
        assert run(built, command, str(there)) == 1
        said = "\n".join(capsys.readouterr())
        assert 'policy.toml: kind: attendu\u00a0: "material" ou "wording"' in said
        assert "en.md: contact: ligne 9\u00a0: <script>" in said
        assert "\u00a0: le HTML ne s’affiche pas" in said
        assert "Les deux langues n’ont pas les mêmes montants" in said


def test_published_versions_are_checked_and_one_changed_in_the_database_is_named(
    built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(built, "check") == 0
    with built.installation.database.writing() as store:
        store.connection.execute(text("UPDATE policy_versions SET summary_en = 'x' WHERE id = '2026-06-15'"))
    capsys.readouterr()
    assert run(built, "check") == 1
    assert "privacy/2026-06-15/policy.toml: id: what is kept" in capsys.readouterr().out
    assert main(["check", "--config", str(built.folder / "portal.toml")]) == 1
    assert "privacy/2026-06-15/policy.toml" in capsys.readouterr().out


def test_diff_prints_what_changed_in_either_language(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(built, "diff", "2026-06-15", "2025-02-25", "--language", "fr") == 0
    french = capsys.readouterr().out
    assert french.startswith("--- privacy/2025-02-25\n+++ privacy/2026-06-15\n")
    assert "@@ children: added @@" in french
    assert any(line.startswith("+ ") and "moins de 14 ans" in line for line in french.splitlines())
    assert run(built, "diff", "2025-02-25", "2026-06-15", "--document", "governance", "--json", "--language", "en") == 0
    said = json.loads(capsys.readouterr().out)
    assert {one["key"] for one in said["sections"] if one["kind"] == "added"} >= {"security", "training"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("diff", "2025-02-25", "1999-01-01"), 1),
        (("export", "x", "--id", "../../etc"), 1),
        (("publish", "no-such-folder"), 1),
        (("check", "no-such-folder"), 1),
        (("check", "--mend"), 1),
    ],
)
def test_what_is_not_there_is_refused_in_one_sentence(
    built: Built, arguments: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(built, *arguments) == code
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


def test_a_command_typed_wrong_ends_with_2(built: Built) -> None:
    with pytest.raises(SystemExit) as ended:
        run(built, "export", "x", "--document", "cookies")
    assert ended.value.code == 2
