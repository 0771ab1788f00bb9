"""Addresses in both languages: one table of slugs, the address of any page, and its twin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, g, request, url_for
from werkzeug.routing import BuildError

from portal.domain.languages import DEFAULT_LANGUAGE, LANGUAGES, Language, twin_of

_NAMED: Mapping[str, tuple[str, str]] = {
    # endpoint: (English, French), each under its own /en or /fr (design §4.2)
    "home": ("/", "/"),
    "policy": ("/policy", "/politique"),
    "policy_changes": ("/policy/changes", "/politique/modifications"),
    "policy_comparison": ("/policy/changes/<pair>", "/politique/modifications/<pair>"),
    "policy_version": ("/policy/<version_id>", "/politique/<version_id>"),
    "policy_feed": ("/policy/feed.atom", "/politique/fil.atom"),
    "policy_markdown": ("/policy/<version_id>.md", "/politique/<version_id>.md"),
    "policy_plain": ("/policy/<version_id>.txt", "/politique/<version_id>.txt"),
    "policy_data": ("/policy/<version_id>.json", "/politique/<version_id>.json"),
    "rights": ("/your-rights", "/vos-droits"),
    "contact": ("/contact", "/nous-joindre"),
    "accessibility": ("/accessibility", "/accessibilite"),
    "transparency": ("/transparency", "/transparence"),
    "transparency_csv": ("/transparency.csv", "/transparence.csv"),
    "transparency_data": ("/transparency.json", "/transparence.json"),
    "subscribe": ("/subscribe", "/abonnement"),
    "subscribe_code": ("/subscribe/code", "/abonnement/code"),
    "sign_in": ("/sign-in", "/connexion"),
    "sign_in_code": ("/sign-in/code", "/connexion/code"),
    "sign_in_link": ("/sign-in/link/<token>", "/connexion/lien/<token>"),
    "sign_out": ("/sign-out", "/deconnexion"),
    "confirm": ("/confirm", "/confirmer"),
    "resume": ("/resume", "/reprendre"),
    "my_information": ("/my-information", "/mes-renseignements"),
    "download": ("/my-information/download", "/mes-renseignements/telecharger"),
    "communications": ("/my-information/communicated", "/mes-renseignements/communiques"),
    "category": ("/my-information/<category>", "/mes-renseignements/<category>"),
    "correct": ("/my-information/<category>/correct", "/mes-renseignements/<category>/corriger"),
    "consents": ("/consents", "/consentements"),
    "consent": ("/consents/<purpose>", "/consentements/<purpose>"),
    "requests": ("/requests", "/demandes"),
    "new_request": ("/requests/new", "/demandes/nouvelle"),
    "follow": ("/follow", "/suivi"),
    "request_page": ("/requests/<reference>", "/demandes/<reference>"),
    "request_calendar": ("/requests/<reference>/due.ics", "/demandes/<reference>/echeance.ics"),
    "request_messages": ("/requests/<reference>/messages", "/demandes/<reference>/messages"),
    "request_comments": ("/requests/<reference>/comments", "/demandes/<reference>/commentaires"),
    "follow_code": ("/requests/<reference>/follow-code", "/demandes/<reference>/code-de-suivi"),
    "take_back": ("/requests/<reference>/withdraw", "/demandes/<reference>/retirer"),
    "ask_to_look": ("/my-information/ask-us-to-look", "/mes-renseignements/demander-de-verifier"),
    "send_mine": ("/my-information/<category>/send-me-mine", "/mes-renseignements/<category>/envoyez-moi-les-miens"),
    "given_file": ("/requests/<reference>/files/<number>", "/demandes/<reference>/fichiers/<number>"),
    "keeper": ("/keeper/<token>", "/gardien/<token>"),
    "delete": ("/delete", "/suppression"),
    "account": ("/account", "/compte"),
    "account_policy": ("/account/policy", "/compte/politique"),
    "account_language": ("/account/language", "/compte/langue"),
    "other_addresses": ("/account/addresses", "/compte/adresses"),
    "other_address_code": ("/account/addresses/code", "/compte/adresses/code"),
    "other_address_remove": ("/account/addresses/<int:number>/remove", "/compte/adresses/<int:number>/retirer"),
    "end_session": ("/account/sessions/<int:session_id>/end", "/compte/sessions/<int:session_id>/fermer"),
    "staff_home": ("/staff", "/personnel"),
    "staff_sign_out": ("/staff/sign-out", "/personnel/deconnexion"),
    "staff_requests": ("/staff/requests", "/personnel/demandes"),
    "staff_requests_search": ("/staff/requests/search", "/personnel/demandes/recherche"),
    "staff_requests_give": ("/staff/requests/give", "/personnel/demandes/attribuer"),
    "staff_requests_keep": ("/staff/requests/views", "/personnel/demandes/vues"),
    "staff_due_dates": ("/staff/due-dates", "/personnel/echeances"),
    "staff_due_calendar": ("/staff/due-dates/<token>.ics", "/personnel/echeances/<token>.ics"),
    "staff_requests_summary": ("/staff/requests/morning-letter", "/personnel/demandes/lettre-du-matin"),
    "staff_requests_forget": ("/staff/requests/views/remove", "/personnel/demandes/vues/retirer"),
    "staff_request_new": ("/staff/requests/new", "/personnel/demandes/nouvelle"),
    "staff_request": ("/staff/requests/<reference>", "/personnel/demandes/<reference>"),
    "staff_request_calendar": (
        "/staff/requests/<reference>/due.ics",
        "/personnel/demandes/<reference>/echeance.ics",
    ),
    "staff_request_file": ("/staff/requests/<reference>/file", "/personnel/demandes/<reference>/dossier"),
    "staff_follow_code": ("/staff/requests/<reference>/follow-code", "/personnel/demandes/<reference>/code-de-suivi"),
    "staff_take_up": ("/staff/requests/<reference>/take-up", "/personnel/demandes/<reference>/prendre-en-charge"),
    "staff_identity": ("/staff/requests/<reference>/identity", "/personnel/demandes/<reference>/identite"),
    "staff_act": ("/staff/requests/<reference>/act/<act>", "/personnel/demandes/<reference>/acte/<act>"),
    "staff_capacity": ("/staff/requests/<reference>/capacity", "/personnel/demandes/<reference>/qualite"),
    "staff_same": ("/staff/requests/<reference>/same", "/personnel/demandes/<reference>/meme-demande"),
    "staff_decision": ("/staff/requests/<reference>/decision", "/personnel/demandes/<reference>/decision"),
    "staff_messages": ("/staff/requests/<reference>/messages", "/personnel/demandes/<reference>/messages"),
    "staff_go_on": ("/staff/requests/<reference>/go-on", "/personnel/demandes/<reference>/poursuivre"),
    "staff_line": ("/staff/requests/<reference>/checklist/<number>", "/personnel/demandes/<reference>/liste/<number>"),
    "staff_line_help": (
        "/staff/requests/<reference>/checklist/<number>/help",
        "/personnel/demandes/<reference>/liste/<number>/aide",
    ),
    "staff_file": ("/staff/requests/<reference>/files/<number>", "/personnel/demandes/<reference>/fichiers/<number>"),
    "staff_registers": ("/staff/registers", "/personnel/registres"),
    "staff_register_requests": ("/staff/registers/requests", "/personnel/registres/demandes"),
    "staff_register_disclosures": ("/staff/registers/communications", "/personnel/registres/communications"),
    "staff_register_incidents": ("/staff/registers/incidents", "/personnel/registres/incidents"),
    "staff_register_processing": ("/staff/registers/what-we-hold", "/personnel/registres/renseignements"),
    "staff_register_csv": ("/staff/registers/<register>.csv", "/personnel/registres/<register>.csv"),
    "staff_register_data": ("/staff/registers/<register>.json", "/personnel/registres/<register>.json"),
    "staff_organisation_file": ("/staff/registers/file", "/personnel/registres/dossier"),
    "staff_figures": ("/staff/figures", "/personnel/statistiques"),
    "staff_transparency": ("/staff/figures/public", "/personnel/statistiques/publiques"),
    "staff_disclosure_new": ("/staff/registers/communications/new", "/personnel/registres/communications/nouvelle"),
    "staff_disclosure": (
        "/staff/registers/communications/<number>",
        "/personnel/registres/communications/<number>",
    ),
    "staff_incident_new": ("/staff/registers/incidents/new", "/personnel/registres/incidents/nouveau"),
    "staff_incident": ("/staff/registers/incidents/<number>", "/personnel/registres/incidents/<number>"),
    "staff_letters": ("/staff/letters", "/personnel/lettres"),
    "staff_letters_retry": ("/staff/letters/retry", "/personnel/lettres/renvoyer"),
    "staff_letters_to_post": ("/staff/letters/to-post", "/personnel/lettres/a-poster"),
    "staff_letter": ("/staff/letters/<int:letter_id>", "/personnel/lettres/<int:letter_id>"),
    "staff_letter_paper": ("/staff/letters/<int:letter_id>/paper", "/personnel/lettres/<int:letter_id>/papier"),
    "staff_letter_kind": ("/staff/letters/kinds/<kind>", "/personnel/lettres/modeles/<kind>"),
    "staff_settings": ("/staff/settings", "/personnel/reglages"),
    "staff_settings_undo": ("/staff/settings/undo", "/personnel/reglages/retablir"),
    "staff_settings_contact": ("/staff/settings/person-in-charge", "/personnel/reglages/responsable"),
    "staff_setup": ("/staff/setup", "/personnel/mise-en-route"),
    "staff_setup_letter": ("/staff/setup/letter", "/personnel/mise-en-route/lettre"),
    "staff_setup_request": ("/staff/setup/request", "/personnel/mise-en-route/demande"),
    "staff_setup_request_remove": ("/staff/setup/request/remove", "/personnel/mise-en-route/demande/retirer"),
    "staff_setup_alone": ("/staff/setup/alone", "/personnel/mise-en-route/seul"),
    "staff_settings_category": (
        "/staff/settings/what-we-hold/<category>",
        "/personnel/reglages/renseignements/<category>",
    ),
    "staff_settings_category_new": ("/staff/settings/add-what-we-hold", "/personnel/reglages/ajouter-renseignements"),
    "staff_settings_holidays": ("/staff/settings/closed-days", "/personnel/reglages/jours-fermes"),
    "staff_settings_replies": ("/staff/settings/ready-paragraphs", "/personnel/reglages/paragraphes"),
    "staff_settings_law": ("/staff/settings/law", "/personnel/reglages/loi"),
    "staff_settings_look": ("/staff/settings/look", "/personnel/reglages/apparence"),
    "staff_settings_reminders": ("/staff/settings/reminders", "/personnel/reglages/rappels"),
    "staff_settings_approval": ("/staff/settings/approval", "/personnel/reglages/approbation"),
    "staff_settings_purpose": ("/staff/settings/purposes/<purpose>", "/personnel/reglages/fins/<purpose>"),
    "staff_settings_purpose_new": ("/staff/settings/add-purpose", "/personnel/reglages/ajouter-fin"),
    "staff_letter_sample": ("/staff/letters/kinds/<kind>/paper", "/personnel/lettres/modeles/<kind>/papier"),
    "staff_policy": ("/staff/policy", "/personnel/politique"),
    "staff_policy_start": ("/staff/policy/start", "/personnel/politique/commencer"),
    "staff_policy_arrange": ("/staff/policy/arrange", "/personnel/politique/disposer"),
    "staff_policy_discard": ("/staff/policy/discard", "/personnel/politique/abandonner"),
    "staff_policy_paste": ("/staff/policy/paste", "/personnel/politique/coller"),
    "staff_policy_sections": ("/staff/policy/sections", "/personnel/politique/sections"),
    "staff_policy_section": ("/staff/policy/sections/<key>", "/personnel/politique/sections/<key>"),
    "staff_policy_comparison": ("/staff/policy/comparison", "/personnel/politique/comparaison"),
    "staff_policy_preview": ("/staff/policy/preview", "/personnel/politique/apercu"),
    "staff_policy_publish": ("/staff/policy/publish", "/personnel/politique/publier"),
    "staff_policy_review": ("/staff/policy/review", "/personnel/politique/approbation"),
    "staff_notices": ("/staff/notices", "/personnel/avis"),
    "staff_notice": ("/staff/notices/<number>", "/personnel/avis/<number>"),
    "staff_audit": ("/staff/audit", "/personnel/journal"),
    "staff_administration": ("/staff/administration", "/personnel/administration"),
    "staff_health": ("/staff/health", "/personnel/etat"),
    "staff_colleagues": ("/staff/colleagues", "/personnel/collegues"),
    "staff_colleague": ("/staff/colleagues/<member>", "/personnel/collegues/<member>"),
    "staff_colleague_role": ("/staff/colleagues/<member>/role", "/personnel/collegues/<member>/role"),
    "staff_delegation": ("/staff/colleagues/<member>/delegation", "/personnel/collegues/<member>/delegation"),
    "staff_colleague_link": ("/staff/colleagues/<member>/link", "/personnel/collegues/<member>/lien"),
    "staff_colleague_leave": ("/staff/colleagues/<member>/leave", "/personnel/collegues/<member>/depart"),
    "staff_colleague_enable": ("/staff/colleagues/<member>/return", "/personnel/collegues/<member>/retour"),
}


def of_governance(endpoint: str) -> str:
    """The name of the governance practices' page that is like the policy's."""
    return endpoint.replace("policy", "governance", 1)


def is_about_governance(endpoint: str) -> bool:
    """Whether a page is about the governance practices."""
    return endpoint in _GOVERNANCE


def is_about_policy(endpoint: str) -> bool:
    """Whether a page is about the privacy policy, so that the governance practices have one like it."""
    return endpoint == "policy" or endpoint.startswith(("policy_", "staff_policy"))


_GOVERNANCE: Mapping[str, tuple[str, str]] = {
    of_governance(endpoint): (english.replace("/policy", "/governance"), french.replace("/politique", "/gouvernance"))
    for endpoint, (english, french) in _NAMED.items()
    if is_about_policy(endpoint)
}

ADDRESSES: Mapping[str, tuple[str, str]] = {**_NAMED, **_GOVERNANCE}

PREFIXES: Mapping[Language, str] = {"en": "/en", "fr": "/fr"}
TAGS: Mapping[Language, str] = {"en": "en-CA", "fr": "fr-CA"}


@dataclass(frozen=True, slots=True)
class Slugs:
    """An address in each language, `{name}` where a word goes, and the names of those words."""

    of: Mapping[Language, str]
    words: frozenset[str]


def _slugs(english: str, french: str) -> Slugs:
    words = frozenset(_WORD.findall(english))
    return Slugs(
        {"en": PREFIXES["en"] + _WORD.sub(r"{\1}", english), "fr": PREFIXES["fr"] + _WORD.sub(r"{\1}", french)}, words
    )


_WORD = re.compile(r"<(?:int:)?(\w+)>")
_SLUGS: Mapping[str, Slugs] = {endpoint: _slugs(*both) for endpoint, both in ADDRESSES.items()}


def add_pages(app: Flask, endpoint: str, view: Any, methods: tuple[str, ...]) -> None:
    """Give a view its address in each language."""
    english, french = ADDRESSES[endpoint]
    slugs: Mapping[Language, str] = {"en": english, "fr": french}
    for language, slug in slugs.items():
        rule = PREFIXES[language] + slug
        app.add_url_rule(rule, endpoint, view, methods=list(methods), defaults={"lang": language})


def speak_the_language_of_the_address(app: Flask) -> None:
    """Set `g.lang` from the address, and keep it out of views' arguments."""

    @app.url_value_preprocessor
    def _take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.lang = (values or {}).pop("lang", None) or language_of_request()

    @app.url_defaults
    def _give(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in ADDRESSES and "lang" not in values:
            values["lang"] = page_language()


def page_language() -> Language:
    """The language of the page being made."""
    language: Language = g.get("lang") or language_of_request()
    return language


def speak(language: Language | None) -> None:
    """Make a page whose address names no language in that of whoever it is for, where that is known."""
    if language is not None:
        g.lang = language


def language_of_request() -> Language:
    """The language for an address that names none: its first part if it looks like ours, else Accept-Language, else French."""
    first = request.path.split("/", 2)[1] if request.path.startswith("/") else ""
    if first in LANGUAGES:
        return "en" if first == "en" else "fr"
    best = request.accept_languages.best_match(["fr-CA", "fr", "en-CA", "en"])
    return "en" if (best or DEFAULT_LANGUAGE).startswith("en") else "fr"


def url(endpoint: str, **arguments: Any) -> str:
    """The address of a page in the language of the page being made, or in `lang`.

    Where its arguments are words of the address alone, the table of slugs says all; a page has thirty such links.
    """
    slugs = _SLUGS.get(endpoint)
    if slugs and arguments.keys() == slugs.words:
        written = {name: quote(str(value), safe="") for name, value in arguments.items()}
        return request.script_root + slugs.of[page_language()].format_map(written)
    return url_for(endpoint, **arguments)


def twin_url() -> str | None:
    """The address of the same page in the other language, arguments and query kept; None where there is no page.

    The query is laid behind the address as it came: names in it mean nothing to us here.
    """
    rule = request.url_rule
    if rule is None or rule.endpoint not in ADDRESSES or "GET" not in (rule.methods or ()):
        return None
    arguments = {name: value for name, value in (request.view_args or {}).items() if name != "lang"}
    try:
        address = url_for(rule.endpoint, **arguments, lang=twin_of(page_language()))
    except BuildError:
        return None
    query = urlencode(list(request.args.items(multi=True)))
    return f"{address}?{query}" if query else address
