"""Writes a draft of the data map as TOML that loads as it stands. What only a human can say is a comment beginning `# ?`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.domain.data_map import ColumnErasure, PersonLink, Scalar, Step, TableName
from portal.domain.languages import Language, Text
from portal.domain.map_drafts.columns import DraftColumn
from portal.domain.map_drafts.drafting import Draft, DraftCategory, DraftTable
from portal.domain.map_drafts.links import DraftLink
from portal.domain.map_drafts.looks import DraftLooks
from portal.domain.map_drafts.naming import slug
from portal.domain.map_drafts.vocabulary import Role
from portal.domain.surveys import Holds
from portal.services.map_drafts.left_out import write_left_out
from portal.services.map_drafts.sheet import Sheet, listed, shortened
from portal.services.written_toml import key, link, table_name, table_parts, written
from portal.wording.catalogue import Catalogue, for_language

PURPOSES: Mapping[str, tuple[Text, str]] = {
    "provide": (Text(fr="Fournir et maintenir le service", en="Provide and maintain the service"), "contract"),
    "security": (Text(fr="Assurer la sécurité et prévenir les abus", en="Keep the service secure and prevent abuse"), "security"),
    "legal": (Text(fr="Respecter nos obligations légales", en="Meet our legal obligations"), "legal_obligation"),
}  # fmt: skip
TAX_HOLD: Mapping[str, object] = {
    "keep": "P6Y",
    "because": {
        "fr": "La Loi sur l’administration fiscale nous oblige à conserver les factures pendant six ans.",
        "en": "The Tax Administration Act requires us to keep invoices for six years.",
    },
    "provision": "RLRQ / CQLR, c. A-6.002, art. 35.1",
}
"""What the Act of Québec says of books and records; counsel confirms it before anybody relies on it."""

UNKNOWN = "…"
UNKNOWN_TEXT = {"fr": UNKNOWN, "en": UNKNOWN}


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a draft, and each of its questions with its place."""

    text: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """How the draft names the source: its id, its address as written there, and the variable to be set, if any."""

    id: str
    url: str
    variable: str | None = None


def write(draft: Draft, address: Address, language: Language, purposes: Collection[str] = ()) -> Written:
    """The draft as text, its questions in `language`. `purposes` are ids that portal.toml has already."""
    return _Writer(draft, address, for_language(language)).whole(purposes)


