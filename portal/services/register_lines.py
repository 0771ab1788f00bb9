"""Lines of the registers: each entry in values for programs, and in words for readers of a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date
from typing import Any

from portal.copies.sheets import Line
from portal.domain.data_map import Category
from portal.domain.deadlines import local_date
from portal.domain.figures import first_answer, outcome_of
from portal.domain.languages import Language, Text
from portal.domain.registers import About, Disclosure, Entry, Incident, Register
from portal.domain.rights import RightsRequest, State
from portal.services.installation import Installation
from portal.services.settings import Effective
from portal.wording.catalogue import for_language
from portal.wording.category_words import purposes_words, retention_words
from portal.wording.dates import instant
from portal.wording.figure_words import item_label
from portal.wording.labels import decision_label, kind_label_for_staff, state_label
from portal.wording.map_labels import origin_label
from portal.wording.register_words import columns, day, ground_label, injury_label, yes_or_no


@dataclass(frozen=True, slots=True)
class Telling:
    """What lines are written with: the installation, the settings in force, the reader's language and today's date."""

    portal: Installation
    settings: Effective
    language: Language
    today: date

    def request(self, found: RightsRequest) -> Line:
        """One request, without its person."""
        record = request_record(self.portal, found)
        words = {
            "kind": kind_label_for_staff(found.kind, self.language),
            "standing": self._standing(found),
            "state": state_label(found.state, self.language),
            "decision": decision_label(found.decision, self.language) if found.decision else "",
            "late": yes_or_no(record["late"], self.language) if record["answered_on"] else "",
            "outcome": item_label("outcome", record["outcome"], self.language),
            "regime": self._law(found),
            "language": self._language(found.language),
        }
        return _line(Register.REQUESTS, record, words)

    def _law(self, found: RightsRequest) -> str:
        """The main law of a request; its key alone where an operator has since taken its row away."""
        regime = self.portal.regimes.get(found.regime)
        return regime.label.in_(self.language) if regime else found.regime

    def disclosure(self, entry: Entry) -> Line:
        """One communication to a third party."""
        said = entry.said
        assert isinstance(said, Disclosure)  # noqa: S101  # the register says which it is
        shown = said.shown_on(self.today)
        record = _numbered(entry) | asdict(said) | {"about": _about(entry.about, said.people), "shown": shown}
        del record["people"]
        words = {
            "categories": "; ".join(self.category(one) for one in said.categories),
            "ground": ground_label(said.ground, self.language),
            "about": self.about(entry.about, said.people),
            "shown": yes_or_no(shown, self.language),
            "written_at": self._instant(entry),
        }
        return _line(Register.DISCLOSURES, record, words)

    def incident(self, entry: Entry) -> Line:
        """One confidentiality incident."""
        said = entry.said
        assert isinstance(said, Incident)  # noqa: S101  # the register says which it is
        complete = not list(said.missing())
        record = _numbered(entry) | asdict(said) | {"complete": complete}
        del record["notice_id"]
        words = {
            "injury": injury_label(said.injury, self.language),
            "public_notice": yes_or_no(said.public_notice, self.language),
            "complete": yes_or_no(complete, self.language),
            "written_at": self._instant(entry),
        }
        return _line(Register.INCIDENTS, record, words)

    def processing(self, category: Category) -> Line:
        """One category of the map."""
        said = for_language(self.language)
        words = {
            "category": category.label.in_(self.language),
            "purposes": "; ".join(purposes_words(category, self.settings.data_map, self.language)),
            "means": category.means.in_(self.language) if category.means else "",
            "seen_by": self._joined(category.seen_by),
            "recipients": self._joined(category.recipients) or said.gettext("Nobody outside"),
            "outside_quebec": "; ".join(
                f"{one.place.in_(self.language)} – {one.safeguards.in_(self.language)}"
                for one in category.outside_quebec
            )
            or said.gettext("It does not leave Québec"),
            "retention": " ".join(retention_words(category, self.language)),
            "origin": origin_label(category.origin, self.language),
            "sensitive": yes_or_no(category.sensitive, self.language),
            "system": category.system.in_(self.language) if category.system else "",
        }
        return _line(Register.PROCESSING, _processing_record(category, self.settings), words)

    def category(self, category_id: str) -> str:
        """A category by its name; by its key once the map has it no more."""
        found = self.settings.data_map.category(category_id)
        return found.label.in_(self.language) if found else category_id

    def about(self, about: About, people: str) -> str:
        """About whom an entry is, without naming anybody."""
        words = for_language(self.language)
        if not about.one_person:
            return people or words.gettext("One person, no longer known here")
        if about.found_by:
            return words.gettext("The person of request %(reference)s", reference=about.found_by)
        return words.gettext("One person, found by e-mail address")

    def _standing(self, found: RightsRequest) -> str:
        if found.decision and found.state is not State.WITHDRAWN:
            return decision_label(found.decision, self.language)
        return state_label(found.state, self.language)

    def _instant(self, entry: Entry) -> str:
        return instant(entry.at, self.language, self.portal.settings.zone)

    def _joined(self, texts: Iterable[Text]) -> str:
        return "; ".join(text.in_(self.language) for text in texts)

    def _language(self, language: Language) -> str:
        words = for_language(self.language)
        return words.gettext("French") if language == "fr" else words.gettext("English")


def request_record(portal: Installation, found: RightsRequest) -> dict[str, Any]:
    """One request in values, dates in the organization's time zone.

    `answered_on`, `days`, `late` and `outcome` are those of the first answer, as the figures count them.
    """
    zone = portal.settings.zone
    answer = first_answer(found, zone)
    return {
        "reference": found.reference,
        "kind": found.kind.value,
        "received_on": found.received_on,
        "due": found.due,
        "standing": found.decision.value
        if found.decision and found.state is not State.WITHDRAWN
        else found.state.value,
        "answered_on": answer.on if answer else None,
        "days": (answer.on - found.received_on).days if answer else None,
        "state": found.state.value,
        "decision": found.decision.value if found.decision else None,
        "provision": found.provision,
        "late": answer is not None and answer.is_late,
        "outcome": outcome_of(found).value,
        "deemed_refused_on": found.deemed_refused_on,
        "recourse_until": found.recourse_until,
        "closed_on": local_date(found.closed_at, zone) if found.closed_at else None,
        "regime": found.regime,
        "language": found.language,
    }


def _numbered(entry: Entry) -> dict[str, Any]:
    return {"number": entry.number, "revision": entry.revision, "written_at": entry.at.astimezone(UTC)}


def _about(about: About, people: str) -> dict[str, Any]:
    return {"one_person": about.one_person or not people, "request": about.found_by, "people": people or None}


def _processing_record(category: Category, settings: Effective) -> dict[str, Any]:
    purposes = [settings.data_map.purpose(one) for one in category.purposes]
    return {
        "category": asdict(category.label),
        "purposes": [
            {"id": one.id, "label": asdict(one.label), "basis": one.basis} for one in purposes if one is not None
        ],
        "means": asdict(category.means) if category.means else None,
        "seen_by": [asdict(text) for text in category.seen_by],
        "recipients": [asdict(text) for text in category.recipients],
        "outside_quebec": [asdict(place) for place in category.outside_quebec],
        "retention": {language: retention_words(category, language) for language in ("fr", "en")},
        "id": category.id,
        "origin": category.origin,
        "sensitive": category.sensitive,
        "system": asdict(category.system) if category.system else None,
    }


def _line(register: Register, record: Mapping[str, Any], words: Mapping[str, str]) -> Line:
    cells = tuple(words[key] if key in words else _cell(record[key]) for key in columns(register))
    return Line({key: record[key] for key in columns(register)}, cells)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return day(value) if isinstance(value, date) else str(value)
