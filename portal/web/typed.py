"""What somebody typed: made fit to be shown again in a page, and kept while they prove who they are."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from flask import g, request, session

from portal.services.kept import Fields, KeptForm, keep_form

if TYPE_CHECKING:
    from portal.services.installation import Installation


def shown_again(text: str) -> str:
    """The text without characters that HTML may not hold; line ends and tabs stay."""
    return "".join(character for character in text if _is_fit(character))


def typed_fields() -> Fields:
    """Every field of the form that was sent but its token, each of its values, in their order."""
    sent = request.form.items(multi=True)
    return tuple((name, shown_again(value)) for name, value in sent if name != "csrf_token")


def keep_what_was_typed(portal: Installation, owner: str | None) -> None:
    """Keep a form for the address it belongs to, in a transaction of its own; without an owner nothing is kept."""
    g.unit_of_work.conclude(keep=False)
    if owner is None:
        return
    form = KeptForm(path=request.path, fields=typed_fields())
    with portal.database.writing() as small:
        handle = keep_form(portal, small, form, owner=owner)
    if handle:
        session["kept"] = handle


def _is_fit(character: str) -> bool:
    """Controls, surrogates and noncharacters are unfit (HTML §13.2.3.5); what is merely new to us is not."""
    number = ord(character)
    if number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF:
        return False
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
