"""What somebody typed, in words, for a page that gives it back before it is sent: the fields a reader knows, in their order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from portal.domain.answer_parts import Wanted
from portal.domain.asking import Capacity, Form, ForWhom
from portal.domain.languages import Language
from portal.domain.rights import Role
from portal.wording.answer_labels import wanted_label
from portal.wording.asking_labels import capacity_label, for_whom_label, form_label
from portal.wording.catalogue import for_language
from portal.wording.labels import role_label

_CAPACITIES = ("child_capacity", "represented_capacity", "deceased_capacity")


def typed_lines(fields: Iterable[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    """The label and the value of each field a reader knows; what serves the program alone is left out."""
    labels, said = _labels(language), _said(language)
    return [
        (labels[name], said.get((name, value), value)) for name, value in fields if name in labels and value.strip()
    ]


@cache
def _labels(language: Language) -> dict[str, str]:
    words = for_language(language)
    return {
        "email": words.gettext("E-mail address"),
        "for_whom": words.gettext("Who this request is for"),
        "child_capacity": words.gettext("In which capacity"),
        "represented_capacity": words.gettext("In which capacity"),
        "deceased_capacity": words.gettext("In which capacity"),
        "concerned": words.gettext("The person this request is about"),
        "machine_which": words.gettext("Which decision"),
        "machine_wanted": words.gettext("What do you want?"),
        "wanted_form": words.gettext("Form of our answer"),
        "form_words": words.gettext("What we need to know for it"),
        "answer_in": words.gettext("Language of our answer"),
        "message": words.gettext("Your message"),
        "value": words.gettext("New value"),
        "reason": words.gettext("Reason"),
        "note": words.gettext("Note"),
        "role": words.gettext("Role"),
        "act": words.gettext("What will be done"),
        "title_fr": words.gettext("Title, in French"),
        "title_en": words.gettext("Title, in English"),
        "body_fr": words.gettext("Text, in French"),
        "body_en": words.gettext("Text, in English"),
        "name": words.gettext("Name"),
        "phone": words.gettext("Phone"),
        "address": words.gettext("Postal address"),
        "delegated_on": words.gettext("Date of the written delegation"),
        "delegation": words.gettext("Where the delegation is kept"),
        "backup": words.gettext("Backup’s e-mail address"),
        "away_from": words.gettext("First day away"),
        "away_to": words.gettext("Last day away"),
    }


@cache
def _said(language: Language) -> dict[tuple[str, str], str]:
    """Values that are keys, as a reader knows them."""
    words = for_language(language)
    return {
        **{("role", role.value): role_label(role, language) for role in Role},
        **{("for_whom", whom.value): for_whom_label(whom, language) for whom in ForWhom},
        **{(name, one.value): capacity_label(one, language) for name in _CAPACITIES for one in Capacity},
        **{("wanted_form", form.value): form_label(form, language) for form in Form},
        **{("machine_wanted", one.value): wanted_label(one, language) for one in Wanted},
        ("answer_in", "fr"): words.gettext("French"),
        ("answer_in", "en"): words.gettext("English"),
        ("act", "hand_over"): words.gettext("The open requests are handed over"),
        ("act", "remove"): words.gettext("Access is removed"),
    }
