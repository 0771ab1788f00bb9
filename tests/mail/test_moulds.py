"""A letter poured from a mould is, byte for byte but for its reader, the letter written for that reader alone."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from string import ascii_letters, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.domain.languages import LANGUAGES, Language
from portal.domain.letters import LetterKind
from portal.mail.letters import Envelope, Letter, LetterUnfit, compose
from portal.mail.messages import bytes_of
from portal.mail.moulds import Places, mould_of
from tests.mail.builders import HEAD, NOW, a_letter, facts_of

SITE = "https://privacy.example.org"
TOKEN = "A" * 20 + "b-_9" + "Z" * 19


def written(language: Language, to: str, message_id: str, token: str) -> Letter:
    link = f"{SITE}/u/{token}"
    facts = facts_of(LetterKind.POLICY_CHANGE, unsubscribe=link)
    headers = (("List-Unsubscribe", f"<{link}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return compose(LetterKind.POLICY_CHANGE, facts, Envelope(to, language, message_id), HEAD, headers=headers)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None, max_examples=25)
@given(token=some.text(ascii_letters + digits + "-_", min_size=43, max_size=43))
def test_it_is_the_letter_written_for_that_reader(language: Language, token: str) -> None:
    def write(places: Places) -> Letter:
        return written(language, places.to, places.message_id, places.token)

    poured = mould_of(write, now=NOW).poured("camille@example.net", "<one@example.org>", token)
    alone = written(language, "camille@example.net", "<one@example.org>", token)
    assert poured.raw
    there, wanted = (message_from_bytes(raw, policy=default) for raw in (poured.raw, bytes_of(alone, now=NOW)))
    for name in ("To", "Message-ID", "Subject", "From", "List-Unsubscribe", "List-Unsubscribe-Post", "Date"):
        assert there[name] == wanted[name]
    for subtype in ("plain", "html"):
        assert body(there, subtype) == body(wanted, subtype)
    assert (poured.text, poured.html) == (alone.text, alone.html)
    assert max(map(len, poured.raw.split(b"\r\n"))) < 998


def test_one_mould_keeps_nothing_of_the_reader_before() -> None:
    mould = mould_of(lambda places: written("en", places.to, places.message_id, places.token), now=NOW)
    mould.poured("camille@example.net", "<one@example.org>", TOKEN)
    other = mould.poured("emily@example.net", "<two@example.org>", TOKEN.lower())
    assert other.raw
    for gone in (b"camille", b"<one@", TOKEN.encode(), b"invalid"):
        assert gone not in other.raw


def test_a_reader_who_would_add_a_header_is_refused() -> None:
    mould = mould_of(lambda places: written("en", places.to, places.message_id, places.token), now=NOW)
    with pytest.raises(LetterUnfit):
        mould.poured("a@example.net\r\nBcc: b@example.net", "<one@example.org>", TOKEN)


def test_a_header_of_its_own_holds_no_line_break() -> None:
    with pytest.raises(LetterUnfit):
        a_letter(headers=(("List-Unsubscribe", "<x>\r\nBcc: b@example.net"),))


def body(message: object, subtype: str) -> str:
    return message.get_body((subtype,)).get_content()  # type: ignore[attr-defined,no-any-return]  # an EmailMessage
