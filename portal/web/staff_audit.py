"""The audit log, for the officer and the auditor: who did what and when, never a value of a person's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request

from portal.domain.audit import REGISTER_TAKEN, RecordedLine
from portal.domain.registers import Register
from portal.domain.rights import Role
from portal.services import desk
from portal.web import access
from portal.web.access import store
from portal.web.languages import page_language
from portal.web.numbers import id_or_none
from portal.web.pages import page, words
from portal.wording.happenings import actor_label, audit_event_sentence
from portal.wording.labels import role_label
from portal.wording.register_words import register_label


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line in words."""

    at: datetime
    who: str
    what: str
    reference: str


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_audit() -> Any:
    """One page of the log, newest first."""
    found = desk.log(store(), before=id_or_none(request.args.get("before")))
    return page(
        "staff_audit.html",
        lines=[_line(line) for line in found.lines],
        next_before=found.next_before,
        first=request.args.get("before") is None,
    )


def _line(line: RecordedLine) -> LogLine:
    language = page_language()
    who = role_label(Role(line.role), language) if line.role else actor_label(line.actor, language)
    if line.actor_id:
        who = words("%(who)s, number %(number)s", who=who, number=line.actor_id)
    return LogLine(line.at, who, _what(line), line.reference or "")


def _what(line: RecordedLine) -> str:
    """What was done; where a register left, which."""
    language = page_language()
    what = audit_event_sentence(line.event, language)
    register = next((one for one in Register if one.value == line.detail), None)
    if line.event not in REGISTER_TAKEN or register is None:
        return what
    return words("%(what)s: %(register)s", what=what, register=register_label(register, language))
