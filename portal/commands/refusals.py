"""What can go wrong under a command, in one plain sentence without an address that may hold a password."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from portal.cli import Refused
from portal.domain.languages import Language, language_or_default
from portal.wording.catalogue import for_language

_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Answer in this language until the block ends, whatever the terminal's is."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def operator_language() -> Language:
    """The language a command was told to speak, else that of the operator's terminal; English when it names none of ours."""
    spoken = _spoken.get()
    if spoken:
        return spoken
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "en"
    return language_or_default(named) if named.lower().startswith("fr") else "en"


def words(message: str, **values: object) -> str:
    """A sentence in the operator's language."""
    return for_language(operator_language()).gettext(message, **values)


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Turn what the layers below raise into a refusal."""
    from portal.config import SettingsInvalid
    from portal.domain.ledger import LedgerRefused
    from portal.services.check import as_lines
    from portal.storage.database import DatabaseAway
    from portal.wording.ledger_words import refusal_sentence

    try:
        yield
    except SettingsInvalid as error:
        raise Refused("\n".join(as_lines(list(error.problems)))) from error
    except DatabaseAway as error:
        raise Refused(words("The portal's database does not answer. Check its address and that it runs.")) from error
    except LedgerRefused as error:
        raise Refused(refusal_sentence(error, operator_language())) from error
    except PermissionError as error:
        raise Refused(words("Permission is missing for %(file)s.", file=error.filename)) from error
    except FileNotFoundError as error:
        raise Refused(words("There is no file %(file)s.", file=error.filename)) from error
