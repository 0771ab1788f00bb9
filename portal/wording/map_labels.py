"""Words for the data map's keys: grounds, origins, corrections and what erasing does (law.md §1.2, §4)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.domain.data_map import Basis, Column, ColumnMethod, Correction, Origin, TableErasure
from portal.domain.languages import Language
from portal.wording.catalogue import for_language


def basis_label(basis: Basis, language: Language) -> str:
    """On what ground information is used (P-39.1, s. 12)."""
    return _bases(language)[basis]


def origin_label(origin: Origin, language: Language) -> str:
    """Where information comes from; portability leaves out what was created or inferred (P-39.1, s. 27)."""
    return _origins(language)[origin]


def correction_label(correction: Correction, language: Language) -> str:
    """Who may correct a field, told to its person."""
    return _corrections(language)[correction]


def table_erasure_label(erasure: TableErasure, language: Language) -> str:
    """What erasing does to a table's rows."""
    return _table_erasures(language)[erasure]


def column_method_label(method: ColumnMethod, language: Language) -> str:
    """What erasing leaves in one column when its row stays."""
    return _column_methods(language)[method]


def held_label(language: Language) -> str:
    """Stands for a value that is said to be held and never shown, such as a password."""
    return for_language(language).gettext("Held, not shown")


def other_label(language: Language) -> str:
    """Stands for a value about another person of the same row: their part is left out, the rest is given (P-39.1, s. 40)."""
    return for_language(language).gettext("About another person, not shown")


def unshown_label(column: Column, language: Language) -> str | None:
    """The words that stand for the values of a column that is never shown; None for one that is."""
    labels = {"held": held_label, "other": other_label}
    return labels[column.show](language) if column.show in labels else None


@cache
def _bases(language: Language) -> Mapping[Basis, str]:
    words = for_language(language)
    return {
        "consent": words.gettext("Your consent, which you may withdraw"),
        "contract": words.gettext("Needed for the service you asked for"),
        "legal_obligation": words.gettext("Required by law"),
        "security": words.gettext("Security and prevention of abuse"),
        "legitimate_interest": words.gettext("Legitimate interest"),
        "consistent_purpose": words.gettext("A use consistent with the reason it was collected"),
    }


@cache
def _origins(language: Language) -> Mapping[Origin, str]:
    words = for_language(language)
    return {
        "given": words.gettext("You gave it to us"),
        "observed": words.gettext("Recorded as you use the service"),
        "created": words.gettext("Created by us"),
        "inferred": words.gettext("Deduced from other information"),
    }


@cache
def _corrections(language: Language) -> Mapping[Correction, str]:
    words = for_language(language)
    return {
        "self": words.gettext("You can correct it yourself, at once"),
        "review": words.gettext("You can ask for a correction, which we review"),
        "never": words.gettext("It cannot be corrected here"),
    }


@cache
def _table_erasures(language: Language) -> Mapping[TableErasure, str]:
    words = for_language(language)
    return {
        "delete": words.gettext("Destroyed"),
        "columns": words.gettext("Stripped of what identifies you"),
        "keep": words.gettext("Kept"),
    }


@cache
def _column_methods(language: Language) -> Mapping[ColumnMethod, str]:
    words = for_language(language)
    return {
        "null": words.gettext("Emptied"),
        "constant": words.gettext("Replaced by the same value for everyone"),
        "hash": words.gettext("Replaced by a fingerprint that cannot be read back"),
        "truncate": words.gettext("Shortened"),
        "generalise": words.gettext("Made less precise"),
        "random": words.gettext("Replaced by a random value"),
    }
