"""What becomes of a notice at a real mail server: refusals, patience, pace, one connection, and whoever leaves meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.config import Settings
from portal.domain.notices import IN_A_ROW, Notice, NoticeState
from portal.services import subscriptions
from portal.services.notice_sending import READ_AT_ONCE
from portal.storage.tables import letters
from tests.installation import CAMILLE, EMILY, Built, an_installation
from tests.mail.sink import Mode, Sink, mail_server
from tests.services.telling import (
    a_change,
    act,
    again,
    begun,
    drafted,
    officer_of,
    people_of,
    proved,
    recipients,
    subscribe,
    worked_out,
)

VISITOR = "visiteuse@example.net"


def test_a_notice_ended_before_all_were_told_forgets_the_others_addresses(tmp_path: Path) -> None:
    with mail_server() as sink:
        sink.mode = Mode.LATER
        built = installation_with(tmp_path, sink)
        notice = sending(built, sink)
        stopped = act(built, again(built.installation, notice.id), "stop")
        ended = act(built, stopped, "end")
        built.work()
    assert ended.state is NoticeState.DONE
    assert {row.address for row in recipients(built)} == {None}
    assert again(built.installation, notice.id).counters.given_up == len(recipients(built))


def test_refusals_at_the_door_are_counted_and_never_tried_again(tmp_path: Path) -> None:
    with mail_server() as sink:
        built = installation_with(tmp_path, sink)
        sink.modes[CAMILLE] = Mode.UNKNOWN_READER
        sink.modes[EMILY] = Mode.LATER
        notice = sending(built, sink)
        present = again(built.installation, notice.id)
        assert (present.counters.refused, present.counters.waiting) == (1, 1)
        del sink.modes[EMILY]
        done = worked_out(built, notice)
    assert (done.state, done.counters.refused) == (NoticeState.DONE, 1)
    assert done.counters.handed_over == done.counters.people - 1
    assert {row.address for row in recipients(built)} == {None}


def test_many_letters_leave_over_one_connection_with_one_click_headers(tmp_path: Path) -> None:
    with mail_server() as sink:
        built = installation_with(tmp_path, sink)
        token = subscribe(built.installation, VISITOR)
        sending(built, sink)
    told_to = Counter(str(message["To"]) for message in sink.taken)
    assert told_to == Counter([*people_of(built), VISITOR])
    assert len(sink.connections) == 1
    for message in sink.taken:
        link = message["List-Unsubscribe"]
        assert (link is not None) == (message["To"] == VISITOR)
        if link:
            assert link == f"<{built.installation.settings.site.url}/u/{token}>"
            assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            body = message.get_body(("plain",))
            assert body
            assert f"/u/{token}\n" in body.get_content().replace("\r\n", "\n")


def test_nobody_is_written_to_twice_where_one_reading_ends_and_the_next_begins(tmp_path: Path) -> None:
    with mail_server() as sink:
        built = installation_with(tmp_path, sink)
        for number in range(2 * READ_AT_ONCE):
            subscribe(built.installation, f"visitor{number}@example.net")
        done = worked_out(built, sending(built, sink))
    told_to = Counter(str(message["To"]) for message in sink.taken)
    assert (len(told_to), set(told_to.values())) == (done.counters.all, {1})


def test_a_mail_server_that_is_away_uses_up_nobodys_tries(tmp_path: Path) -> None:
    with mail_server() as sink:
        built = installation_with(tmp_path, sink)
        notice = begun(built.installation, proved(built, drafted(built.installation, a_change(built.installation))))
        port = sink.port
    built.clock.advance(hours=1)
    for _ in range(30):
        built.work()
        built.clock.advance(minutes=10)
    assert {row.attempts for row in recipients(built)} == {0}
    assert again(built.installation, notice.id).trouble == "nobody_listens"
    with mail_server(port=port):
        done = worked_out(built, notice, seconds=3600)
    assert done.counters.handed_over == done.counters.people


def test_the_pace_set_is_kept(tmp_path: Path) -> None:
    with mail_server() as sink:
        built = installation_with(tmp_path, sink, notices_per_minute=2)
        notice = sending(built, sink, steps=0)
        built.work()
        for _ in range(6):
            built.clock.advance(seconds=10)
            built.work()
    assert len(sink.taken) == 3, "one at once, and two in the minute after"
    assert again(built.installation, notice.id).counters.handed_over == 3


def test_ordinary_letters_do_not_wait_behind_a_notice(tmp_path: Path) -> None:
    with mail_server() as sink:
        built = installation_with(tmp_path, sink, notices_per_minute=2)
        sending(built, sink, steps=0)
        with built.installation.database.writing() as store:
            from portal.services.members import add

            add(built.installation, store, "new@example.org", officer_of(built.installation).role, language="fr")
        built.work()
    assert built.installation.transport is not None
    with built.installation.database.reading() as store:
        states = set(store.connection.execute(sa.select(letters.c.state)).scalars())
    assert states <= {"sent"}


def test_unsubscribing_while_a_notice_leaves_stops_the_letter(tmp_path: Path) -> None:
    with mail_server() as sink:
        sink.modes[VISITOR] = Mode.LATER
        built = installation_with(tmp_path, sink)
        token = subscribe(built.installation, VISITOR)
        notice = sending(built, sink)
        with built.installation.database.writing() as store:
            subscriptions.unsubscribe(store, token, built.clock())
            subscriptions.unsubscribe(store, token, built.clock())
        done = worked_out(built, notice)
    assert (done.state, done.counters.given_up) == (NoticeState.DONE, 1)
    assert VISITOR not in {str(message["To"]) for message in sink.taken}


def test_a_server_that_refuses_our_own_address_costs_nobody_their_letter(tmp_path: Path) -> None:
    with mail_server() as sink:
        sink.mode = Mode.REFUSES_US
        built = installation_with(tmp_path, sink)
        notice = sending(built, sink)
        present = again(built.installation, notice.id)
        assert (present.state, present.trouble, present.counters.refused) == (NoticeState.SENDING, "sender", 0)
        assert {row.attempts for row in recipients(built)} == {0}
        sink.mode = Mode.TAKES
        done = worked_out(built, notice, seconds=600)
    assert done.counters.handed_over == done.counters.people


@pytest.mark.parametrize("notices_per_minute", [60_000, 20])
def test_a_server_that_takes_nothing_from_us_stops_the_notice_and_nobody_is_refused(
    tmp_path: Path, notices_per_minute: int
) -> None:
    with mail_server() as sink:
        sink.mode = Mode.NEVER
        built = installation_with(tmp_path, sink, notices_per_minute=notices_per_minute)
        for number in range(20):
            subscribe(built.installation, f"visitor{number}@example.net")
        stopped = worked_out(built, sending(built, sink), steps=20)
        assert (stopped.state, stopped.trouble) == (NoticeState.STOPPED, "refused_alike")
        assert (stopped.counters.refused, stopped.counters.waiting) == (0, stopped.counters.all)
        assert {row.state for row in recipients(built)} == {"waiting"}
        sink.mode = Mode.TAKES
        act(built, stopped, "resume")
        done = worked_out(built, stopped)
    assert (done.state, done.trouble) == (NoticeState.DONE, None)
    assert done.counters.handed_over == done.counters.all


def test_a_few_who_are_all_refused_are_not_given_up_for_us(tmp_path: Path) -> None:
    with mail_server() as sink:
        sink.mode = Mode.NEVER
        built = installation_with(tmp_path, sink)
        unknown = list(people_of(built))[3:]
        sink.modes |= dict.fromkeys(unknown, Mode.UNKNOWN_READER)
        stopped = worked_out(built, sending(built, sink), steps=5)
        assert (stopped.state, stopped.counters.refused) == (NoticeState.STOPPED, len(unknown))
        ended = act(built, stopped, "end")
        built.work()
    assert {row.address for row in recipients(built)} == {None}
    assert again(built.installation, ended.id).counters.given_up == 3


def test_one_who_is_refused_among_others_who_are_not_is_refused(tmp_path: Path) -> None:
    with mail_server() as sink:
        sink.modes[CAMILLE] = Mode.NEVER
        built = installation_with(tmp_path, sink)
        done = worked_out(built, sending(built, sink))
    assert (done.state, done.counters.refused, done.counters.waiting) == (NoticeState.DONE, 1, 0)
    assert {row.address for row in recipients(built)} == {None}


def test_many_unknown_readers_in_a_row_are_refused_and_the_notice_goes_on(tmp_path: Path) -> None:
    with mail_server() as sink:
        built = installation_with(tmp_path, sink)
        for number in range(2 * IN_A_ROW):
            subscribe(built.installation, f"visitor{number}@example.net")
            sink.modes[f"visitor{number}@example.net"] = Mode.UNKNOWN_READER
        done = worked_out(built, sending(built, sink))
    assert (done.state, done.counters.refused) == (NoticeState.DONE, 2 * IN_A_ROW)


def test_who_left_without_this_notice_knowing_gets_no_letter(tmp_path: Path) -> None:
    with mail_server() as sink:
        sink.modes[VISITOR] = Mode.LATER
        built = installation_with(tmp_path, sink)
        subscribe(built.installation, VISITOR)
        notice = sending(built, sink)
        with built.installation.database.writing() as store:
            subscriber = store.subscribers.by_address(VISITOR)
            assert subscriber
            store.subscribers.remove(subscriber.id)
        del sink.modes[VISITOR]
        done = worked_out(built, notice)
    assert VISITOR not in {str(message["To"]) for message in sink.taken}
    assert (done.counters.given_up, done.counters.waiting) == (1, 0)


def test_who_leaves_while_their_letter_is_handed_over_is_counted_once(tmp_path: Path) -> None:
    with mail_server(sink=LeavesAtOnce()) as sink:
        built = installation_with(tmp_path, sink)
        token = subscribe(built.installation, VISITOR)
        sink.leave = lambda: leave(built, token)
        notice = sending(built, sink)
    counters = again(built.installation, notice.id).counters
    assert (counters.given_up, counters.handed_over, counters.waiting) == (1, counters.people, 0)


@dataclass
class LeavesAtOnce(Sink):
    """A server whose reader presses the link before the portal hears that the letter was taken."""

    leave: Callable[[], None] = lambda: None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the letter, and let its reader leave."""
        if VISITOR in envelope.rcpt_tos:
            self.leave()
        return await super().handle_DATA(server, session, envelope)


def leave(built: Built, token: str) -> None:
    with built.installation.database.writing() as store:
        subscriptions.unsubscribe(store, token, built.clock())


def installation_with(folder: Path, sink: Sink, *, notices_per_minute: int = 60_000) -> Built:
    url = f"smtp://127.0.0.1:{sink.port}?starttls=off"

    def change(settings: Settings) -> Settings:
        mail = replace(settings.mail, url=url, notices_per_minute=notices_per_minute)
        return replace(settings, mail=mail)

    return an_installation(folder, change=change)


def sending(built: Built, sink: Sink, *, steps: int = 1) -> Notice:
    """A notice whose countdown is over and whose first step, at least, is made; the proof is forgotten."""
    mode, sink.mode = sink.mode, Mode.TAKES
    notice = begun(built.installation, proved(built, drafted(built.installation, a_change(built.installation))))
    sink.mode = mode
    sink.taken.clear()
    sink.connections.clear()
    built.clock.advance(hours=1)
    return worked_out(built, notice, steps=steps, seconds=0)
