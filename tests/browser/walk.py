"""A walk through every page there is, as whoever may open it; the route list decides what every page means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from portal.domain.languages import Language
from portal.web.languages import ADDRESSES, PREFIXES
from portal.web.views import VIEWS
from tests.browser.demo import Demo
from tests.browser.driver import WIDE, Width, Window, window
from tests.client import is_a_file

PERSON = {"fr": "camille.tremblay@example.org", "en": "emily.clarke@example.org"}
HELD = {"fr": "marguerite.roy@example.org", "en": "daniel.macleod@example.org"}
OFFICER, AUDITOR = "officer@example.org", "auditor@example.org"
OF_THE_DEMO = ("/demo", "/mailbox")


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of the walk, open in a window."""

    name: str
    language: Language
    window: Window[Demo]


def readable() -> set[str]:
    """The endpoints of the route list that answer a GET with a page; one only leads on."""
    answering = {endpoint for endpoint, (_, methods) in VIEWS.items() if "GET" in methods and not is_a_file(endpoint)}
    return answering - {"staff_home"}


def walk(browser: Browser, demo: Demo, language: Language, *, width: Width = WIDE) -> Iterator[Stop]:
    """Open every page in one language, in turn."""
    with ExitStack() as windows:

        def new() -> Window[Demo]:
            return windows.enter_context(window(browser, demo, width=width))

        for opened in (_as_visitor, _signing_in, _as_person, _for_another, _as_staff, _as_keeper):
            for name, where in opened(new(), language):
                assert where.page.locator("h1").count() == 1, name
                yield Stop(name, language, where)


Opened = Iterator[tuple[str, Window[Demo]]]


def path_of(endpoint: str, language: Language, **arguments: str) -> str:
    """The address of a page."""
    slug = ADDRESSES[endpoint][0 if language == "en" else 1]
    for name, value in arguments.items():
        slug = slug.replace(f"<{name}>", value)
    return PREFIXES[language] + slug


def _as_visitor(at: Window[Demo], language: Language) -> Opened:
    for endpoint in ("home", "rights", "contact", "accessibility", "new_request", "follow"):
        yield _opened(at, endpoint, language)
    at.send(path_of("follow", language))
    yield "follow_refused", at
    for document in ("policy", "governance"):
        yield from _versions(at, document, language)
    for path in OF_THE_DEMO:
        at.open(f"{path}?lang={language}")
        yield path, at
    at.open(f"/{language}/nothing-here")
    yield "not_found", at


def _versions(at: Window[Demo], document: str, language: Language) -> Opened:
    """A document in force, its history, a comparison and a version, by the links that lead there."""
    yield _opened(at, document, language)
    yield _opened(at, f"{document}_changes", language)
    comparison = _first_link(at, "main a[href*='..']")
    version = path_of(document, language) + "/" + comparison.rsplit("/", 1)[1].split("..")[0]
    for endpoint, path in ((f"{document}_comparison", comparison), (f"{document}_version", version)):
        at.open(path)
        yield endpoint, at


def _signing_in(at: Window[Demo], language: Language) -> Opened:
    yield _opened(at, "sign_in", language)
    at.send(path_of("sign_in", language))
    yield "sign_in_refused", at
    at.page.fill("[name=email]", PERSON[language])
    at.send(path_of("sign_in", language))
    yield "sign_in_code", at
    yield _opened(at, "subscribe", language)
    at.page.fill("[name=email]", PERSON[language])
    at.send(path_of("subscribe", language))
    yield "subscribe_code", at
    at.open("/u/no-such-link")
    yield "unsubscribe", at
    link = at.site.invitation(
        f"new.{language}.{at.page.viewport_size['width'] if at.page.viewport_size else 0}@example.org"
    )
    at.open(path_of("sign_in_link", language, token=link.rsplit("/", 1)[1]))
    yield "sign_in_link", at


