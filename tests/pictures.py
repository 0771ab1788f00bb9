"""Pictures made for tests, byte by byte, and what is none."""

from __future__ import annotations

import base64
import struct
import zlib


def png(width: int = 40, height: int = 20, *, beside: bytes = b"") -> bytes:
    """A picture of one colour; `beside` is a text chunk, as a program would write one."""
    rows = (b"\0" + b"\x20\x60\x90" * width) * height

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    note = chunk(b"tEXt", b"Comment\0" + beside) if beside else b""
    return b"\x89PNG\r\n\x1a\n" + head + note + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(beside: bytes = b"") -> bytes:
    """The smallest picture a browser shows, one dot; `beside` is what a camera writes."""
    whole = base64.b64decode(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQ"
        "Ew8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
    )
    whole = whole.replace(b"\xff\xc9", b"\xff\xc0")  # baseline, as most pictures are
    note = b"\xff\xe1" + struct.pack(">H", len(beside) + 2) + beside if beside else b""
    return whole[:2] + note + whole[2:]


def webp(width: int = 1, height: int = 1) -> bytes:
    """A picture without loss, its sides in its head."""
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + b"\x10\x88\x88\x08"
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
