"""Reads one piece of the file into its shape, and turns what pydantic says into sentences an operator can act on.

The file is read piece by piece, not whole, so that one wrong piece hides no problem of another.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from portal.config.problems import KeyPath, Problems, nearest


class Shape(BaseModel):
    """A piece of the file: no key but those named, no value converted, nothing shown of what was written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


ShapeT = TypeVar("ShapeT", bound=Shape)


class Refused(ValueError):
    """A value that has the right type and is wrong all the same: a code of SENTENCES and its arguments."""

    def __init__(self, code: str, **arguments: str) -> None:
        """Keep the code and arguments; never the value."""
        super().__init__(code)
        self.code = code
        self.arguments = arguments


def piece(shape: type[ShapeT], value: object, at: KeyPath, problems: Problems) -> ShapeT | None:
    """The piece at `at` in its shape, or None with each of its problems noted."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            _note(shape, found, at, problems)
        return None


def items(value: object, at: KeyPath, problems: Problems) -> list[tuple[int, object]]:
    """The items of a list of tables (`[[sources]]`) with their positions; anything else is noted."""
    if isinstance(value, list):
        return list(enumerate(value))
    problems.add(at, "wrong", expected=f"a list, each item under [[{at[-1]}]]")
    return []


def pieces(shape: type[ShapeT], value: object, at: KeyPath, problems: Problems) -> list[tuple[int, ShapeT]]:
    """The items of a list that have the right shape, with their positions; the others are noted."""
    read = [(index, piece(shape, item, (*at, index), problems)) for index, item in items(value, at, problems)]
    return [(index, found) for index, found in read if found is not None]


def unknown_key(at: KeyPath, known: Iterable[str], problems: Problems) -> None:
    """Note a key that does not exist, with the name it was probably meant to be."""
    likely = None if problems.full else nearest(str(at[-1]), known)
    if likely:
        problems.add(at, "unknown_key_nearest", nearest=likely)
    else:
        problems.add(at, "unknown_key")


def _note(shape: type[Shape], found: ErrorDetails, at: KeyPath, problems: Problems) -> None:
    """Say one of pydantic's findings in our own words; its own may repeat what was written."""
    place = found["loc"]
    key = (*at, *place)
    refusal = found.get("ctx", {}).get("error")
    if isinstance(refusal, Refused):
        problems.add(key, refusal.code, None, **refusal.arguments)
    elif found["type"] == "extra_forbidden":
        unknown_key(key, _keys_at(shape, place[:-1]), problems)
    else:
        code = "missing" if found["type"] == "missing" else "wrong"
        problems.add(key, code, expected=_expected_at(shape, place) + _nearest_choice(shape, found))


def _nearest_choice(shape: type[Shape], found: ErrorDetails) -> str:
    """Where one of a few words belongs and another stands: the one it was probably meant to be. Never what was written."""
    if found["type"] != "literal_error" or not isinstance(found["input"], str):
        return ""
    kind, _ = _field_at(shape, found["loc"])
    likely = nearest(found["input"], get_args(kind)) if get_origin(kind) is Literal else None
    return f"; nearest: {likely}" if likely else ""


def _keys_at(shape: type[Shape], place: KeyPath) -> list[str]:
    kind, _ = _field_at(shape, place)
    return [info.alias or name for name, info in kind.model_fields.items()]


def _expected_at(shape: type[Shape], place: KeyPath) -> str:
    """What belongs at a place, in words: those of its field, else of its type."""
    kind, words = _field_at(shape, place)
    if words:
        return words
    if get_origin(kind) is Literal:
        return "one of: " + ", ".join(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Shape):
        required = [info.alias or name for name, info in kind.model_fields.items() if info.is_required()]
        return f"a table with {', '.join(required)}" if required else "a table"
    return {bool: "true or false", int: "a whole number", list: "a list", dict: "a table"}.get(
        get_origin(kind) or kind, "words in quotes"
    )


def _field_at(shape: type[Shape], place: KeyPath) -> tuple[Any, str | None]:
    """The type and the words of what stands at a place inside a shape."""
    kind: Any = shape
    words: str | None = None
    for part in place:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            info = next(info for name, info in kind.model_fields.items() if part in {info.alias, name})
            kind, words = _plain(info.annotation, info.description)
        else:
            kind, words = _plain((get_args(kind) or (str,))[-1], words)
    return kind, words


def _plain(kind: Any, words: str | None) -> tuple[Any, str | None]:
    """A type without `Annotated` and without `| None`, and the words found on the way."""
    if get_origin(kind) is Annotated:
        kind, *notes = get_args(kind)
        described = (note.description for note in notes if isinstance(note, FieldInfo) and note.description)
        return _plain(kind, next(described, words))
    if get_origin(kind) in {Union, types.UnionType}:
        return _plain(next(inner for inner in get_args(kind) if inner is not type(None)), words)
    return kind, words
