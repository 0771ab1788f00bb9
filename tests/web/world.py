"""An installation with somebody of each kind signed in and something at each address, and a form for each endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from portal.domain.asking import Capacity, ForWhom, OnBehalf
from portal.domain.notices import NoticeKind
from portal.domain.policies import DOCUMENTS
from portal.domain.rights import Kind, Level
from portal.services.identities import identities_of
from portal.services.information import row_token
from portal.services.notices import draft_other
from portal.services.paper import enter
from portal.services.rights import Asked, open_request
from portal.web.languages import ADDRESSES
from tests.client import Visitor
from tests.installation import CAMILLE, MARGUERITE, Built, on_paper
from tests.services.drafts import a_draft
from tests.web.addresses import OF_GOVERNANCE
from tests.web.register_visits import A_DISCLOSURE, AN_INCIDENT, figures_for_everybody, written_in_registers

OFFICER = "officer@example.org"
OPEN = {"follow", "sign_in", "sign_in_code", "sign_in_link", "keeper", "subscribe", "subscribe_code"}
PRESENT = "present"
"""Stands for the version of the policy's draft when the form is sent, so that every value reaches what it is for."""


@dataclass
class World:
    """An installation with somebody signed in of each kind, and something at each address."""

    built: Built
    nobody: Visitor
    person: Visitor
    staff: Visitor
    reference: str
    letter_id: int
    notice_id: int
    disclosure: int
    incident: int
    for_another: str
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, visitor: Visitor) -> str:
        """A browser's token, asked for again when its session is another one."""
        cookie = visitor.client.get_cookie("portal", "127.0.0.1")
        known = cookie.value if cookie else ""
        if known not in self.tokens:
            self.tokens[known] = visitor.token("en")
            cookie = visitor.client.get_cookie("portal", "127.0.0.1")
            self.tokens[cookie.value if cookie else ""] = self.tokens[known]
        return self.tokens[known]

    def visitor(self, endpoint: str) -> Visitor:
        """Who may open a page."""
        if endpoint.startswith("staff_"):
            return self.staff
        return self.nobody if endpoint in OPEN else self.person

    def arguments(self, endpoint: str) -> dict[str, str]:
        """What its address is made of, all of it existing."""
        return {
            "category": {"category": "account"},
            "correct": {"category": "account"},
            "consent": {"purpose": "news"},
            "sign_in_link": {"token": "x" * 43},
            "staff_due_calendar": {"token": "x" * 43},
            "keeper": {"token": "x" * 43},
            "send_mine": {"category": "paper"},
            **{
                name: {"reference": self.reference, "number": "1"}
                for name in ("given_file", "staff_line", "staff_line_help", "staff_file")
            },
            "policy_version": {"version_id": "2025-02-25"},
            **{name: {"version_id": "2025-02-25"} for name in ("policy_markdown", "policy_plain", "policy_data")},
            "policy_comparison": {"pair": "2025-02-25..2026-06-15"},
            "end_session": {"session_id": "999999"},
            "other_address_remove": {"number": "999999"},
            "staff_colleague": {"member": "2"},
            "staff_settings_category": {"category": "usage"},
            "staff_settings_purpose": {"purpose": "improve"},
            "staff_act": {"reference": self.reference, "act": "apply"},
            "staff_delegation": {"member": "2"},
            "staff_disclosure": {"number": str(self.disclosure)},
            "staff_incident": {"number": str(self.incident)},
            **{name: {"register": "requests"} for name in ("staff_register_csv", "staff_register_data")},
            "staff_letter": {"letter_id": str(self.letter_id)},
            "staff_letter_paper": {"letter_id": str(self.letter_id)},
            "staff_letter_sample": {"kind": "outcome_refused"},
            "staff_letter_kind": {"kind": "outcome_refused"},
            "staff_capacity": {"reference": self.for_another},
            **{name: {"member": "2"} for name in ADDRESSES if name.startswith("staff_colleague_")},
            "staff_policy_section": {"key": "collected"},
            **OF_GOVERNANCE,
            "staff_notice": {"number": str(self.notice_id)},
        }.get(endpoint) or ({"reference": self.reference} if "<reference>" in ADDRESSES[endpoint][0] else {})

    def fields(self, endpoint: str) -> dict[str, str]:
        """A form that would be accepted, or nearly."""
        return {
            "sign_in": {"email": CAMILLE, "next": "/en/my-information"},
            "sign_in_code": {"code": "123456"},
            "subscribe": {"email": CAMILLE, "do": "join"},
            "subscribe_code": {"code": "123456"},
            "other_addresses": {"email": "autre@example.net"},
            "other_address_code": {"code": "123456"},
            "staff_notices": {"kind": "policy_change", "version_id": "2026-06-15"},
            "staff_notice": {
                "information_fr": "a",
                "information_en": "b",
                "paragraph_fr": "c",
                "paragraph_en": "d",
                "chosen": CAMILLE,
                "countdown": "60",
                "do": "save",
                "version": "1",
            },
            "confirm": {"code": "123456", "next": "/en/delete", "send": ""},
            "download": {"form_id": "f" * 24},
            "correct": a_cell(self.built) | {"value": "Camille T.", "reason": "", "before": "x", "form_id": "f" * 24},
            "follow": {"reference": self.reference, "code": "K7Q2-M4XZ"},
            "new_request": {
                "for_whom": "represented",
                "represented_capacity": "tutor",
                "concerned": "Jo",
                "kind": "info",
                "message": "Hello",
                "wanted_form": "phone",
                "form_words": "819 555-0100",
                "answer_in": "fr",
                "form_id": "g" * 24,
                "email": CAMILLE,
            },
            "consent": {"state": "withdrawn", "seen": "given", "form_id": "h" * 24},
            "account_language": {"language": "en"},
            "account_policy": {"act": "acknowledge", "version": "2026-06-15"},
            "delete": {"confirm": "", "form_id": "i" * 24},
            "staff_decision": {"decision": "refused", "ground": "", "reason": "r", "provision": "p", "version": "1"},
            "staff_take_up": {"version": "77"},
            "staff_requests_search": {"typed": "bonjour", "kind": "access", "after": ""},
            "staff_requests_give": {"chosen": f"{self.reference}:77", "to": "me", "open": "1"},
            "staff_requests_keep": {"name": "Mes accès", "kind": "access"},
            "staff_requests_forget": {"view": "1"},
            "staff_requests_summary": {"wanted": "1"},
            "staff_identity": {"identity": "Rappel", "version": "77"},
            "staff_act": {"day": "2026-11-20", "reason": "Trop de dossiers", "version": "77"},
            "staff_due_dates": {"do": "make"},
            "staff_delegation": {"since": "2026-11-20", "until": "", "document": "Lettre", "do": ""},
            "staff_same": {"same_as": "R-7F3K-9QXM-2T4W", "do": ""},
            "staff_capacity": {"proof": "L4", "what": "Mandat", "shown_on": "2026-11-20", "version": "77"},
            "send_mine": {"hint": "x", "form_id": "k" * 24},
            "staff_line": {"state": "nothing", "note": "n", "version": "77"},
            "staff_line_help": {"hint": "x"},
            "request_comments": {"text": "Je ne suis pas d’accord"},
            "request_messages": {"text": "Bonjour", "form_id": "m" * 24},
            "staff_messages": {
                "write": "question",
                "need": "other",
                "text": "Bonjour",
                "why": "Parce que",
                "answer_by": "2026-12-01",
                "paragraph": "",
                "form_id": "n" * 24,
                "do": "",
            },
            "staff_go_on": {"do": "answered"},
            "staff_request_new": {
                "name": "Rose",
                "postal": "8, rang du Lac\nQuébec",
                "language": "fr",
                "kind": "access",
                "message": "Tout",
                "received_on": "2026-11-20",
                "channel": "phone",
                "for_whom": "deceased",
                "deceased_capacity": "liquidator",
                "concerned": "Jo",
                "wanted_form": "large_print",
                "identity": "Rappel",
                "form_id": "k" * 24,
            },
            "staff_disclosure_new": A_DISCLOSURE | {"form_id": "l" * 24},
            "staff_disclosure": A_DISCLOSURE | {"version": "1"},
            "staff_transparency": {"do": "off", "version": "0"},
            "staff_incident_new": AN_INCIDENT | {"form_id": "m" * 24},
            "staff_incident": AN_INCIDENT | {"injury": "serious", "why": "w", "people": "3", "version": "1"},
            "staff_letter": {"posted_on": "2026-01-01"},
            "staff_letter_kind": {"paragraph_fr": "a", "paragraph_en": "b", "version": "0"},
            "staff_colleagues": {"email": "new@example.org", "role": "agent", "language": "fr", "form_id": "j" * 24},
            "staff_colleague_role": {"role": "agent"},
            "staff_colleague_leave": {"heir": "1", "act": "hand_over"},
            "staff_policy_start": {"from": "starter"},
            "staff_policy_arrange": {"do": "add", "key": "collected", "version": PRESENT},
            "staff_policy_discard": {"version": PRESENT},
            "staff_policy_paste": {
                "fr": "1. Vos droits\n\nAccès.",
                "en": "",
                "fr_html": "<h1>Vos droits</h1><p>x</p>",
                "version": PRESENT,
            },
            "staff_policy_sections": {"fr_0": "rights", "fr_1": "-", "version": PRESENT},
            "staff_policy_section": {
                "title_fr": "a",
                "body_fr": "b",
                "title_en": "c",
                "body_en": "d",
                "do": "save",
                "version": PRESENT,
            },
            "staff_policy_publish": {
                "summary_fr": "a",
                "summary_en": "b",
                "kind": "wording",
                "day": "2026-12-01",
                "do": "publish",
                "version": PRESENT,
            },
        }.get(endpoint.replace("governance", "policy"), {"anything": "x"})


