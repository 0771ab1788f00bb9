"""The two-minute story in Chromium, in each language, with JavaScript and without."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest

from portal.domain.languages import Language
from tests.browser.demo import WORK_WITHIN, Demo, running_demo
from tests.browser.driver import Window, chromium, window
from tests.browser.walk import OFFICER, path_of

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize(
    ("language", "person"), [("fr", "marguerite.roy@example.org"), ("en", "daniel.macleod@example.org")]
)
def test_somebody_reads_sees_corrects_withdraws_deletes_and_reads_the_outcome(
    language: Language, person: str, javascript: bool
) -> None:
    with running_demo() as demo, chromium() as browser, window(browser, demo, javascript=javascript) as at:
        account = demo.account_of(person)
        calls, invoices = demo.rows_of(account)
        assert calls
        _read_and_compare(at, language)
        at.be(person, language)
        _correct_the_name(at, language)
        _withdraw(at, language)
        reference = _ask_for_deletion(at, language)
        _find_in_the_mailbox(at, language, reference)
        _grant(at, language, reference)
        demo.wait_until_erased(person)
        _destroy_what_no_table_holds(at, language, reference)
        calls_left, invoices_left = demo.rows_of(account)
        assert calls_left == 0
        assert 0 < invoices_left < invoices, "what the Act keeps, and only that, is there"
        at.be(person, language)
        _read_the_outcome(at, language, reference)
        assert at.strangers == []
        assert at.complaints == []


def _read_and_compare(at: Window[Demo], language: Language) -> None:
    at.open(path_of("home", language))
    at.follow(path_of("policy", language))
    at.follow(path_of("policy_changes", language))
    at.page.locator("main a[href*='..']").first.click()
    assert at.page.locator("main ins, main del").count() > 0


def _correct_the_name(at: Window[Demo], language: Language) -> None:
    at.follow(path_of("category", language, category="account"))
    at.page.locator("main a[href*='field=name']").first.click()
    at.page.fill("[name=value]", "Nouveau Nom")
    at.send(path_of("correct", language, category="account"))
    at.page.wait_for_url("**/R-*")
    assert "Nouveau Nom" in at.page.inner_text("main")


def _withdraw(at: Window[Demo], language: Language) -> None:
    at.open(path_of("consents", language))
    at.follow(path_of("consent", language, purpose="improve"))
    at.send(path_of("consent", language, purpose="improve"))
    assert at.page.locator("main").count() == 1
    at.open(path_of("consent", language, purpose="improve"))
    assert at.page.locator("[name=state]").get_attribute("value") == "given", (
        "what can be done next is to give it again"
    )


def _ask_for_deletion(at: Window[Demo], language: Language) -> str:
    at.open(path_of("delete", language))
    at.page.check("[name=confirm]")
    at.send(path_of("delete", language))
    at.page.wait_for_url("**/R-*")
    return urlsplit(at.page.url).path.rsplit("/", 1)[1]


def _find_in_the_mailbox(at: Window[Demo], language: Language, reference: str) -> None:
    at.page.wait_for_timeout(2_000)
    at.open(f"/mailbox?lang={language}")
    at.page.locator("main a", has_text=reference).first.click()
    assert reference in at.page.inner_text("main")


def _grant(at: Window[Demo], language: Language, reference: str) -> None:
    at.be(OFFICER, language)
    at.open(path_of("staff_request", language, reference=reference))
    at.page.check("[name=decision][value=granted]")
    at.send("/decision")
    assert at.page.locator("main form[action$='/decision']").count() == 0


def _destroy_what_no_table_holds(at: Window[Demo], language: Language, reference: str) -> None:
    """The request closes once the line of each system outside the databases is answered."""
    for number in ("1", "2"):
        at.open(path_of("staff_line", language, reference=reference, number=number))
        at.page.check("[name=state][value=destroyed]")
        at.send(path_of("staff_line", language, reference=reference, number=number))
        at.page.wait_for_url(f"**{path_of('staff_request', language, reference=reference)}")


def _read_the_outcome(at: Window[Demo], language: Language, reference: str) -> None:
    at.follow(path_of("requests", language))
    at.follow(path_of("request_page", language, reference=reference))
    until = time.monotonic() + WORK_WITHIN
    while at.page.locator("main table").count() < 2:
        assert time.monotonic() < until, "the attestation lists what was destroyed and what is kept"
        at.page.wait_for_timeout(500)
        at.page.reload()
