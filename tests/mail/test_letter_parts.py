"""The parts of a letter that nothing can take away, and the organization's own paragraph, which can add nothing to them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import html5lib
import pytest

from portal.domain.languages import Language, Text
from portal.domain.letters import (
    FACTS,
    FIXED,
    MAY_BE_NOTHING,
    STATED,
    FixedPart,
    LetterKind,
    looks_like_a_code,
)
from portal.mail.letters import Envelope, LetterUnfit, compose, draft, with_every_part
from portal.mail.marks import parts_in
from portal.wording.remedies import remedy_words
from tests.mail.builders import ALL, HEAD, REFUSALS, facts_of, letter_of, remedies

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [
    remedy_words(remedies("ca_pipeda", until=date(2025, 9, 30)), "en"),
    remedy_words(remedies("qc_p391", until=date(2025, 10, 1)), "en"),
    remedy_words(remedies("qc_p391", "eu_gdpr", until=date(2025, 9, 30)), "en"),
]
"""Another body, another last day, and one law more than the letter names."""


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_every_mandatory_part_of_a_letter_stands_in_its_text_and_in_its_html(
    kind: LetterKind, language: Language
) -> None:
    drafted = draft(kind, facts_of(kind), language, HEAD)
    for form in (drafted.text, drafted.html):
        found = parts_in(form)
        assert set(found) == {part.value for part in FIXED[kind]}
        for part, names in STATED.items():
            if part in FIXED[kind]:
                assert names
                assert found[part.value].strip()


@pytest.mark.parametrize(("kind", "part"), [(kind, part) for kind in LetterKind for part in sorted(FIXED[kind])])
@pytest.mark.parametrize("form", ["text", "html"])
def test_a_letter_that_lost_a_mandatory_part_is_refused(kind: LetterKind, part: FixedPart, form: str) -> None:
    drafted = draft(kind, facts_of(kind), "en", HEAD)
    assert with_every_part(drafted) is drafted
    for empty in ("", f"\ue000{part}\ue001 \ue002"):
        cut = re.sub(f"\ue000{part}\ue001[^\ue002]*\ue002", empty, getattr(drafted, form))
        with pytest.raises(LetterUnfit):
            with_every_part(replace(drafted, **{form: cut}))


@pytest.mark.parametrize(
    "part",
    [(kind, "remedies", other) for kind in REFUSALS for other in OTHERS]
    + [(LetterKind.ACKNOWLEDGEMENT, "due", "May 1")],
)
def test_a_part_that_states_something_else_is_no_part(part: tuple[LetterKind, str, object]) -> None:
    kind, name, other = part
    drafted = draft(kind, facts_of(kind), "en", HEAD)
    facts = {**drafted.facts, name: other}
    with pytest.raises(LetterUnfit):
        with_every_part(replace(drafted, facts=facts))


def test_a_template_cut_by_a_careless_edit_makes_no_letter(tmp_path: Path) -> None:
    """The program itself, with the recourse gone from one template: compose refuses."""
    shutil.copytree(ROOT / "portal", tmp_path / "portal", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copytree(ROOT / "translations", tmp_path / "translations")
    template = tmp_path / "portal/templates/letters/outcome_refused/body.html"
    template.write_text(
        template.read_text(encoding="utf-8").replace('{% include "_recourse.html" %}', ""), encoding="utf-8"
    )
    program = (
        "import portal, sys\nfrom tests.mail.builders import ALL, REFUSALS, letter_of\nfrom portal.domain.letters import LetterKind\n"
        f"assert portal.__file__.startswith({str(tmp_path)!r})\n"
        "letter_of(LetterKind.OUTCOME_PARTIALLY_GRANTED)\nletter_of(LetterKind.OUTCOME_REFUSED)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stderr.rstrip().endswith("LetterUnfit: recourse")


@pytest.mark.parametrize(
    ("kind", "fact"),
    [(kind, fact) for kind in LetterKind for fact in sorted(FACTS[kind]) if (kind, fact) not in MAY_BE_NOTHING],
)
def test_a_letter_with_a_fact_that_is_nothing_is_not_made(kind: LetterKind, fact: str) -> None:
    facts = facts_of(kind) | {fact: None}
    with pytest.raises(LetterUnfit):
        compose(kind, facts, Envelope("a@example.org", "fr", "<x@example.org>"), HEAD)


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_no_mark_is_left_in_a_letter(kind: LetterKind, language: Language) -> None:
    letter = letter_of(kind, language)
    assert not re.search("[\ue000-\ue002]", letter.subject + letter.text + letter.html)


def test_a_name_cannot_forge_a_part() -> None:
    forged = Text(fr="A\ue000recourse\ue001B\ue002", en="A\ue000recourse\ue001B\ue002")
    assert "recourse" not in parts_in(
        draft(
            LetterKind.STAFF_INVITATION, facts_of(LetterKind.STAFF_INVITATION), "en", replace(HEAD, organisation=forged)
        ).html
    )


OWN = Text(
    fr="Nous sommes fermés du 24 décembre au 3 janvier.\nMerci.",
    en="We are closed\nover <b>Christmas</b>.\n\nThank you.",
)


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_every_letter_shows_the_organizations_own_paragraph_before_who_writes(
    kind: LetterKind, language: Language
) -> None:
    letter = letter_of(kind, language, own=OWN)
    first = OWN.in_(language).split("\n")[0]
    for body in (letter.text, letter.html):
        assert first in body
        assert body.index(first) < body.rindex(HEAD.contact_email)
    html5lib.HTMLParser(strict=True).parse(letter.html)
    if language == "en":
        assert "&lt;b&gt;Christmas&lt;/b&gt;" in letter.html
        assert "over <b>Christmas</b>.\n\nThank you." in letter.text


@pytest.mark.parametrize("text", ["Call 482914", "Code : 123 456", "12-34-56", "١٢٣٤٥٦"])
def test_a_paragraph_that_could_be_taken_for_the_code_never_enters_a_code_letter(text: str) -> None:
    own = Text(fr=text, en=text)
    assert looks_like_a_code(text)
    assert text not in letter_of(LetterKind.SIGN_IN_CODE, own=own).text
    assert text in letter_of(LetterKind.ACKNOWLEDGEMENT, own=own).text


@pytest.mark.parametrize("text", ["Call 514 873-4196", "2026-11-23", "25 years, 13 towns", "H2X 1Y4", "1 888 528-7741"])
def test_ordinary_numbers_are_no_code(text: str) -> None:
    assert not looks_like_a_code(text)