class _Writer:
    """Writes one draft, from the top of the sheet to its end."""

    def __init__(self, draft: Draft, address: Address, words: Catalogue) -> None:
        self.draft = draft
        self.address = address
        self.words = words
        self.sheet = Sheet()

    def whole(self, purposes: Collection[str]) -> Written:
        self._opening()
        self._source()
        self._purposes(purposes)
        self._people()
        for category in self.draft.categories:
            self._category(category)
        for looks in self.draft.looks:
            self._looks(looks)
        write_left_out(self.sheet, self.draft, self._name, self._link, self.words)
        return Written("\n".join(self.sheet.lines) + "\n", tuple(self.sheet.questions))

    def _opening(self) -> None:
        gettext = self.words.gettext
        self.sheet.lines.append("")
        self.sheet.remark(
            gettext("A draft of what the source “%(id)s” holds, made from its tables.", id=self.address.id)
        )
        self.sheet.remark(
            gettext("Lines that begin with # ? ask something. Answer, remove them, then run: portal check")
        )

    def _source(self) -> None:
        self.sheet.head("[[sources]]")
        self.sheet.say_all({"id": self.address.id, "kind": "sql"})
        if self.address.variable:
            gettext = self.words.gettext
            question = gettext(
                "Give the program the variable %(name)s: its value is not written here.", name=self.address.variable
            )
            self.sheet.ask(self.address.id, question)
        self.sheet.say("url", self.address.url)

    def _purposes(self, known: Collection[str]) -> None:
        gettext = self.words.gettext
        asked = False
        for purpose in self.draft.purposes:
            if purpose in known:
                continue
            self.sheet.head("[[purposes]]")
            if not asked:
                question = gettext(
                    "Are these all the reasons why information is used? Add the others, and correct the grounds."
                )
                self.sheet.ask("purposes", question)
                asked = True
            label, basis = PURPOSES[purpose]
            self.sheet.say_all({"id": purpose, "label": _both(label), "basis": basis})
        for column in self.draft.consents:
            self._consent(column)

    def _consent(self, column: DraftColumn) -> None:
        """A consent as a purpose of its own, behind #: only a human knows what stops when it is withdrawn."""
        people = self.draft.people
        if people is None:
            return
        answers = _answers(people.table.column(column.name).holds)
        if answers is None:
            return
        self.sheet.lines.append("")
        self.sheet.margin = ""
        place = self._named(people.table.name)
        question = self.words.gettext(
            "Is the column %(column)s a consent? If so, say what for and what stops without it, and remove the # before these lines.",
            column=column.name,
        )
        self.sheet.ask(place, question)
        self.sheet.offer_head("[[purposes]]")
        where = {**table_parts(self._name(people.table.name)), "column": column.name}
        given, withdrawn = answers
        self.sheet.offer("id", slug(column.name, set()))
        self.sheet.offer("label", UNKNOWN_TEXT)
        self.sheet.offer("basis", "consent")
        self.sheet.offer("consequence", UNKNOWN_TEXT)
        self.sheet.offer("consent", {"column": where, "given": given, "withdrawn": withdrawn})

    def _people(self) -> None:
        gettext, people = self.words.gettext, self.draft.people
        if people is None:
            self.sheet.lines.append("")
            question = gettext(
                "No table with a key has a column of e-mail addresses: nobody can be recognized yet. Who are the people?"
            )
            self.sheet.ask("people", question)
            return
        self.sheet.head("[[people]]")
        question = gettext(
            "Is this the table of the people who may ask, and %(column)s their e-mail address?", column=people.address
        )
        self.sheet.ask("people", question)
        if self.draft.other_people:
            question = gettext(
                "These tables hold addresses too: %(tables)s. A source has one table of people: is it the right one?",
                tables=listed(self.draft.other_people),
            )
            self.sheet.ask("people", question)
        self.sheet.say_all({
            "table": table_name(self._name(people.table.name)),
            "key": list(people.table.key),
            "match": {"email": [people.address]},
        })  # fmt: skip
        if people.language:
            self.sheet.say("language", people.language)

    def _category(self, category: DraftCategory) -> None:
        gettext = self.words.gettext
        self.sheet.head("[[categories]]")
        self.sheet.say("id", category.id)
        if not category.sure:
            self.sheet.ask(category.id, gettext("Which words would people recognize for this category?"))
        self.sheet.say_all({"label": _both(category.label), "purposes": list(category.purposes)})
        self.sheet.ask(
            category.id, gettext("How is it collected? Who inside sees it, who receives it, does it leave Québec?")
        )
        self.sheet.offer("means", UNKNOWN_TEXT)
        self.sheet.say_all({"origin": category.origin, "seen_by": [], "recipients": []})
        if category.sensitive:
            self.sheet.ask(category.id, gettext("A column or a table here sounds sensitive. Is it?"))
        self.sheet.say("sensitive", category.sensitive)
        if any(table.dated is None for table in category.tables):
            question = gettext(
                "How long is it kept, where no date of a table says it? Complete these words and remove the #."
            )
            self.sheet.ask(category.id, question)
            self.sheet.offer("retention", UNKNOWN_TEXT)
        for table in category.tables:
            self._table(table)

    def _table(self, table: DraftTable) -> None:
        gettext, place = self.words.gettext, self._named(table.name)
        self.sheet.head("[[categories.tables]]", margin="  ")
        if table.comment.strip():
            self.sheet.remark(gettext("The database says of it: %(comment)s", comment=shortened(table.comment)))
        if not table.sampled:
            self.sheet.ask(
                place,
                gettext(
                    "The rows of this table could not be read: only its columns were looked at. May the portal read it?"
                ),
            )
        self.sheet.say("table", table_name(self._name(table.name)))
        self._whose(table, place)
        self.sheet.say("key", list(table.key))
        if table.dated:
            self.sheet.say("order", table.dated)
        self._how_long(table, place)
        self._erasing(table, place)
        if table.not_shown:
            names = listed(table.not_shown)
            self.sheet.remark(gettext("Not shown, since they only lead elsewhere: %(columns)s", columns=names))
        self.sheet.head("[categories.tables.columns]", margin="    ")
        for column in table.columns:
            self._column(column, place)

    def _whose(self, table: DraftTable, place: str) -> None:
        gettext = self.words.gettext
        if not table.link.declared:
            question = gettext("No foreign key says whose these rows are; only the names of columns do. Is it right?")
            self.sheet.ask(place, question)
        if table.link.others:
            question = gettext(
                "These columns lead to people too: %(columns)s. Whose are the rows?", columns=listed(table.link.others)
            )
            self.sheet.ask(place, question)
            self.sheet.remark(
                gettext(
                    'If a row concerns two people, remove the # of the next line, and write erase = "columns" or "keep": it is erased for neither.'
                )
            )
            self.sheet.offer("shared", True)
        self.sheet.say("person", self._link(table.link))

    def _how_long(self, table: DraftTable, place: str) -> None:
        gettext = self.words.gettext
        if table.dated is None:
            return
        question = gettext(
            "How long is it kept, counted from %(column)s? Complete the period (P2Y, P18M, P30D) and remove the #.",
            column=table.dated,
        )
        self.sheet.ask(place, question)
        self.sheet.offer("retention", {"from": table.dated, "keep": f"P{UNKNOWN}"})

    def _erasing(self, table: DraftTable, place: str) -> None:
        gettext, later = self.words.gettext, "columns" if table.emptied else "delete"
        if table.books:
            question = gettext(
                'Does an Act oblige you to keep these rows? Nothing of them is erased until you write erase = "%(later)s".',
                later=later,
            )
            self.sheet.ask(place, question)
            if table.dated:
                self.sheet.remark(gettext("If so, have counsel confirm this line, and remove its # first:"))
                self.sheet.offer("hold", {"from": table.dated, **TAX_HOLD})
        elif table.erase == "keep":
            self.sheet.ask(
                place, gettext("Other rows point at these, and nothing in them can be emptied. What should erasing do?")
            )
        elif table.emptied:
            self.sheet.remark(gettext("Other rows point at these: they stay, emptied column by column."))
        self.sheet.say("erase", table.erase)

    def _column(self, column: DraftColumn, place: str) -> None:
        gettext, at = self.words.gettext, f"{place}.{column.name}"
        if column.comment.strip():
            comment = shortened(column.comment)
            self.sheet.remark(
                gettext("The database says of %(column)s: %(comment)s", column=column.name, comment=comment)
            )
        if not column.sure:
            self.sheet.ask(at, gettext("Which words would people recognize?"))
        if not column.values_sure:
            self.sheet.ask(at, gettext("Are these all the codes, and the words that people would recognize?"))
        if column.document:
            example = f'phone = {{ label = …, inside = "{column.name}.phone" }}'
            question = gettext(
                "It holds fields of its own (JSON). Which are about the person? Each may have a line: %(example)s",
                example=example,
            )
            self.sheet.ask(at, question)
        if column.role is Role.INTERNAL_NOTE:
            self.sheet.ask(at, gettext("Do staff write it? People may read what is about them."))
        self.sheet.lines.append(f"{self.sheet.margin}{key(column.name)} = {written(_described(column))}")

    def _looks(self, looks: DraftLooks) -> None:
        """A record of who looked, behind #: only a human knows that it is one, and which words are for which role."""
        self.sheet.margin = ""
        self.sheet.lines.append("")
        question = self.words.gettext(
            "Does this table say who of your people looked at somebody’s information? If so, complete these lines and remove the #: people will read when, in which role and why, never a name."
        )
        self.sheet.ask(self._named(looks.name), question)
        self.sheet.offer_head("[[accesses]]")
        self.sheet.offer("table", table_name(self._name(looks.name)))
        self.sheet.offer("label", UNKNOWN_TEXT)
        self.sheet.offer("person", self._link(looks.link))
        self.sheet.offer("key", list(looks.key))
        self.sheet.offer("at", looks.at)
        self.sheet.offer("role", looks.role or UNKNOWN)
        if looks.reason:
            self.sheet.offer("reason", looks.reason)
        self.sheet.offer("roles", {UNKNOWN: UNKNOWN_TEXT})

    def _name(self, table: str) -> TableName:
        return TableName(self.address.id, table, self.draft.schema)

    def _named(self, table: str) -> str:
        return str(self._name(table))

    def _link(self, way: DraftLink) -> str | list[str]:
        steps = tuple(Step(step.column, self._name(step.table), step.target, step.also) for step in way.steps)
        return link(PersonLink(way.columns, steps))


def _answers(holds: Holds) -> tuple[Scalar, Scalar] | None:
    """What a column of that kind holds for yes and for no."""
    return {Holds.BOOLEAN: (True, False), Holds.INTEGER: (1, 0)}.get(holds)


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def _described(column: DraftColumn) -> dict[str, object]:
    """A column as portal.toml says it; what goes without saying is left out."""
    said: dict[str, object] = {"label": _both(column.label)}
    if column.correct != "never":
        said["correct"] = column.correct
    if column.show != "plain":
        said["show"] = column.show
    if column.values:
        said["values"] = {code: _both(label) for code, label in column.values}
    if column.erase:
        said["erase"] = _erasure(column.erase)
    return said


def _erasure(erasure: ColumnErasure) -> dict[str, object]:
    left = {"method": erasure.method, "value": erasure.value, "prefix": erasure.prefix}
    return {name: value for name, value in left.items() if value is not None}
