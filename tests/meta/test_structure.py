"""The code about itself: walls between layers, whom each view is for, typed jobs and audit lines, budgets of length."""

import dataclasses
import subprocess
import sys
import typing
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType

import pytest

from portal.domain.audit import AuditLine
from portal.domain.jobs import Job
from portal.domain.outbox import PromisedLetter
from portal.services.installation import Installation
from portal.web.languages import ADDRESSES
from portal.web.site import UndeclaredAccess, make_site
from portal.web.views import VIEWS
from tests.installation import an_installation

ROOT = Path(__file__).resolve().parents[2]
CHECKER = Path(sys.executable).parent / "lint-imports"

BROKEN = {
    "domain knows no adapter": ("portal/domain/languages.py", "import portal.storage.people"),
    "views reach no storage": ("portal/web/hosts.py", "import portal.storage.people"),
    "services know no SQL": ("portal/services/addresses.py", "import sqlalchemy"),
    "services know no Flask": ("portal/services/addresses.py", "import flask"),
    "letters know no Flask": ("portal/mail/outcomes.py", "import flask"),
    "no cycle inside a layer": ("portal/domain/languages.py", "import portal.domain.data_map"),
    "no module outside the map": ("portal/stray.py", "import sys"),
}


def test_the_walls_stand() -> None:
    assert _contracts_kept(ROOT), "run `lint-imports` to see which wall is broken"


@pytest.mark.parametrize("broken", BROKEN)
def test_each_wall_is_seen_when_broken(broken: str, tmp_path: Path) -> None:
    file, line = BROKEN[broken]
    _copy_code(tmp_path)
    target = tmp_path / file
    text = target.read_text(encoding="utf-8") if target.exists() else '"""A stray module."""\n'
    target.write_text(
        text.replace("from __future__ import annotations\n", f"from __future__ import annotations\n\n{line}\n")
        if "__future__" in text
        else text + line + "\n",
        encoding="utf-8",
    )
    assert not _contracts_kept(tmp_path)


def test_pages_are_listed_in_their_contract() -> None:
    """A page knows no other page: the contract names every module of views, so that a new one cannot be forgotten."""
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [listed] = [contract["modules"] for contract in contracts if contract["name"] == "A page knows no other page"]
    pages = {view.__module__.split(".")[2] for view, _ in VIEWS.values()}
    assert {module.removeprefix("portal.web.") for module in listed} == pages
    [connectors] = [c["modules"] for c in contracts if c["name"] == "A connector knows no other connector"]
    kinds = {
        path.stem
        for path in (ROOT / "portal/sources").iterdir()
        if path.stem not in {"__init__", "__pycache__", "base", "addresses"}
    }
    assert {module.removeprefix("portal.sources.") for module in connectors} == kinds


def test_the_app_refuses_a_view_that_says_nothing_of_whom_it_is_for(tmp_path: Path) -> None:
    built = an_installation(tmp_path)

    def silent() -> str:
        return "for whom?"

    with pytest.raises(UndeclaredAccess):
        make_site(built.installation, VIEWS | {"home": (silent, ("GET",))}, lambda: 0)


def test_every_address_has_its_page_and_every_page_its_address() -> None:
    assert set(VIEWS) == set(ADDRESSES)


@pytest.mark.parametrize("kind", [Job, AuditLine, PromisedLetter])
def test_jobs_audit_lines_and_letters_hold_identifiers_instants_and_fixed_words_only(kind: type) -> None:
    allowed = (int, datetime, NoneType)
    free = {"message_id", "language"}  # a random token and one of two tags
    for field, hint in typing.get_type_hints(kind).items():
        for part in typing.get_args(hint) if isinstance(hint, UnionType) else (hint,):
            fixed = isinstance(part, type) and issubclass(part, StrEnum)
            assert fixed or part in allowed or field in free, (kind.__name__, field, part)


def test_installations_do_not_print_their_secrets(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    printed = repr(built.installation)
    assert "kkkk" not in printed
    assert dataclasses.is_dataclass(Installation)


def test_files_stay_within_their_budget() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "portal").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long, f"split inside their layer: {long}"


def _contracts_kept(root: Path) -> bool:
    answer = subprocess.run(
        [str(CHECKER), "--no-cache", "--config", str(root / "pyproject.toml")],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    return answer.returncode == 0


def _copy_code(target: Path) -> None:
    import shutil

    shutil.copytree(
        ROOT / "portal", target / "portal", ignore=shutil.ignore_patterns("__pycache__", "static", "policies")
    )
    shutil.copytree(
        ROOT / "portal/policies",
        target / "portal/policies",
        ignore=shutil.ignore_patterns("__pycache__"),
        dirs_exist_ok=True,
    )
    shutil.copy(ROOT / "pyproject.toml", target / "pyproject.toml")
