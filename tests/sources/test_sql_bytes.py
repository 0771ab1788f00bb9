"""A PostgreSQL database without an encoding keeps whatever bytes it is sent: what is no text is said so, alone."""

from __future__ import annotations

import sqlalchemy as sa

from portal.domain.data_map import ColumnErasure, People, PersonLink, Table, TableName
from portal.sources import open_source
from portal.sources.base import UNREADABLE
from tests.services import fresh_postgresql
from tests.sources import invented_service as service
from tests.sources.bench import erase_all, every_row, pages
from tests.sources.invented_service import CAMILLE, column, erased

NOTES = TableName("service", "notes")
COLUMNS = (erased("said", "constant", "é"), column("city", inside=("document", "city"), erase=ColumnErasure("null")))


def test_bytes_that_are_no_text_hide_nothing_beside_them() -> None:
    with fresh_postgresql("SQL_ASCII") as url:
        engine = sa.create_engine(url, connect_args={"client_encoding": "utf8"})
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE notes (id INT PRIMARY KEY, owner INT, said TEXT, document JSON, email TEXT)"
            )
            connection.exec_driver_sql(
                "INSERT INTO notes VALUES (1, 1, E'a\\xff\\xe9', '{\"city\": \"Québec\"}', 'é@example.org'), (2, 1, 'été', NULL, 'x')"
            )
        source = open_source("sql", "service", url.render_as_string(hide_password=False), hash_key=service.SECRET)
        table = Table(NOTES, PersonLink(("owner",)), ("id",), None, COLUMNS, "columns")
        read = [{"said": UNREADABLE, "city": "Québec"}, {"said": "été", "city": None}]
        assert list(every_row(source, table, CAMILLE)) == read
        assert list(pages(source, table, CAMILLE, 1)) == [{"id": number, **row} for number, row in enumerate(read, 1)]
        assert source.row(table, CAMILLE, (1,)) == {"id": 1, **read[0]}
        assert list(source.people_matching(People(NOTES, ("id",), ("email",)), "É@example.org")) == [(1,)]
        assert source.correct(table, CAMILLE, (2,), "said", before="été", value="hiver é").done
        assert erase_all(source, table, CAMILLE) == 2
        assert [row["said"] for row in every_row(source, table, CAMILLE)] == ["é", "é"]
        source.close()
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT DISTINCT said FROM notes").scalars().all() == ["é"]
        engine.dispose()
