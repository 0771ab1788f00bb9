"""The tables of "This portal": what each column is called, and what each word a program writes means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from portal.domain.answer_parts import Wanted
from portal.domain.asking import Capacity, Channel, Form, ForWhom
from portal.domain.data_map import Column, PersonLink, Table, TableName
from portal.domain.languages import Language, Text
from portal.domain.registers import DisclosureGround
from portal.domain.rights import Decision, Kind, State
from portal.wording.answer_labels import wanted_label
from portal.wording.asking_labels import capacity_label, channel_label, for_whom_label_for_staff, form_label
from portal.wording.labels import decision_label, kind_label, state_label
from portal.wording.register_words import ground_label

LANGUAGE_NAMES = {"fr": Text(fr="Français", en="French"), "en": Text(fr="Anglais", en="English")}
DOCUMENT_NAMES = {
    "privacy": Text(fr="Politique de confidentialité", en="Privacy policy"),
    "governance": Text(fr="Pratiques de gouvernance", en="Governance practices"),
}
AUTHORS = {"person": Text(fr="Vous", en="You"), "staff": Text(fr="Nous", en="Us")}
ANSWERS = {"given": Text(fr="Donné", en="Given"), "withdrawn": Text(fr="Retiré", en="Withdrawn")}


def _table(name: str, key: str, order: str | None, columns: Sequence[Column]) -> Table:
    return Table(
        name=TableName("portal", name),
        person=PersonLink(("person_id",)),
        key=(key,),
        order=order,
        columns=tuple(columns),
        erase="keep",
    )


def _column(name: str, fr: str, en: str, values: Mapping[str, Text] | None = None) -> Column:
    return Column(name, Text(fr=fr, en=en), values=values or {})


def _said(words: Iterable[Any], label: Callable[[Any, Language], str]) -> Mapping[str, Text]:
    """Each word a program writes, in both languages."""
    return {word.value: Text(fr=label(word, "fr"), en=label(word, "en")) for word in words}


KINDS = {kind.value: Text(fr=kind_label(kind, "fr"), en=kind_label(kind, "en")) for kind in Kind}
STATES = {state.value: Text(fr=state_label(state, "fr"), en=state_label(state, "en")) for state in State}
WHOM = _said(ForWhom, for_whom_label_for_staff)
CAPACITIES = _said(Capacity, capacity_label)
FORMS = _said(Form, form_label)
CHANNELS = _said(Channel, channel_label)
WANTED = _said(Wanted, wanted_label)
DECISIONS = {
    decision.value: Text(fr=decision_label(decision, "fr"), en=decision_label(decision, "en")) for decision in Decision
}

GROUNDS = {
    ground.value: Text(fr=ground_label(ground, "fr"), en=ground_label(ground, "en")) for ground in DisclosureGround
}

ACCOUNT = _table(
    "account",
    "address",
    None,
    [
        _column("address", "Adresse courriel", "E-mail address"),
        _column("language", "Langue", "Language", LANGUAGE_NAMES),
        _column("created_at", "Première visite", "First visit"),
        _column("last_sign_in_at", "Dernière connexion", "Last sign-in"),
    ],
)
OTHER_ADDRESSES = _table(
    "other_addresses",
    "address",
    None,
    [
        _column("address", "Autre adresse que vous utilisez", "Other address you use"),
        _column("proved_at", "Confirmée", "Shown to be yours"),
    ],
)
REQUESTS = _table(
    "requests",
    "reference",
    "received_at",
    [
        _column("reference", "Numéro", "Reference"),
        _column("kind", "Demande", "Request", KINDS),
        _column("state", "État", "State", STATES),
        _column("decision", "Décision", "Decision", DECISIONS),
        _column("received_at", "Reçue", "Received"),
        _column("due", "Dernier jour pour répondre", "Last day to answer"),
        _column("decided_at", "Décidée", "Decided"),
        _column("closed_at", "Terminée", "Closed"),
        _column("message", "Votre texte", "Your text"),
        _column("for_whom", "Présentée pour", "Asked for", WHOM),
        _column("capacity", "En qualité de", "Asked as", CAPACITIES),
        _column("concerned", "Personne concernée", "Person concerned"),
        _column("wanted_form", "Forme de la réponse", "Form of the answer", FORMS),
        _column("form_words", "Précisions sur cette forme", "About that form"),
        _column("channel", "Reçue par", "Came", CHANNELS),
        _column("machine_which", "Décision automatisée visée", "Automated decision"),
        _column("machine_wanted", "Ce que vous demandez à son sujet", "What you want of it", WANTED),
        _column("parts", "Notre réponse, partie par partie", "Our answer, part by part"),
        _column("reason", "Motifs", "Reasons"),
        _column("provision", "Disposition de la loi", "Provision of law"),
        _column("recourse_until", "Dernier jour pour le recours", "Last day for the recourse"),
        _column("field", "Champ à corriger", "Field to correct"),
        _column("before", "Valeur avant", "Value before"),
        _column("value", "Valeur demandée", "Value asked for"),
    ],
)
MESSAGES = _table(
    "messages",
    "at",
    "at",
    [
        _column("reference", "Numéro", "Reference"),
        _column("at", "Quand", "When"),
        _column("author", "De qui", "From", AUTHORS),
        _column("text", "Message", "Message"),
        _column("why", "Pourquoi nous le demandons", "Why we ask"),
        _column("answer_by", "Réponse souhaitée au plus tard le", "Answer hoped for by"),
        _column("files", "Fichiers joints", "Files attached"),
    ],
)
STATEMENTS = _table(
    "statements",
    "reference",
    None,
    [
        _column("reference", "Demande", "Request"),
        _column("field", "Renseignement visé", "About"),
        _column("before", "Valeur au moment de l’écrire", "Value when you wrote"),
        _column("text", "Vos commentaires", "Your comments"),
        _column("written_at", "Écrits", "Written"),
    ],
)
CONSENTS = _table(
    "consents",
    "at",
    "at",
    [
        _column("purpose", "Fin", "Purpose"),
        _column("state", "Réponse", "Answer", ANSWERS),
        _column("at", "Quand", "When"),
        _column("language", "Langue", "Language", LANGUAGE_NAMES),
    ],
)
POLICIES = _table(
    "policies",
    "version",
    None,
    [
        _column("document", "Document", "Document", DOCUMENT_NAMES),
        _column("version", "Version", "Version"),
        _column("told_at", "Avis reçu", "Told on"),
        _column("opened_at", "Ouverte", "Opened on"),
        _column("acknowledged_at", "Vous avez dit l’avoir lue", "You said you had read it"),
    ],
)
SESSIONS = _table(
    "sessions",
    "created_at",
    "created_at",
    [
        _column("created_at", "Connexion", "Signed in"),
        _column("last_seen_at", "Dernière activité", "Last active"),
    ],
)
SUBSCRIPTION = _table(
    "subscription",
    "address",
    None,
    [
        _column("address", "Adresse abonnée", "Subscribed address"),
        _column("language", "Langue", "Language", LANGUAGE_NAMES),
        _column("confirmed_at", "Confirmé", "Confirmed"),
    ],
)
COMMUNICATIONS = _table(
    "communications",
    "made_on",
    "made_on",
    [
        _column("made_on", "Communiqué le", "Communicated on"),
        _column("recipient", "À qui", "To whom"),
        _column("categories", "Renseignements", "Information"),
        _column("why", "Pourquoi", "Why"),
        _column("ground", "Fondement", "Ground", GROUNDS),
        _column("provision", "Disposition de la loi", "Provision of law"),
    ],
)
LOOKS = _table(
    "who_looked",
    "at",
    "at",
    [
        _column("at", "Quand", "When"),
        _column("who", "Qui, selon son rôle", "Who, by role"),
        _column("why", "Pourquoi", "Why"),
        _column("where", "Où", "Where"),
    ],
)
