"""Which tables seem to say who of the organization looked at somebody's information: by their name and those of their columns.

They are kept out of the categories until somebody has answered: shown there, they would tell the names of employees.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.map_drafts.columns import date_counted_from
from portal.domain.map_drafts.links import DraftLink
from portal.domain.map_drafts.naming import is_writable, plain
from portal.domain.surveys import Holds, SurveyedTable

_DATES = frozenset({Holds.DATE, Holds.INSTANT})
_LOOKING = frozenset(
    [
        "access",
        "accesses",
        "acces",
        "view",
        "views",
        "look",
        "looks",
        "lookup",
        "lookups",
        "consultation",
        "consultations",
    ]
)
_OTHERWISE = frozenset(
    [
        "token",
        "tokens",
        "key",
        "keys",
        "code",
        "codes",
        "control",
        "right",
        "rights",
        "page",
        "pages",
        "product",
        "products",
    ]
)
"""Parts of names of other things: an access token, a page view."""

_ROLES = frozenset(["role", "team", "department", "function", "job", "equipe", "fonction", "departement", "poste"])
_WORKERS = frozenset(
    [
        "employee",
        "employe",
        "employes",
        "agent",
        "staff",
        "operator",
        "admin",
        "viewer",
        "worker",
        "clerk",
        "viewed",
        "accessed",
        "opened",
    ]
)
_REASONS = frozenset(["reason", "why", "purpose", "justification", "motive", "motif", "raison", "ticket"])


@dataclass(frozen=True, slots=True)
class DraftLooks:
    """A table that seems to say who looked; `role`, `reason`: the columns that seem to hold them, if any."""

    name: str
    link: DraftLink
    key: tuple[str, ...]
    at: str
    role: str | None
    reason: str | None


def looks_in(table: SurveyedTable, link: DraftLink) -> DraftLooks | None:
    """The table as a record of looks, or None when nothing says that it is one: it must have a date, and a role or a worker."""
    at, role = date_counted_from(table), _named(table, _ROLES)
    parts = set(plain(table.name).split("_"))
    if at is None or not _LOOKING & parts or _OTHERWISE & parts:
        return None
    if role is None and _named(table, _WORKERS) is None:
        return None
    return DraftLooks(table.name, link, table.key, at, role, _named(table, _REASONS))


def _named(table: SurveyedTable, words: frozenset[str]) -> str | None:
    """The first column beside those of the key with one of these words in its name."""
    fit = (column for column in table.columns if column.name not in table.key and column.holds not in _DATES)
    names = (column.name for column in fit if is_writable(column.name))
    return next((name for name in names if words & set(plain(name).split("_"))), None)
