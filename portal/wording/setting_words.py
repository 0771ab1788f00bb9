"""What a setting says, part by part, as staff read it in lists and histories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.languages import LANGUAGES, Language
from portal.domain.periods import period
from portal.domain.reminders import Reminders
from portal.domain.settings import SettingKind
from portal.wording.catalogue import Catalogue, for_language
from portal.wording.dates import date_long
from portal.wording.map_labels import basis_label, origin_label
from portal.wording.periods import period_words

Value = Mapping[str, Any]
Names = Mapping[str, str]
"""Names of purposes, by id."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a setting. `language` is that of its words where they may differ from the page's."""

    name: str
    label: str
    text: str
    language: Language | None = None


def setting_parts(kind: SettingKind, value: Value, language: Language, names: Names) -> list[Part]:
    """Every part that says something, in the order of the form."""
    said = _PARTS[kind](value, for_language(language), language, names) if value else ()
    return [part for part in said if part.text]


def in_short(kind: SettingKind, value: Value, language: Language) -> str:
    """A setting in a few words, for the list of all of them."""
    words = for_language(language)
    if kind in _EVEN_EMPTY:
        return _EVEN_EMPTY[kind](value, words, language)
    if not value:
        return words.gettext("Removed")
    if kind is SettingKind.CONTACT:
        named = [value.get("name"), value["title"][language], value["email"]]
        return ", ".join(part for part in named if part)
    if kind is SettingKind.CATEGORY:
        periods = [period_words(period(keep), language) for keep in value.get("keep", {}).values()]
        kept = (value.get("retention") or {}).get(language)
        return "; ".join(dict.fromkeys([*([kept] if kept else []), *periods])) or words.gettext("No period is written.")
    if kind is SettingKind.PURPOSE:
        return basis_label(value["basis"], language)
    return name_of(value, language)


def _days_in_short(value: Value, words: Catalogue, _language: Language) -> str:
    number = len(value.get("days", ()))
    return words.ngettext("%(num)s day", "%(num)s days", number) if number else words.gettext("No day")


def _replies_in_short(value: Value, words: Catalogue, language: Language) -> str:
    return "; ".join(one["name"][language] for one in value.get("paragraphs", ())) or words.gettext("No paragraph")


def _approval_in_short(value: Value, words: Catalogue, _language: Language) -> str:
    asked = value.get("four_eyes") or value.get("two_people")
    return words.gettext("Yes") if asked else words.gettext("No")


def _figures_in_short(value: Value, words: Catalogue, _language: Language) -> str:
    return words.gettext("Yes") if value.get("public") else words.gettext("No")


def _look_in_short(value: Value, words: Catalogue, _language: Language) -> str:
    logo = words.gettext("a logo") if value.get("logo") else ""
    return ", ".join(part for part in (value.get("accent"), logo) if part) or words.gettext("The portal’s own")


def _reminders_in_short(value: Value, words: Catalogue, _language: Language) -> str:
    days = value.get("days", Reminders().days)
    return words.gettext("%(days)s days before the last day", days=_in_a_row(days))


def _in_a_row(days: Iterable[int]) -> str:
    return ", ".join(map(str, days))


_EVEN_EMPTY: Mapping[SettingKind, Callable[[Value, Catalogue, Language], str]] = {
    SettingKind.HOLIDAYS: _days_in_short,
    SettingKind.REPLIES: _replies_in_short,
    SettingKind.APPROVAL: _approval_in_short,
    SettingKind.REMINDERS: _reminders_in_short,
    SettingKind.FIGURES: _figures_in_short,
    SettingKind.LOOK: _look_in_short,
}
"""Settings that say something even where nobody wrote them."""


def name_of(value: Value, language: Language) -> str:
    """What a category or a purpose is called."""
    return str((value.get("label") or value.get("name") or {}).get(language, ""))


def _contact(value: Value, words: Catalogue, language: Language, _names: Names) -> Iterator[Part]:
    yield from _both("title", value, words.gettext("Title"), words)
    yield _one("name", value, words.gettext("Name"))
    yield _one("email", value, words.gettext("E-mail"))
    yield _one("phone", value, words.gettext("Phone"))
    yield _one("address", value, words.gettext("Postal address"))
    yield Part(
        "delegated_on", words.gettext("Date of the written delegation"), _day(value.get("delegated_on"), language)
    )
    yield _one("delegation", value, words.gettext("Where the delegation is kept"))
    yield _one("backup", value, words.gettext("Backup"))
    away = value.get("away") or {}
    yield Part("away_from", words.gettext("Away from"), _day(away.get("from"), language))
    yield Part("away_to", words.gettext("Away until"), _day(away.get("to"), language))


