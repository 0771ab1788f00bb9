"""Reads the names of columns and tables: what they are about, and what people may read in their place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from portal.domain.languages import Text
from portal.domain.map_drafts.vocabulary import CODES, COLUMNS, PEOPLE, QUALIFIERS, TABLES, WORKERS, Role, Theme
from portal.domain.surveys import Holds, Look, SurveyedColumn

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_CONSENTS = re.compile(
    r"(?:.+_)?(?:consent|consentement|opt_in|optin|opted_in|agreed|agrees)(?:_.+)?|(?:accepts?|accepte|allows?|wants)_.+|.+_ok"
)
_SLUG = re.compile(r"[^a-z0-9]+")

ROLES_BY_LOOK = {
    Look.EMAIL: Role.EMAIL,
    Look.PHONE: Role.PHONE,
    Look.IP: Role.IP,
    Look.DATE: Role.DATE,
    Look.POSTAL_CODE: Role.PLACE,
    Look.DIGEST: Role.SECRET,
}
ROLES_BY_KIND = {
    Holds.INSTANT: Role.DATE,
    Holds.DATE: Role.DATE,
    Holds.NUMBER: Role.NUMBER,
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column is about and what people read in its place; `sure` is False where that must be asked."""

    role: Role
    label: Text
    sure: bool


def plain(name: str) -> str:
    """A name in small letters, without accents, its parts joined by `_`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "_".join(part.lower() for part in _PARTS.findall(bare))


def meaning_of(column: SurveyedColumn, table: str) -> Meaning:
    """What a column is about, by its name, then by what its values look like, then by its type.

    Addresses and digests go before a name: many a `login` is an address.
    """
    known = _named(plain(column.name), plain(table))
    role = ROLES_BY_LOOK.get(column.look) if column.look else None
    if known is not None:
        label = known.label if known.sure else _as_written(column.name)
        return Meaning(role if role in {Role.SECRET, Role.EMAIL} else known.role, label, known.sure)
    if column.holds is Holds.BOOLEAN and _CONSENTS.fullmatch(plain(column.name)):
        role = Role.CONSENT
    return Meaning(role or ROLES_BY_KIND.get(column.holds, Role.PLAIN), _as_written(column.name), sure=False)


def is_writable(name: str) -> bool:
    """Whether portal.toml can hold a name: `${` would be a variable there, and a blank name nothing."""
    return bool(name.strip()) and "${" not in name and "\0" not in name


def is_choice(name: str) -> bool:
    """Whether a column of that name holds one choice of a few, or a language."""
    known = _named(plain(name), "")
    return known is not None and known.role in {Role.CHOICE, Role.LANGUAGE}


def _named(name: str, table: str) -> Meaning | None:
    """The whole name; without its table's; behind a word that makes it precise; else by how it ends, which is not sure."""
    for prefix in ("", *(f"{one}_" for one in short_names(table))):
        if name.startswith(prefix) and name.removeprefix(prefix) in COLUMNS:
            role, label = COLUMNS[name.removeprefix(prefix)]
            return Meaning(role, label, sure=True)
    first, _, rest = name.partition("_")
    if first in QUALIFIERS and rest in COLUMNS:
        role, label = COLUMNS[rest]
        return Meaning(role, _precise(label, QUALIFIERS[first]), sure=True)
    parts = name.split("_")
    for start in range(1, len(parts)):
        if (ending := "_".join(parts[start:])) in COLUMNS and ending != "id":
            role, _ = COLUMNS[ending]
            return Meaning(role, _as_written(name), sure=False)
    return None


def _precise(label: Text, qualifier: Text) -> Text:
    return Text(fr=f"{label.fr} ({qualifier.fr})", en=f"{label.en} ({qualifier.en})")


def _as_written(name: str) -> Text:
    """The name itself with spaces, where no word for it is known."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in name).replace("_", " ").split())
    shown = shown.replace("${", "$ {")
    shown = shown[:1].upper() + shown[1:] if any(c.isalnum() for c in shown) else ""
    return Text(fr=shown or "Sans nom", en=shown or "No name")


def singulars(name: str) -> tuple[str, ...]:
    """What a plural may be the plural of, itself included."""
    found = [name]
    if name.endswith("ies"):
        found.append(f"{name[:-3]}y")
    if name.endswith("s"):
        found.append(name[:-1])
    if name.endswith(("es", "ux")):
        found.append(name[:-2])
    return tuple(one for one in dict.fromkeys(found) if one)


def short_names(table: str) -> tuple[str, ...]:
    """What one row of a table may be called: the name in the singular, whole or by its last parts (`wp_users`: `user`)."""
    parts = plain(table).split("_")
    endings = ("_".join(parts[start:]) for start in range(len(parts)))
    return tuple(dict.fromkeys(one for ending in endings for one in singulars(ending)))


def theme_of(table: str) -> Theme | None:
    """What a table is about, by its name or by any run of its parts, the last first: `shop_invoice_lines` is billing."""
    parts = plain(table).split("_")
    for end in range(len(parts), 0, -1):
        for start in range(end):
            for one in singulars("_".join(parts[start:end])):
                if one in TABLES:
                    return TABLES[one]
    return None


def names_people(table: str) -> bool:
    """Whether a table is named like the people an organization serves."""
    return _names_one_of(table, PEOPLE)


def names_workers(table: str) -> bool:
    """Whether a table is named like those who work for an organization."""
    return _names_one_of(table, WORKERS)


def _names_one_of(table: str, known: frozenset[str]) -> bool:
    name = plain(table)
    last = name.rpartition("_")[2]
    return any(one in known for part in (name, last) for one in singulars(part))


def table_label(table: str) -> Text:
    """What people read in place of a table's name, where nothing better is known."""
    return _as_written(table)


def code_label(code: str) -> Text | None:
    """What people read in place of a code, or None where it is not known."""
    small = code.lower().replace("-", "_")
    known = CODES.get(small)
    if known is None and re.fullmatch(r"[a-z]{2}_[a-z]{2}", small):
        known = CODES.get(small[:2])
    return known


def slug(name: str, taken: set[str]) -> str:
    """A short name for portal.toml that is not taken yet, and is from now on."""
    base = _SLUG.sub("-", plain(name).replace("_", "-")).strip("-")[:50].strip("-")
    base = base if base[:1].isalpha() else f"table-{base}".strip("-")
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found
