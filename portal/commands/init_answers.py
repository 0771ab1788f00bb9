"""Reads the answers to `portal init`: each one usable, or refused in one sentence that says what to type instead."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from portal.config import addresses, reading
from portal.config import words as kinds
from portal.mail.transports import TransportInvalid, transport_from
from portal.services.addresses import BadAddress, canonical_address
from portal.services.founding import USUAL_PORT
from portal.wording.catalogue import N_

LONGEST_NAME = 120
LATER = frozenset({"later", "plus tard", "plus-tard"})

_HOST = re.compile(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?P<port>\d{1,5}))?")
_LINE: TypeAdapter[str] = TypeAdapter(kinds.Line)


class BadAnswer(ValueError):
    """An answer that cannot be used; `sentence` says why, in English, to be translated where it is shown."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence."""
        super().__init__(sentence)
        self.sentence = sentence


def name(typed: str) -> str:
    """A name on one line. Raises BadAnswer."""
    try:
        line = _LINE.validate_python(typed)
    except ValidationError:
        raise BadAnswer(N_("A name is some words on one line.")) from None
    if len(line) > LONGEST_NAME or "${" in line:
        raise BadAnswer(N_("A name has at most 120 characters, and no ${."))
    return line


def email(typed: str) -> str:
    """An e-mail address in the form it is compared and written to. Raises BadAnswer."""
    try:
        return canonical_address(typed)
    except BadAddress:
        raise BadAnswer(N_("This is not an e-mail address. Example: privacy@example.org")) from None


def site(typed: str) -> str:
    """The portal's public address: https, or http on this machine alone. Raises BadAnswer."""
    try:
        found = addresses.site_url(typed.strip().rstrip("/"))
    except reading.Refused as error:
        if error.code == "plain_http":
            raise BadAnswer(
                N_("A public address begins with https://; http:// is for this machine alone (http://127.0.0.1:8000).")
            ) from None
        if "://" not in typed:
            raise BadAnswer(N_("https:// is missing before this address (or http:// on this machine alone).")) from None
        raise BadAnswer(N_("This is not an address such as https://privacy.example.org, without a path.")) from None
    if found.startswith("http://") and not re.search(r":\d+$", found):
        return f"{found}:{USUAL_PORT}"
    return found


def mail(typed: str) -> str:
    """How letters leave, as portal.toml says it: a mail server, on paper, or "" for later. Raises BadAnswer."""
    text = typed.strip()
    if text.lower() in LATER:
        return ""
    if bare := _HOST.fullmatch(text):
        text = f"smtps://{text}" if bare["port"] == "465" else f"smtp://{text}"
    if text.startswith("mailbox:"):
        raise BadAnswer(N_("mailbox: belongs to the demo. Name a mail server, print: or later."))
    try:
        transport_from(re.sub(r"\$\{\w+\}", "x", addresses.mail_url(text)), Path())
    except reading.Refused:
        raise BadAnswer(
            N_(
                "This is not a mail server such as smtp://user:password@mail.example.org:587; print: or later will do too."
            )
        ) from None
    except TransportInvalid as error:
        raise BadAnswer(str(error)) from None
    return text
