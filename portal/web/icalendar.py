"""Writes days as a calendar file (RFC 5545): the words are given, and every value is escaped here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MIME = "text/calendar; charset=utf-8"
LONGEST_LINE = 75
"""Octets of one line; a longer one goes on in the next, after a space (RFC 5545 §3.1)."""


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day to remember: its name for ever, its words, and where more is read."""

    name: str
    on: date
    title: str
    href: str


def calendar_file(days: Sequence[Day], *, made_by: str, now: datetime) -> bytes:
    """The file that holds these days, in order. `now`: when they were last known to be so (aware)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_text(made_by)}//portal//FR", "METHOD:PUBLISH"]
    for day in days:
        lines += _event(day, now)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(day: Day, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(day.name)}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(day.title)}",
        f"URL:{day.href}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A value as TEXT writes it (RFC 5545 §3.3.11)."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.splitlines())


def _folded(line: str) -> Iterator[bytes]:
    """The pieces of a line, none longer than may be, and no character cut in two."""
    piece = b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > LONGEST_LINE:
            yield piece
            piece = b" "
        piece += encoded
    yield piece
