"""Getting ready: an officer with a browser and nothing else sees what is left, tries the mail server, tries a request."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.config.settings import MailSettings, Settings
from portal.domain.languages import Language, Text
from portal.domain.outbox import LetterState
from portal.domain.rights import Kind, Level, Role
from portal.services import members, setup
from portal.services.founding import Answers, found
from portal.services.rights import Asked, open_request
from portal.web import setup_tasks
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, NOON, Built, an_empty_installation
from tests.mail.sink import PASSWORD, USER, Mode, certificate, mail_server, only_the_portal

LANGUAGES = pytest.mark.parametrize("lang", ["fr", "en"])
OFFICER = "jo@example.org"
ANSWERS = Answers(
    name=Text(fr="Coop L’Éveil", en="Coop Awakening"),
    site="http://127.0.0.1:8000",
    contact="privacy@example.org",
    mail=None,
    officer=OFFICER,
    language="fr",
)


def built_in(folder: Path, *, mail: str | None = "mailbox:", phone: str = "") -> Built:
    found(folder, ANSWERS, today=NOON.date())

    def change(settings: Settings) -> Settings:
        contact = replace(settings.privacy_contact, phone=phone)
        return replace(settings, mail=MailSettings(sender=settings.mail.sender, url=mail), privacy_contact=contact)

    return an_empty_installation(folder, change=change)


def link_for(built: Built, lang: Language, *, address: str = OFFICER, role: Role = Role.OFFICER) -> str:
    with built.installation.database.writing() as store:
        return members.add(built.installation, store, address, role, language=lang)


def come_in(built: Built, lang: Language, **whom: Any) -> tuple[Visitor, str]:
    """A member of staff by a one-time link, and where it led."""
    visitor, token = Visitor(built, lang), link_for(built, lang, **whom)
    answer = visitor.send("sign_in_link", visitor.visit("sign_in_link", token=token).form(), token=token)
    assert isinstance(answer, TestResponse)
    return visitor, answer.location


def officer_of(built: Built, lang: Language = "en") -> Visitor:
    return come_in(built, lang)[0]


def task(page: Page, key: str) -> str:
    [item] = [item for item in page.all("li") if item.get("id") == key]
    return " ".join("".join(item.itertext()).split())


def menu(page: Page) -> list[str]:
    return [link.get("href", "") for nav in page.all("nav", class_="nav") for link in nav.iter() if link.get("href")]


@LANGUAGES
def test_the_officers_first_link_leads_to_what_is_left_to_do(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path)
    officer, led_to = come_in(built, lang)
    assert (
        led_to == officer.address("staff_setup") == {"fr": "/fr/personnel/mise-en-route", "en": "/en/staff/setup"}[lang]
    )
    page = officer.visit("staff_setup")
    assert {"fr": "À faire", "en": "To do"}[lang] in task(page, "letter")
    assert officer.address("staff_setup") in menu(officer.visit("staff_requests"))
    for key in ("contact", "colleagues"):
        assert page.all("a", href=officer.address(setup_tasks.PAGES[setup.Task(key)])), key


def test_a_task_is_listed_when_its_page_exists_and_only_then(tmp_path: Path) -> None:
    built = built_in(tmp_path)
    listed = {item.get("id") for item in officer_of(built).visit("staff_setup").all("li") if item.get("id")}
    assert listed == {task.value for task, page in setup_tasks.PAGES.items() if page in built.app.view_functions}
    del built.app.view_functions["staff_colleagues"]
    with built.app.test_request_context("/en/staff/setup"):
        assert setup.Task.COLLEAGUES not in setup_tasks.listed()


def test_what_is_done_stays_done_when_the_only_colleague_leaves(tmp_path: Path) -> None:
    built = built_in(tmp_path)
    officer = officer_of(built)
    assert task(officer.visit("staff_setup"), "colleagues").startswith("Invite your colleagues To do")
    come_in(built, "en", address="agent@example.org", role=Role.AGENT)
    with built.installation.database.writing() as store:
        agent = store.staff.by_address("agent@example.org")
        assert agent
        store.staff.disable(agent.id, built.clock())
    assert task(officer.visit("staff_setup"), "colleagues").startswith("Invite your colleagues Done")


@LANGUAGES
def test_a_task_that_is_done_no_longer_says_how_to_do_it(tmp_path: Path, lang: Language) -> None:
    todo = {"fr": "La loi exige", "en": "The law wants"}[lang]
    before = officer_of(built_in(tmp_path / "a"), lang).visit("staff_setup")
    after = officer_of(built_in(tmp_path / "b", phone="418 555-0100"), lang).visit("staff_setup")
    assert (todo in task(before, "contact"), todo in task(after, "contact")) == (True, False)


@LANGUAGES
def test_looking_at_a_link_uses_nothing_up_and_it_serves_once(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path)
    token = link_for(built, lang)
    for _ in range(3):
        Visitor(built, lang).visit("sign_in_link", token=token)
    visitor, late = Visitor(built, lang), Visitor(built, lang)
    form, late_form = (one.visit("sign_in_link", token=token).form() for one in (visitor, late))
    visitor.send("sign_in_link", form, token=token)
    assert visitor.visit("staff_setup")
    second = late.send("sign_in_link", late_form, status=410, token=token)
    assert isinstance(second, Page)
    assert "portal staff add" in second.text()
    assert late.client.get(late.address("staff_setup"), base_url=BASE).status_code == 303, "nobody is signed in"


@LANGUAGES
def test_a_late_link_says_how_to_have_another(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail=None)
    token = link_for(built, lang)
    visitor = Visitor(built, lang)
    form = visitor.visit("sign_in_link", token=token).form()
    built.clock.now += timedelta(minutes=61)
    late = visitor.send("sign_in_link", form, status=410, token=token)
    assert isinstance(late, Page)
    assert "portal staff add" in late.text()
    assert "--role officer" in late.text()


@LANGUAGES
def test_a_test_letter_arrives_once_and_the_page_says_so(tmp_path: Path, lang: Language) -> None:
    with mail_server() as sink:
        built = built_in(tmp_path, mail=f"smtp://127.0.0.1:{sink.port}?starttls=off")
        officer = officer_of(built, lang)
        officer.send("staff_setup_letter", officer.visit("staff_setup").form("letter" if lang == "en" else "lettre"))
        said = task(officer.visit("staff_setup"), "letter")
        built.clock.advance(hours=2)
        built.work()
    assert {"fr": "a accepté la lettre", "en": "took the letter"}[lang] in said
    assert {"fr": "Fait", "en": "Done"}[lang] in said
    [message] = sink.taken
    assert str(message["To"]) == OFFICER
    assert message["X-Portal-Kind"] == "test_letter"
    assert OFFICER not in str(message["Subject"])


TROUBLES = [
    (Mode.NEVER, "refuses the letter", "550 5.7.1 Refused", LetterState.REFUSED),
    (Mode.LATER, "does not take the letter for now", "451 4.7.1 Try again later", LetterState.WAITING),
    (Mode.UNKNOWN_READER, "refuses to carry a letter to your address", "550 5.1.1", LetterState.REFUSED),
    (Mode.NOT_SIGNED_IN, "wants a user name and a password", "530 5.7.0", LetterState.WAITING),
    (Mode.CUTS_AFTER_DATA, "cut the conversation", "", LetterState.WAITING),
]


@pytest.mark.parametrize(("mode", "told", "answered", "state"), TROUBLES)
def test_what_the_mail_server_said_is_told_in_words_and_kept(
    tmp_path: Path, mode: Mode, told: str, answered: str, state: LetterState
) -> None:
    with mail_server() as sink:
        sink.mode = mode
        built = built_in(tmp_path, mail=f"smtp://127.0.0.1:{sink.port}?starttls=off")
        officer = officer_of(built)
        officer.send("staff_setup_letter", officer.visit("staff_setup").form("letter"))
        for _ in range(2):
            said = task(officer.visit("staff_setup"), "letter")
            assert told in said
            assert answered in said
            assert "To do" in said
    assert OFFICER not in said.partition("Tried on")[0], "servers like to repeat the reader's address"
    with built.installation.database.reading() as store:
        assert store.letters.numbers()[state] == 1


def test_a_letter_that_could_not_leave_leaves_by_itself_later(tmp_path: Path) -> None:
    with mail_server() as sink:
        sink.mode = Mode.LATER
        built = built_in(tmp_path, mail=f"smtp://127.0.0.1:{sink.port}?starttls=off")
        officer = officer_of(built)
        officer.send("staff_setup_letter", officer.visit("staff_setup").form("letter"))
        sink.mode = Mode.TAKES
        built.work()
        assert sink.taken == [], "the worker leaves it alone while somebody waits for the answer"
        built.clock.advance(minutes=3)
        built.work()
        assert len(sink.taken) == 1


@LANGUAGES
def test_each_trouble_on_the_way_to_the_server_has_its_own_words(tmp_path: Path, lang: Language) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"smtp://127.0.0.1:{closed.getsockname()[1]}"
    _, context = certificate(tmp_path)
    wrong = f"smtp://{USER}:wrong@127.0.0.1:%d?starttls=off"
    signed_in = {"authenticator": only_the_portal, "auth_require_tls": False}
    expected = {
        "smtp://no-such-machine.invalid": ("Aucune machine ne porte", "No machine has the name"),
        nobody: ("Rien ne répond à ce port", "Nothing answers at that port"),
    }
    with mail_server(**signed_in) as sink, mail_server() as plain, mail_server(tls_context=context) as encrypted:
        expected |= {
            wrong % sink.port: ("refuse le nom d’utilisateur", "refuses the user name or the password"),
            f"smtp://127.0.0.1:{plain.port}": ("ne chiffre pas de la façon", "does not encrypt in the way"),
            f"smtp://x:y@127.0.0.1:{plain.port}?starttls=off": ("n’accepte pas de nom", "takes no user name"),
            f"smtp://127.0.0.1:{encrypted.port}": ("ne prouve pas", "does not prove"),
        }
        for number, (url, told) in enumerate(expected.items()):
            built = built_in(tmp_path / str(number), mail=url)
            officer = officer_of(built, lang)
            officer.send(
                "staff_setup_letter", officer.visit("staff_setup").form("letter" if lang == "en" else "lettre")
            )
            said = task(officer.visit("staff_setup"), "letter")
            assert told[0 if lang == "fr" else 1] in said, url
            assert "wrong" not in said
            assert PASSWORD not in said


@LANGUAGES
def test_a_slow_mail_server_is_waited_for_so_long_and_keeps_nobody_from_writing(
    tmp_path: Path, lang: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "PATIENCE", 2.0)
    with mail_server() as sink:
        sink.mode = Mode.HANGS
        built = built_in(tmp_path, mail=f"smtp://127.0.0.1:{sink.port}?starttls=off")
        officer = officer_of(built, lang)
        form = officer.visit("staff_setup").form("letter" if lang == "en" else "lettre")
        began = time.monotonic()
        sending = threading.Thread(target=lambda: officer.send("staff_setup_letter", form))
        sending.start()
        time.sleep(0.7)
        with built.installation.database.writing() as store:
            store.people.ensure(CAMILLE, language="fr", now=NOON)
        assert time.monotonic() - began < 1.8, "others write while we wait for the mail server"
        sending.join()
        assert time.monotonic() - began < 6
        said = task(officer.visit("staff_setup"), "letter")
    assert {"fr": "répond trop lentement", "en": "answers too slowly"}[lang] in said
    with built.installation.database.reading() as store:
        assert store.letters.numbers()[LetterState.WAITING] == 1


@LANGUAGES
def test_without_a_mail_server_there_is_no_letter_to_send(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, mail=None)
    officer = officer_of(built, lang)
    page = officer.visit("staff_setup")
    assert {"fr": "Le serveur de courriel n’est pas encore indiqué.", "en": "The mail server is not set yet."}[
        lang
    ] in task(page, "letter")
    form = page.form("request" if lang == "en" else "demande")
    officer.send("staff_setup_letter", form)
    with built.installation.database.reading() as store:
        assert store.letters.numbers()[LetterState.WAITING] == 0


@LANGUAGES
def test_a_test_request_goes_the_real_way_and_can_be_answered_by_whoever_made_it(
    tmp_path: Path, lang: Language
) -> None:
    built = built_in(tmp_path)
    officer = officer_of(built, lang)
    form = officer.visit("staff_setup").form("request" if lang == "en" else "demande")
    made = officer.send("staff_setup_request", form)
    assert officer.send("staff_setup_request", form).location == made.location  # type: ignore[union-attr]  # redirects
    reference = made.location.rsplit("/", 1)[1]  # type: ignore[union-attr]  # a redirect
    for shown in (officer.visit("staff_requests"), officer.visit("staff_request", reference=reference)):
        assert shown.all("span", class_="tag--attention"), "marked as a test"
    decision = officer.visit("staff_request", reference=reference).form("decision") | {"decision": "granted"}
    officer.send("staff_decision", decision, reference=reference)
    kinds = [(letter["kind"], letter["to"]) for letter in built.mailbox()]
    assert ("acknowledgement", OFFICER) in kinds
    assert ("outcome_granted", OFFICER) in kinds
    assert ("contact_new_request", "privacy@example.org") in kinds
    person = Visitor(built, lang)
    person.sign_in(OFFICER, next_page=person.address("request_page", reference=reference))
    assert {"fr": "Ceci est un essai", "en": "This is a test"}[lang] in person.visit(
        "request_page", reference=reference
    ).text()


@LANGUAGES
def test_a_removed_test_leaves_nothing_and_touches_no_real_request(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path)
    portal = built.installation
    with portal.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=NOON)
        real = open_request(portal, store, person, Asked(Kind.INFO, "fr", Level.L1, "?"), form_id=None, now=NOON)
    officer = officer_of(built, lang)
    made = officer.send(
        "staff_setup_request", officer.visit("staff_setup").form("request" if lang == "en" else "demande")
    )
    reference = made.location.rsplit("/", 1)[1]  # type: ignore[union-attr]  # a redirect
    built.work()
    page = officer.visit("staff_setup")
    assert reference in task(page, "request")
    officer.send("staff_setup_request_remove", page.form("remove" if lang == "en" else "retirer"))
    officer.send("staff_setup_request_remove", page.form("remove" if lang == "en" else "retirer"))
    officer.open(officer.address("staff_request", reference=reference), status=404)
    with portal.database.reading() as store:
        assert [one.reference for one in store.requests.all()] == [real.reference]
        assert store.people.by_address(OFFICER) is None
        assert store.people.by_address(CAMILLE) is not None
        assert all(line.reference != reference for line in store.audit.newest(limit=500))
        assert len(store.letters.of_request(real.id)) == 2
    assert {"fr": "Fait", "en": "Done"}[lang] in task(officer.visit("staff_setup"), "request")


def test_removing_a_test_keeps_what_its_maker_has_as_a_person(tmp_path: Path) -> None:
    built = built_in(tmp_path)
    portal = built.installation
    with portal.database.writing() as store:
        person = store.people.ensure(OFFICER, language="fr", now=NOON)
        own = open_request(portal, store, person, Asked(Kind.INFO, "fr", Level.L1, "?"), form_id=None, now=NOON)
    officer = officer_of(built)
    officer.send("staff_setup_request", officer.visit("staff_setup").form("request"))
    officer.send("staff_setup_request_remove", officer.visit("staff_setup").form("remove"))
    with portal.database.reading() as store:
        assert [one.reference for one in store.requests.all()] == [own.reference]
        assert {line.request_id for line in store.audit.newest(limit=500)} == {None, own.id}
    decision = officer.visit("staff_request", reference=own.reference).form("decision") | {"decision": "granted"}
    assert isinstance(officer.send("staff_decision", decision, status=409, reference=own.reference), Page)


@LANGUAGES
def test_when_nothing_is_left_the_menu_says_nothing_of_it(tmp_path: Path, lang: Language) -> None:
    built = built_in(tmp_path, phone="418 555-0100")
    officer = officer_of(built, lang)
    page = officer.visit("staff_setup")
    officer.send("staff_setup_alone", page.form("alone" if lang == "en" else "seul"))
    officer.send("staff_setup_letter", page.form("letter" if lang == "en" else "lettre"))
    officer.send("staff_setup_request", page.form("request" if lang == "en" else "demande"))
    left = {item.get("id") for item in officer.visit("staff_setup").all("li") if item.get("id")} & {"policy", "held"}
    if left:
        assert officer.address("staff_setup") in menu(officer.visit("staff_requests"))
        return
    assert officer.address("staff_setup") not in menu(officer.visit("staff_requests"))
    assert come_in(built, lang)[1] == officer.address("staff_requests")


@LANGUAGES
@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
def test_getting_ready_is_the_officers(tmp_path: Path, lang: Language, role: Role) -> None:
    built = built_in(tmp_path)
    visitor, led_to = come_in(built, lang, address="other@example.org", role=role)
    assert led_to == visitor.address("staff_requests")
    visitor.visit("staff_setup", status=403)
    assert visitor.address("staff_setup") not in menu(visitor.visit("staff_requests"))
