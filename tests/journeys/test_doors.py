"""Ways in that need no account: an address no system of ours knows, an account that is gone, and no address at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.domain.languages import Language
from portal.domain.rights import Decision, Level, RightsRequest, State
from portal.services.follow_codes import code_of
from portal.services.identities import identities_of
from tests.client import Page, Visitor
from tests.installation import CAMILLE, NOBODY, Built, an_installation
from tests.web.paper_visits import AGENT, OFFICER, TYPED, decide, letters_to_person, now_of, signed_in, the_request


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def asks(visitor: Visitor, built: Built, address: str, **fields: str) -> RightsRequest:
    """Somebody who is not signed in asks, proves the address by its code, and sends what was kept."""
    visitor.send("new_request", fields | {"email": address})
    visitor.send("sign_in_code", {"code": visitor.code_for(address)})
    kept = visitor.visit("resume").form(visitor.address("new_request"))
    answer = visitor.send("new_request", kept)
    assert isinstance(answer, TestResponse)
    return the_request(built, answer.location or "")


def followed(built: Built, lang: Language, request: RightsRequest) -> str:
    """What a browser that knows nothing reads with the reference and the code."""
    typed = {"reference": request.reference, "code": code_of(built.installation, request)}
    page = Visitor(built, lang).send("follow", typed, status=200)
    assert isinstance(page, Page)
    return page.text()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_somebody_without_an_account_asks_and_reads_the_answer(built: Built, lang: Language) -> None:
    visitor = Visitor(built, lang)
    request = asks(visitor, built, NOBODY, kind="access", message="Que savez-vous de moi?")
    assert (request.level, request.language) == (Level.L1, lang)
    assert not identities_of(built.installation, NOBODY).known
    decide(signed_in(built, OFFICER), request, decision="no_information_held")
    page = visitor.visit("request_page", reference=request.reference).text()
    for text in (page, followed(built, lang, request)):
        assert {"fr": "Nous avons cherché ici", "en": "We searched here"}[lang] in text


def test_somebody_whose_account_is_gone_still_reads_and_asks(built: Built) -> None:
    """Their rows are erased; the portal still knows that they asked, and the address still proves who they are."""
    visitor = signed_in(built, CAMILLE)
    asked = visitor.send("delete", visitor.visit("delete").form("/suppression") | {"confirm": "yes"})
    request = the_request(built, asked.location or "")
    decide(signed_in(built, OFFICER), request, decision="granted")
    built.clock.advance(days=4)
    built.work()
    assert now_of(built, request).state is State.CLOSED
    assert not identities_of(built.installation, CAMILLE).known
    again = signed_in(built, CAMILLE)
    assert "Attestation" in again.visit("request_page", reference=request.reference).text()
    assert "Acceptée" in followed(built, "fr", request)
    after = asks(Visitor(built, "fr"), built, CAMILLE, kind="complaint", message="On m’écrit encore.")
    assert (after.person_id, after.level) == (request.person_id, Level.L1)


def test_somebody_without_any_address_is_answered_on_paper_and_follows_by_the_code(built: Built) -> None:
    agent = signed_in(built, AGENT)
    typed = TYPED | {"channel": "in_person", "message": "Elle veut voir son dossier.", "language": "en"}
    request = the_request(built, agent.send("staff_request_new", typed).location or "")
    assert "by December 20, 2026 at the latest" in followed(built, "en", request)
    decide(signed_in(built, OFFICER), now_of(built, request), decision="granted", reason="Here are your invoices.")
    closed = now_of(built, request)
    assert closed.decision is Decision.GRANTED
    sheet = agent.visit("staff_letter_paper", letter_id=letters_to_person(built, closed)[-1].id).text()
    assert code_of(built.installation, closed) in sheet
    assert "Here are your invoices." in followed(built, "en", closed)


def test_what_was_kept_for_one_address_is_not_given_to_another(built: Built) -> None:
    visitor = Visitor(built, "fr")
    typed = {"for_whom": "child", "child_capacity": "parent", "concerned": "Léo", "kind": "access", "message": "…?"}
    visitor.send("new_request", typed | {"email": NOBODY})
    visitor.sign_in(CAMILLE, next_page="//x.example/steal")
    assert "Léo" not in visitor.visit("resume", status=404).html
    with built.installation.database.reading() as store:
        assert list(store.requests.all()) == []
