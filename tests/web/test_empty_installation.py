"""An installation with no map, no policy and perhaps no mail server: lawful from its first hour, and honest about what it lacks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portal.config.settings import MailSettings, Settings
from portal.domain.languages import Language, Text
from portal.domain.outbox import LetterState
from portal.domain.policies import DOCUMENTS
from portal.domain.rights import Role
from portal.services import members
from portal.services.founding import Answers, found
from portal.web.access import Kind, rule_of
from portal.web.views import VIEWS
from tests.client import BASE, Page, Visitor
from tests.installation import NOON, Built, an_empty_installation
from tests.services.drafts import a_draft

LANGUAGES = pytest.mark.parametrize("lang", ["fr", "en"])
OFFICER, PERSON = "jo@example.org", "alex.morin@example.org"
OPEN = (
    "home",
    "policy",
    "policy_changes",
    "governance",
    "governance_changes",
    "rights",
    "contact",
    "accessibility",
    "sign_in",
    "new_request",
)
POLICY_PATHS = ("/fr/politique", "/en/policy")
ANSWERS = Answers(
    name=Text(fr="Coop L’Éveil", en="Coop Awakening"),
    site="http://127.0.0.1:8000",
    contact="privacy@example.org",
    mail=None,
    officer=OFFICER,
    language="fr",
)


def built_in(folder: Path, *, mail: str | None) -> Built:
    found(folder, ANSWERS, today=NOON.date())

    def change(settings: Settings) -> Settings:
        return replace(settings, mail=MailSettings(sender=settings.mail.sender, url=mail))

    return an_empty_installation(folder, change=change)


def test_nobody_may_come_in_before_a_command_says_who(tmp_path: Path) -> None:
    built = built_in(tmp_path, mail="mailbox:")
    with built.installation.database.reading() as store:
        assert list(store.staff.all()) == []
    visitor = Visitor(built, "en")
    visitor.sign_in(OFFICER)
    visitor.visit("staff_requests", status=404)


def let_in(built: Built, lang: Language) -> Visitor:
    """The officer, by a one-time link."""
    with built.installation.database.writing() as store:
        token = members.add(built.installation, store, OFFICER, Role.OFFICER, language=lang)
    officer = Visitor(built, lang)
    form = officer.visit("sign_in_link", token=token).form()
    officer.send("sign_in_link", form, token=token)
    return officer


def links_to_policy(page: Page) -> list[str]:
    main = [link.get("href", "") for link in page.all("a") if link.get("hreflang") is None]
    return [href for href in main if href.startswith(POLICY_PATHS)]


@LANGUAGES
@pytest.mark.parametrize("mail", ["mailbox:", None])
def test_open_pages_work_and_none_links_to_a_policy_that_is_not_there(
    tmp_path: Path, lang: Language, mail: str | None
) -> None:
    visitor = Visitor(built_in(tmp_path, mail=mail), lang)
    for endpoint in OPEN:
        page = visitor.visit(endpoint)
        assert links_to_policy(page) == [], endpoint
    said = visitor.visit("policy").text()
    assert {"fr": "Aucune politique", "en": "No privacy policy is in force"}[lang] in said
    sitemap = visitor.client.get("/sitemap.xml", base_url=BASE).get_data(as_text=True)
    assert "/en/policy" not in sitemap
    assert "/en/contact" in sitemap


@LANGUAGES
def test_a_person_signs_in_asks_and_is_answered_with_no_map_and_no_policy(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail="mailbox:")
    person = Visitor(built, lang)
    assert person.sign_in(PERSON).location == person.address("my_information")
    said = person.visit("my_information").text()
    assert {"fr": "notre personnel y cherche", "en": "our staff look in them"}[lang] in said
    for endpoint in ("consents", "download", "delete", "account", "requests"):
        page = person.visit(endpoint)
        assert links_to_policy(page) == [], endpoint
        for claimed in ("everything we hold", "tout ce que nous détenons", "found nothing", "rien trouvé"):
            assert claimed not in page.text(), endpoint
    form = person.visit("new_request", kind="access").form("new" if lang == "en" else "nouvelle")
    made = person.send("new_request", form | {"kind": "access", "message": "Tout"})
    reference = made.location.rsplit("/", 1)[1]  # type: ignore[union-attr]  # a redirect
    assert links_to_policy(person.visit("request_page", reference=reference)) == []
    copy = person.send("download", person.visit("download").form(), status=200)
    assert copy.headers["Content-Type"] == "application/zip"  # type: ignore[union-attr]  # the file
    officer = let_in(built, lang)
    shown = officer.visit("staff_request", reference=reference)
    decision = shown.form("decision") | {"decision": "granted", "reason": ""}
    officer.send("staff_decision", decision, reference=reference)
    kinds = [letter["kind"] for letter in built.mailbox()]
    assert "outcome_granted" in kinds
    assert "contact_new_request" in kinds


@LANGUAGES
def test_deletion_asked_for_without_a_map_is_a_request_staff_can_answer(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail="mailbox:")
    person = Visitor(built, lang)
    person.sign_in(PERSON)
    made = person.send(
        "delete", person.visit("delete").form("delete" if lang == "en" else "suppression") | {"confirm": "yes"}
    )
    reference = made.location.rsplit("/", 1)[1]  # type: ignore[union-attr]  # a redirect
    officer = let_in(built, lang)
    shown = officer.visit("staff_request", reference=reference)
    officer.send("staff_decision", shown.form("decision") | {"decision": "granted", "reason": ""}, reference=reference)
    built.clock.advance(days=4)
    built.work()
    person.sign_in(PERSON)
    events = person.visit("request_page", reference=reference)
    assert events.all("ol", class_="timeline")


@LANGUAGES
def test_without_a_mail_server_no_code_is_promised_and_the_way_to_ask_is_said(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail=None)
    visitor = Visitor(built, lang)
    for endpoint in ("home", "rights", "contact", "sign_in", "new_request"):
        page = visitor.visit(endpoint)
        assert "privacy@example.org" in page.text(), endpoint
        assert not [control for control in page.all("input") if control.get("name") == "email"], endpoint
    assert let_in(built, lang).visit("staff_requests")


@LANGUAGES
def test_what_was_typed_before_the_mail_server_went_is_shown_back(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail="mailbox:")
    visitor = Visitor(built, lang)
    form = visitor.visit("new_request").form("new" if lang == "en" else "nouvelle")
    without = an_empty_installation(tmp_path)
    late = Visitor(without, lang)
    late.client = visitor.client
    late.client.application = without.app
    asked = form | {"kind": "access", "message": "Mes mots à moi", "email": PERSON}
    page = late.send("new_request", asked, status=503)
    assert isinstance(page, Page)
    assert "Mes mots à moi" in page.text()
    page = late.send("sign_in", {"email": PERSON, "csrf_token": form["csrf_token"]}, status=503)
    assert isinstance(page, Page)
    with without.installation.database.reading() as store:
        assert store.letters.oldest(LetterState.WAITING) is None, "no letter waits that could only come too late"


@LANGUAGES
def test_every_staff_page_says_that_letters_do_not_leave_and_what_to_do(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail=None)
    officer = let_in(built, lang)
    for document in DOCUMENTS:
        a_draft(built, document=document)
    for endpoint, (view, methods) in VIEWS.items():
        rule = rule_of(view)
        if (
            endpoint != "staff_home"
            and "GET" in methods
            and rule
            and rule.kind is Kind.STAFF
            and "<" not in officer_address(endpoint)
        ):
            page = officer.visit(endpoint)
            assert {"fr": "le serveur de courriel n’est pas encore indiqué", "en": "the mail server is not set yet"}[
                lang
            ] in page.text()
            assert f"{officer.address('staff_health')}#mail" in page.links().values(), endpoint
    health = officer.visit("staff_health")
    [line] = [row for row in health.all("tr") if any(one.get("id") == "mail" for one in row.iter())]
    assert "portal.toml, " in "".join(line.itertext())


def officer_address(endpoint: str) -> str:
    from portal.web.languages import ADDRESSES

    return ADDRESSES[endpoint][0]


@LANGUAGES
def test_a_request_and_the_setup_list_say_that_letters_do_not_leave(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail=None)
    officer = let_in(built, lang)
    made = officer.send(
        "staff_setup_request", officer.visit("staff_setup").form("request" if lang == "en" else "demande")
    )
    reference = made.location.rsplit("/", 1)[1]  # type: ignore[union-attr]  # a redirect
    page = officer.visit("staff_request", reference=reference)
    assert {"fr": "1 lettre à cette personne attend", "en": "has not received 1 letter"}[lang] in page.text()
    assert f"{officer.address('staff_health')}#mail" in page.links().values()
    setup = officer.visit("staff_setup").text()
    assert {"fr": "2 lettres ne peuvent pas partir", "en": "2 letters cannot leave"}[lang] in setup


@LANGUAGES
def test_before_signing_out_an_officer_reads_how_to_come_back(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail=None)
    officer = let_in(built, lang)
    page = officer.visit("staff_requests")
    assert not [form for form in page.all("form") if form.get("action") == officer.address("sign_out")]
    assert officer.address("staff_sign_out") in page.links().values()
    said = officer.visit("staff_sign_out")
    assert f"portal staff add {OFFICER} --role officer" in said.text()
    [token] = [field.get("value", "") for field in said.all("input", name="csrf_token")]
    officer.send("sign_out", {"csrf_token": token})
    assert officer.client.get(officer.address("staff_requests"), base_url=BASE).status_code == 303


@LANGUAGES
def test_without_mail_the_sign_in_page_gives_staff_the_whole_command_and_no_address_of_theirs(
    tmp_path: Path, lang: Language
) -> None:
    built = built_in(tmp_path, mail=None)
    officer = let_in(built, lang)
    said = Visitor(built, lang).visit("sign_in").text()
    assert {
        "fr": "portal staff add vous@example.org --role officer",
        "en": "portal staff add you@example.org --role officer",
    }[lang] in said
    assert OFFICER not in said
    lost = officer.visit("sign_in")
    assert officer.address("staff_home") in lost.links().values()
    assert {
        "fr": "Vous avez ouvert une session comme membre du personnel",
        "en": "You are signed in as a member of staff",
    }[lang] in lost.text()


@LANGUAGES
@pytest.mark.parametrize("mail", ["mailbox:", None])
def test_choices_lead_to_what_can_be_done_and_promise_no_code_that_cannot_leave(
    tmp_path: Path, lang: Language, mail: str | None
) -> None:
    visitor = Visitor(built_in(tmp_path, mail=mail), lang)
    how = f"{visitor.address('contact')}#in-writing"
    for endpoint, class_ in (("home", "big-choice__link"), ("rights", "button")):
        page = visitor.visit(endpoint)
        led_to = {link.get("href", "") for link in page.all("a", class_=class_)} - {visitor.address("contact")}
        assert (led_to == {how}) is (mail is None), (endpoint, led_to)
        promised = "code" in page.text()
        assert promised is (mail is not None), endpoint


@LANGUAGES
def test_what_waits_for_the_mail_server_is_counted_apart(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail=None)
    officer = let_in(built, lang)
    page = officer.visit("staff_setup")
    [letter] = [" ".join("".join(item.itertext()).split()) for item in page.all("li", id="letter")]
    assert {"fr": "En attente du courriel", "en": "Waiting for mail"}[lang] in letter
    assert {"fr": "À faire", "en": "To do"}[lang] not in letter
    said = page.text()
    assert {"fr": "Il reste 5 choses à faire", "en": "5 things are left to do"}[lang] in said
    assert {"fr": "1 chose attend le serveur de courriel", "en": "1 thing waits for the mail server"}[lang] in said
    assert {"fr": "peuvent déjà vous écrire", "en": "can already write to you"}[lang] in said
    assert {"fr": "Ses lettres attendent que", "en": "Its letters wait until"}[lang] in said
    form = page.form("request" if lang == "en" else "demande")
    made = officer.send("staff_setup_request", form)
    test = officer.visit("staff_request", reference=made.location.rsplit("/", 1)[1])  # type: ignore[union-attr]  # a redirect
    assert {"fr": "Sans objet\u00a0: c’est un essai.", "en": "Not needed: this is a test."}[lang] in test.text()
