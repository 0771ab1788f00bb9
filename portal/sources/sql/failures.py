"""Turns what each driver says of a failure into the two things a caller can act on: away for now, or refused for good.

Drivers repeat addresses, passwords and values in their messages; none of that text is kept (CVE-2024-34715).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from portal.sources.base import Reason, SourceRefused, SourceUnavailable
from portal.wording.catalogue import N_

Failure = SourceUnavailable | SourceRefused

FAILURES = (
    exc.DBAPIError,
    exc.TimeoutError,
    exc.NoSuchTableError,
    exc.UnreflectableTableError,
    exc.CompileError,
    UnicodeDecodeError,
    OSError,
)
"""What SQLAlchemy and drivers raise: also for what a kind of database has no words for, or a driver cannot decode."""

POSTGRESQL_REASONS: dict[str, Reason] = {
    "22001": "too_long",
    "23502": "required",
    "23503": "foreign_key",
    "25006": "forbidden",
    "42501": "forbidden",
    "P0001": "constraint",
}
POSTGRESQL_CLASSES: dict[str, Reason] = {"22": "type", "23": "constraint", "44": "constraint"}

MARIADB_REASONS: dict[int, Reason] = {
    1048: "required",
    1364: "required",
    1451: "foreign_key",
    1452: "foreign_key",
    1406: "too_long",
    1264: "type",
    1265: "type",
    1292: "type",
    1366: "type",
    1062: "constraint",
    1586: "constraint",
    1644: "constraint",
    3819: "constraint",
    4025: "constraint",
    1142: "forbidden",
    1143: "forbidden",
    1290: "forbidden",
    1792: "forbidden",
}

SQLITE_REASONS: dict[str, Reason] = {
    "SQLITE_CONSTRAINT_FOREIGNKEY": "foreign_key",
    "SQLITE_CONSTRAINT_NOTNULL": "required",
    "SQLITE_READONLY": "forbidden",
    "SQLITE_MISMATCH": "type",
    "SQLITE_TOOBIG": "too_long",
}


@contextmanager
def speaking_plainly(source: str, *, writing: bool) -> Iterator[None]:
    """Let SourceUnavailable or SourceRefused out where a driver raised something of its own.

    Whoever uses this clears the `__context__` that Python adds.
    """
    failure: Failure | None = None
    try:
        yield
    except FAILURES as error:
        failure = _failure(source, error, writing=writing)
    if failure is not None:
        raise failure


def _failure(source: str, error: Exception, *, writing: bool) -> Failure:
    reason = _reason(getattr(error, "orig", None)) if writing else None
    if reason is not None:
        return SourceRefused(reason)
    return SourceUnavailable(
        N_("The source %(source)s does not answer, or a table or column of it is gone."), source=source
    )


def _reason(original: object) -> Reason | None:
    """Why the source refused, or None when this is no refusal."""
    number = next(iter(getattr(original, "args", ())), None)
    if isinstance(number, int):
        return MARIADB_REASONS.get(number)
    state = getattr(original, "sqlstate", None)
    if isinstance(state, str):
        return POSTGRESQL_REASONS.get(state) or POSTGRESQL_CLASSES.get(state[:2])
    name = getattr(original, "sqlite_errorname", None)
    return _sqlite_reason(name) if isinstance(name, str) else None


def _sqlite_reason(name: str) -> Reason | None:
    if name.startswith("SQLITE_READONLY"):
        return "forbidden"
    return SQLITE_REASONS.get(name) or ("constraint" if name.startswith("SQLITE_CONSTRAINT") else None)
