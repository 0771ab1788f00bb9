"""Puts the environment's values where a file writes `${NAME}`, so that secrets need not stand in it.

A value is written in the environment as it is. Where `${NAME}` is the user or the password of an address, it is
escaped as addresses demand: a password with `@ / % # :` neither breaks the address nor ends up in an error
about it (CVE-2024-34715).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from portal.config.problems import KeyPath, Problems

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OPENING = re.compile(r"\$\{")
_CREDENTIALS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://(?P<credentials>[^/?#@]*)@")


def filled(value: object, environ: Mapping[str, str], at: KeyPath, problems: Problems) -> object:
    """The value with every `${NAME}` inside it replaced, however deep. What is missing is noted, name only."""
    if isinstance(value, str):
        return _filled_string(value, environ, at, problems)
    if isinstance(value, dict):
        return {key: filled(inner, environ, (*at, key), problems) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, environ, (*at, index), problems) for index, inner in enumerate(value)]
    return value


def _filled_string(text: str, environ: Mapping[str, str], at: KeyPath, problems: Problems) -> str:
    """Values are put in once: a `${` that comes out of the environment stays as it is."""
    if len(_VARIABLE.findall(text)) != len(_OPENING.findall(text)):
        problems.add(at, "variable_malformed")
        return text
    credentials = _CREDENTIALS.match(text)
    ends = credentials.end("credentials") if credentials else 0

    def value_of(found: re.Match[str]) -> str:
        name = found[1]
        if name not in environ:
            problems.add(at, "variable_missing", name=name)
            return ""
        return quote(environ[name], safe="", errors="surrogateescape") if found.start() < ends else environ[name]

    return _VARIABLE.sub(value_of, text)
