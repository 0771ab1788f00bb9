"""What is hard to reach, as its person meets it on each kind of database: fields of JSON, coded words, rows of two people.

The whole way: the page, a correction, the copy, and a deletion that leaves the other person's part alone (P-39.1, s. 40).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.config.settings import SourceSettings
from portal.domain.data_map import Category, Column, ColumnErasure, People, PersonLink, Table, TableName
from portal.domain.languages import Language, Text
from portal.services import replay
from tests.client import Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation
from tests.journeys import story
from tests.services import fresh_mariadb, fresh_postgresql

FAR = 'far "away"'
PROFILE = '{"phone": "418 555-0100", "rate": 19.90, "big": 9007199254740993, "tags": ["<b>", "=cmd"]}'


def text(words: str) -> Text:
    return Text(fr=words, en=words)


def field(name: str, **known: Any) -> Column:
    return Column(name, text(name.capitalize()), inside=("profile", name), **known)


def column(name: str, **known: Any) -> Column:
    return Column(name, text(name.replace("_", " ").capitalize()), **known)


YES_NO = {"Y": Text(fr="Membre", en="Member"), "N": Text(fr="Pas membre", en="Not a member")}
ONE_ZERO = {"1": Text(fr="Reçoit l’infolettre", en="Gets the newsletter"), "0": text("—")}
EMPTIED = ColumnErasure("null")
MEMBERS = Table(
    TableName("club", "group"),
    PersonLink(("id",)),
    ("id",),
    None,
    (
        column("member", values=YES_NO),
        column("news", values=ONE_ZERO),
        column("tier", values={"T1": text("Gold")}),
        column("balance"),
        column("points"),
        column("until"),
        column("said"),
        field("phone", correct="self", erase=EMPTIED),
        field("rate"),
        field("big"),
        field("tags"),
    ),
    "columns",
)


def messages(side: str, other: str, schema: str | None) -> Table:
    return Table(
        TableName("club", 'mes"sages', schema),
        PersonLink((f"{side}_id",)),
        ("id",),
        "id",
        (column("body"), column(f"{side}_name", erase=EMPTIED), column(f"{other}_name", show="other")),
        "columns",
        shared=True,
    )


@dataclass(frozen=True)
class Club:
    """A second source: where it is, and the schema of its messages if it has several."""

    url: URL
    schema: str | None

    def run(self, statement: Callable[[sa.Connection], Any]) -> Any:
        """What a statement of the service's own gives."""
        engine = sa.create_engine(self.url)
        with engine.begin() as connection:
            found = statement(connection)
        engine.dispose()
        return found

    def rows(self) -> list[tuple[Any, ...]]:
        """The messages."""
        return self.run(
            lambda connection: [tuple(row) for row in connection.execute(sa.select(*self.talk.c).order_by("id"))]
        )  # type: ignore[no-any-return]

    @property
    def talk(self) -> sa.Table:
        """The table of messages."""
        names = ("id", "sender_id", "recipient_id", "sender_name", "recipient_name", "body")
        kinds = (sa.Integer, sa.Integer, sa.Integer, sa.String(80), sa.String(80), sa.String(80))
        columns = (sa.Column(name, kind, primary_key=name == "id") for name, kind in zip(names, kinds, strict=True))
        return sa.Table('mes"sages', sa.MetaData(), *columns, schema=self.schema)


def fill(club: Club) -> None:
    """Two members and what they wrote to each other."""
    members = sa.Table(
        "group", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(80)),
        sa.Column("member", sa.String(1)), sa.Column("news", sa.SmallInteger), sa.Column("tier", sa.String(9)),
        sa.Column("balance", sa.Numeric(24, 6) if club.url.get_backend_name() != "sqlite" else sa.Text),
        sa.Column("points", sa.BigInteger), sa.Column("until", sa.Date), sa.Column("said", sa.Text),
        sa.Column("profile", sa.JSON),
    )  # fmt: skip

    def make(connection: sa.Connection) -> None:
        if club.url.get_backend_name() == "postgresql":
            connection.exec_driver_sql(f"""CREATE SCHEMA "{FAR.replace('"', '""')}" """)
        members.create(connection)
        club.talk.create(connection)
        for id, email in ((1, CAMILLE), (2, EMILY)):
            connection.execute(
                sa.text(
                    f"INSERT INTO {connection.dialect.identifier_preparer.quote('group')} VALUES (:id, :email, 'Y', 1,"
                    " 'T9', :balance, 9223372036854775807, '9999-12-31', :said, :profile)"
                ),
                {"id": id, "email": email, "balance": "123456789012345678.123456",
                 "said": "'; DROP TABLE x; --<script>=1", "profile": PROFILE},
            )  # fmt: skip
        people = {1: "Camille", 2: "Emily"}
        rows = [
            {"id": id, "sender_id": a, "recipient_id": b, "sender_name": people[a], "recipient_name": people[b],
             "body": f"said {id}"}
            for id, (a, b) in enumerate([(1, 2), (2, 1), (2, 2)], 1)
        ]  # fmt: skip
        connection.execute(sa.insert(club.talk), rows)

    club.run(make)


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Club]:
    yield Club(URL.create("sqlite", database=str(folder / "club.db")), None)


