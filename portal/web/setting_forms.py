"""What the forms of settings share: pieces of a value in both languages, and each problem beside its field, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from wtforms import HiddenField, StringField
from wtforms.widgets import DateInput

from portal.config.problems import Problem
from portal.domain.languages import LANGUAGES
from portal.web.forms import Line, NoLongerThan, PageForm, Paragraphs, no_control_characters
from portal.web.numbers import id_or_none
from portal.web.pages import words
from portal.wording.catalogue import N_

Value = dict[str, Any]
LONGEST_LINE = 300
LONGEST_TEXT = 4_000
_INDEX = re.compile(r"\[\d+\]")


def line(label: Any) -> Line:
    """One line of a setting."""
    return Line(label, validators=[no_control_characters, NoLongerThan(LONGEST_LINE)])


def text(label: Any) -> Paragraphs:
    """Some lines of a setting."""
    return Paragraphs(label, validators=[no_control_characters, NoLongerThan(LONGEST_TEXT)])


def day(label: Any) -> StringField:
    """A date, chosen in the browser's own calendar; kept as it was sent."""
    return Line(label, validators=[no_control_characters, NoLongerThan(LONGEST_LINE)], widget=DateInput())


class SettingForm(PageForm):
    """A form of one setting. `version` is the row it was filled from; `confirmed` names what was shown to be confirmed."""

    FIELDS: Mapping[str, str] = {}
    """Fields by the key of a problem, where the key's own words do not name one."""

    refused: Mapping[str, str] = {}  # read only; a view gives its own
    """Sentences by field, found before the form was looked at."""

    version = HiddenField()
    confirmed = HiddenField()

    def fill(self, value: Value) -> None:
        """Show a value."""
        raise NotImplementedError

    def value(self) -> Value:
        """What was typed, in the shape of portal.toml; empty parts are left out."""
        raise NotImplementedError

    def beside(self) -> Mapping[str, Value]:
        """Settings written in the same act because this one names them, by key."""
        return {}

    def show_beside(self, problems: Sequence[Problem]) -> None:
        """Put each problem of what is written beside next to its field."""

    def every_field(self) -> list[Any]:
        """The fields of the page in their order, for the list of what is to mend."""
        return list(self)

    def seen(self) -> int:
        """The row the form was filled from; 0 for none, and for anything that is no row."""
        return id_or_none(self.version.data) or 0

    def show_problems(self, problems: Sequence[Problem]) -> list[tuple[str, str | None]]:
        """Put each problem beside its field; gives those that have none."""
        apart: list[tuple[str, str | None]] = []
        for problem in problems:
            name = self.field_of(problem.key)
            if name is None:
                apart.append((problem_sentence(problem, ""), None))
            elif not self[name].errors:
                self[name].errors = [problem_sentence(problem, str(self[name].data or ""))]
        return apart

    def field_of(self, key: str) -> str | None:
        """The field a problem's key names: its own, that of the words within, or that of the whole."""
        plain = _INDEX.sub("", key)
        if plain in self.FIELDS:
            return self.FIELDS[plain]
        name = plain.replace(".", "_")
        return next((one for one in (name, f"{name}_fr", name.rpartition("_")[0]) if one in self), None)

    def show_both(self, name: str, value: Mapping[str, str] | None) -> None:
        """Show words in both languages in the two fields of a name."""
        for language in LANGUAGES:
            self[f"{name}_{language}"].data = (value or {}).get(language, "")

    def both(self, name: str) -> Value | None:
        """The words of two fields; None when both are empty, so that one language alone is seen to be wrong."""
        typed: Value = {language: self[f"{name}_{language}"].data or "" for language in LANGUAGES}
        return typed if any(typed.values()) else None

    def show_lists(self, name: str, texts: Sequence[Mapping[str, str]]) -> None:
        """Show a list, one text a line, in the two fields of a name."""
        for language in LANGUAGES:
            self[f"{name}_{language}"].data = "\n".join(one[language] for one in texts)

    def lists(self, name: str) -> list[dict[str, str]]:
        """The texts of two fields, one a line, each beside its twin."""
        french, english = (_lines(self[f"{name}_{language}"].data) for language in LANGUAGES)
        return [{"fr": fr, "en": en} for fr, en in zip_longest(french, english, fillvalue="")]


def said(value: Mapping[str, Any]) -> Value:
    """Only what is said."""
    return {name: inner for name, inner in value.items() if inner not in (None, "", [], {})}


def _lines(typed: str | None) -> list[str]:
    return [one.strip() for one in (typed or "").split("\n") if one.strip()]


def problem_sentence(problem: Problem, typed: str) -> str:
    """A problem as the officer reads it: what to write, never what was wrong with them."""
    known = _SENTENCES.get(problem.code)
    if known:
        return words(known)
    expected = problem.arguments.get("expected", "")
    if expected.startswith("a list of the ids of purposes"):
        return words("Choose at least one purpose.")
    if not typed.strip() and problem.key.rpartition(".")[2] in LANGUAGES:
        return words("Write it in both languages: one of them is empty.")
    if not typed.strip():
        return words("Fill this in.")
    if "[" in problem.key and problem.key.rpartition(".")[2] in LANGUAGES:
        return words("Each line needs its twin in the other language, in the same place.")
    for begins, sentence in _EXPECTED.items():
        if expected.startswith(begins):
            return words(sentence)
    return words("This cannot be kept as it is written.")


_SENTENCES = {
    "away_order": N_("The last day away comes after the first."),
    "away_backup": N_("Name a backup first: someone must read what is sent meanwhile."),
    "backup_days": N_("Choose among the days on which a reminder leaves."),
    "later_than_today": N_("Write the day the delegation was signed, no later than today."),
    "unknown_name": N_("Choose among the purposes listed here."),
    "consent_consequence": N_("Say what stops when consent is withdrawn: people read it first."),
    "consent_basis": N_("The service records a consent for this purpose, so its ground stays consent."),
    "too_pale": N_("Choose a darker colour: words in it need a contrast of 4.5 to 1 on every background of the pages."),
    "paragraph_code": N_("A number of six digits would be taken for the code. Write it otherwise, or leave it out."),
    "paragraph_unfit": N_("This text holds a character that cannot be printed in a letter. Remove it and try again."),
    "purpose_used": N_("Some information is still held for this purpose. Take the purpose out there first."),
    "reserved": N_("This name is kept for the portal itself. Choose another."),
}
_EXPECTED = {
    "an e-mail": N_("Enter one e-mail address, such as name@example.org."),
    "a date": N_("Write a date, such as 2026-12-24."),
    "a colour": N_("Write a colour as six figures after a #, such as #0f5450."),
    "a picture": N_("The picture is no longer here. Send it again."),
    "whole numbers of days": N_("Write whole numbers of days from 0 to 60, each once, 8 at most, such as 10, 5, 2, 0."),
    "a whole number from 1 to 15": N_("Write a whole number from 1 to 15."),
    "a period": N_("Write a whole number of at least 1."),
}
