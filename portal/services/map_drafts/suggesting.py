"""Drafts the data map of the database at an address: looks at it, read only, and writes what was guessed and asked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.config.addresses import from_folder, source_url, without_password
from portal.config.environment import filled
from portal.config.problems import Problems
from portal.config.reading import Refused
from portal.config.words import NO_CATEGORY_IDS, is_slug
from portal.domain.languages import Language
from portal.domain.map_drafts.drafting import draft_of
from portal.domain.map_drafts.naming import is_choice
from portal.services.map_drafts.writing import Address, Written, write
from portal.sources.sql.surveying import survey


class BadAddress(ValueError):
    """What was typed is not the address of a database."""


class BadId(ValueError):
    """What was typed cannot be the id of a source."""


class IdTaken(Exception):
    """portal.toml has a source of that id already."""


class VariableMissing(Exception):
    """The address names a variable that the environment does not have; the text is its name."""


class NothingThere(Exception):
    """The database, or the schema named, shows no table."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The ids that portal.toml has already."""

    sources: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator typed: the address, which may name variables, the id to give the source, and the schema."""

    address: str
    id: str
    schema: str | None
    language: Language


def suggest(asked: Asked, *, folder: Path, environ: Mapping[str, str], taken: Taken) -> Written:
    """The draft as text, and its questions. A relative file of SQLite is in `folder`. Nothing is sent nor written anywhere.

    Raises:
        BadAddress, BadId, IdTaken, VariableMissing: what was typed cannot be used; the text never repeats the address.
        SourceUnavailable: the database does not answer.
        NothingThere: it shows no table.
    """
    if not is_slug(asked.id):
        raise BadId
    if asked.id in taken.sources:
        raise IdTaken
    looked_at = survey(_url(asked.address, folder, environ), asked.schema, is_choice)
    if not (looked_at.tables or looked_at.views or looked_at.unreadable):
        raise NothingThere
    draft = draft_of(looked_at, taken.categories | NO_CATEGORY_IDS)
    return write(draft, _address(asked, folder), asked.language, taken.purposes)


def taken_in(file: Path) -> Taken:
    """The ids of a portal.toml; none of one that is absent or cannot be read, which `portal check` will say."""
    try:
        tree = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return Taken()
    return Taken(*(_ids(tree.get(name)) for name in ("sources", "purposes", "categories")))


def _ids(entries: object) -> frozenset[str]:
    listed = entries if isinstance(entries, list) else []
    return frozenset(one["id"] for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str))


def _url(typed: str, folder: Path, environ: Mapping[str, str]) -> str:
    """The address to open: its variables put in, its driver named."""
    problems = Problems("")
    url = filled(typed, environ, (), problems)
    for problem in problems.all():
        if problem.code == "variable_missing":
            raise VariableMissing(problem.arguments["name"])
    try:
        return from_folder(source_url(str(url)), folder)
    except Refused:
        raise BadAddress from None


def _address(asked: Asked, folder: Path) -> Address:
    """The address as portal.toml may hold it: as typed where it names variables, else without its password."""
    if "${" in asked.address:
        return Address(asked.id, from_folder(asked.address, folder))
    variable = asked.id.upper().replace("-", "_") + "_PASSWORD"
    kept = without_password(from_folder(asked.address, folder), variable)
    if kept == f"${{{variable}}}":
        variable = asked.id.upper().replace("-", "_") + "_DATABASE_URL"
        kept = f"${{{variable}}}"
    return Address(asked.id, kept, variable if "${" in kept else None)
