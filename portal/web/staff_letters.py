"""The staff's letters: which wait, which went, which were refused, and trying the refused ones again."""

from __future__ import annotations

from typing import Any

from flask import redirect, request

from portal.domain.letters import LetterKind
from portal.domain.outbox import LetterState
from portal.domain.rights import Role
from portal.services import desk
from portal.services.letters import retry_refused
from portal.services.posting import days_posted
from portal.web import access
from portal.web.access import now, store
from portal.web.languages import page_language, url
from portal.web.letter_lines import letter_line
from portal.web.numbers import id_or_none
from portal.web.pages import page
from portal.wording.letter_labels import letter_label, letter_state_label


@access.staff(Role.OFFICER)
def staff_letters() -> Any:
    """Letters in one state, newest first; refused ones first when there are any."""
    numbers = desk.letter_numbers(store())
    shown = next((state for state in LetterState if state.value == request.args.get("state")), None)
    shown = shown or next((state for state in _URGENT if numbers[state]), LetterState.SENT)
    found = desk.letters(store(), shown, before=id_or_none(request.args.get("before")))
    language = page_language()
    days = days_posted(store(), found.letters)
    return page(
        "staff_letters.html",
        shown=shown.value,
        states=[
            (state.value, letter_state_label(state, language), numbers[state])
            for state in LetterState
            if state is not LetterState.TO_POST
        ],
        to_post=numbers[LetterState.TO_POST],
        letters=[letter_line(letter, days) for letter in found.letters],
        next_before=found.next_before,
        first=request.args.get("before") is None,
        kinds=[(url("staff_letter_kind", kind=kind.value), letter_label(kind, language)) for kind in LetterKind],
    )


@access.staff(Role.OFFICER)
def staff_letters_retry() -> Any:
    """Put refused letters back in the queue."""
    retry_refused(store(), now())
    return redirect(url("staff_letters", state=LetterState.WAITING.value), 303)


_URGENT = (LetterState.REFUSED, LetterState.WAITING)
