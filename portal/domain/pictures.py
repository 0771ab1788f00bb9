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
_PNG_LARGEST_DRAWING = LONGEST_SIDE * (LONGEST_SIDE * 8 + 1) + 100_000
"""Four samples of two bytes for each point, a byte for each line, and what interlacing adds."""
_JPEG_KEPT = frozenset({0xE0, 0xEE})
"""Of the application's own parts: the size of a dot, and how colours are written."""
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
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
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names or names.count(b"IHDR") > 1:
        raise PictureRefused(WhyNotPicture.BROKEN)
    width, height = struct.unpack(">II", chunks[0][1][:8])
    drawing = names.index(b"IDAT")
    before = (_png_chunk(name, data) for name, data in chunks[:drawing] if name in _PNG_KEPT)
    drawn = _png_drawing(b"".join(data for name, data in chunks if name == b"IDAT"))
    kept = b"".join(before) + _png_chunk(b"IDAT", drawn) + _png_chunk(b"IEND", b"")
    return Picture(PictureKind.PNG, width, height, _PNG + kept)


def _png_drawing(packed: bytes) -> bytes:
    """The packed drawing to its own end: no more than the longest sides can hold, and nothing behind it."""
    unpacking = zlib.decompressobj()
    unpacking.decompress(packed, _PNG_LARGEST_DRAWING)
    if not unpacking.eof:
        raise PictureRefused(WhyNotPicture.BROKEN)
    return packed[: len(packed) - len(unpacking.unused_data)]


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
    """Segments, each drawing among them to its own end, up to the end of the picture, the first one."""
    kept, sides, place, drawn = [b"\xff\xd8"], (0, 0), 2, False
    while content[place : place + 2] != b"\xff\xd9" or not drawn:
        marker = content[place + 1]
        if content[place] != 0xFF or marker in {0xD8, 0xD9} or marker < 0xC0:
            raise PictureRefused(WhyNotPicture.BROKEN)
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        end = place + 2 + length
        if marker == 0xDA:
            end, drawn = _end_of_scan(content, end), True
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            sides = (width, height)
        if marker < 0xE0 or marker in _JPEG_KEPT:
            kept.append(content[place:end])
        place = end
    return Picture(PictureKind.JPEG, *sides, b"".join(kept) + b"\xff\xd9")


def _end_of_scan(content: bytes, place: int) -> int:
    """Where a drawing ends: at the first marker that is neither a byte of its own nor a restart."""
    found = _JPEG_MARKER.search(content, place)
    if found is None:
        raise PictureRefused(WhyNotPicture.BROKEN)
    return found.start()


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
