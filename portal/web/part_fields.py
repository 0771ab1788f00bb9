"""The fields of an answer made of named parts, on the form an officer decides with (P-39.1, ss. 3.2 and 12.1)."""

from __future__ import annotations

from typing import Any

from wtforms import Field

from portal.domain.answer_parts import AnswerPart, Part
from portal.domain.answers import every_part
from portal.domain.rights import RightsRequest
from portal.web.forms import LONGEST_MESSAGE, NoLongerThan, Paragraphs, no_control_characters, nothing_that_steers
from portal.web.languages import page_language
from portal.web.pages import words
from portal.wording.answer_labels import part_heading, part_hint


def _part() -> Any:
    return Paragraphs("", validators=[no_control_characters, nothing_that_steers, NoLongerThan(LONGEST_MESSAGE)])


class PartFields:
    """A field for each part; a request's page shows those its answer may have."""

    found = _part()
    measures = _part()
    used = _part()
    basis = _part()
    factors = _part()
    reviewer = _part()
    observations = _part()
    outcome = _part()


def prepare_parts(form: Any, request: RightsRequest) -> list[tuple[Field, str]]:
    """The fields to show for a request, each named in the language of the page, with what is written there."""
    language = page_language()
    shown = []
    for part in every_part(request):
        form[part.value].label.text = part_heading(part, language)
        shown.append((form[part.value], part_hint(part, language)))
    return shown


def parts_in(form: Any, request: RightsRequest) -> tuple[AnswerPart, ...]:
    """What was written in the fields of a request's answer."""
    written = ((part, form[part.value].data or "") for part in every_part(request))
    return tuple(AnswerPart(part, text) for part, text in written if text)


def parts_shown_again(form: Any, parts: tuple[AnswerPart, ...]) -> None:
    """Fill the fields with a prepared answer."""
    for one in parts:
        form[one.part.value].data = one.text


def typed_parts(form: Any) -> dict[str, str]:
    """What was written, by the name of its field, for a page that sends it again."""
    return {part.value: form[part.value].data for part in Part if form[part.value].data}


def lacks_part(form: Any, name: str) -> None:
    """Say beside its field that a part is missing."""
    form[name].errors = [words("Write this part: the answer cannot leave without it.")]


PART_NAMES = frozenset(part.value for part in Part)
