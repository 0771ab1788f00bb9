"""A logo somebody sends: what it is by its content, how large it is, and only the parts that draw it.

Nothing of what a camera or a program wrote beside the picture is kept, nor anything behind its end.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LARGEST_PICTURE = 1_000_000
LONGEST_SIDE = 2_000

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"})
_JPEG_KEPT = frozenset({0xE0, 0xEE})
"""Of the application's own parts: the size of a dot, and how colours are written."""
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP"})
_WEBP_FLAGS = 0b0011_0000
"""Colour profile and transparency; a moving picture, and what a camera wrote, are not kept."""


class PictureKind(StrEnum):
    """What a picture is; the value is its media type."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"


class WhyNotPicture(StrEnum):
    """Why a picture is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    SVG = "svg"
    KIND = "kind"
    BROKEN = "broken"
    SIDES = "sides"


class PictureRefused(Exception):
    """A picture is not taken."""

    def __init__(self, why: WhyNotPicture) -> None:
        """Keep why."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture found right."""

    kind: PictureKind
    width: int
    height: int
    content: bytes


def read_picture(content: bytes) -> Picture:
    """The picture a file holds.

    Raises:
        PictureRefused: it holds none, or none that is taken.
    """
    if not content:
        raise PictureRefused(WhyNotPicture.EMPTY)
    if len(content) > LARGEST_PICTURE:
        raise PictureRefused(WhyNotPicture.TOO_LARGE)
    try:
        found = _read(content)
    except (struct.error, IndexError, zlib.error) as error:
        raise PictureRefused(WhyNotPicture.BROKEN) from error
    if not (0 < found.width <= LONGEST_SIDE and 0 < found.height <= LONGEST_SIDE):
        raise PictureRefused(WhyNotPicture.SIDES)
    return found


def _read(content: bytes) -> Picture:
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    is_svg = re.search(rb"<svg[\s>:]", content[:8_192], re.IGNORECASE) is not None
    raise PictureRefused(WhyNotPicture.SVG if is_svg else WhyNotPicture.KIND)


def _png(content: bytes) -> Picture:
    """Chunks whose sums are right, from the head to the end, the last one."""
    chunks = list(_png_chunks(content))
    names = [name for name, _ in chunks]
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names:
        raise PictureRefused(WhyNotPicture.BROKEN)
    width, height = struct.unpack(">II", chunks[0][1][:8])
    kept = (_png_chunk(name, data) for name, data in chunks if name in _PNG_KEPT)
    return Picture(PictureKind.PNG, width, height, _PNG + b"".join(kept))


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG)
    while place < len(content):
        length, name = struct.unpack(">I4s", content[place : place + 8])
        data = content[place + 8 : place + 8 + length]
        (expected,) = struct.unpack(">I", content[place + 8 + length : place + 12 + length])
        if zlib.crc32(name + data) != expected:
            raise PictureRefused(WhyNotPicture.BROKEN)
        yield name, data
        if name == b"IEND":
            return
        place += 12 + length


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _jpeg(content: bytes) -> Picture:
    """Segments up to the drawing itself, then the drawing to its end."""
    kept, sides, place = [b"\xff\xd8"], (0, 0), 2
    while True:
        marker = content[place + 1]
        if content[place] != 0xFF or marker in {0xD8, 0xD9} or marker < 0xC0:
            raise PictureRefused(WhyNotPicture.BROKEN)
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        segment = content[place : place + 2 + length]
        if marker == 0xDA:
            break
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", segment[5:9])
            sides = (width, height)
        if marker < 0xE0 or marker in _JPEG_KEPT:
            kept.append(segment)
        place += 2 + length
    end = content.rfind(b"\xff\xd9")
    if end < place:
        raise PictureRefused(WhyNotPicture.BROKEN)
    return Picture(PictureKind.JPEG, *sides, b"".join(kept) + content[place : end + 2])


def _webp(content: bytes) -> Picture:
    """Chunks of a picture that does not move."""
    (length,) = struct.unpack("<I", content[4:8])
    if length + 8 > len(content):
        raise PictureRefused(WhyNotPicture.BROKEN)
    chunks = dict(_webp_chunks(content[12 : length + 8]))
    if b"VP8X" in chunks:
        head = chunks[b"VP8X"]
        chunks[b"VP8X"] = bytes([head[0] & _WEBP_FLAGS]) + head[1:]
    kept = b"WEBP" + b"".join(_webp_chunk(name, data) for name, data in chunks.items() if name in _WEBP_KEPT)
    return Picture(PictureKind.WEBP, *_webp_sides(chunks), b"RIFF" + struct.pack("<I", len(kept)) + kept)


def _webp_chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place < len(body):
        name, length = struct.unpack("<4sI", body[place : place + 8])
        if place + 8 + length > len(body):
            raise PictureRefused(WhyNotPicture.BROKEN)
        yield name, body[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def _webp_chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _webp_sides(chunks: dict[bytes, bytes]) -> tuple[int, int]:
    if b"VP8 " in chunks and chunks[b"VP8 "][3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", chunks[b"VP8 "][6:10])
        return width & 0x3FFF, height & 0x3FFF
    if b"VP8L" in chunks and chunks[b"VP8L"][0] == 0x2F:
        (bits,) = struct.unpack("<I", chunks[b"VP8L"][1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise PictureRefused(WhyNotPicture.BROKEN)
