"""Visitors who ask to be told of changes to the policy: an address proved by a code, and a link in each letter that ends it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.codes import Code, Flow, link_token, same, token_hash
from portal.domain.languages import Language
from portal.domain.periods import Period
from portal.services.installation import Installation
from portal.services.notices import address_hashes
from portal.services.sign_in import ask_code, prove
from portal.storage.store import Store
from portal.storage.subscribers import Subscriber

KEPT = Period(months=36, days=0)
"""A subscription that nobody confirmed again for so long goes: the address may be another's by now."""

JOIN, LEAVE = "join", "leave"
UNSUBSCRIBE_PATH = "/u/"
"""Where the link in a letter leads; the web's own address is checked against it by a test."""

_USE = "subscriptions"


def ask(portal: Installation, store: Store, *, address: str, browser: str, language: Language, leave: bool) -> None:
    """Send a code to a canonical address: the same happens whether it is subscribed or not.

    Raises:
        TooMany: the address was sent enough codes for now.
    """
    ask_code(
        portal,
        store,
        flow=Flow.SUBSCRIBE,
        address=address,
        browser=browser,
        language=language,
        next_page=LEAVE if leave else JOIN,
    )


def confirm(portal: Installation, store: Store, *, typed: str, browser: str) -> Code:
    """Do what was asked for with the code: subscribe the proved address, or end its subscription.

    Raises:
        WrongCode: as for signing in.
        TooMany: as for signing in.
    """
    now = portal.clock()
    code = prove(portal, store, flow=Flow.SUBSCRIBE, typed=typed, browser=browser)
    if code.next == LEAVE:
        _end(store, store.subscribers.by_address(code.address), now)
        return code
    nonce = secrets.token_hex(16)
    made = token_hash(link_token(portal.keys.for_(_USE), nonce))
    store.subscribers.confirm(code.address, language=code.language, nonce=nonce, token_hash=made, now=now)
    store.audit.record(AuditLine(now, AuditEvent.SUBSCRIBED, Actor.NOBODY))
    return code


def language_of(store: Store, token: str) -> Language | None:
    """The language of whoever a link was written to; None when it leads to no subscription."""
    subscriber = store.subscribers.by_token(token_hash(token))
    return subscriber.language if subscriber else None


def unsubscribe(store: Store, token: str, now: datetime) -> None:
    """End the subscription of a link; one that ended already, or never was, is ended all the same."""
    _end(store, store.subscribers.by_token(token_hash(token)), now)


def forget_address(portal: Installation, store: Store, address: str, now: datetime) -> None:
    """End the subscription of an address whose person is forgotten, and write to it of no change any more."""
    _end(store, store.subscribers.by_address(address), now, actor=Actor.SYSTEM)
    _count_given_up(store, store.recipients.give_up_address(address_hashes(portal, address)))


def token_of(portal: Installation, nonce: str, hashed: str) -> str | None:
    """The token of a subscription's link, made again; None once the secret it was made with is out of the settings."""
    made = (link_token(key, nonce) for key in portal.keys.all_for(_USE))
    return next((token for token in made if same(token_hash(token), hashed)), None)


def forget_old(store: Store, now: datetime, *, limit: int) -> int:
    """End some subscriptions that were confirmed too long ago; gives how many."""
    old = store.subscribers.old(KEPT.before(now), limit=limit)
    for subscriber_id in old:
        _forget(store, subscriber_id)
    return len(old)


def _end(store: Store, subscriber: Subscriber | None, now: datetime, *, actor: Actor = Actor.NOBODY) -> None:
    if subscriber is None:
        return
    _forget(store, subscriber.id)
    store.audit.record(AuditLine(now, AuditEvent.UNSUBSCRIBED, actor))


def _forget(store: Store, subscriber_id: int) -> None:
    """Nothing more is sent, not even by a notice under way."""
    _count_given_up(store, store.recipients.give_up_subscriber(subscriber_id))
    store.subscribers.remove(subscriber_id)


def _count_given_up(store: Store, in_each: Mapping[int, int]) -> None:
    for notice_id, number in in_each.items():
        store.notices.count(notice_id, waiting=-number, given_up=number)
