"""Reports of letters that did not arrive are read as servers write them, and anything else is no report."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.mail.bounces import Bounce, bounces_in
from tests.mail.reports import a_report

MESSAGE_ID = "<0123456789abcdef@example.org>"


@pytest.mark.parametrize("whole", [True, False])
def test_a_failure_names_its_letter_and_its_reader(whole: bool) -> None:
    report = a_report("camille@example.org", MESSAGE_ID, whole=whole)
    assert bounces_in(report) == [Bounce(MESSAGE_ID, "camille@example.org")]


def test_the_address_we_wrote_to_counts_rather_than_where_it_was_forwarded() -> None:
    report = a_report("forwarded@example.net", None, original="camille@example.org")
    assert bounces_in(report) == [Bounce(None, "camille@example.org")]


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("failed", "4.4.7")])
def test_what_is_late_or_arrived_is_no_failure(action: str, status: str) -> None:
    assert bounces_in(a_report("camille@example.org", MESSAGE_ID, action=action, status=status)) == []


def test_an_ordinary_letter_is_no_report() -> None:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Undelivered mail"
    message.set_content("Action: failed\r\nStatus: 5.1.1\r\nFinal-Recipient: rfc822; camille@example.org")
    assert bounces_in(message.as_bytes()) == []


@settings(deadline=None)
@given(some.binary(max_size=2_000))
def test_nothing_that_comes_back_is_an_error(raw: bytes) -> None:
    bounces_in(raw)
    bounces_in(b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n--x\r\n' + raw)