def _as_person(at: Window[Demo], language: Language) -> Opened:
    at.be(PERSON[language], language)
    reference = _ask(at, language)
    for endpoint in ("my_information", "download", "consents", "requests", "delete", "account", "confirm", "resume"):
        yield _opened(at, endpoint, language)
    yield _opened(at, "communications", language)
    yield _opened(at, "account_policy", language)
    yield _opened(at, "other_addresses", language)
    at.page.fill("[name=email]", f"autre.{language}@example.org")
    at.send(path_of("other_addresses", language))
    yield "other_address_code", at
    for category in ("account", "usage", "technical", "billing", "support", "paper", "portal"):
        yield _opened(at, "category", language, category=category)
    at.open(path_of("category", language, category="account"))
    at.open(_first_link(at, "main a[href*='field=name']"))
    yield "correct", at
    yield _opened(at, "consent", language, purpose="improve")
    yield _opened(at, "request_page", language, reference=reference)
    yield _opened(at, "request_comments", language, reference=reference)
    yield _opened(at, "request_messages", language, reference=reference)
    at.send(path_of("request_messages", language, reference=reference))
    yield "request_messages", at


def _for_another(at: Window[Demo], language: Language) -> Opened:
    """Ask for a child; then what staff read of it, and where they write how the capacity was shown."""
    at.be(PERSON[language], language)
    at.open(path_of("new_request", language))
    assert at.page.locator(".said--me").first.is_visible()
    at.page.check("[name=for_whom][value=child]")
    assert at.page.locator(".said--child").first.is_visible()
    assert not at.page.locator(".said--me").first.is_visible(), "kinds are said of the child now"
    at.page.check("[name=kind][value=access]")
    at.send(path_of("new_request", language))
    yield "new_request_refused", at
    at.page.check("[name=child_capacity][value=parent]")
    at.page.fill("[name=concerned]", "Léo Tremblay")
    at.page.fill("[name=message]", "Ses renseignements" if language == "fr" else "Their information")
    at.send(path_of("new_request", language))
    at.page.wait_for_url("**/R-*")
    reference = urlsplit(at.page.url).path.rsplit("/", 1)[1]
    yield "request_page", at
    at.be(OFFICER, language)
    yield _opened(at, "staff_request", language, reference=reference)
    yield _opened(at, "staff_capacity", language, reference=reference)


def _as_staff(at: Window[Demo], language: Language) -> Opened:
    at.be(OFFICER, language)
    endpoints = (
        "staff_setup",
        "staff_sign_out",
        "staff_requests",
        "staff_due_dates",
        "staff_letters",
        "staff_audit",
        "staff_administration",
        "staff_settings",
    )
    for endpoint in (*endpoints, "staff_settings_contact", "staff_health", "staff_colleagues"):
        yield _opened(at, endpoint, language)
    at.open(_first_link(at, "main th a"))
    yield "staff_colleague", at
    yield _opened(at, "staff_delegation", language, member=urlsplit(at.page.url).path.rsplit("/", 1)[1])
    yield _opened(at, "staff_letter_kind", language, kind="outcome_refused")
    for endpoint in (
        "staff_settings_category_new",
        "staff_settings_purpose_new",
        "staff_settings_holidays",
        "staff_settings_replies",
        "staff_settings_law",
        "staff_settings_look",
        "staff_settings_approval",
        "staff_settings_reminders",
    ):
        yield _opened(at, endpoint, language)
    for category in ("usage", "support"):
        yield _opened(at, "staff_settings_category", language, category=category)
    yield _opened(at, "staff_settings_purpose", language, purpose="improve")
    at.open(path_of("staff_settings_category", language, category="usage"))
    at.page.fill("[name=keep0_number]", "1")
    at.page.locator("main form[action*='/usage'] button").first.click()
    yield "staff_settings_shorter", at
    yield _opened(at, "staff_letter_sample", language, kind="outcome_refused")
    yield _opened(at, "staff_request_new", language)
    yield _opened(at, "staff_letters_to_post", language)
    at.open(_first_link(at, "main table a"))
    yield "staff_letter", at
    at.open(_first_link(at, "main a[href*='/pap']"))
    yield "staff_letter_paper", at
    at.open(path_of("staff_requests", language))
    at.page.fill("[name=typed]", "renseignements" if language == "fr" else "information")
    at.send(path_of("staff_requests_search", language))
    at.page.wait_for_url("**" + path_of("staff_requests_search", language))
    yield "staff_requests_search", at
    at.open(f"{path_of('staff_requests', language)}?due=10&order=received")
    yield "staff_requests", at
    at.open(path_of("staff_requests", language))
    at.open(_first_link(at, f"main a[href^='{path_of('staff_requests', language)}/R-']"))
    yield "staff_request", at
    reference = at.page.url.rsplit("/", 1)[1]
    at.page.locator("main form[action$='/decision'] button").first.click()
    yield "staff_decision", at
    at.page.check("[name=decision][value=granted]")
    at.page.locator("main form[action$='/decision'] button[value=read]").click()
    yield "staff_decision", at
    yield from _severing(at, language)
    yield _opened(at, "staff_identity", language, reference=reference)
    yield _opened(at, "staff_act", language, reference=reference, act="apply")
    yield _opened(at, "staff_messages", language, reference=reference)
    for write in ("question", "note"):
        at.open(path_of("staff_messages", language, reference=reference) + f"?write={write}")
        yield "staff_messages", at
    yield from _registers(at, language, reference)
    yield from _writing(at, language, "policy", "rights", ("1. Vos droits", "1. Your rights"))
    yield from _writing(at, language, "governance", "roles", ("1. Rôles", "1. Roles"))
    yield from _telling(at, language)
    at.be(AUDITOR, language)
    yield _opened(at, "staff_requests", language)
    yield _opened(at, "staff_letters", language)


