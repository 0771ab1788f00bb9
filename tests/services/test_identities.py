"""Whom the sources know under several addresses: each account once, in order, and what is shared left apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.people import PROVED_FOR, Person
from portal.domain.rights import Kind, Level, Role
from portal.services.identities import addresses_of, identities_of
from portal.services.own_request import OwnRequest, refuse_own
from portal.services.rights import Asked, open_request
from portal.storage.store import Store
from tests.installation import CAMILLE, EMILY, MARGUERITE, NOBODY, Built, an_installation_on


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path) as made:
        yield made


def test_accounts_come_in_the_order_of_the_addresses_and_each_once(built: Built) -> None:
    portal = built.installation
    alone = {address: identities_of(portal, address).keys_in("service") for address in (CAMILLE, EMILY)}
    both = identities_of(portal, EMILY, NOBODY, CAMILLE, EMILY.upper())
    assert both.keys_in("service") == (*alone[EMILY], *alone[CAMILLE])
    assert [one.address for one in both.in_source("service")] == [EMILY, CAMILLE]
    assert identities_of(portal).known == {}
    assert identities_of(portal, NOBODY).keys_in("service") == ()


def test_what_one_address_shares_hides_nothing_of_another(built: Built) -> None:
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute(
            "INSERT INTO accounts (email, name, password_hash, plan, created_at)"
            " VALUES (?, 'Somebody Else', '!', 'free', '2026-01-01 00:00:00')",
            [EMILY.upper()],
        )
    found = identities_of(built.installation, CAMILLE, EMILY)
    assert found.shared == {"service"}
    assert [one.address for one in found.in_source("service")] == [CAMILLE]


def test_a_proof_counts_a_year_and_may_be_given_again(built: Built) -> None:
    proved_at = built.clock()
    with built.installation.database.writing() as store:
        person = a_person(built, store, CAMILLE)
        store.other_addresses.prove(person.id, EMILY, proved_at)
    for moment, addresses in (
        (PROVED_FOR.after(proved_at) - timedelta(days=1), (CAMILLE, EMILY)),
        (PROVED_FOR.after(proved_at), (CAMILLE,)),
    ):
        built.clock.now = moment
        with built.installation.database.reading() as store:
            assert addresses_of(built.installation, store, person) == addresses
    with built.installation.database.writing() as store:
        assert store.other_addresses.prove(person.id, EMILY, built.clock()) is None
        assert addresses_of(built.installation, store, person) == (CAMILLE, EMILY)


@pytest.mark.parametrize(
    ("holder", "proved", "own"),
    [
        (CAMILLE, ["member@example.org"], True),
        ("member@example.org", [CAMILLE], True),
        (MARGUERITE, ["member@example.org", CAMILLE], True),
        (MARGUERITE, ["member@example.org"], False),
        (MARGUERITE, [CAMILLE, "other@example.org"], False),
        (CAMILLE, ["other@example.org"], False),
    ],
)
def test_a_request_is_ones_own_whichever_address_was_proved(
    built: Built, holder: str, proved: list[str], own: bool
) -> None:
    with built.installation.database.writing() as store:
        member = store.staff.add("member@example.org", Role.AGENT, language="fr", now=built.clock())
        asks = a_person(built, store, CAMILLE)
        asked = Asked(Kind.ACCESS, "fr", Level.L2, "Tout")
        request = open_request(built.installation, store, asks, asked, form_id=None, now=built.clock())
        refuse_own(store, member, request)
        for address in proved:
            store.other_addresses.prove(a_person(built, store, holder).id, address, built.clock())
        if own:
            with pytest.raises(OwnRequest):
                refuse_own(store, member, request)
        else:
            refuse_own(store, member, request)


def a_person(built: Built, store: Store, address: str) -> Person:
    return store.people.ensure(address, language="fr", now=built.clock())
