"""What the data map says of a category, in sentences: why it is held, and for how long (P-39.1, s. 8)."""

from __future__ import annotations

from portal.domain.data_map import Category, DataMap, Table, TableErasure
from portal.domain.languages import Language
from portal.wording.catalogue import for_language
from portal.wording.map_labels import basis_label
from portal.wording.periods import period_words


def purposes_words(category: Category, data_map: DataMap, language: Language) -> list[str]:
    """Each purpose with its ground."""
    words = for_language(language)
    found = (data_map.purpose(purpose_id) for purpose_id in category.purposes)
    return [
        words.gettext(
            "%(purpose)s (%(ground)s)",
            purpose=purpose.label.in_(language),
            ground=_in_a_sentence(basis_label(purpose.basis, language)),
        )
        for purpose in found
        if purpose
    ]


def _in_a_sentence(label: str) -> str:
    """A label as it stands between parentheses, where no sentence begins."""
    return label[:1].lower() + label[1:]


def retention_words(category: Category, language: Language) -> list[str]:
    """How long it is kept, what comes then, and what an Act obliges to keep longer (P-39.1, s. 23)."""
    said = [category.retention.in_(language)] if category.retention else []
    for table in category.tables:
        said += [*_period(table, language), *_hold(table, language)]
    return list(dict.fromkeys(said)) or [for_language(language).gettext("No period is recorded. Ask us.")]


def _period(table: Table, language: Language) -> list[str]:
    if table.retention is None:
        return []
    column = table.column(table.retention.from_column)
    period = period_words(table.retention.keep, language)
    words = for_language(language)
    counted = (
        words.gettext("%(period)s after the date under “%(column)s”.", period=period, column=column.label.in_(language))
        if column
        else words.gettext("%(period)s after it was recorded.", period=period)
    )
    then = _then(table.erase, language)
    return [f"{counted} {then}" if then else counted]


def _then(erasure: TableErasure, language: Language) -> str:
    words = for_language(language)
    match erasure:
        case "delete":
            return words.gettext("Then it is destroyed.")
        case "columns":
            return words.gettext("Then what identifies you is removed.")
    return ""


def _hold(table: Table, language: Language) -> list[str]:
    if table.hold is None:
        return []
    return [
        for_language(language).gettext(
            "%(because)s Legal basis: %(provision)s.",
            because=table.hold.because.in_(language),
            provision=table.hold.provision,
        )
    ]
