"""Files as people attach them, small and real, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib


def a_csv() -> bytes:
    """A few lines, as a spreadsheet in Québec writes them."""
    return "\ufeffDate;Pièce;Montant\r\n2023-02-14;Contrat signé;118,40 $\r\n".encode()


def a_pdf() -> bytes:
    """The smallest page there is."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def a_png(width: int = 1, padding: bytes = b"") -> bytes:
    """One dot."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\x00" * (width + 1)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"tEXt", b"x\x00" + padding) + chunk(b"IEND", b"")


def a_jpeg() -> bytes:
    """The beginning and the end of a picture."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 20 + b"\xff\xd9"


def a_webp() -> bytes:
    """The beginning of a picture."""
    return b"RIFF\x1a\x00\x00\x00WEBPVP8L" + b"\x00" * 16


def an_archive(*names: str, content: bytes = b"<x/>") -> bytes:
    """A ZIP with files of these names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def a_workbook(*more: str, content: bytes = b"<x/>") -> bytes:
    """A workbook's parts, as Excel lays them."""
    return an_archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", *more, content=content)