def a_cell(built: Built) -> dict[str, str]:
    """What the address of a correction names: a cell of the person's own."""
    portal = built.installation
    mapped = next(table for _, table in portal.data_map.tables() if str(table.name) == "service.accounts")
    key = identities_of(portal, CAMILLE).keys_in("service")[0]
    return {"table": "service.accounts", "row": row_token(portal, mapped, key), "field": "name"}


def a_world(built: Built) -> World:
    """Somebody of each kind signed in, a request, a letter on paper, and a draft of a policy."""
    now = built.clock()
    with built.installation.database.writing() as store:
        other = store.people.ensure(MARGUERITE, language="fr", now=now)
        asked = Asked(Kind.ACCESS, "fr", Level.L2, "Bonjour")
        reference = open_request(built.installation, store, other, asked, form_id=None, now=now).reference
        child = OnBehalf(ForWhom.CHILD, Capacity.PARENT, "Léo Roy")
        for_another = replace(asked, behalf=child)
        child_reference = open_request(built.installation, store, other, for_another, form_id=None, now=now).reference
        agent = store.staff.by_address("agent@example.org")
        assert agent
        paper = enter(built.installation, store, agent, on_paper(built), form_id="p" * 24, now=now)
        letter_id = store.letters.of_request(paper.id)[0].id
        notice_id = draft_other(store, agent, NoticeKind.CONFIDENTIALITY_INCIDENT, now)
        disclosure, incident = written_in_registers(store, agent, now)
    figures_for_everybody(built)
    nobody, person, staff = (Visitor(built, "en") for _ in range(3))
    person.sign_in(CAMILLE)
    person.send("other_addresses", {"email": "autre@example.net"})
    staff.sign_in(OFFICER)
    nobody.send("sign_in", {"email": "nobody.yet@example.org"})
    nobody.send("subscribe", {"email": "nobody.yet@example.org", "do": "join"})
    for document in DOCUMENTS:
        a_draft(built, pasted="Vos droits\n\nAccès.", document=document)
    return World(
        built, nobody, person, staff, reference, letter_id, notice_id, disclosure, incident, for_another=child_reference
    )
