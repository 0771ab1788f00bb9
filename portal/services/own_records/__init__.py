"""What the portal itself holds of a person, as a category like any other: "This portal" (design §2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from portal.domain.data_map import Category, DataMap
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.messages import Message
from portal.domain.people import PROVED_FOR, Person
from portal.domain.policies import DOCUMENTS
from portal.domain.rights import RightsRequest
from portal.domain.statements import Statement, about_no_category
from portal.services import disclosures
from portal.services.account import UNASKED_KEPT, KeptHere, kept_here, record_kept
from portal.services.installation import Installation
from portal.services.own_records.tables import (
    ACCOUNT,
    COMMUNICATIONS,
    CONSENTS,
    LOOKS,
    MESSAGES,
    OTHER_ADDRESSES,
    POLICIES,
    REQUESTS,
    SESSIONS,
    STATEMENTS,
    SUBSCRIPTION,
)
from portal.services.policy_readings import facts
from portal.services.settings import in_effect
from portal.services.statements import about_in_words
from portal.services.subscriptions import KEPT as SUBSCRIPTION_KEPT
from portal.storage.store import Store
from portal.wording.answer_labels import part_heading
from portal.wording.periods import period_words

CATEGORY_ID = "portal"
"""No map may name a category so (config.words)."""

Row = Mapping[str, object]


def own_category(portal: Installation) -> Category:
    """The category as the map would write it; requests are kept for as long as the main law says."""
    asked_fr, asked_en = (period_words(record_kept(portal), language) for language in LANGUAGES)
    unasked_fr, unasked_en = period_words(UNASKED_KEPT, "fr"), period_words(UNASKED_KEPT, "en")
    subscribed_fr, subscribed_en = period_words(SUBSCRIPTION_KEPT, "fr"), period_words(SUBSCRIPTION_KEPT, "en")
    proved_fr, proved_en = period_words(PROVED_FOR, "fr"), period_words(PROVED_FOR, "en")
    return Category(
        id=CATEGORY_ID,
        label=Text(fr="Ce portail", en="This portal"),
        origin="given",
        means=Text(
            fr="Vous nous les donnez en vous connectant, en confirmant une autre adresse, en présentant une demande, en nous "
            "écrivant et en vous abonnant.",
            en="You give it to us by signing in, by showing that another address is yours, by making a request, by writing to "
            "us and by subscribing.",
        ),
        seen_by=(
            Text(
                fr="Les personnes qui répondent aux demandes",
                en="The people who answer requests",
            ),
        ),
        tables=(
            ACCOUNT,
            OTHER_ADDRESSES,
            REQUESTS,
            MESSAGES,
            STATEMENTS,
            CONSENTS,
            POLICIES,
            SESSIONS,
            SUBSCRIPTION,
            COMMUNICATIONS,
            LOOKS,
        ),
        retention=Text(
            fr=f"{asked_fr} après la fermeture de votre dernière demande, ou {unasked_fr} après votre dernière connexion "
            "si vous n’avez jamais rien demandé. Vos commentaires, aussi longtemps que le renseignement qu’ils visent. "
            f"Une autre adresse que vous utilisez, {proved_fr} après sa confirmation, à moins que vous ne la retiriez ou ne "
            f"fassiez supprimer vos renseignements avant. Un abonnement, {subscribed_fr} après sa confirmation, à moins que "
            "vous n’y mettiez fin ou ne fassiez supprimer vos renseignements avant.",
            en=f"{asked_en} after your last request is closed, or {unasked_en} after your last sign-in if you never "
            "asked anything. Your comments, as long as the information they are about. Another address you use, until you "
            f"remove it, your deletion is carried out or {proved_en} after you showed that it is yours. A subscription, until "
            f"you end it, your deletion is carried out or {subscribed_en} after you confirmed it.",
        ),
    )


def own_rows(portal: Installation, store: Store, person: Person, *, now: datetime) -> Mapping[str, Sequence[Row]]:
    """The rows of each table of the category, by its name; but of LOOKS, which services write too (services.looks)."""
    kept = kept_here(store, person, now=now)
    return {
        str(ACCOUNT.name): [_account(kept)],
        str(OTHER_ADDRESSES.name): [
            {"address": one.address, "proved_at": one.proved_at} for one in kept.other_addresses
        ],
        str(REQUESTS.name): [_request(request) for request in _every_request(store, person)],
        str(MESSAGES.name): [
            _message(reference, message) for reference, message in store.messages.of_person(person.id)
        ],
        str(STATEMENTS.name): list(_statements_elsewhere(portal, store, person)),
        str(CONSENTS.name): [
            {"purpose": event.purpose, "state": event.state, "at": event.at, "language": event.language}
            for event in kept.consents
        ],
        str(POLICIES.name): list(_policies(portal, store, person)),
        str(SESSIONS.name): [
            {"created_at": session.created_at, "last_seen_at": session.last_seen_at} for session in kept.sessions
        ],
        str(SUBSCRIPTION.name): [
            {"address": one.address, "language": one.language, "confirmed_at": one.confirmed_at}
            for one in kept.subscriptions
        ],
        str(COMMUNICATIONS.name): list(_communications(portal, store, person, now)),
    }


def statement_row(portal: Installation, statement: Statement, data_map: DataMap, language: Language) -> Row:
    """Comments as a row of their own table, with the field and the value they were written about."""
    about = about_in_words(statement.about, data_map, language, portal.settings.zone)
    return {
        "reference": statement.reference,
        "field": about.field if about else None,
        "before": about.before if about else None,
        "text": statement.text,
        "written_at": statement.written_at,
    }


def _statements_elsewhere(portal: Installation, store: Store, person: Person) -> Iterable[Row]:
    """Comments about no value of the map; the others are in the category of theirs, so that they go where it goes."""
    data_map = in_effect(portal, store).data_map
    kept = store.statements.of_person(person.id)
    for one in about_no_category(kept, (category.id for category in data_map.categories)):
        yield statement_row(portal, one, data_map, person.language)


def _communications(portal: Installation, store: Store, person: Person, now: datetime) -> Iterable[Row]:
    """What went to third parties and the person may know (P-39.1, s. 18; law.md §8, block 7)."""
    data_map = in_effect(portal, store).data_map
    for one in disclosures.told_to(portal, store, person, today=portal.today(now)):
        known = [data_map.category(name) for name in one.categories]
        yield {
            "made_on": one.made_on,
            "recipient": one.recipient,
            "categories": ", ".join(
                category.label.in_(person.language) if category else name
                for name, category in zip(one.categories, known, strict=True)
            ),
            "why": one.why,
            "ground": one.ground.value,
            "provision": one.provision,
        }


def _policies(portal: Installation, store: Store, person: Person) -> Iterable[Row]:
    for document in DOCUMENTS:
        for one in facts(portal, store, person, document):
            if one.says_something:
                yield {
                    "document": document,
                    "version": one.id,
                    "told_at": one.told_at,
                    "opened_at": one.opened_at,
                    "acknowledged_at": one.acknowledged_at,
                }


def _every_request(store: Store, person: Person) -> Iterable[RightsRequest]:
    before = None
    while found := store.requests.of_person(person.id, before=before, limit=200):
        yield from found
        before = found[-1].id


def _account(kept: KeptHere) -> Row:
    person = kept.person
    return {
        "address": person.address,
        "language": person.language,
        "created_at": person.created_at,
        "last_sign_in_at": person.last_sign_in_at,
    }


def _request(request: RightsRequest) -> Row:
    correction = request.correction
    return {
        "reference": request.reference,
        "kind": request.kind.value,
        "state": request.state.value,
        "decision": request.decision.value if request.decision else None,
        "received_at": request.received_at,
        "due": request.due,
        "decided_at": request.decided_at,
        "closed_at": request.closed_at,
        "message": request.message,
        "for_whom": request.behalf.whom.value if request.behalf else None,
        "capacity": request.behalf.capacity.value if request.behalf else None,
        "concerned": request.behalf.about if request.behalf else None,
        "wanted_form": request.wanted_form.form.value if request.wanted_form else None,
        "form_words": request.wanted_form.words if request.wanted_form else None,
        "channel": request.channel.value if request.channel else None,
        "machine_which": request.machine_decision.which if request.machine_decision else None,
        "machine_wanted": request.machine_decision.wanted.value if request.machine_decision else None,
        "parts": "\n\n".join(f"{part_heading(one.part, request.language)}\n{one.text}" for one in request.parts)
        or None,
        "reason": request.reason,
        "provision": request.provision,
        "recourse_until": request.recourse_until,
        "field": f"{correction.table}.{correction.field}" if correction else None,
        "before": correction.before if correction else None,
        "value": correction.value if correction else None,
    }


def _message(reference: str, message: Message) -> Row:
    return {
        "reference": reference,
        "at": message.at,
        "author": message.author.value,
        "text": message.text,
        "why": message.why,
        "answer_by": message.answer_by,
        "files": message.files,
    }
