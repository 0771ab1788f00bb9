"""Reads what mail servers send back: which letter did not arrive, and at whose address (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

LARGEST = 1_000_000
"""Bytes of one report; nothing of use stands further."""

_MESSAGE_ID = re.compile(r"<[\x21-\x3b=\x3f-\x7e]{1,200}@[\x21-\x3b=\x3f-\x7e]{1,255}>")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery that failed for good. Either may be missing: servers differ in what they send back."""

    message_id: str | None
    address: str | None


def bounces_in(raw: bytes) -> list[Bounce]:
    """The failed deliveries a message reports; none when it is no such report, or only says that one is late.

    What comes back can be anybody's doing, so nothing in it is believed beyond these two words, and nothing is raised.
    """
    message = message_from_bytes(raw[:LARGEST], policy=compat32)
    if message.get_content_type() != "multipart/report":
        return []
    parts = [part for part in message.walk() if part is not message]
    message_id = next(filter(None, map(_message_id, parts)), None)
    failed = [fields for part in parts for fields in _recipients(part) if _failed(fields)]
    return [Bounce(message_id, _address(fields)) for fields in failed]


def _recipients(part: Message) -> Iterator[Message]:
    """The blocks of fields of a delivery status, one for each recipient; the first block is about the message."""
    if part.get_content_type() != "message/delivery-status" or not isinstance(part.get_payload(), list):
        return
    for block in part.get_payload():
        if isinstance(block, Message) and "Action" in block:
            yield block


def _failed(fields: Message) -> bool:
    status = str(fields.get("Status", "5")).strip()
    return str(fields.get("Action", "")).strip().lower() == "failed" and status.startswith("5")


def _address(fields: Message) -> str | None:
    """The address we wrote to, rather than where it was forwarded: `rfc822; name@example.org`."""
    written = str(fields.get("Original-Recipient") or fields.get("Final-Recipient") or "")
    kind, semicolon, address = written.partition(";")
    return address.strip().strip("<>") if semicolon and kind.strip().lower() == "rfc822" and address.strip() else None


def _message_id(part: Message) -> str | None:
    """The Message-ID of the letter sent back, whole or its head alone."""
    if part.get_content_type() == "message/rfc822":
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        written = str(inner.get("Message-ID", "")) if isinstance(inner, Message) else ""
    elif part.get_content_type() == "text/rfc822-headers":
        decoded = part.get_payload(decode=True)
        head = decoded if isinstance(decoded, bytes) else b""
        written = str(message_from_bytes(head, policy=compat32).get("Message-ID", ""))
    else:
        return None
    found = _MESSAGE_ID.search(written)
    return found[0] if found else None
