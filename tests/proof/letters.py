"""The worker killed between the mail server's yes and our note of it: the one instant when a letter may go twice (F-2)."""

from __future__ import annotations

import time
from collections import Counter

import sqlalchemy as sa

from portal.domain.outbox import LetterState
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from portal.storage.tables import letters
from tests.installation import CAMILLE
from tests.mail.sink import Sink, mail_server
from tests.proof import account, ground
from tests.proof.figures import Claim, Part, at_least, at_most, equal
from tests.proof.ground import Stage
from tests.proof.programs import program, wait_until

KILLS = 20
PATIENCE = 180.0


def between_yes_and_note(kills: int = KILLS) -> Part:
    """As many kills as asked, each as soon as the server has a letter more."""
    began = time.monotonic()
    with mail_server() as sink, ground.on_sqlite(0, mail_url=f"smtp://127.0.0.1:{sink.port}?starttls=off") as stage:
        for _ in range(kills):
            _promise_two(stage)
        with program(stage.folder, "worker") as worker:
            worker.start()
            for _ in range(kills):
                _wait_for_one_more(sink)
                worker.kill()
                worker.start()
            wait_until(lambda: _waiting(stage) == 0, "a letter is not sent", seconds=PATIENCE)
        claims = [*_account(stage, sink, kills), *account.integrity(stage)]
    return Part("letters (SMTP)", kills, time.monotonic() - began, claims)


def _promise_two(stage: Stage) -> None:
    """A request promises one letter to its person and one to the contact."""
    portal, now = stage.installation, stage.now()
    with portal.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=now)
        open_request(portal, store, person, Asked(Kind.INFO, "fr", Level.L2, "Allô"), form_id=None, now=now)


def _wait_for_one_more(sink: Sink) -> None:
    """Look often: the note is written a few milliseconds after the yes."""
    had, until = len(sink.taken), time.monotonic() + PATIENCE
    while len(sink.taken) == had:
        assert time.monotonic() < until, "no letter comes"
        time.sleep(0.0002)


def _waiting(stage: Stage) -> int:
    counted = sa.select(sa.func.count()).where(letters.c.state == LetterState.WAITING.value)
    with stage.installation.database.reading() as store:
        return int(store.connection.execute(counted).scalar_one())


def _account(stage: Stage, sink: Sink, kills: int) -> list[Claim]:
    with stage.installation.database.reading() as store:
        promised = set(store.connection.execute(sa.select(letters.c.message_id)).scalars())
    taken = Counter(str(message["Message-ID"]).strip("<>").split("@")[0] for message in sink.taken)
    return [
        equal("letters promised", len(promised), 2 * kills),
        equal("letters that never reached the mail server", len(promised - set(taken)), 0),
        equal("letters nobody promised", len(set(taken) - promised), 0),
        at_most("letters repeated, with the same Message-ID", taken.total() - len(taken), kills),
        at_least("of which at least one shows that a kill met that instant", taken.total() - len(taken), 1),
    ]
