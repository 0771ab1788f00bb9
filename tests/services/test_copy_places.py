"""One copy of a person at a time and a few in all, whichever process answers, and none lost to a process that died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from portal.config import Settings
from portal.demo.people import PEOPLE
from portal.domain.people import Person
from portal.services.copies import Scope, take_copy
from portal.services.copy_places import HELD_EVERY, LASTS, CopyRunning, Place, take_place
from tests.installation import CAMILLE, EMILY, MARGUERITE, NOBODY, Built, an_installation, an_installation_on

ROOT = Path(__file__).resolve().parents[2]

TAKER = """
import sys
from pathlib import Path
from portal.app import install
from portal.config import load_settings
from portal.services.copy_places import take_place

portal = install(load_settings(Path(sys.argv[1]) / "portal.toml", {}))
with portal.database.reading() as store:
    person = store.people.by_id(int(sys.argv[2]))
take_place(portal, person)
print("taken", flush=True)
sys.stdin.read()
"""


def two_at_once(settings: Settings) -> Settings:
    return replace(settings, limits=replace(settings.limits, copies_at_once=2))


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path, change=two_at_once) as found:
        yield found


def person(built: Built, address: str = CAMILLE) -> Person:
    with built.installation.database.writing() as store:
        return store.people.ensure(address, language="en", now=built.clock())


def refused(built: Built, who: Person) -> bool:
    """Whether a copy of somebody's is refused; says by the exception whether for their own sake."""
    with pytest.raises(CopyRunning) as error:
        take_place(built.installation, who)
    return error.value.own


def test_a_person_has_one_place_until_they_leave_it(built: Built) -> None:
    camille = person(built)
    place = take_place(built.installation, camille)
    assert refused(built, camille)
    place.leave()
    place.leave()
    take_place(built.installation, camille)


def test_there_are_as_many_places_as_the_operator_says(built: Built) -> None:
    first = take_place(built.installation, person(built))
    take_place(built.installation, person(built, EMILY))
    assert not refused(built, person(built, MARGUERITE))
    assert refused(built, person(built, EMILY))
    first.leave()
    take_place(built.installation, person(built, MARGUERITE))


def test_a_place_lapses_unless_its_copy_moves(built: Built) -> None:
    camille = person(built)
    place = take_place(built.installation, camille)
    built.clock.now += HELD_EVERY
    place.hold()
    built.clock.now += LASTS - HELD_EVERY
    assert refused(built, camille)
    built.clock.now += HELD_EVERY
    take_place(built.installation, camille)


def test_who_lost_a_place_takes_it_from_nobody(built: Built) -> None:
    camille = person(built)
    late = take_place(built.installation, camille)
    built.clock.now += LASTS
    take_place(built.installation, camille)
    late.hold()
    late.leave()
    assert refused(built, camille)


def test_of_many_presses_at_once_one_gets_the_place(built: Built) -> None:
    camille, presses = person(built), 6
    together = Barrier(presses)

    def press(_number: int) -> Place | None:
        together.wait()
        try:
            return take_place(built.installation, camille)
        except CopyRunning:
            return None

    with ThreadPoolExecutor(presses) as hands:
        places = list(hands.map(press, range(presses)))
    assert sum(place is not None for place in places) == 1


def test_of_many_people_at_once_no_more_than_the_places_get_one(built: Built) -> None:
    people = [person(built, address) for address in (CAMILLE, EMILY, MARGUERITE, NOBODY)]
    together = Barrier(len(people))

    def press(who: Person) -> Place | None:
        together.wait()
        try:
            return take_place(built.installation, who)
        except CopyRunning:
            return None

    with ThreadPoolExecutor(len(people)) as hands:
        places = list(hands.map(press, people))
    assert sum(place is not None for place in places) == 2


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_process_that_is_killed_keeps_its_person_waiting_for_two_minutes_at_most(engine: str, tmp_path: Path) -> None:
    with an_installation_on(engine, tmp_path, now=datetime.now(UTC)) as built:
        camille = person(built)
        with subprocess.Popen(
            [sys.executable, "-c", TAKER, str(built.folder), str(camille.id)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        ) as other:
            assert other.stdout
            assert other.stdout.readline() == b"taken\n"
            built.clock.now = datetime.now(UTC)
            assert refused(built, camille)
            os.kill(other.pid, signal.SIGKILL)
            other.wait()
        assert refused(built, camille)
        built.clock.now = datetime.now(UTC) + LASTS
        take_place(built.installation, camille)


def test_a_copy_that_moves_holds_its_place_for_as_long_as_it_takes(tmp_path: Path) -> None:
    built = an_installation(tmp_path, log_rows=30_000)
    heavy = person(built, next(one.email for one in PEOPLE if one.note == "heavy"))
    began = built.clock()
    for _piece in take_copy(built.installation, heavy, Scope(), language="en", now=began):
        built.clock.now += LASTS - HELD_EVERY
        assert refused(built, heavy)
    assert built.clock() - began > LASTS
    take_place(built.installation, heavy)
