"""Delivery status notifications for tests, as a mail server writes them (RFC 3464, §5)."""

from __future__ import annotations

_REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: privacy@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain

The letter could not be delivered.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

{original}Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--cut
{returned}
--cut--
"""
_RETURNED = """\
Content-Type: {kind}

From: privacy@example.org
{message_id}Subject: a letter
{body}"""


def a_report(
    address: str,
    message_id: str | None,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    whole: bool = True,
    original: str | None = None,
) -> bytes:
    """A report about one reader; `whole`: the letter is sent back, not its head alone."""
    returned = _RETURNED.format(
        kind="message/rfc822" if whole else "text/rfc822-headers",
        message_id=f"Message-ID: {message_id}\n" if message_id else "",
        body="\nIts words.\n" if whole else "",
    )
    written = f"Original-Recipient: rfc822; {original}\n" if original else ""
    text = _REPORT.format(address=address, action=action, status=status, returned=returned, original=written)
    return text.replace("\n", "\r\n").encode()