def _category(value: Value, words: Catalogue, language: Language, names: Names) -> Iterator[Part]:
    yield from _both("label", value, words.gettext("Name"), words)
    purposes = [names.get(one, one) for one in value.get("purposes", ())]
    yield Part("purposes", words.gettext("Purposes"), "; ".join(purposes))
    yield Part("origin", words.gettext("Where it comes from"), origin_label(value["origin"], language))
    yield from _both("means", value, words.gettext("How it is collected"), words)
    yield from _lists("seen_by", value.get("seen_by", ()), words.gettext("Who sees it"), words)
    yield from _lists("recipients", value.get("recipients", ()), words.gettext("Who receives it"), words)
    outside = value.get("outside_quebec", ())
    yield from _lists("places", [one["place"] for one in outside], words.gettext("Places outside Québec"), words)
    protected = words.gettext("What protects it there")
    yield from _lists("safeguards", [one["safeguards"] for one in outside], protected, words)
    sensitive = words.gettext("Yes") if value.get("sensitive") else words.gettext("No")
    yield Part("sensitive", words.gettext("Sensitive"), sensitive)
    yield from _both("system", value, words.gettext("Where it is kept"), words)
    yield _one("keeper", value, words.gettext("Who keeps it"))
    yield from _both("retention", value, words.gettext("How long it is kept"), words)
    for table, keep in value.get("keep", {}).items():
        said = period_words(period(keep), language)
        yield Part(f"keep:{table}", words.gettext("How long rows of %(table)s are kept", table=table), said)


def _purpose(value: Value, words: Catalogue, language: Language, _names: Names) -> Iterator[Part]:
    yield from _both("label", value, words.gettext("Name"), words)
    yield Part("basis", words.gettext("Ground"), basis_label(value["basis"], language))
    yield from _both("consequence", value, words.gettext("What stops when consent is withdrawn"), words)


def _holidays(value: Value, words: Catalogue, language: Language, _names: Names) -> Iterator[Part]:
    for one in value.get("days", ()):
        yield Part(one["day"], _day(one["day"], language), one["name"][language], language)


def _replies(value: Value, words: Catalogue, _language: Language, _names: Names) -> Iterator[Part]:
    for one in value.get("paragraphs", ()):
        for language in LANGUAGES:
            name, text = one["name"][language], one["text"][language]
            yield Part(f"{one['name']['fr']}_{language}", _in(name, language, words), text, language)


def _look(value: Value, words: Catalogue, _language: Language, _names: Names) -> Iterator[Part]:
    yield _one("accent", value, words.gettext("Colour"))
    logo = value.get("logo")
    said = words.gettext("%(width)s by %(height)s pixels", **_sides(logo)) if logo else ""
    yield Part("logo", words.gettext("Logo"), f"{said} ({logo['digest'][:8]})" if logo else "")


def _sides(logo: Value) -> dict[str, object]:
    return {"width": logo["width"], "height": logo["height"]}


def _approval(value: Value, words: Catalogue, _language: Language, _names: Names) -> Iterator[Part]:
    yes = words.gettext("Yes")
    yield Part("four_eyes", words.gettext("A second officer approves"), yes if value.get("four_eyes") else "")
    decided = words.gettext("One prepares an answer, another decides")
    yield Part("two_people", decided, yes if value.get("two_people") else "")


def _reminders(value: Value, words: Catalogue, language: Language, _names: Names) -> Iterator[Part]:
    yield Part("days", words.gettext("Days before the last day"), _in_a_row(value["days"]))
    half_time = words.gettext("Yes") if value["half_time"] else words.gettext("No")
    yield Part("half_time", words.gettext("At half time"), half_time)
    backup = _in_a_row(value["backup"]) or words.gettext("None")
    yield Part("backup", words.gettext("Days on which the backup is told too"), backup)
    yield Part("unopened", words.gettext("Working days unopened before the backup is told"), str(value["unopened"]))


def _organisation(value: Value, words: Catalogue, _language: Language, _names: Names) -> Iterator[Part]:
    yield from _both("name", value, words.gettext("Name"), words)


def _figures(value: Value, words: Catalogue, _language: Language, _names: Names) -> Iterator[Part]:
    shown = words.gettext("Yes") if value.get("public") else words.gettext("No")
    yield Part("public", words.gettext("Everybody may read the figures"), shown)


def _letter(value: Value, words: Catalogue, _language: Language, _names: Names) -> Iterator[Part]:
    yield from _both("paragraph", value, words.gettext("Your paragraph"), words)


_PARTS: Mapping[SettingKind, Callable[[Value, Catalogue, Language, Names], Iterator[Part]]] = {
    SettingKind.CONTACT: _contact,
    SettingKind.CATEGORY: _category,
    SettingKind.PURPOSE: _purpose,
    SettingKind.HOLIDAYS: _holidays,
    SettingKind.LOOK: _look,
    SettingKind.APPROVAL: _approval,
    SettingKind.REMINDERS: _reminders,
    SettingKind.FIGURES: _figures,
    SettingKind.REPLIES: _replies,
    SettingKind.ORGANISATION: _organisation,
    SettingKind.LETTER: _letter,
}


def _one(name: str, value: Value, label: str) -> Part:
    return Part(name, label, str(value.get(name) or ""))


def _both(name: str, value: Value, label: str, words: Catalogue) -> Iterator[Part]:
    text = value.get(name) or {}
    for language in LANGUAGES:
        yield Part(f"{name}_{language}", _in(label, language, words), text.get(language, ""), language)


def _lists(name: str, texts: Sequence[Mapping[str, str]], label: str, words: Catalogue) -> Iterator[Part]:
    for language in LANGUAGES:
        said = "; ".join(text[language] for text in texts)
        yield Part(f"{name}_{language}", _in(label, language, words), said, language)


def _in(label: str, language: Language, words: Catalogue) -> str:
    if language == "fr":
        return words.gettext("%(label)s, in French", label=label)
    return words.gettext("%(label)s, in English", label=label)


def _day(written: str | None, language: Language) -> str:
    return date_long(date.fromisoformat(written), language) if written else ""
