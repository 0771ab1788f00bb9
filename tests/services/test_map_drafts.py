"""Whatever a database looks like, its draft is TOML that the portal accepts, and holds nothing that a person wrote there."""

from __future__ import annotations

import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portal.config import read_settings
from portal.domain.erasure import in_erasure_order
from portal.domain.languages import LANGUAGES, Language
from portal.domain.map_drafts.drafting import draft_of
from portal.domain.map_drafts.vocabulary import COLUMNS, PEOPLE, TABLES
from portal.domain.surveys import Holds, Look, Reference, Survey, SurveyedColumn, SurveyedTable
from portal.services.check import problems
from portal.services.map_drafts.suggesting import Asked, Taken, suggest
from portal.services.map_drafts.writing import Address, write
from portal.sources import open_source
from tests.config.written import ENVIRON, FOLDER, SMALLEST

COMMON = ["id", "email", "name", "status", "kind", "language", "created_at", "parent_id", "customer_id", "password"]
USUAL_COLUMNS = st.one_of(st.sampled_from(COMMON), st.sampled_from(sorted(COLUMNS)))
USUAL_TABLES = st.sampled_from(["customers", "invoices", "orders", *sorted(PEOPLE), *sorted(TABLES)])
STRANGE = st.one_of(
    st.sampled_from(
        ["${HOME}", "${", "a.b", "a -> b", "f(x)", " a ", " ", "\u200b", "#", '"', "\\", "a\nb", "\x7f", "[x]", "é"]
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=8),
)


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """Some tables of any names, that point at one another in any way; the first mostly holds addresses."""
    names = draw(st.lists(st.one_of(USUAL_TABLES, USUAL_TABLES, STRANGE), min_size=2, max_size=5, unique=True))
    of = st.lists(st.one_of(USUAL_COLUMNS, USUAL_COLUMNS, STRANGE), min_size=2, max_size=4, unique=True)
    columns = {name: draw(of) for name in names}
    if "email" not in columns[names[0]] and draw(st.integers(0, 9)):
        columns[names[0]].append("email")
    keys = {name: tuple(columns[name][: draw(st.sampled_from([1, 1, 1, 1, 2, 0]))]) for name in names}
    tables = (_table(draw, name, columns, keys) for name in names)
    return Survey(tuple(tables), draw(st.none() | STRANGE), ("a\nview",))


def _table(
    draw: st.DrawFn, name: str, columns: dict[str, list[str]], keys: dict[str, tuple[str, ...]]
) -> SurveyedTable:
    references = []
    for number in range(draw(st.sampled_from([1, 1, 2, 0]))):
        before = list(columns)[: list(columns).index(name)] if not number else []
        to = draw(st.sampled_from([*before[-1:], *before] or sorted(columns)))
        targets = keys[to] or (draw(st.sampled_from(columns[to])),)
        targets = targets if draw(st.integers(0, 4)) else (columns[to][-1],)
        if len(targets) <= len(columns[name]):
            references.append(Reference(tuple(draw(st.permutations(columns[name]))[: len(targets)]), to, targets))
    return SurveyedTable(
        name=name,
        columns=tuple(_column(draw, column) for column in columns[name]),
        key=keys[name],
        uniques=((columns[name][-1],),) if draw(st.booleans()) else (),
        references=tuple(references),
        comment=draw(STRANGE),
    )


def _column(draw: st.DrawFn, name: str) -> SurveyedColumn:
    return SurveyedColumn(
        name=name,
        holds=draw(st.sampled_from([Holds.TEXT, *Holds])) if name != "email" else Holds.TEXT,
        nullable=draw(st.booleans()),
        length=draw(st.sampled_from([None, 2, 20, 300])),
        generated=not draw(st.integers(0, 5)),
        comment=draw(st.sampled_from(["", "what\nit = is"])),
        choices=draw(st.sampled_from([(), (), ("a b", "c\x7f"), ("on", "${OFF}")])) if name != "email" else (),
        look=draw(st.sampled_from([None, None, *Look])),
        codes=draw(st.sampled_from([(), ("due", "paid"), ("en-CA", "fr-CA")])),
    )


