"""Numbers in addresses: a page's place, or nothing when what was given is none (security.md B-23, B-24)."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter, ValidationError

LONGEST = 15


class Number(IntegerConverter):
    """`<int:…>` in the address of a page: a number no database can hold is that of nothing, and such a page is not found."""

    def to_python(self, value: str) -> int:
        """The number, where it can be one of ours."""
        if len(value) > LONGEST:
            raise ValidationError
        return int(super().to_python(value))


def id_or_none(given: str | None) -> int | None:
    """The identifier written in an address, or None for anything else."""
    if not given or len(given) > LONGEST or not (given.isascii() and given.isdigit()):
        return None
    return int(given) or None