@contextmanager
def on_postgresql(folder: Path) -> Iterator[Club]:
    del folder
    with fresh_postgresql() as url:
        yield Club(url, FAR)


@contextmanager
def on_mariadb(folder: Path) -> Iterator[Club]:
    """Another database is what it calls a schema."""
    del folder
    with fresh_mariadb() as url, fresh_mariadb() as far:
        yield Club(url, far.database)


@pytest.fixture(params=[on_sqlite, on_postgresql, on_mariadb])
def club(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Club]:
    """The second source, on each kind of database in turn."""
    kind: Callable[[Path], AbstractContextManager[Club]] = request.param
    with ExitStack() as stack:
        club = stack.enter_context(kind(tmp_path))
        fill(club)
        yield club


@pytest.fixture
def built(club: Club, tmp_path: Path) -> Iterator[Built]:
    built = an_installation(tmp_path / "portal", change=partial(with_club, club))
    yield built
    built.installation.sources["club"].close()


def with_club(club: Club, settings: Settings) -> Settings:
    """The settings of the demo and of the club."""
    source = SourceSettings("club", "sql", club.url.render_as_string(hide_password=False))
    people = People(MEMBERS.name, ("id",), ("email",))
    sent, received = messages("sender", "recipient", club.schema), messages("recipient", "sender", club.schema)
    kept = text("One year.")
    categories = (
        Category("club", text("Club"), ("provide",), tables=(MEMBERS,), retention=kept),
        Category("sent", text("Sent"), ("provide",), tables=(sent,), retention=kept),
        Category("received", text("Received"), ("provide",), tables=(received,), retention=kept),
    )
    known = settings.data_map
    data_map = replace(known, people=(*known.people, people), categories=(*known.categories, *categories))
    return replace(settings, sources=(*settings.sources, source), data_map=data_map)


def signed_in(built: Built, language: Language = "en") -> Visitor:
    visitor = Visitor(built, language)
    visitor.sign_in(CAMILLE)
    return visitor


@pytest.mark.parametrize(
    ("language", "member", "news", "other"),
    [
        ("en", "Member", "Gets the newsletter", "About another person, not shown"),
        ("fr", "Membre", "Reçoit l’infolettre", "Concerne une autre personne, jamais montré"),
    ],
)
def test_pages_say_codes_in_words_fields_of_json_as_values_and_leave_out_the_other_s_part(
    built: Built, language: Language, member: str, news: str, other: str
) -> None:
    visitor = signed_in(built, language)
    page = visitor.visit("category", category="club")
    words = page.text()
    for said in (
        member,
        news,
        "T9",
        "9223372036854775807",
        "418 555-0100",
        "9007199254740993",
        '["<b>", "=cmd"]',
        "9999",
    ):
        assert said in words
    assert ("19,90" if language == "fr" else "19.90") in words
    assert "123456789012345678" in words
    assert all(script.get("src", "").startswith("/") for script in page.all("script"))
    sent, received = (visitor.visit("category", category=name).text() for name in ("sent", "received"))
    assert "said 1" in sent
    assert "said 2" in received
    for told in (sent, received):
        assert other in told
        assert "Camille" in told
        assert "Emily" not in told
        assert "said 3" not in told


def test_a_field_of_json_is_corrected_from_its_page_and_a_change_meanwhile_is_told(built: Built, club: Club) -> None:
    visitor = signed_in(built)
    link = next(
        href
        for one in visitor.visit("category", category="club").all("a")
        if "field=phone" in (href := one.get("href", ""))
    )
    form = visitor.open(link).form("/club/correct")
    answer = visitor.send("correct", form | {"value": "418 555-0199"}, category="club")
    assert story.reference_of(answer).startswith("R-")
    assert profile(club, 1) == json.loads(PROFILE, parse_float=Decimal) | {"phone": "418 555-0199"}
    again = visitor.send("correct", form | {"value": "1", "form_id": "0" * 32}, category="club", status=409)
    assert "418 555-0199" in again.text()
    assert profile(club, 2) == json.loads(PROFILE, parse_float=Decimal)


