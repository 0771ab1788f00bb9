"""Letters say what the law wants, carry nothing personal, and a code letter holds one code only."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.letters import (
    CODE_LETTERS,
    FACTS,
    STAFF_LETTERS,
    WITHOUT_REFERENCE,
    LetterKind,
)
from portal.mail.letters import Envelope, LetterUnfit, compose, message_id_for
from portal.resources import templates_folder
from tests.mail.builders import (
    ALL,
    HEAD,
    LINK,
    REFERENCE,
    REFUSALS,
    a_letter,
    facts_of,
    letter_of,
    lines_read,
)

ROOT = Path(__file__).resolve().parents[2]
TO_PERSON = [kind for kind in LetterKind if kind not in WITHOUT_REFERENCE | STAFF_LETTERS]


def test_each_kind_has_a_folder_and_each_folder_a_kind() -> None:
    folders = {path.name for path in (templates_folder() / "letters").iterdir() if path.is_dir()}
    assert folders == {kind.value for kind in LetterKind} == {kind.value for kind in FACTS}


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_every_letter_is_valid_accessible_html_that_fetches_nothing(kind: LetterKind, language: Language) -> None:
    letter = letter_of(kind, language)
    html5lib.HTMLParser(strict=True).parse(letter.html)
    assert f'<html lang="{language}-CA">' in letter.html
    assert letter.html.count("<h1") == 1
    assert not re.search(r"<(img|script|link|iframe|object)|url|@import\(|\son\w+=", letter.html)
    assert len(letter.text.splitlines()) > 5
    assert "\n\n\n" not in letter.text


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_every_subject_carries_the_reference_unless_there_is_none(kind: LetterKind, language: Language) -> None:
    letter = letter_of(kind, language)
    expected = None if kind in WITHOUT_REFERENCE else REFERENCE
    assert letter.reference == expected
    assert (expected or HEAD.organisation.in_(language)) in letter.subject


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_nothing_of_the_reader_is_in_subject_or_body(kind: LetterKind, language: Language) -> None:
    letter = letter_of(kind, language)
    for part in (letter.subject, letter.text, letter.html):
        assert "camille" not in part


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_every_letter_says_who_writes_and_how_to_reach_the_contact(kind: LetterKind, language: Language) -> None:
    letter = letter_of(kind, language)
    for body in (letter.text, letter.html):
        assert HEAD.organisation.in_(language) in body
        assert HEAD.contact_title.in_(language) in body
        assert HEAD.contact_email in body
        assert "514 873-4196" in body
        assert "Montréal (Québec)  H3A 2V4" in body


@pytest.mark.parametrize("kind", LetterKind)
def test_replies_go_to_the_privacy_contact_when_the_reader_is_not_staff(kind: LetterKind) -> None:
    assert letter_of(kind).reply_to == (None if kind in STAFF_LETTERS else "contact@example.org")


@pytest.mark.parametrize("kind", TO_PERSON)
def test_a_letter_about_a_request_states_its_mandatory_facts(kind: LetterKind) -> None:
    letter = letter_of(kind)
    for body in (letter.text, letter.html):
        for fact in (REFERENCE, "Delete my information", "August 1, 2025", "August 2, 2025", LINK, "need help"):
            assert fact in body


def test_the_acknowledgement_says_by_when_an_answer_comes() -> None:
    assert "by August 31, 2025 at the latest" in letter_of(LetterKind.ACKNOWLEDGEMENT).text


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_names_the_commission_the_last_day_and_offers_help(kind: LetterKind) -> None:
    letter = letter_of(kind)
    for body in (letter.text, letter.html):
        for part in ("Commission d’accès à l’information", "September 30, 2025", "525, boul.", "888", "help you"):
            assert part in body


@pytest.mark.parametrize("kind", REFUSALS)
@pytest.mark.parametrize("gone", [{}, {"remedies": None}, {"remedies": ()}])
def test_a_refusal_without_its_recourse_is_not_written(kind: LetterKind, gone: dict[str, object]) -> None:
    facts = facts_of(kind)
    del facts["remedies"]
    facts |= gone
    with pytest.raises(LetterUnfit):
        compose(kind, facts, Envelope("a@example.org", "fr", "<x@example.org>"), HEAD)


def test_a_fact_no_letter_of_the_kind_states_is_refused() -> None:
    with pytest.raises(LetterUnfit):
        letter_of(LetterKind.OUTCOME_GRANTED, reason="she moved to 12 Pine Street")


def test_a_value_no_letter_can_write_is_refused() -> None:
    with pytest.raises(LetterUnfit):
        letter_of(LetterKind.ACKNOWLEDGEMENT, due=12.5)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "/fr/demandes", ""])
def test_a_link_that_is_no_web_address_is_refused(link: str) -> None:
    with pytest.raises(LetterUnfit):
        letter_of(LetterKind.ACKNOWLEDGEMENT, link=link)


def test_withdrawing_and_giving_consent_are_told_apart() -> None:
    withdrawn = letter_of(LetterKind.CONSENT_CHANGED, given=False).text
    given = letter_of(LetterKind.CONSENT_CHANGED, given=True).text
    assert "You withdrew your consent on August 2, 2025 at 10:30\u00a0a.m." in withdrawn
    assert "Improve the service" in withdrawn
    assert "stays lawful" in withdrawn
    assert "You gave your consent" in given
    assert "withdrew" not in given


def test_the_attestation_mentions_what_is_kept_only_when_something_is() -> None:
    assert "must keep" in letter_of(LetterKind.ERASURE_DONE, kept=True).text
    assert "must keep" not in letter_of(LetterKind.ERASURE_DONE, kept=False).text


def test_a_closed_request_that_was_taken_back_says_so_to_the_contact() -> None:
    assert "took the request back" in letter_of(LetterKind.CONTACT_CLOSED, decision=None).text
    assert "Decision: Granted" in letter_of(LetterKind.CONTACT_CLOSED).text


@pytest.mark.parametrize("kind", sorted(CODE_LETTERS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_letter_has_one_run_of_six_digits_alone_on_its_line(kind: LetterKind, language: Language) -> None:
    letter = letter_of(kind, language, code="048291")
    for body in (letter.text, letter.html):
        assert re.findall(r"\d{6,}", body) == ["048291"]
        assert re.findall(r"^048291$", body, re.MULTILINE) == ["048291"]
    assert not re.search(r"\d{6}", letter.subject)
    assert "048291" in lines_read(letter.html)


@given(
    digits=some.text("0123456789", min_size=6, max_size=20),
    field=some.sampled_from(["organisation", "contact_title", "contact_phone", "contact_address"]),
)
def test_long_numbers_of_the_contact_are_grouped_in_code_letters(digits: str, field: str) -> None:
    value: Any = Text(fr=f"N {digits}", en=f"N {digits}") if field in ("organisation", "contact_title") else digits
    letter = letter_of(LetterKind.SIGN_IN_CODE, head=replace(HEAD, **{field: value}))
    assert re.findall(r"[0-9]{6,}", letter.text) == ["482913"]
    assert re.sub(r"\D", "", letter.text).count(digits) >= 1


def test_a_telephone_written_in_one_run_is_grouped_as_one() -> None:
    letter = letter_of(LetterKind.SIGN_IN_CODE, head=replace(HEAD, contact_phone="5148734196"))
    assert "Phone: 514\u00a0873-4196" in letter.text


def test_an_address_with_six_digits_is_left_out_of_code_letters() -> None:
    head = replace(HEAD, contact_email="a123456@example.org")
    assert "a123456" not in letter_of(LetterKind.SIGN_IN_CODE, head=head).text
    assert "a123456" in letter_of(LetterKind.ACKNOWLEDGEMENT, head=head).text


@pytest.mark.parametrize("code", ["12345", "1234567", "12 3456", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16"])
def test_what_is_no_code_is_not_sent_as_one(code: str) -> None:
    with pytest.raises(LetterUnfit):
        letter_of(LetterKind.SIGN_IN_CODE, code=code)


@pytest.mark.parametrize("hostile", ["{{7*7}}", "${7*7}", "#{7*7}", "%(reference)s %s 100%", "{% raw %}"])
def test_templates_inside_names_stay_literal(hostile: str) -> None:
    head = replace(HEAD, organisation=Text(fr=hostile, en=hostile))
    letter = letter_of(LetterKind.STAFF_INVITATION, head=head)
    for part in (letter.subject, letter.text, letter.html):
        assert hostile in part


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=x>"])
def test_markup_inside_names_is_shown_as_text(hostile: str) -> None:
    head = replace(HEAD, organisation=Text(fr=hostile, en=hostile))
    for kind in (LetterKind.STAFF_INVITATION, LetterKind.SIGN_IN_CODE):
        letter = letter_of(kind, head=head)
        assert hostile not in letter.html
        assert hostile in lines_read(letter.html)
        assert hostile in letter.text


@given(some.text(some.characters(exclude_categories=["Cs"])))
def test_no_name_can_break_a_header_or_a_line(name: str) -> None:
    head = replace(HEAD, organisation=Text(fr=f"A{name}", en=f"A{name}"))
    letter = letter_of(LetterKind.STAFF_INVITATION, head=head)
    assert len(letter.subject.splitlines()) == 1
    assert len(letter.sender_name.splitlines()) == 1


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org, b@example.org",
        "a@example.org;b@example.org",
        "<a@example.org>",
        "a b@example.org",
        "a@b@example.org",
        "example.org",
        "",
    ],
)
@pytest.mark.parametrize("field", ["to", "sender", "reply_to"])
def test_an_address_that_is_not_one_address_is_refused(address: str, field: str) -> None:
    if field == "reply_to" and not address:
        assert a_letter(reply_to=address).reply_to == ""
        return
    with pytest.raises(LetterUnfit):
        a_letter(**{field: address})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "Hello\nBcc: b@example.org"),
        ("sender_name", "Us\r\nX: y"),
        ("reference", "R-1\nX: y"),
        ("message_id", "<a@b>\r\nX: y"),
        ("message_id", "a@b"),
    ],
)
def test_a_line_break_in_a_header_is_refused(field: str, value: str) -> None:
    with pytest.raises(LetterUnfit):
        a_letter(**{field: value})


def test_a_message_id_is_made_of_the_letters_own_token() -> None:
    assert message_id_for("t0k3n", "privacy@example.org") == "<t0k3n@example.org>"
