"""Builds a small copy by hand: one row of every kind of value, hostile ones included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from portal.config.law import shipped_law
from portal.config.settings import PrivacyContact
from portal.copies.contents import CategoryContents, ConsentContents, CopyContents, Row, Scope, TableContents
from portal.domain.data_map import Category, Column, DataMap, PersonLink, Purpose, Retention, Table, TableName
from portal.domain.languages import Text
from portal.domain.periods import Period
from portal.sources.base import UNREADABLE

TAKEN_AT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)

PURPOSES = (
    Purpose("provide", Text(fr="Fournir le service", en="Provide the service"), "contract"),
    Purpose("news", Text(fr="Envoyer des nouvelles", en="Send news"), "consent"),
)

ROWS: tuple[Row, ...] = (
    {
        "id": 1,
        "name": 'Zoé "Z" Côté, <b>née</b> {{ 7*7 }}',
        "plan": "P1",
        "password": True,
        "score": Decimal("12.50"),
        "big": 2**70,
        "ok": True,
        "born": date(1990, 2, 28),
        "seen": datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC),
        "picture": b"\x89PNG\x00",
        "odd": UNREADABLE,
    },
    {
        "id": 2,
        "name": "=HYPERLINK(1)\nline two\x00\x07",
        "plan": None,
        "password": None,
        "score": Decimal("-3"),
        "big": -5,
        "ok": False,
        "born": None,
        "seen": None,
        "picture": None,
        "odd": "-12,5",
    },
)


def a_column(name: str, fr: str, en: str) -> Column:
    return Column(name, Text(fr=fr, en=en))


COLUMNS = (
    a_column("id", "Numéro", "Number"),
    a_column("name", "Nom", "Name"),
    replace(a_column("plan", "Forfait", "Plan"), values={"P1": Text(fr="Essai", en="Trial")}),
    replace(a_column("password", "Mot de passe", "Password"), show="held"),
    a_column("score", "Note", "Score"),
    a_column("big", "Grand nombre", "Big number"),
    a_column("ok", "D’accord", "Agreed"),
    a_column("born", "Naissance", "Born"),
    a_column("seen", "Dernière visite", "Last seen"),
    a_column("picture", "Image", "Picture"),
    a_column("odd", "Autre", "Other"),
)

ACCOUNTS = Table(
    name=TableName("service", "accounts"),
    person=PersonLink(("id",)),
    key=("id",),
    order="seen",
    columns=COLUMNS,
    erase="delete",
    retention=Retention("seen", Period(months=13, days=0)),
)

ACCOUNT = Category(
    id="account",
    label=Text(fr="Compte", en="Account"),
    purposes=("provide", "news"),
    means=Text(fr="Vous nous le donnez.", en="You give it to us."),
    seen_by=(Text(fr="Le soutien", en="Support"),),
    recipients=(Text(fr="Un hébergeur", en="A hosting provider"),),
    tables=(ACCOUNTS,),
)

PAPER = Category(
    id="paper",
    label=Text(fr="Dossier papier", en="Paper file"),
    system=Text(fr="Classeur", en="Filing cabinet"),
    retention=Text(fr="Deux ans.", en="Two years."),
)


def a_table(rows: Sequence[Row] = ROWS) -> TableContents:
    cells = [tuple(row[column.name] for column in COLUMNS) for row in rows]
    return TableContents(
        ACCOUNTS,
        "csv/account-accounts.csv",
        lambda: (cells[start : start + 700] for start in range(0, len(cells), 700)),
        lambda limit: (rows[:limit], len(rows) > limit),
    )


def a_copy(*tables: TableContents) -> CopyContents:
    return CopyContents(
        language="en",
        zone=ZoneInfo("America/Toronto"),
        taken_at=TAKEN_AT,
        address="zoe@example.org",
        organisation=Text(fr="Exemple", en="Example"),
        contact=PrivacyContact(
            title=Text(fr="Responsable", en="Person in charge"),
            email="privacy@example.org",
            phone="418 555-0100",
            address="1, rue de l’Exemple",
            backup="backup@example.org",
        ),
        body=shipped_law().bodies["cai"],
        regime=shipped_law().regimes["qc_p391"],
        data_map=DataMap(purposes=PURPOSES, categories=(ACCOUNT, PAPER)),
        categories=(CategoryContents(ACCOUNT, tables or (a_table(),)), CategoryContents(PAPER)),
        consents=(ConsentContents(PURPOSES[1], given=False, answered="withdrawn", at=TAKEN_AT),),
        scope=Scope(),
        searched=("service",),
        unknown=(),
        shared=(),
    )