def _severing(at: Window[Demo], language: Language) -> Opened:
    """The two steps that leave a part out of an answer, refused and taken, and the form with the part on it."""
    at.open(f"{path_of('staff_requests', language)}?kind=access")
    at.open(_first_link(at, f"main a[href^='{path_of('staff_requests', language)}/R-']"))
    _press(at, "choose")
    yield "staff_decision", at
    at.page.check("[name=list][value='usage service.api_requests']")
    _press(at, "pick")
    yield "staff_decision", at
    _press(at, "leave")
    yield "staff_decision", at
    at.page.select_option("[name=ground_of_part]", "QC40_third_party")
    at.page.check("[name=field][value=ip]")
    _press(at, "leave")
    yield "staff_decision", at


def _press(at: Window[Demo], do: str) -> None:
    """Press a button of the form that decides, wherever it is folded away."""
    button = at.page.locator(f"main form[action$='/decision'] button[value={do}]")
    at.page.evaluate("document.querySelectorAll('main details').forEach((one) => one.open = true)")
    with at.page.expect_navigation():
        button.click()


def _registers(at: Window[Demo], language: Language, reference: str) -> Opened:
    """The registers with an entry in each, the figures, the page for everybody while it is on, and the files."""
    yield _opened(at, "staff_disclosure_new", language)
    at.page.fill("[name=made_on]", "2025-01-15")
    for name in ("recipient", "why", "provision", "people"):
        at.page.fill(f"[name={name}]", "Exemple")
    at.page.check("[name=categories][value=account]")
    at.page.check("[name=ground][value=other_law]")
    at.send(path_of("staff_disclosure_new", language))
    at.page.wait_for_selector("main details")
    yield "staff_disclosure", at
    yield _opened(at, "staff_incident_new", language)
    for name in ("circumstances", "information"):
        at.page.fill(f"[name={name}]", "Exemple")
    at.page.fill("[name=aware_on]", "2025-01-15")
    at.send(path_of("staff_incident_new", language))
    at.page.wait_for_selector("main [name=injury]")
    yield "staff_incident", at
    endpoints = ("staff_registers", *(f"staff_register_{one}" for one in ("requests", "disclosures", "incidents")))
    for endpoint in (*endpoints, "staff_register_processing", "staff_figures", "staff_transparency"):
        yield _opened(at, endpoint, language)
    at.page.locator("main button[value=on]").click()
    at.page.wait_for_selector("main button[value=off]")
    yield _opened(at, "transparency", language)
    at.open(path_of("staff_transparency", language))
    at.page.locator("main button[value=off]").click()
    at.page.wait_for_selector("main button[value=on]")
    yield _opened(at, "staff_organisation_file", language)
    yield _opened(at, "staff_request_file", language, reference=reference)
    at.page.locator("main button[value=read]").click()
    at.page.wait_for_selector("main blockquote")
    yield "staff_dossier", at


