"""The documents tell the truth: both READMEs say the same, name what exists, and no file names a machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

from portal import cli
from portal.wording.typography import french_spacing_faults

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.fr.md")
DOCUMENTS = (
    *READMES,
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/http-source.md",
    "docs/pia.en.md",
    "docs/pia.fr.md",
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs" / "decisions").glob("*.md")),
)

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_MAP = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6}) ", re.MULTILINE)
_ROW = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#:]+)\)")
_PICTURE = re.compile(r"!\[([^\]]+)\]\(docs/pictures/([a-z-]+)\.(en|fr)\.png\)")
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")

FORBIDDEN = {
    "the path of somebody's folder": re.compile(r"(?<![\w.<:/-])/(?:root|work|home/\w+|Users/\w+)/"),
    "an option that names an index": re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host"),
    "the address of a registry": re.compile(
        r"https?://[^\s\"'>]*(?:pypi|pythonhosted|/simple/|artifactory|nexus|devpi|npmjs)", re.IGNORECASE
    ),
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    return _FENCE.sub("", read(name))


@cache
def committed() -> tuple[str, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def rows(name: str) -> dict[str, str]:
    return dict(_ROW.findall(prose(name)))


def on_the_map(name: str) -> list[str]:
    found = _MAP.search(read(name))
    assert found
    return [line.split(maxsplit=1)[0] for line in found[1].splitlines()]


def direct_dependencies() -> set[str]:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return {_REQUIREMENT.match(requirement)[0] for group in groups for requirement in group}  # type: ignore[index]


def commands_named(name: str) -> list[str]:
    return [command for command in rows(name) if command.startswith(("make ", "portal "))]


def test_both_readmes_have_the_same_sections_in_number_and_depth() -> None:
    english, french = (_HEADING.findall(prose(name)) for name in READMES)
    assert english == french
    assert len(english) > 8


def test_both_readmes_name_the_same_commands_in_the_same_order() -> None:
    english, french = (commands_named(name) for name in READMES)
    assert english == french
    assert len(english) > 15


def test_both_readmes_show_the_same_pictures_each_in_its_language() -> None:
    english, french = (_PICTURE.findall(read(name)) for name in READMES)
    assert [picture for _, picture, _ in english] == [picture for _, picture, _ in french]
    assert {language for *_, language in english} == {"en"}
    assert {language for *_, language in french} == {"fr"}
    assert len(english) == 4


@pytest.mark.parametrize("name", READMES)
def test_each_direct_dependency_is_named_with_its_reason_and_no_other(name: str) -> None:
    reasons = {package: why for package, why in rows(name).items() if not package.startswith(("make ", "portal "))}
    assert set(reasons) == direct_dependencies()
    assert all(len(why.split()) >= 3 for why in reasons.values())
    assert len(set(reasons.values())) == len(reasons)


@pytest.mark.parametrize("name", READMES)
def test_each_path_on_the_map_exists(name: str) -> None:
    assert [path for path in on_the_map(name) if not (ROOT / path).exists()] == []


def test_the_map_leaves_out_no_part_of_the_program() -> None:
    english, french = (on_the_map(name) for name in READMES)
    assert english == french
    parts = {"/".join(path.split("/")[:2]) + "/" for path in committed() if re.match(r"portal/[^/]+/", path)}
    tops = {path.split("/")[0] + "/" for path in committed() if re.match(r"[a-z]+/", path)} - {"portal/", "docs/"}
    assert (parts | tops) - set(english) == set()


@pytest.mark.parametrize("command", commands_named("README.md"))
def test_each_command_of_the_readme_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    program, *words = command.split()
    if program == "make":
        assert re.search(rf"^{words[0]}:.*##", read("Makefile"), re.MULTILINE)
        return
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {command}")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_link_within_the_repository_leads_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    assert [link for link in _LINK.findall(prose(name)) if not (folder / link).exists()] == []


PIA = ("docs/pia.en.md", "docs/pia.fr.md")
_SLOT = {"docs/pia.en.md": "[To complete", "docs/pia.fr.md": "[À compléter"}


def test_both_impact_assessments_say_the_same_in_the_same_order() -> None:
    english, french = ([_shape(name, line) for line in read(name).splitlines()] for name in PIA)
    assert english == french
    assert sum(slots for _, _, slots in english) > 12
    assert max(len(read(name).split()) for name in PIA) < 1_100, "one page each"


def _shape(name: str, line: str) -> tuple[str, int, int]:
    """What a line is, how many cells it has, and how many places it leaves to the organization."""
    start = re.match(r"#{1,6} (?:\d\.)?|- |\||\S|$", line)
    assert start
    kind = start[0] if start[0].startswith(("#", "- ", "|")) else "words" if line else ""
    return kind, line.count("|"), line.count(_SLOT[name])


def test_the_french_impact_assessment_is_spaced_as_in_quebec() -> None:
    assert french_spacing_faults(read("docs/pia.fr.md")) == []


def test_the_french_readme_is_spaced_as_in_quebec() -> None:
    without_pictures_marks = prose("README.fr.md").replace("![", "[")
    assert french_spacing_faults(without_pictures_marks) == []


def test_no_committed_text_names_a_registry_or_a_folder_of_one_machine() -> None:
    here = str(Path(__file__).resolve().relative_to(ROOT))
    found = [
        f"{name}: {what}: {hit[0]}"
        for name in committed()
        if name != here
        for what, pattern in FORBIDDEN.items()
        for hit in pattern.finditer((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
    assert len(committed()) > 100


@pytest.mark.parametrize(
    "line",
    [
        "file:///srv/x and " + "/ro" + "ot/x/y",
        "python = " + "/ho" + "me/jo/.venv/bin/python",
        "--ind" + "ex-url https://packages.example.org",
        "# from https://files." + "pythonhosted.org/packages/x.whl",
        "https://packages.example.org/sim" + "ple/flask/",
    ],
)
def test_what_must_not_be_committed_would_be_seen(line: str) -> None:
    assert any(pattern.search(line) for pattern in FORBIDDEN.values())
