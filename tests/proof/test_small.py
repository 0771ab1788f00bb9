"""The long loops in their small form: the same code, fewer kills and rows."""

from __future__ import annotations

from tests.proof import letters, notice, web, worker
from tests.proof.figures import Part, table


def test_a_worker_killed_while_it_erases_leaves_each_erasure_done_once() -> None:
    _holds(worker.on_sqlite(3, 6_000))


def test_two_workers_on_postgresql_killed_in_turn_leave_each_erasure_done_once() -> None:
    _holds(worker.on_postgresql(2, 6_000))


def test_a_worker_killed_at_the_mail_servers_yes_repeats_the_letter_under_the_same_name() -> None:
    _holds(letters.between_yes_and_note(3))


def test_a_worker_killed_while_a_notice_leaves_skips_nobody() -> None:
    _holds(notice.to_everybody(2, 300))


def test_a_portal_killed_while_people_submit_loses_and_doubles_nothing() -> None:
    _holds(web.while_clients_submit(2))


def _holds(part: Part) -> None:
    assert part.holds, table([part])