def profile(club: Club, id: int) -> Any:
    """One member's document, numbers digit by digit."""
    cell = (
        sa.cast(sa.column("profile"), sa.Text) if club.url.get_backend_name() == "postgresql" else sa.column("profile")
    )
    wanted = sa.select(cell).select_from(sa.table("group")).where(sa.column("id") == id)
    return json.loads(club.run(lambda connection: connection.scalar(wanted)), parse_float=Decimal)


def test_the_copy_is_exact_and_leaves_out_the_other_s_part(built: Built) -> None:
    answer = signed_in(built).send("download", {}, status=200)
    assert isinstance(answer, TestResponse)
    archive = ZipFile(io.BytesIO(answer.get_data()))
    data = {
        category["id"]: category["tables"][0]
        for category in json.loads(archive.read("data.json"))["categories"]
        if category["tables"]
    }
    row = dict(zip([one["name"] for one in data["club"]["columns"]], data["club"]["rows"][0], strict=True))
    assert Decimal(str(row["balance"])) == Decimal("123456789012345678.123456")
    assert (int(row["points"]), int(row["big"]), Decimal(str(row["rate"]))) == (
        2**63 - 1,
        9007199254740993,
        Decimal("19.90"),
    )
    assert (row["until"], row["tags"], row["said"]) == (
        "9999-12-31",
        '["<b>", "=cmd"]',
        "'; DROP TABLE x; --<script>=1",
    )
    other = next(one for one in data["sent"]["columns"] if one["name"] == "recipient_name")
    assert other["about_another_person"] is True
    assert "Emily" not in str([archive.read(name) for name in archive.namelist()])
    lines = list(csv.reader(io.StringIO(archive.read(data["received"]["file"]).decode("utf-8-sig"), newline="")))
    assert ["said 2", "Camille", "About another person, not shown"] in lines
    club = list(csv.reader(io.StringIO(archive.read(data["club"]["file"]).decode("utf-8-sig"), newline="")))
    assert "9223372036854775807" in club[2]
    assert "123456789012345678.123456" in club[2]


def deleted(built: Built, **verdict: str) -> None:
    """Everything of Camille's, once she asked and an officer granted it, or decided what is said."""
    reference = story.ask_for_deletion(signed_in(built))
    officer = Visitor(built, "en")
    officer.sign_in("officer@example.org")
    story.decide(officer, reference, **{"decision": "granted", **verdict})
    built.clock.advance(days=4)
    built.work()


def test_a_deletion_empties_one_s_own_part_and_no_row_of_two_people_goes(built: Built, club: Club) -> None:
    deleted(built)
    assert club.rows() == [
        (1, 1, 2, None, "Emily", "said 1"),
        (2, 2, 1, "Emily", None, "said 2"),
        (3, 2, 2, "Emily", "Emily", "said 3"),
    ]
    assert profile(club, 1) == json.loads(PROFILE, parse_float=Decimal) | {"phone": None}
    assert profile(club, 2) == json.loads(PROFILE, parse_float=Decimal)


@pytest.mark.parametrize(("end", "other"), [("sender", "recipient"), ("recipient", "sender")])
def test_a_row_of_two_people_that_a_backup_brings_back_is_emptied_again_whichever_end_is_hers(
    built: Built, club: Club, end: str, other: str
) -> None:
    deleted(built)
    assert restored_and_replayed(built, club, end, other) == {end: None, other: "Emily"}


def test_what_an_answer_left_of_a_table_mapped_twice_is_not_erased_when_a_backup_is_replayed(
    built: Built, club: Club
) -> None:
    deleted(built, decision="partially_granted", leave_out_received="QC23_legal_retention")
    assert restored_and_replayed(built, club, "recipient", "sender") == {"recipient": "Camille", "sender": "Emily"}
    assert restored_and_replayed(built, club, "sender", "recipient") == {"sender": None, "recipient": "Emily"}


def restored_and_replayed(built: Built, club: Club, end: str, other: str) -> dict[str, str | None]:
    """The names in a message that a backup brought back, once the ledger was replayed. `end`: which of the two is Camille."""
    back = {"id": 9, f"{end}_id": 1, f"{other}_id": 2, f"{end}_name": "Camille", f"{other}_name": "Emily", "body": "x"}

    def restore(connection: sa.Connection) -> None:
        connection.execute(sa.delete(club.talk))
        connection.execute(sa.insert(club.talk), back)

    club.run(restore)
    portal, now = built.installation, built.clock()
    for one in replay.people_back(portal, replay.remembered(portal), now=now):
        replay.erase_again(portal, one, now=now)
    [row] = club.rows()
    return dict(zip(("sender", "recipient"), row[3:5], strict=True))
