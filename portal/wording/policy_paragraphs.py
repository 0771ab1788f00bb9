"""Ready paragraphs for a policy, made of the data map's own words: what, why, for how long, who sees and who receives it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.domain.data_map import Category, DataMap, Purpose
from portal.domain.languages import Language
from portal.domain.policy_coverage import Item, Kind, recipient_name
from portal.wording.catalogue import for_language
from portal.wording.category_words import purposes_words, retention_words
from portal.wording.map_labels import basis_label

_SIGNS = re.compile(r"[\\`*<\[\]]")


def ready_paragraph(item: Item, data_map: DataMap, language: Language) -> str:
    """The paragraph that says of one thing what the map knows, as Markdown."""
    category, purpose = data_map.category(item.name), data_map.purpose(item.name)
    if item.kind is Kind.CATEGORY and category:
        return "\n".join((f"### {category.label.in_(language)}", "", *_points(category, data_map, language)))
    if item.kind is Kind.PURPOSE and purpose:
        return purpose_line(purpose, language)
    return recipient_line(item, data_map, language)


def category_line(category: Category, data_map: DataMap, language: Language) -> str:
    """One item of a list: what a category holds, and why."""
    words = for_language(language)
    said = _listed((*_held(category, language), *_system(category, language)))
    why = "; ".join(_purposes(category, data_map, language))
    return _item(
        category.label.in_(language),
        " ".join(
            part
            for part in (
                _sentence(said),
                words.gettext("What it is for: %(purposes)s.", purposes=_low(why)) if why else "",
            )
            if part
        ),
        language,
    )


def purpose_line(purpose: Purpose, language: Language) -> str:
    """One item of a list: a purpose, its ground, and what stops when consent is withdrawn."""
    said = [_sentence(basis_label(purpose.basis, language))]
    if purpose.consequence:
        words = for_language(language)
        said.append(
            words.gettext("If you withdraw it: %(consequence)s", consequence=_low(purpose.consequence.in_(language)))
        )
    return _item(purpose.label.in_(language), " ".join(said), language)


def recipient_line(item: Item, data_map: DataMap, language: Language) -> str:
    """One item of a list: who receives information, and which."""
    received = [
        category.label.in_(language)
        for category in data_map.categories
        if item.name in {recipient_name(label) for label in category.recipients}
    ]
    return _item(item.label.in_(language), _sentence(_listed(received)), language)


def seen_by_lines(data_map: DataMap, language: Language) -> list[str]:
    """One item of a list for each group inside: what it sees."""
    seen: dict[str, list[str]] = {}
    for category in data_map.categories:
        for who in category.seen_by:
            seen.setdefault(who.in_(language), []).append(category.label.in_(language))
    return [_item(who, _sentence(_listed(labels)), language) for who, labels in seen.items()]


def retention_lines(data_map: DataMap, language: Language) -> list[str]:
    """One item of a list for each category: how long it is kept."""
    return [
        _item(category.label.in_(language), " ".join(retention_words(category, language)), language)
        for category in data_map.categories
    ]


def _points(category: Category, data_map: DataMap, language: Language) -> list[str]:
    words = for_language(language)
    inside = [who.in_(language) for who in category.seen_by]
    outside = [who.in_(language) for who in category.recipients]
    said = (
        (words.gettext("What it holds"), _listed((*_held(category, language), *_system(category, language)))),
        (words.gettext("How we collect it"), category.means.in_(language) if category.means else ""),
        (words.gettext("Why we use it"), "; ".join(purposes_words(category, data_map, language))),
        (words.gettext("How long we keep it"), " ".join(retention_words(category, language))),
        (words.gettext("Who sees it inside our organization"), "; ".join(inside)),
        (words.gettext("Who receives it"), "; ".join(outside)),
    )
    return [_item(what, _sentence(value), language) for what, value in said if value]


def _held(category: Category, language: Language) -> list[str]:
    labels = (column.label.in_(language) for table in category.tables for column in table.columns)
    return list(dict.fromkeys(_low(label) for label in labels))


def _system(category: Category, language: Language) -> list[str]:
    return [_low(category.system.in_(language))] if category.system else []


def _purposes(category: Category, data_map: DataMap, language: Language) -> list[str]:
    found = (data_map.purpose(name) for name in category.purposes)
    return [purpose.label.in_(language) for purpose in found if purpose]


def _item(what: str, said: str, language: Language) -> str:
    colon = "\N{NO-BREAK SPACE}:" if language == "fr" else ":"
    return f"- **{what}{colon}** {said}" if said else f"- **{what}**"


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _sentence(words: str) -> str:
    """Words that begin with a capital and end with a stop, on one line, their signs no marks of Markdown."""
    if not words:
        return ""
    said = _SIGNS.sub(r"\\\g<0>", re.sub(r"[ \t\r\n]+", " ", words[0].upper() + words[1:]))
    return said if said[-1] in ".!?" else f"{said}."


def _low(words: str) -> str:
    """Words in the middle of a sentence: a capital is lowered, but not that of an abbreviation."""
    return words[0].lower() + words[1:] if len(words) > 1 and words[1].islower() else words
