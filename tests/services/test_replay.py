"""A restored backup of the service's database: who came back is found by hash alone, and erased again, and nobody else."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.audit import AuditEvent
from portal.domain.ledger import LedgerRefused, Replayed
from portal.services import came_back, ledger, replay
from portal.services.banners import banners_for
from portal.services.replay import Back
from portal.sources.base import SourceUnavailable
from tests.installation import CAMILLE, EMILY, MARGUERITE, Built, an_installation
from tests.services.mortal import Killed, MortalSource
from tests.services.test_erasure import everything_of, finish, granted, rows_of, service

NEW = "new@example.org"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def erased(built: Built, address: str) -> str:
    request, erasure_id = granted(built, address)
    finish(built.installation, erasure_id, built)
    return request.reference


def back_up(built: Built) -> Path:
    with service(built) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(shutil.copy(built.folder / "service.db", built.folder / "service.backup"))


def restore(built: Built, copy: Path) -> None:
    built.installation.sources["service"].close()
    for rest in ("-wal", "-shm"):
        (built.folder / f"service.db{rest}").unlink(missing_ok=True)
    shutil.copy(copy, built.folder / "service.db")


def found(built: Built) -> list[Back]:
    told = replay.remembered(built.installation)
    return list(replay.people_back(built.installation, told, now=built.clock()))


def again(built: Built) -> int:
    return sum(replay.erase_again(built.installation, back, now=built.clock()) for back in found(built))


def test_nobody_is_back_where_nothing_was_restored(built: Built) -> None:
    assert found(built) == []
    for address in (CAMILLE, MARGUERITE):
        erased(built, address)
    assert found(built) == []


def test_whoever_a_restored_backup_brings_back_is_found_and_erased_again_and_nobody_else(built: Built) -> None:
    copy, neighbour = back_up(built), everything_of(built, EMILY)
    references = {erased(built, CAMILLE), erased(built, MARGUERITE)}
    with service(built) as connection:
        without = list(connection.iterdump())
    restore(built, copy)
    came = found(built)
    assert {back.reference for back in came} == references
    assert {"service.accounts", "service.api_requests"} <= {table for _, table in came[0].rows}
    assert again(built) == sum(sum(back.rows.values()) for back in came)
    assert found(built) == []
    assert everything_of(built, EMILY) == neighbour
    with service(built) as connection:
        assert list(connection.iterdump()) == without


def newcomer(built: Built) -> int:
    """Somebody signs up and is given the key of Camille, who is gone: counters of a restored database went back."""
    with service(built) as connection, connection:
        (key,) = connection.execute("SELECT id FROM accounts WHERE email = ?", (CAMILLE,)).fetchone()
    erased(built, CAMILLE)
    with service(built) as connection, connection:
        connection.execute("UPDATE accounts SET email = ?, name = 'New' WHERE id = ?", (NEW, key))
        [columns] = [[row[1] for row in connection.execute("PRAGMA table_info(api_requests)")]]
        others = ", ".join(name for name in columns if name not in ("id", "account_id"))
        connection.execute(
            f"INSERT INTO api_requests (account_id, {others}) SELECT ?, {others} FROM api_requests LIMIT 1",
            (key,),
        )
    return int(key)


def test_somebody_new_under_the_key_of_a_person_erased_is_told_of_and_spared(built: Built) -> None:
    newcomer(built)
    present = everything_of(built, NEW)
    [back] = found(built)
    assert not back.certain
    assert back.rows == {("usage", "service.api_requests"): 1}
    assert everything_of(built, NEW) == present


def test_what_was_done_again_is_in_the_ledger_and_the_audit_trail(built: Built) -> None:
    copy, reference = back_up(built), erased(built, CAMILLE)
    restore(built, copy)
    rows = again(built)
    told = [entry.fact for entry in ledger.entries_of(built.installation) if isinstance(entry.fact, Replayed)]
    assert {fact.reference for fact in told} == {reference}
    assert sum(fact.erased for fact in told) == rows
    with built.installation.database.reading() as store:
        lines = [line for line in store.audit.newest(limit=50) if line.event is AuditEvent.ERASURE_REPLAYED]
    assert [line.reference for line in lines] == [reference]


def test_what_the_law_keeps_stays_kept(built: Built) -> None:
    copy = back_up(built)
    erased(built, MARGUERITE)
    restore(built, copy)
    invoices = rows_of(built, MARGUERITE)["invoices"]
    account = next(back for back in found(built)).person[0]
    again(built)
    with service(built) as connection:
        [(kept,)] = connection.execute("SELECT count(*) FROM invoices WHERE account_id = ?", (account,)).fetchall()
    assert 0 < kept < invoices


def test_only_what_was_erased_since_a_day_is_looked_for(built: Built) -> None:
    copy = back_up(built)
    erased(built, CAMILLE)
    built.clock.advance(days=10)
    later = erased(built, MARGUERITE)
    restore(built, copy)
    told = replay.remembered(built.installation, since=built.clock() - timedelta(days=1))
    came = list(replay.people_back(built.installation, told, now=built.clock()))
    assert [back.reference for back in came] == [later]


def test_killed_in_the_middle_the_next_run_finds_what_is_left(built: Built) -> None:
    copy = back_up(built)
    erased(built, CAMILLE)
    with service(built) as connection:
        without = list(connection.iterdump())
    restore(built, copy)
    mortal = MortalSource(built.installation.sources["service"])
    dying = built.installation.__class__(
        **{**vars(built.installation), "sources": {"service": mortal}}  # passes every call on
    )
    told = replay.remembered(built.installation)
    for _ in range(200):
        try:
            for back in replay.people_back(dying, told, now=built.clock()):
                replay.erase_again(dying, back, now=built.clock())
            break
        except Killed:
            continue
    assert mortal.deaths > 8
    assert found(built) == []
    with service(built) as connection:
        assert list(connection.iterdump()) == without


def test_a_source_that_is_away_is_not_taken_for_one_where_nobody_is(built: Built) -> None:
    erased(built, CAMILLE)
    (built.folder / "service.db").rename(built.folder / "elsewhere.db")
    built.installation.sources["service"].close()
    with pytest.raises(SourceUnavailable):
        found(built)


def test_a_ledger_that_was_changed_replays_nothing(built: Built) -> None:
    erased(built, CAMILLE)
    path = built.folder / "erasures.ledger"
    path.write_text(path.read_text().replace("service.accounts", "service.devices"))
    with pytest.raises(LedgerRefused):
        found(built)


def banners(built: Built) -> list[str]:
    with built.installation.database.reading() as store:
        return [banner.sentence for banner in banners_for(built.installation, store, "en")]


def looked(built: Built) -> int:
    """Look until the night's work is done; gives how many steps it took."""
    steps = 1
    while came_back.look(built.installation, 0, built.clock()):
        steps += 1
    return steps


def test_each_night_staff_are_told_how_many_are_back_and_nobody_is_erased_by_it(built: Built) -> None:
    copy = back_up(built)
    for address in (CAMILLE, MARGUERITE):
        erased(built, address)
    assert looked(built) == 1
    assert banners(built) == []
    restore(built, copy)
    looked(built)
    [told] = banners(built)
    assert told.startswith("2 people who were erased are back in a database")
    assert len(found(built)) == 2
    again(built)
    looked(built)
    assert banners(built) == []


def test_a_long_night_is_cut_into_steps_and_goes_on_where_it_was(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = back_up(built)
    for address in (CAMILLE, MARGUERITE):
        erased(built, address)
    restore(built, copy)
    monkeypatch.setattr(replay, "PEOPLE_AT_ONCE", 1)
    monkeypatch.setattr(came_back, "TURN_SECONDS", 0.0)
    assert looked(built) > 5
    assert banners(built)[0].startswith("2 people")


def test_a_ledger_that_cannot_be_proved_finds_nobody_and_is_told(built: Built) -> None:
    erased(built, CAMILLE)
    (built.folder / "erasures.ledger").unlink()
    assert came_back.look(built.installation, 0, built.clock()) is None
    assert "portal check" in banners(built)[0]
