"""Accents lost on the way: UTF-8 read as something else, once or twice, found, named and put right.

« Québec » read as Windows-1252 becomes « QuÃ©bec », read as Mac OS Roman « Qu√©bec »; saved and read so again, it
becomes longer still. Each is undone only where the result is a sign that French or English text really has.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

_ROUNDS = 3
"""How many times a text may have been misread."""
_LONGEST_SHOWN = 40
LOST = "\ufffd"
"""What stands for a letter that a program could not read: which one it was, nobody knows any more."""

_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_LONE_A = re.compile(r"Ã {1,2}(?=\S)")
"""« à » misread, whose second half, a no-break space, was made an ordinary one or taken away."""


@dataclass(frozen=True, slots=True)
class Garbled:
    """A word whose letters were misread: at which line, as it is written and as it was meant. `meant` is None when lost."""

    line: int
    written: str
    meant: str | None


def garbled_in(text: str) -> Iterator[Garbled]:
    """Each line's first word whose letters were misread or lost."""
    lines = text.split("\n")
    for number, (line, put_right) in enumerate(zip(lines, mended(text).split("\n"), strict=True), start=1):
        if put_right != line:
            yield Garbled(number, *_first_difference(line, put_right))
        elif LOST in line:
            word = next(word for word in line.split() if LOST in word)
            yield Garbled(number, word[:_LONGEST_SHOWN], None)


def mended(text: str) -> str:
    """The text with every misread letter put right; any other text as it is."""
    for _ in range(_ROUNDS):
        before = text
        for name in _MISREAD_AS:
            text = _once(text, name)
        if text == before:
            break
    return text


def decoded(content: bytes) -> str:
    """The text of a file that is not UTF-8: UTF-16 by its mark, else Windows-1252 or Mac OS Roman, by its accents."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    windows, mac = (_from_bytes(content, name) for name in _MISREAD_AS)
    return mac if _usual_in(mac) > _usual_in(windows) else windows


def _once(text: str, name: str) -> str:
    """Undo one reading of UTF-8 as an encoding of one byte a letter."""
    to_byte, runs = _MISREAD_AS[name], _RUNS[name]

    def undo(run: re.Match[str]) -> str:
        content = bytes(to_byte[letter] for letter in run[0])
        place, result = 0, ""
        for found in _BYTES.finditer(content):
            letter = _letter(found[0])
            meant = name == "mac_roman" and _USUAL.issuperset(run[0][found.start() : found.end()])
            if letter is None or meant:
                continue
            result += run[0][place : found.start()] + letter
            place = found.end()
        return result + run[0][place:]

    undone = runs.sub(undo, text)
    return _LONE_A.sub("à ", undone) if name == "cp1252" and undone != text else undone


def _letter(content: bytes) -> str | None:
    """The letter that these bytes are in UTF-8, if it is one our texts have."""
    try:
        letter = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return letter if letter in _EXPECTED else None


def _to_byte(name: str) -> Mapping[str, int]:
    """Each letter above ASCII by the byte it is in an encoding; what Windows-1252 leaves out is as in Latin-1."""
    as_latin = {chr(byte): byte for byte in range(0x80, 0xA0)} if name == "cp1252" else {}
    return as_latin | {_from_bytes(bytes([byte]), name): byte for byte in range(0x80, 0x100)}


def _from_bytes(content: bytes, name: str) -> str:
    return "".join(bytes([byte]).decode(name, errors="ignore") or bytes([byte]).decode("latin-1") for byte in content)


_MISREAD_AS: Mapping[str, Mapping[str, int]] = {name: _to_byte(name) for name in ("cp1252", "mac_roman")}
_RUNS = {name: re.compile(f"[{re.escape(''.join(letters))}]{{2,}}") for name, letters in _MISREAD_AS.items()}
_NO_SIGN = {chr(code) for code in range(0x80, 0xA0)} - set("\x81\x8d\x8f\x90\x9d")
"""Controls that no text holds, but for the five that Windows-1252 has no sign for: half of a letter misread twice."""
_EXPECTED = (
    frozenset("".join(_MISREAD_AS["cp1252"]) + "".join(_MISREAD_AS["mac_roman"]) + "\u202f\u2009\u2011") - _NO_SIGN
)
"""Signs that a misread text may have held: those of both encodings, so that a text misread twice is undone twice."""
_USUAL = frozenset("àâçéèêëîïôùûüœÿÀÂÇÉÈÊËÎÏÔÙÛŒŸ‘’“”«»–—…\u00a0")
"""Signs of French; where Mac OS Roman is undone, neighbours that all are such signs are meant as they stand."""


def _usual_in(text: str) -> int:
    return sum(letter in _USUAL for letter in text)


def _first_difference(line: str, put_right: str) -> tuple[str, str]:
    """The first words that differ, shown as they are written and as they were meant."""
    before = len([*takewhile(lambda pair: pair[0] == pair[1], zip(line, put_right, strict=False))])
    start = line.rfind(" ", 0, before) + 1
    return line[start:].split(" ", maxsplit=1)[0][:_LONGEST_SHOWN], put_right[start:].split(" ", maxsplit=1)[0][
        :_LONGEST_SHOWN
    ]
