"""Getting ready: the officer's list of tasks, a letter really sent, a request made as a test."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from flask import redirect, request

from portal.domain.outbox import LetterState
from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.domain.setup import WELL, Step, Task
from portal.services import desk
from portal.services import setup as service
from portal.web import access, setup_tasks
from portal.web.access import portal, store, viewer
from portal.web.forms import IdempotentForm
from portal.web.languages import page_language, url
from portal.web.pages import page
from portal.wording.setup_words import result_sentence, result_title, task_sentence, task_title


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task in words. `href` is None for what is done on the page itself; `waits`: it cannot be done yet."""

    key: str
    title: str
    sentence: str
    done: bool
    waits: bool
    href: str | None


@dataclass(frozen=True, slots=True)
class LetterView:
    """What became of the last test letter, in words; `said` is what the mail server answered, in its own."""

    step: Step
    well: bool
    title: str
    sentence: str
    said: str | None


@access.staff(Role.OFFICER)
def staff_setup() -> Any:
    """Every task, done or not, in any order; what is done stays done."""
    found = service.progress(portal(), store())
    tasks = [_task(task, found.done) for task in setup_tasks.listed()]
    return page(
        "staff_setup.html",
        tasks=tasks,
        left=sum(not task.done and not task.waits for task in tasks),
        waiting=sum(task.waits for task in tasks),
        address=_member().address,
        letter=_letter(found.letter) if found.letter else None,
        carries=portal().transport is not None,
        **_letters_here(),
        test=found.request,
        form=IdempotentForm(None),
    )


@access.staff(Role.OFFICER)
def staff_setup_letter() -> Any:
    """Send the test letter, and wait a moment for what the mail server says."""
    member = _member()
    access.let_go()  # nobody waits for our database while we wait for a mail server
    with suppress(service.NothingCarriesLetters):  # the page says so itself
        service.send_test_letter(portal(), member)
    return redirect(url("staff_setup", _anchor=Task.LETTER.value), 303)


@access.staff(Role.OFFICER)
def staff_setup_request() -> Any:
    """Make the test request."""
    form = IdempotentForm(request.form)
    made = service.make_test_request(portal(), store(), _member(), form_id=form.form_id.data or "")
    return redirect(url("staff_request", reference=made.reference), 303)


@access.staff(Role.OFFICER)
def staff_setup_request_remove() -> Any:
    """Remove the test request."""
    service.remove_test_request(portal(), store(), _member())
    return redirect(url("staff_setup", _anchor=Task.REQUEST.value), 303)


@access.staff(Role.OFFICER)
def staff_setup_alone() -> Any:
    """Say that there is no colleague to invite."""
    service.work_alone(portal(), store(), _member())
    return redirect(url("staff_setup", _anchor=Task.COLLEAGUES.value), 303)


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)


def _letters_here() -> dict[str, int]:
    """How many letters are to print and post, and how many cannot leave without a mail server."""
    numbers = desk.letter_numbers(store())
    waiting = numbers.get(LetterState.WAITING, 0) if portal().transport is None else 0
    return {"to_post": numbers.get(LetterState.TO_POST, 0), "kept_back": waiting}


def _task(task: Task, done: Collection[Task]) -> TaskView:
    here = task in {Task.LETTER, Task.REQUEST}
    return TaskView(
        key=task.value,
        title=task_title(task, page_language()),
        sentence=task_sentence(task, page_language(), done=task in done),
        done=task in done,
        waits=task in setup_tasks.waiting() and task not in done,
        href=None if here else url(setup_tasks.PAGES[task]),
    )


def _letter(step: Step) -> LetterView:
    result = step.result or ""
    return LetterView(
        step=step,
        well=result in WELL,
        title=result_title(result, page_language()),
        sentence=result_sentence(result, page_language()),
        said=step.said,
    )
