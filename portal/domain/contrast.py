"""Whether a colour can be read: contrast as WCAG 2.2 counts it (1.4.3), on the backgrounds where the colour stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

NEEDED = 4.5
"""What words of ordinary size need (WCAG 2.2, 1.4.3, level AA)."""

BACKGROUNDS: Mapping[str, str] = {"surface": "#ffffff", "paper": "#fcfaf6", "sand": "#f5f0e5"}
"""The light scheme's backgrounds, as `00-tokens.css` has them; a test compares them. White is also what stands on the colour."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")
Channels = tuple[int, int, int]


def is_colour(written: str) -> bool:
    """Whether it is a colour such as #0f5450."""
    return _COLOUR.fullmatch(written) is not None


def contrast(one: str, other: str) -> float:
    """The ratio between two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def contrasts(accent: str) -> dict[str, float]:
    """The ratio of an accent colour with each background it stands on, its own pale tint included."""
    return {name: contrast(accent, colour) for name, colour in {**BACKGROUNDS, "tint": tint(accent)}.items()}


def is_readable(accent: str) -> bool:
    """Whether the colour may be the accent: every background leaves it readable, and white is readable on it."""
    return min(contrasts(accent).values()) >= NEEDED


def tint(accent: str) -> str:
    """The pale background made of an accent: an eighth of it, the rest white."""
    return _mixed(accent, "#ffffff", 1 / 8)


def deeper(accent: str) -> str:
    """A darker accent, for what is pointed at and for the bar under the head of the page."""
    return _mixed(accent, "#000000", 3 / 4)


def _mixed(one: str, other: str, share: float) -> str:
    parts = (round(a * share + b * (1 - share)) for a, b in zip(_channels(one), _channels(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> Channels:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
