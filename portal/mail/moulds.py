"""One letter cast for thousands: written and encoded once, then poured for each reader in a few microseconds.

Between two readers of a notice only the address, the Message-ID and the link that unsubscribes differ. Writing and
encoding the whole letter for each would take several times as long as handing it over.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from portal.mail.letters import Letter
from portal.mail.messages import bytes_of

_SOFT_BREAK = b"=\r\n"
"""Where quoted-printable breaks a long line (RFC 2045 §6.7): a token in the body may have one inside."""


@dataclass(frozen=True, slots=True)
class Places:
    """What stands in a letter while it is written, where each reader's own will be; no text holds these by chance."""

    to: str
    message_id: str
    token: str

    @classmethod
    def drawn(cls) -> Places:
        """Names drawn anew; the token's is as long as a real one, so that lines break at the same places."""
        drawn = secrets.token_hex(12)
        return cls(f"to-{drawn}@example.invalid", f"<id-{drawn}@example.invalid>", secrets.token_urlsafe(32))


@dataclass(frozen=True, slots=True)
class Mould:
    """A letter with places. `pieces` alternate: bytes that all readers share, and the name of a place with its breaks."""

    letter: Letter
    places: Places
    pieces: Sequence[bytes | tuple[str, Sequence[int]]]

    def poured(self, to: str, message_id: str, token: str = "") -> Letter:
        """The letter for one reader, its message ready to go."""
        values = {"to": to.encode("ascii"), "message_id": message_id.encode("ascii"), "token": token.encode("ascii")}
        raw = b"".join(piece if isinstance(piece, bytes) else _laid(values, *piece) for piece in self.pieces)
        html, text = (part.replace(self.places.token, token) for part in (self.letter.html, self.letter.text))
        return replace(self.letter, to=to, message_id=message_id, text=text, html=html, raw=raw)


def mould_of(write: Callable[[Places], Letter], *, now: datetime) -> Mould:
    """Cast a letter: `write` writes it once, addressed to places."""
    places = Places.drawn()
    letter = write(places)
    return Mould(letter, places, _pieces(bytes_of(letter, now=now), places))


def _pieces(raw: bytes, places: Places) -> list[bytes | tuple[str, Sequence[int]]]:
    names = {places.to: "to", places.message_id: "message_id", places.token: "token"}
    pattern = re.compile(b"|".join(_spread(place) for place in names))
    by_place = {place.encode(): name for place, name in names.items()}
    pieces: list[bytes | tuple[str, Sequence[int]]] = []
    end = 0
    for found in pattern.finditer(raw):
        pieces += [raw[end : found.start()], (by_place[found[0].replace(_SOFT_BREAK, b"")], _breaks(found[0]))]
        end = found.end()
    return [*pieces, raw[end:]]


def _spread(place: str) -> bytes:
    """A place wherever it stands, in one run or broken."""
    return b"(?:=\r\n)?".join(re.escape(character.encode()) for character in place)


def _breaks(found: bytes) -> Sequence[int]:
    """After how many characters each soft break stands."""
    parts = found.split(_SOFT_BREAK)
    return [sum(map(len, parts[: number + 1])) for number in range(len(parts) - 1)]


def _laid(values: Mapping[str, bytes], name: str, breaks: Sequence[int]) -> bytes:
    value = values[name]
    if not breaks:
        return value
    cuts = [0, *breaks, len(value)]
    return _SOFT_BREAK.join(value[start:end] for start, end in pairwise(cuts))
