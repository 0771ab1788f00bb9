"""The ledger in PostgreSQL: a server that is away, and a password that is never said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from portal.domain.ledger import LedgerAway
from portal.ledger.postgresql import PostgreSQLLedger
from tests.ledger.contract import LedgerContract, line
from tests.services import fresh_postgresql


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with fresh_postgresql() as url:
        yield url.render_as_string(hide_password=False)


class TestPostgreSQLLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, address: str) -> Iterator[PostgreSQLLedger]:
        engine = sa.create_engine(address, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS erasure_ledger"))
        ledger = PostgreSQLLedger(address)
        yield ledger
        ledger.close()


def test_a_server_that_is_away_is_said_without_its_password() -> None:
    ledger = PostgreSQLLedger("postgresql+psycopg://portal:unguessable@127.0.0.1:1/ledger")
    for act in (lambda: list(ledger.lines()), lambda: ledger.append(lambda _: [line(1)], since=1)):
        with pytest.raises(LedgerAway) as refused:
            act()
        assert "unguessable" not in str(refused.value)