def _writing(at: Window[Demo], language: Language, document: str, key: str, titles: tuple[str, str]) -> Opened:
    """From a pasted text to a draft that could be published, then given up."""
    staff = f"staff_{document}"
    yield _opened(at, staff, language)
    yield _opened(at, f"{staff}_paste", language)
    at.page.fill("[name=fr]", f"{titles[0]}\n\nAccès.\n\n2. Sécurité\n\nTout est sous clé.")
    at.page.fill("[name=en]", f"{titles[1]}\n\nAccess.\n\n2. Security\n\nEverything is locked.")
    at.send(path_of(f"{staff}_paste", language))
    yield f"{staff}_sections", at
    at.send(path_of(f"{staff}_sections", language))
    yield f"{staff}_draft", at
    at.open(path_of(f"{staff}_section", language, key=key))
    yield f"{staff}_section", at
    for endpoint in (f"{staff}_comparison", f"{staff}_preview", f"{staff}_publish"):
        yield _opened(at, endpoint, language)
    at.open(path_of(staff, language))
    at.page.locator("main details summary").first.click()
    at.send(path_of(f"{staff}_discard", language))


def _telling(at: Window[Demo], language: Language) -> Opened:
    """The notice of an incident, written whole, then given up."""
    yield _opened(at, "staff_notices", language)
    at.page.locator("main form:has([value=confidentiality_incident]) button").click()
    at.page.wait_for_selector("main [name=information_fr]")
    yield "staff_notice", at
    for area in at.page.locator("main textarea").all():
        area.fill(HELD[language])
    at.page.locator("main button[value=save]").click()
    at.page.wait_for_selector("main .letter-columns")
    yield "staff_notice", at
    at.page.locator("main button[value=discard]").click()
    at.page.wait_for_url("**" + path_of("staff_notices", language))


def _as_keeper(at: Window[Demo], language: Language) -> Opened:
    """Ask for what no table holds; open its line as staff, and the link of its keeper, before and after the button."""
    at.be(PERSON[language], language)
    at.open(path_of("category", language, category="paper"))
    if at.page.locator("main form").count():
        at.send(path_of("send_mine", language, category="paper"))
    else:
        at.page.locator("main a[href*='/R-']").first.click()
    at.page.wait_for_url("**/R-*")
    reference = urlsplit(at.page.url).path.rsplit("/", 1)[1]
    yield "request_page", at
    at.be(OFFICER, language)
    yield _opened(at, "staff_request", language, reference=reference)
    yield _opened(at, "staff_line", language, reference=reference, number="1")
    yield _opened(at, "keeper", language, token=at.site.keeper_token(reference))
    at.page.locator("main form button").first.click()
    at.page.wait_for_selector("main [name=state]")
    yield "keeper", at
    at.send(urlsplit(at.page.url).path)
    yield "keeper_refused", at
    yield _opened(at, "keeper", language, token="no-such-link")


def _ask(at: Window[Demo], language: Language) -> str:
    """Send a request, so that no list is empty; gives its reference."""
    at.open(path_of("new_request", language))
    at.page.locator("main details:has([name=kind]) summary").click()
    at.page.check("[name=kind][value=info]")
    at.page.fill("[name=message]", "Où sont mes renseignements ?" if language == "fr" else "Where is my information?")
    at.send(path_of("new_request", language))
    at.page.wait_for_url("**/R-*")
    return urlsplit(at.page.url).path.rsplit("/", 1)[1]


def _opened(at: Window[Demo], endpoint: str, language: Language, **arguments: str) -> tuple[str, Window[Demo]]:
    at.open(path_of(endpoint, language, **arguments))
    return endpoint, at


def _first_link(at: Window[Demo], selector: str) -> str:
    found = at.page.locator(selector).first.get_attribute("href")
    assert found, selector
    return found
