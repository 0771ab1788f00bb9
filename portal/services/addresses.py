"""One rule for e-mail addresses, at every door: what is accepted, and when two are the same."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST = 254
"""Characters an address may have (RFC 5321 §4.5.3.1, erratum 1690)."""


class BadAddress(ValueError):
    """What was typed is no address the portal can write to."""


def canonical_address(typed: str) -> str:
    """The form under which an address is compared, kept and written to.

    Spaces around are dropped; composed characters (NFC); lower case; a domain in letters of other scripts in its
    ASCII form; the part before @ in ASCII only, so that a look-alike is never the same (security.md B-17 to B-19, B-29).

    Raises:
        BadAddress: two addresses, no domain, a quoted part, hidden characters, or too long.
    """
    text = unicodedata.normalize("NFC", typed).strip(" \t\r\n\u00a0")
    if not text or len(text) > LONGEST:
        raise BadAddress
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, allow_quoted_local=False)
    except EmailNotValidError as error:
        raise BadAddress from error
    return (found.ascii_email or found.normalized).lower()
