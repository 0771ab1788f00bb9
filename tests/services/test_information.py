"""What is held about a person: sealed tokens, pages that lose no row, and sources that are away."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.data_map import DataMap, Scalar, Table
from portal.services.identities import identities_of
from portal.services.information import COUNTED_TO, Reach, held_in_each, key_of, pages_of, row_token
from tests.installation import CAMILLE, NOBODY, Built, an_installation

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return an_installation(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@given(value=SCALARS)
def test_a_token_gives_back_the_key_it_was_made_of(shared: Built, value: Scalar) -> None:
    table = _table(shared.installation.data_map, "service.devices")
    token = row_token(shared.installation, table, (value,))
    assert token == row_token(shared.installation, table, (value,))
    assert key_of(shared.installation, table, token) == (value,)
    assert not set(token) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(token=st.text())
def test_what_is_no_token_of_ours_stands_for_no_row(shared: Built, token: str) -> None:
    assert key_of(shared.installation, _table(shared.installation.data_map, "service.devices"), token) is None


def test_a_token_says_nothing_of_the_key_and_opens_no_other_table(shared: Built, built: Built) -> None:
    data_map = shared.installation.data_map
    devices, sign_ins = _table(data_map, "service.devices"), _table(data_map, "service.sign_ins")
    token = row_token(shared.installation, devices, (CAMILLE,))
    assert CAMILLE not in token
    assert key_of(shared.installation, sign_ins, token) is None
    assert key_of(shared.installation, devices, token[:-2]) is None
    assert key_of(built.installation, devices, token) == (CAMILLE,)
    wrong_length = row_token(shared.installation, devices, (1, 2))
    assert key_of(shared.installation, devices, wrong_length) is None


def test_following_the_pages_meets_every_row_once_newest_first(built: Built) -> None:
    portal = built.installation
    found = identities_of(portal, CAMILLE)
    category = portal.data_map.category("usage")
    assert category
    seen: list[object] = []
    after: str | None = None
    pages = 0
    while True:
        [page] = pages_of(portal, category, found, table="service.api_requests", after=after)
        assert page.reach is Reach.READ
        seen += [row["id"] for row in page.rows]
        pages += 1
        after = page.next_after
        if after is None:
            break
    with sqlite3.connect(built.folder / "service.db") as service:
        query = "SELECT id FROM api_requests WHERE account_id = ? ORDER BY requested_at DESC, id DESC"
        expected = [row[0] for row in service.execute(query, found.keys_in("service")[0])]
    assert seen == expected
    assert pages == -(-len(expected) // 25)


@pytest.mark.parametrize("after", ["", "x", "e30", "é" * 50, "A" * 5000])
def test_a_damaged_place_begins_at_the_first_row(shared: Built, after: str) -> None:
    portal = shared.installation
    found = identities_of(portal, CAMILLE)
    category = portal.data_map.category("usage")
    assert category
    first = pages_of(portal, category, found, table="service.api_requests", after=None)
    assert pages_of(portal, category, found, table="service.api_requests", after=after) == first


def test_a_table_of_another_category_is_not_found(shared: Built) -> None:
    portal = shared.installation
    category = portal.data_map.category("usage")
    assert category
    with pytest.raises(LookupError):
        pages_of(portal, category, identities_of(portal, CAMILLE), table="service.accounts", after=None)


def test_rows_are_counted_no_further_than_the_bound(built: Built) -> None:
    portal = built.installation
    found = identities_of(portal, CAMILLE)
    with sqlite3.connect(built.folder / "service.db") as service:
        service.executemany(
            "INSERT INTO sign_ins (account_id, at, ip, succeeded) VALUES (?, '2026-01-01 00:00:00', '192.0.2.1', 1)",
            [found.keys_in("service")[0]] * (COUNTED_TO + 50),
        )
    technical = next(held for held in held_in_each(portal, portal.data_map, found) if held.category.id == "technical")
    assert technical.more
    assert technical.rows < COUNTED_TO + 50


def test_a_source_that_changed_its_shape_is_away_and_the_rest_is_read(built: Built) -> None:
    portal = built.installation
    found = identities_of(portal, CAMILLE)
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute("ALTER TABLE devices RENAME COLUMN browser TO navigator")
    category = portal.data_map.category("technical")
    assert category
    devices, sign_ins = pages_of(portal, category, found, table=None, after=None)
    assert (devices.reach, devices.rows) == (Reach.AWAY, ())
    assert sign_ins.reach is Reach.AWAY


def test_an_address_nobody_knows_reaches_nothing(shared: Built) -> None:
    portal = shared.installation
    held = held_in_each(portal, portal.data_map, identities_of(portal, NOBODY))
    assert {reach for one in held for reach in one.reaches} == {Reach.UNKNOWN}
    assert sum(one.rows for one in held) == 0


def _table(data_map: DataMap, name: str) -> Table:
    return next(table for _, table in data_map.tables() if str(table.name) == name)
