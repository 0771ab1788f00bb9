"""The style sheet of an accent colour. It changes the light scheme alone: the dark one keeps colours that can be read there."""

from __future__ import annotations

from portal.domain.contrast import deeper, tint


def accent_style(accent: str) -> str:
    """What the accent is used for, and the shades made of it; white is readable on it and on the darker one."""
    values = {
        "accent": accent,
        "accent-strong": deeper(accent),
        "accent-soft": tint(accent),
        "link": accent,
        "masthead": accent,
        "masthead-deep": deeper(accent),
        "masthead-soft": "#ffffff",
        "masthead-sun": "#ffffff",
    }
    lines = "\n".join(f"    --{name}: {value};" for name, value in values.items())
    return f"@media not (prefers-color-scheme: dark) {{\n  :root {{\n{lines}\n  }}\n}}\n"
