"""What each letter says, as the officer reads it: every kind, both languages, what is fixed and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.letters import FIXED, LetterKind
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from portal.wording.letter_labels import letter_label
from portal.wording.letter_parts import part_label, part_reason
from tests.client import HTML, Page, Visitor, folded
from tests.installation import Built, an_installation

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def signed_in(built: Built, address: str, lang: Language = "fr") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_kind_of_letter_has_its_preview_and_no_other_is_listed(built: Built, lang: Language) -> None:
    officer = signed_in(built, OFFICER, lang)
    links = officer.visit("staff_letters").links()
    listed = {href.rsplit("/", 1)[1] for href in links.values() if "/kinds/" in href or "/modeles/" in href}
    assert listed == {kind.value for kind in LetterKind}
    for kind in LetterKind:
        assert officer.open(links[letter_label(kind, lang)]).heading == letter_label(kind, lang)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_preview_shows_both_languages_and_every_fixed_part_with_its_reason(built: Built, lang: Language) -> None:
    officer = signed_in(built, OFFICER, lang)
    name = built.installation.settings.organisation.name
    for kind in LetterKind:
        page = officer.visit("staff_letter_kind", kind=kind.value)
        french, english = _column(page, "fr-CA"), _column(page, "en-CA")
        assert name.fr in french
        assert name.en in english
        for part in FIXED[kind]:
            assert part_label(part, "fr") in french, kind
            assert part_label(part, "en") in english, kind
            assert part_reason(part, lang, built.installation.settings.regime) in page.text(), kind


def test_a_refusal_shows_the_commission_and_its_last_day_in_both_forms(built: Built) -> None:
    page = signed_in(built, OFFICER).visit("staff_letter_kind", kind="outcome_refused")
    assert page.html.count("Toll-free: ") == 2
    assert _column(page, "fr-CA").count("23 décembre 2026") == 2
    assert _column(page, "en-CA").count("December 23, 2026") == 2


def test_a_preview_leads_nowhere(built: Built) -> None:
    page = signed_in(built, OFFICER).visit("staff_letter_kind", kind="acknowledgement")
    assert not [link for link in page.all("a") if "R-2345-6789-ABCD" in link.get("href", "")]
    assert "R-2345-6789-ABCD" in page.text()


def test_a_kind_that_is_none_is_no_page(built: Built) -> None:
    signed_in(built, OFFICER).open("/fr/personnel/lettres/modeles/relance", status=404)


@pytest.mark.parametrize("who", [AGENT, AUDITOR])
def test_what_letters_say_is_the_officers(built: Built, who: str) -> None:
    signed_in(built, who).open("/fr/personnel/lettres/modeles/acknowledgement", status=403)


def _column(page: Page, tag: str) -> str:
    return " ".join(
        folded("".join(element.itertext()))
        for element in page.tree.iter()
        if element.get("lang") == tag and element.tag == f"{HTML}div"
    )


OWN = {
    "paragraph_fr": "Nous sommes fermés le lundi.\nMerci <b>.",
    "paragraph_en": "We are closed on Mondays.\nThank you <b>.",
}


def save(officer: Visitor, kind: str, *, status: int = 303, **changes: str) -> object:
    typed = officer.visit("staff_letter_kind", kind=kind).form(f"/{kind}")
    return officer.send("staff_letter_kind", typed | changes, kind=kind, status=status)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_paragraph_of_ones_own_stands_in_the_letter_in_its_preview_and_on_paper(built: Built, lang: Language) -> None:
    officer = signed_in(built, OFFICER, lang)
    save(officer, "acknowledgement", **OWN)
    page = officer.visit("staff_letter_kind", kind="acknowledgement")
    for tag, own in (("fr-CA", OWN["paragraph_fr"]), ("en-CA", OWN["paragraph_en"])):
        for line in own.split("\n"):
            assert _column(page, tag).count(line) == 2, "as a mail program shows it, and as plain text"
    assert not page.all("b")
    on_paper = officer.visit("staff_letter_sample", kind="acknowledgement").text()
    assert OWN[f"paragraph_{lang}"].split("\n")[0] in on_paper
    with built.installation.database.writing() as store:
        person = store.people.ensure("camille.tremblay@example.org", language="fr", now=built.clock())
        asked = Asked(Kind.ACCESS, "fr", Level.L2, "Tout")
        request = open_request(built.installation, store, person, asked, form_id=None, now=built.clock())
    [letter] = [
        one for one in built.mailbox() if one["reference"] == request.reference and one["kind"] == "acknowledgement"
    ]
    assert "Nous sommes fermés le lundi.\nMerci <b>." in str(letter["text"])
    assert "Nous sommes fermés le lundi.<br>Merci &lt;b&gt;." in str(letter["html"])


def test_a_paragraph_has_a_history_and_goes_back(built: Built) -> None:
    officer = signed_in(built, OFFICER)
    save(officer, "acknowledgement", **OWN)
    save(officer, "acknowledgement", paragraph_fr="Autre chose.", paragraph_en="Something else.")
    page = officer.visit("staff_letter_kind", kind="acknowledgement")
    assert OFFICER in page.text()
    undo = [form for form in page.all("form") if form.get("action", "").endswith("/retablir")]
    assert len(undo) == 1
    officer.send("staff_settings_undo", page.form("/retablir"))
    assert "Nous sommes fermés" in _column(officer.visit("staff_letter_kind", kind="acknowledgement"), "fr-CA")
    save(officer, "acknowledgement", paragraph_fr="", paragraph_en="")
    gone = officer.visit("staff_letter_kind", kind="acknowledgement")
    assert "Nous sommes fermés" not in _column(gone, "fr-CA")
    assert len([form for form in gone.all("form") if form.get("action", "").endswith("/retablir")]) == 3
    assert officer.visit("staff_settings").status == 200


def test_two_officers_never_write_over_each_other_in_silence(built: Built) -> None:
    one, other = signed_in(built, OFFICER), signed_in(built, OFFICER)
    seen = other.visit("staff_letter_kind", kind="acknowledgement").form("/acknowledgement")
    save(one, "acknowledgement", **OWN)
    typed = seen | {"paragraph_fr": "La mienne.", "paragraph_en": "Mine."}
    page = other.send("staff_letter_kind", typed, kind="acknowledgement", status=409)
    assert isinstance(page, Page)
    assert page.form("/acknowledgement")["paragraph_fr"] == "La mienne."
    assert "Nous sommes fermés" in page.text()


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("acknowledgement", {"paragraph_en": ""}),
        ("acknowledgement", {"paragraph_fr": " \n "}),
        ("acknowledgement", {"paragraph_fr": "x" * 1_001}),
        ("acknowledgement", {"paragraph_fr": "a\u202eb"}),
        ("acknowledgement", {"paragraph_fr": "a\x00b"}),
        ("acknowledgement", {"paragraph_fr": "a\ue000recourse\ue001b"}),
        ("sign_in_code", {"paragraph_fr": "Composez 123456."}),
        ("confirm_code", {"paragraph_en": "Call 123 456."}),
    ],
)
def test_a_paragraph_that_cannot_stand_in_the_letter_is_refused_beside_its_field(
    built: Built, kind: str, changes: dict[str, str]
) -> None:
    officer = signed_in(built, OFFICER)
    page = save(officer, kind, status=422, **OWN | changes)
    assert isinstance(page, Page)
    refused = [one for one in page.all("div") if "field--refused" in (one.get("class") or "")]
    assert len(refused) == 1
    assert page.form(f"/{kind}")["paragraph_en" if "paragraph_fr" in changes else "paragraph_fr"]
    with built.installation.database.reading() as store:
        assert store.settings.present(f"let:{kind}") is None


def test_a_code_letter_with_a_paragraph_still_has_one_code(built: Built) -> None:
    officer = signed_in(built, OFFICER)
    save(
        officer, "sign_in_code", paragraph_fr="Notre téléphone : 514 873-4196.", paragraph_en="Our phone: 514 873-4196."
    )
    signed_in(built, AGENT)
    [letter, *_] = built.mailbox()
    assert "Notre téléphone : 514 873-4196." in str(letter["text"])
