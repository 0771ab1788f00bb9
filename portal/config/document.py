"""Reads one TOML file an operator wrote into plain values, and says what stands in the way."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from portal.config.problems import Problems

LARGEST = 1024 * 1024
"""No hand-written file comes near a megabyte; a larger one was named by mistake."""

_WHERE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


def text_of(file: Path, problems: Problems) -> str | None:
    """The text of a file, or None with the problem noted."""
    content = _bytes_of(file, problems)
    if content is None:
        return None
    if len(content) > LARGEST:
        problems.add((), "file_too_large", limit=str(LARGEST))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add((), "file_encoding", line=content.count(b"\n", 0, error.start) + 1)
        return None


def tree_of(text: str, problems: Problems) -> Mapping[str, object] | None:
    """What a TOML text says, or None with the one problem that keeps it from being read, at its line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        where = _WHERE.search(reason)
        line = int(where[1]) if where and where[1] else text.count("\n") + 1
        problems.add((), "toml", line=line, reason=_WHERE.sub("", reason))
        return None
    except RecursionError:
        problems.add((), "nested_too_deeply")
        return None
    except ValueError:
        problems.add((), "toml", reason="a number or a date in it is out of range")
        return None


def _bytes_of(file: Path, problems: Problems) -> bytes | None:
    try:
        if not file.exists():
            problems.add((), "file_missing")
            return None
        if not file.is_file():
            problems.add((), "file_not_regular")
            return None
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except (OSError, ValueError):
        problems.add((), "file_unreadable")
        return None
