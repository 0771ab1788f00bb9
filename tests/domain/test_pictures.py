"""A logo: told by its content, its sides read, and nothing kept beside the picture or behind its end."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.pictures import LARGEST_PICTURE, PictureKind, PictureRefused, WhyNotPicture, read_picture
from tests.pictures import SVG, jpeg, png, webp


@pytest.mark.parametrize(
    ("content", "kind", "sides"),
    [
        (png(40, 20), PictureKind.PNG, (40, 20)),
        (jpeg(), PictureKind.JPEG, (1, 1)),
        (webp(30, 10), PictureKind.WEBP, (30, 10)),
    ],
)
def test_a_picture_is_told_by_its_content(content: bytes, kind: PictureKind, sides: tuple[int, int]) -> None:
    found = read_picture(content)
    assert (found.kind, (found.width, found.height)) == (kind, sides)
    assert read_picture(found.content) == found


def with_drawing(drawing: bytes) -> bytes:
    """A picture of one dot that says its drawing is this."""
    whole = png(1, 1)
    begins = whole.index(b"IDAT") - 4
    (length,) = struct.unpack(">I", whole[begins : begins + 4])
    made = struct.pack(">I", len(drawing)) + b"IDAT" + drawing + struct.pack(">I", zlib.crc32(b"IDAT" + drawing))
    return whole[:begins] + made + whole[begins + 12 + length :]


@pytest.mark.parametrize(
    "content",
    [
        png(beside=b"SECRET"),
        png() + b"SECRET",
        with_drawing(zlib.compress(b"\0" * 5) + b"SECRET"),
        jpeg(b"SECRET"),
        jpeg() + b"SECRET",
        jpeg() + b"<script>SECRET</script>\xff\xd9",
        jpeg()[:-2] + b"\xff\xfe\x00\x08SECRET\xff\xd9",
    ],
)
def test_nothing_is_kept_but_the_picture(content: bytes) -> None:
    assert b"SECRET" in content
    assert b"SECRET" not in read_picture(content).content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", WhyNotPicture.EMPTY),
        (b"\0" * (LARGEST_PICTURE + 1), WhyNotPicture.TOO_LARGE),
        (SVG, WhyNotPicture.SVG),
        (b"\xef\xbb\xbf  <!-- x --><SVG onload='x'/>", WhyNotPicture.SVG),
        (b"GIF89a" + b"\0" * 40, WhyNotPicture.KIND),
        (b"<html><script>", WhyNotPicture.KIND),
        (png()[:-20], WhyNotPicture.BROKEN),
        (png().replace(b"IDAT", b"IDAX"), WhyNotPicture.BROKEN),
        (b"\x89PNG\r\n\x1a\n", WhyNotPicture.BROKEN),
        (jpeg()[:40], WhyNotPicture.BROKEN),
        (b"\xff\xd8\xff\xd9", WhyNotPicture.BROKEN),
        (webp()[:20], WhyNotPicture.BROKEN),
        (png(2_001, 1), WhyNotPicture.SIDES),
        (with_drawing(zlib.compress(b"\0" * 50_000_000)), WhyNotPicture.BROKEN),
        (with_drawing(zlib.compress(b"\0" * 5)[:-6]), WhyNotPicture.BROKEN),
        (with_drawing(b"<script>alert(1)</script>"), WhyNotPicture.BROKEN),
        (webp(1, 3_000), WhyNotPicture.SIDES),
    ],
)
def test_what_is_no_picture_is_refused_with_why(content: bytes, why: WhyNotPicture) -> None:
    with pytest.raises(PictureRefused) as refused:
        read_picture(content)
    assert refused.value.why is why


@given(st.sampled_from([png(), jpeg(), webp()]), st.integers(0, 400), st.binary(max_size=12))
def test_a_damaged_picture_is_refused_and_breaks_nothing(whole: bytes, place: int, noise: bytes) -> None:
    damaged = whole[:place] + noise + whole[place + len(noise) :]
    try:
        read_picture(damaged)
    except PictureRefused:
        return