@given(surveys(), st.sampled_from(LANGUAGES))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_draft_of_any_tables_loads_and_says_what_it_leaves_out(survey: Survey, language: Language) -> None:
    draft = draft_of(survey)
    written = write(draft, Address("service", "sqlite:////srv/service.db"), language)
    loaded = read_settings(f"{SMALLEST}{written.text}", FOLDER, ENVIRON)
    assert [source.id for source in loaded.sources] == ["service"]
    mapped = [table.name.name for _, table in loaded.data_map.tables()]
    assert sorted([*mapped, *draft.left_out]) == sorted([*(table.name for table in survey.tables), *survey.views])
    assert len(in_erasure_order(loaded.data_map)) == len(
        [1 for _, table in loaded.data_map.tables() if table.erase != "keep"]
    )
    asked = [line for line in written.text.splitlines() if line.strip().startswith("# ? ")]
    assert len(asked) == len(written.questions)


@st.composite
def databases(draw: st.DrawFn) -> tuple[str, list[str]]:
    """The statements that make some tables of SQLite with rows, and every text that stands in the rows."""
    names = draw(st.lists(st.one_of(USUAL_TABLES, STRANGE), min_size=1, max_size=4, unique_by=str.lower))
    assume(not any(name.lower().startswith("sqlite_") for name in names))
    statements, said, number = [], [], 0
    for name in names:
        columns = draw(
            st.lists(st.one_of(USUAL_COLUMNS, STRANGE), max_size=5, unique_by=str.lower).filter(
                lambda c: "id" not in map(str.lower, c)
            )
        )
        if name == names[0] and "email" not in map(str.lower, columns):
            columns.append("email")
        parts = ["id INTEGER PRIMARY KEY", *(f"{_quoted(column)} VARCHAR(80)" for column in columns)]
        to = draw(st.sampled_from([None, *names]))
        parts += [f"points_at INTEGER REFERENCES {_quoted(to)}(id)"] if to is not None else []
        statements.append(f"CREATE TABLE {_quoted(name)} ({', '.join(parts)})")
        for _ in range(draw(st.integers(0, 4))):
            values = []
            for _ in columns:
                number += 1
                values.append(_value(draw, number))
                said.append(values[-1])
            places = ", ".join(["NULL", *(f"'{value}'" for value in values)])
            into = ", ".join(["id", *map(_quoted, columns)])
            statements.append(f"INSERT INTO {_quoted(name)} ({into}) VALUES ({places})")
    return ";\n".join(statements), said


def _value(draw: st.DrawFn, number: int) -> str:
    """Something somebody wrote, that no other row and no name holds: a word, an address, a number, a sentence."""
    word = "zqx" + "".join("abcdefghij"[int(digit)] for digit in str(number))
    form = draw(st.sampled_from(["{}", "{}@example.org", "Mme {} Roy", "rue {}", "{}_{}"]))
    return form.format(word, word)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@given(databases())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_draft_of_any_database_has_no_problem_and_repeats_nothing_that_its_rows_hold(
    made: tuple[str, list[str]],
) -> None:
    statements, said = made
    with TemporaryDirectory() as folder:
        file = Path(folder) / "service.db"
        with closing(sqlite3.connect(file)) as database:
            database.executescript(statements)
        asked = Asked(f"sqlite:///{file}", "service", None, "fr")
        text = suggest(asked, folder=Path(folder), environ={}, taken=Taken()).text
        loaded = read_settings(f"{SMALLEST}{text}", FOLDER, ENVIRON)
        source = open_source("sql", "service", f"sqlite:///{file}")
        found = problems(loaded, {"service": source})
        source.close()
    assert found == []
    assert [value for value in said if value in text] == []
    assert tomllib.loads(text)["sources"][0]["id"] == "service"
