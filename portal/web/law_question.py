"""The one question about other laws: whether one of those switched on here protects the person too (law.md §9.2, 1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.web.access import portal
from portal.web.languages import page_language
from portal.web.pages import words

FIELD = "other_regimes"


def law_question(label: str = _l("Where you live")) -> SelectMultipleField:
    """The field, to stand in a form under the name `other_regimes`."""
    return SelectMultipleField(
        label, validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


def prepare_law_question(form: Any) -> None:
    """Offer a box for each law switched on beside the main one; where there is none, nothing is asked."""
    offered = [
        (regime.key, regime.declaration.in_(page_language())) for regime in portal().other_regimes if regime.declaration
    ]
    if offered:
        form[FIELD].choices = offered
    else:
        del form[FIELD]


def laws_ticked(form: Any) -> tuple[str, ...]:
    """The laws whose box was ticked; a value that was never offered counts for nothing."""
    if FIELD not in form:
        return ()
    offered = {regime.key for regime in portal().other_regimes}
    return tuple(key for key in form[FIELD].data or () if key in offered)


def typed_laws(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was ticked, in words, for a page that gives back what was typed."""
    said = {one.key: one.declaration.in_(page_language()) for one in portal().other_regimes if one.declaration}
    return [(words("Where you live"), said[value]) for name, value in fields if name == FIELD and value in said]
