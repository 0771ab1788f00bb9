"""A version's folder is read whole, or refused with everything to mend in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.policies.folders import LARGEST_FILE, read_folder
from portal.policies.problems import PolicyFolderInvalid, PolicyProblem
from tests.policies.builders import ENGLISH, FRENCH, POLICY_TOML, folder


def problems_of(path: Path) -> tuple[PolicyProblem, ...]:
    with pytest.raises(PolicyFolderInvalid) as refused:
        read_folder(path)
    return refused.value.problems


def told(path: Path) -> set[tuple[str, str, str]]:
    return {(problem.file, problem.key, problem.code) for problem in problems_of(path)}


def test_a_folder_gives_its_version(tmp_path: Path) -> None:
    found = read_folder(folder(tmp_path))
    assert (found.document, found.id, found.effective) == ("privacy", "2025-02-25", date(2025, 2, 25))
    assert (found.kind, found.imported, found.summary.fr) == ("material", False, "Première version.")
    assert found.texts["fr"].source == FRENCH
    [collected, contact] = found.texts["en"].sections
    assert (collected.key, collected.title, collected.covers) == ("collected", "What we collect", ("account", "usage"))
    assert (collected.body_markdown, contact.covers) == ("Your name.", ())


def test_windows_line_ends_make_no_difference_and_are_kept(tmp_path: Path) -> None:
    found = read_folder(folder(tmp_path, en=ENGLISH.replace("\n", "\r\n")))
    assert found.texts["en"].sections[0].body_markdown == "Your name."
    assert found.texts["en"].source == ENGLISH.replace("\n", "\r\n")


def test_a_heading_inside_code_or_a_line_separator_is_no_section(tmp_path: Path) -> None:
    body = "```\n## Not a section {#no}\n```\n\nOne\u2028line.\n"
    found = read_folder(folder(tmp_path, fr=FRENCH + body, en=ENGLISH + body))
    assert [part.key for part in found.texts["en"].sections] == ["collected", "contact"]
    assert found.texts["en"].sections[1].body_markdown.endswith("One\u2028line.")


def test_an_empty_folder_lacks_its_three_files(tmp_path: Path) -> None:
    assert told(tmp_path) == {(name, "file", "missing_file") for name in ("policy.toml", "fr.md", "en.md")}


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    toml = 'id = "25 Feb"\neffective = "soon"\nkind = "big"\nsumary = "x"\nsummary = { fr = " ", de = "x" }\n'
    french = "Bonjour\n\n# Politique\n\n## Sans clé\n\nMots.\n"
    english = ENGLISH + '\n## Again {#contact covers="Usage!"}\n\n{{ contact.fax }} {{7*7}}\n\n## Empty {#empty}\n'
    assert told(folder(tmp_path, toml=toml, fr=french, en=english)) == {
        ("policy.toml", "id", "bad_value"),
        ("policy.toml", "effective", "bad_value"),
        ("policy.toml", "kind", "bad_value"),
        ("policy.toml", "sumary", "unknown_key"),
        ("policy.toml", "summary", "bad_value"),
        ("policy.toml", "summary.de", "unknown_key"),
        ("fr.md", "sections", "text_outside"),
        ("fr.md", "sections", "heading_too_high"),
        ("fr.md", "Sans clé", "no_key"),
        ("en.md", "contact", "duplicate_key"),
        ("en.md", "contact", "bad_covers"),
        ("en.md", "contact", "unknown_placeholder"),
        ("en.md", "empty", "empty_section"),
    }


def test_missing_settings_are_named(tmp_path: Path) -> None:
    path = folder(tmp_path, toml="")
    assert told(path) == {("policy.toml", key, "missing_key") for key in ("id", "effective", "kind", "summary")}


@pytest.mark.parametrize(
    ("said", "code"),
    [("Tout change au QuÃ©bec.", "garbled"), ("Rien\\u0000", "control_character"), ("a" * 2001, "too_long")],
)
def test_a_summary_is_read_as_closely_as_a_text(tmp_path: Path, said: str, code: str) -> None:
    path = folder(tmp_path, toml=POLICY_TOML.replace("Première version.", said))
    assert told(path) == {("policy.toml", "summary.fr", code)}


def test_malformed_toml_is_said_with_its_place(tmp_path: Path) -> None:
    [problem] = problems_of(folder(tmp_path, toml=POLICY_TOML + "kind =\n"))
    assert problem.code == "bad_toml"
    assert "line" in problem.sentence("en")


@pytest.mark.parametrize("effective", ["2025-02-25T10:00:00Z", '"2025-02-30"', '"20250225"', "20250225", "true"])
def test_an_effective_date_that_is_no_day_is_refused(tmp_path: Path, effective: str) -> None:
    toml = POLICY_TOML.replace("effective = 2025-02-25", f"effective = {effective}")
    assert told(folder(tmp_path, toml=toml)) == {("policy.toml", "effective", "bad_value")}


def test_a_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    [problem] = problems_of(folder(tmp_path, fr=FRENCH.encode("latin-1")))
    assert (problem.file, problem.code, problem.line) == ("fr.md", "not_utf8", 7)


def test_a_text_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path, en=ENGLISH + "x" * 10_000_000)
    assert told(path) == {("en.md", "file", "too_large")}
    assert LARGEST_FILE < 10_000_000


def test_a_text_without_sections_is_refused(tmp_path: Path) -> None:
    assert ("en.md", "sections", "no_section") in told(folder(tmp_path, en="Only words.\n"))


def test_a_section_problem_names_its_line(tmp_path: Path) -> None:
    problem, _ = problems_of(folder(tmp_path, en=ENGLISH.replace("contact.email", "contact.mail")))
    assert (problem.key, problem.code, problem.line) == ("contact", "unknown_placeholder", 5)
    assert "contact.email" in problem.sentence("en")


def test_twins_that_part_are_refused_naming_file_section_and_words(tmp_path: Path) -> None:
    french = FRENCH.replace("Votre nom.", "Votre nom, dès le 15 juin 2026.")
    [problem] = problems_of(folder(tmp_path, fr=french))
    assert (problem.file, problem.key, problem.code) == ("en.md", "collected", "disparity_dates")
    assert str(problem).endswith(
        "collected: The two languages do not have the same dates. Only the French has: 2026-06-15."
    )


def test_parity_is_told_together_with_wrong_settings(tmp_path: Path) -> None:
    path = folder(tmp_path, toml="", en=ENGLISH + "\n## More {#more}\n\nMore.\n")
    assert ("fr.md", "more", "disparity_missing_section") in told(path)
