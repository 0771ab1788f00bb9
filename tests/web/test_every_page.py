"""Every page, in both languages, looked at by the client that checks what every page must be."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.domain.asking import Capacity, ForWhom, OnBehalf
from portal.domain.languages import Language
from portal.domain.outbox import Audience
from portal.domain.policies import DOCUMENTS
from portal.domain.rights import Kind as AskedKind
from portal.domain.rights import Level
from portal.services.keeper_links import token_of_line
from portal.services.links import invite
from portal.services.paper import enter
from portal.services.rights import Asked, open_request
from portal.web.access import Kind, rule_of
from portal.web.views import VIEWS
from tests.client import VISITED, Visitor, is_a_file
from tests.installation import MARGUERITE, Built, an_installation, on_paper
from tests.services.drafts import a_draft
from tests.services.telling import a_change, drafted
from tests.web.addresses import OF_GOVERNANCE
from tests.web.register_visits import figures_for_everybody, written_in_registers

LEADS_ON = {"staff_home"}
"""Addresses that are no page."""

READING = [
    endpoint
    for endpoint, (_view, methods) in VIEWS.items()
    if "GET" in methods and not is_a_file(endpoint) and endpoint not in LEADS_ON
]
WHO = {
    Kind.PERSON: ("person",),
    Kind.CONFIRMED: ("person",),
    Kind.SIGNED_IN: ("person", "staff"),
    Kind.STAFF: ("staff",),
}
"""Who opens a page of a kind; pages of the other kinds are open to all."""

STATUS = {"resume": 404}
"""Nothing typed is waiting: the page that says so is a page too."""


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_is_right_in_both_languages(tmp_path: Path, lang: Language) -> None:
    built = an_installation(tmp_path, by_hand=True)
    arguments = _arguments(built, lang)
    visitors = {
        "open": Visitor(built, lang),
        "person": _signed_in(built, MARGUERITE, lang),
        "staff": _signed_in(built, "officer@example.org", lang),
    }
    visitors["open"].send("sign_in", {"email": MARGUERITE})
    visitors["open"].send("subscribe", {"email": MARGUERITE, "do": "join"})
    visitors["person"].send("other_addresses", {"email": "autre@example.net"})
    for endpoint in READING:
        rule = rule_of(VIEWS[endpoint][0])
        assert rule
        for who in WHO.get(rule.kind, ("open",)):
            visitors[who].visit(endpoint, status=STATUS.get(endpoint, 200), **arguments.get(endpoint, {}))
    assert {endpoint for endpoint, language in VISITED if language == lang} >= set(READING)


def _signed_in(built: Built, address: str, lang: Language) -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def _arguments(built: Built, lang: Language) -> dict[str, dict[str, Any]]:
    """What addresses with a name in them are opened with: things that are there."""
    with built.installation.database.writing() as store:
        person = store.people.ensure(MARGUERITE, language=lang, now=built.clock())
        asked = Asked(AskedKind.ACCESS, lang, Level.L2, "Une question")
        request = open_request(built.installation, store, person, asked, form_id=None, now=built.clock())
        child = replace(asked, behalf=OnBehalf(ForWhom.CHILD, Capacity.PARENT, "Léo Roy"))
        for_another = open_request(built.installation, store, person, child, form_id=None, now=built.clock())
        member = store.staff.by_address("agent@example.org")
        assert member
        token = invite(built.installation, store, member)
        disclosure, incident = map(str, written_in_registers(store, member, built.clock()))
        keeper = token_of_line(built.installation, store, store.checklist.of_request(request.id)[0])
    figures_for_everybody(built)
    for document in DOCUMENTS:
        a_draft(built, document=document)
    category = _signed_in(built, MARGUERITE, lang).visit("category", category="account")
    href = next(link.get("href", "") for link in category.all("a") if "field=name" in link.get("href", ""))
    return {
        "policy_version": {"version_id": "2025-02-25"},
        "policy_comparison": {"pair": "2025-02-25..2026-06-15"},
        "sign_in_link": {"token": token},
        "category": {"category": "billing"},
        "correct": {"category": "account", **dict(re.findall(r"[?&](\w+)=([^&]+)", href))},
        "consent": {"purpose": "news"},
        "request_page": {"reference": request.reference},
        "staff_disclosure": {"number": disclosure},
        "staff_incident": {"number": incident},
        "staff_letter": {"letter_id": _paper_letter(built, lang)},
        "staff_letter_paper": {"letter_id": _paper_letter(built, lang)},
        "staff_letter_sample": {"kind": "outcome_refused"},
        "staff_letter_kind": {"kind": "outcome_refused"},
        "staff_settings_category": {"category": "usage"},
        "staff_settings_purpose": {"purpose": "improve"},
        "staff_request": {"reference": request.reference},
        "staff_request_file": {"reference": request.reference},
        "request_messages": {"reference": request.reference},
        "request_comments": {"reference": request.reference},
        "staff_messages": {"reference": request.reference},
        "staff_identity": {"reference": request.reference},
        "staff_act": {"reference": request.reference, "act": "apply"},
        "staff_delegation": {"member": "2"},
        "staff_capacity": {"reference": for_another.reference},
        "staff_line": {"reference": request.reference, "number": "1"},
        "keeper": {"token": keeper},
        "staff_colleague": {"member": str(member.id)},
        "staff_policy_section": {"key": "collected"},
        "staff_notice": {"number": str(drafted(built.installation, a_change(built.installation)).id)},
        **OF_GOVERNANCE,
    }


def _paper_letter(built: Built, lang: Language) -> int:
    """The acknowledgement of a request that came on paper."""
    with built.installation.database.writing() as store:
        member = store.staff.by_address("agent@example.org")
        assert member
        request = enter(
            built.installation, store, member, on_paper(built, language=lang), form_id="x" * 20, now=built.clock()
        )
        [letter] = [one for one in store.letters.of_request(request.id) if one.audience is Audience.PERSON]
    return letter.id
