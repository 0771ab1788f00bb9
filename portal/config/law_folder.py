"""An operator's own rows of the law: files beside portal.toml, whose rows replace shipped ones or come beside them."""

from __future__ import annotations

from pathlib import Path

from portal.config.law import law_of, shipped_law
from portal.config.law_rows import FILES, LawRow, check_rows, read_file
from portal.config.problems import Problem, Problems, nearest
from portal.domain.law import Law


def law_with(folder: Path | None) -> tuple[Law, tuple[Problem, ...]]:
    """The law with the rows of a folder, and everything that is wrong with its files; None: the law as shipped.

    A row takes the place of the shipped one of its key whole: what counsel read is what stands in the file.
    """
    shipped = shipped_law()
    if folder is None:
        return shipped, ()
    noted = {name: Problems(f"{folder.name}/{name}.toml") for name in FILES}
    strange = _strange(folder)
    if strange:
        return shipped, strange
    own = {name: _own(folder, name, noted[name]) for name in FILES}
    before: dict[str, dict[str, LawRow]] = {
        "bodies": dict(shipped.bodies),
        "holidays": dict(shipped.calendars),
        "regimes": dict(shipped.regimes),
        "grounds": {ground.code: ground for ground in shipped.grounds},
    }
    whole = {name: before[name] | own[name] for name in FILES}
    check_rows(own, whole, noted)
    return law_of(whole), tuple(problem for problems in noted.values() for problem in problems.all())


def _own(folder: Path, name: str, problems: Problems) -> dict[str, LawRow]:
    """The rows of a file; a file that is not there adds none."""
    file = folder / f"{name}.toml"
    return read_file(file, name, problems) if file.exists() else {}


def _strange(folder: Path) -> tuple[Problem, ...]:
    """What keeps the folder from being read: it is none, or holds a file under a name nobody asks for."""
    if not folder.is_dir():
        problems = Problems(folder.name)
        problems.add((), "folder_missing")
        return problems.all()
    found: list[Problem] = []
    for file in sorted(folder.glob("*.toml")):
        if file.stem not in FILES:
            problems = Problems(f"{folder.name}/{file.name}")
            likely = nearest(file.stem, FILES)
            names = ", ".join(f"{name}.toml" for name in sorted(FILES))
            problems.add((), "unknown_law_file", names=f"{likely}.toml" if likely else names)
            found.extend(problems.all())
    return tuple(found)
