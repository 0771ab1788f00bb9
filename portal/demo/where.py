"""Tells a demo from an installation."""

from __future__ import annotations

from portal.config import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_demo(settings: Settings) -> bool:
    """Whether the demo's pages belong here: letters stay in a mailbox, on this machine only (design §4.2)."""
    return (settings.mail.url or "").startswith("mailbox:") and settings.web.host in LOOPBACK
