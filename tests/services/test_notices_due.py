"""Which changes people must be told of: those of substance, before their day, and after it until they were told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.domain.notices import NoticeState
from portal.services import notices
from portal.services.banners import banners_for
from portal.services.notices import NotToTell
from portal.services.notices_due import to_tell
from portal.storage.tables import policy_versions
from tests.installation import Built, an_installation
from tests.services.telling import (
    a_change,
    act,
    begun,
    drafted,
    officer_of,
    proved,
    told,
)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def test_a_change_of_wording_is_told_to_nobody(built: Built) -> None:
    version_id = a_change(built.installation, kind="wording")
    with built.installation.database.writing() as store:
        assert not to_tell(built.installation, store, built.clock())
        with pytest.raises(NotToTell):
            notices.draft_change(built.installation, store, officer_of(built.installation), version_id, built.clock())


def test_a_change_in_force_that_nobody_was_told_of_is_still_to_be_told(built: Built) -> None:
    today = built.installation.today(built.clock())
    version_id = a_change(built.installation, day=today)
    assert told_of(built) == [(version_id, True)]
    assert "nobody was told of it" in " ".join(banners(built))
    told(built, version_id)
    assert told_of(built) == []
    assert banners(built) == []


def test_a_change_nobody_began_to_tell_is_still_to_be_told_after_midnight(built: Built) -> None:
    version_id = a_change(built.installation, day=built.installation.today(built.clock()) + timedelta(days=9))
    assert banners(built) == []
    built.clock.advance(days=3)
    assert "people must be told before" in " ".join(banners(built))
    built.clock.advance(days=7)
    assert told_of(built) == [(version_id, True)]
    begun(built.installation, proved(built, drafted(built.installation, version_id)))
    assert told_of(built) == [(version_id, True)], "letters may still be stopped"
    assert banners(built) == []


def test_what_was_in_force_before_the_portal_knew_it_is_not_to_be_told(built: Built) -> None:
    a_change(built.installation, day=built.installation.today(built.clock()) - timedelta(days=1))
    assert told_of(built) == []


def test_a_first_version_changes_nothing_and_is_told_to_nobody(built: Built) -> None:
    portal = built.installation
    version_id = a_change(portal)
    with portal.database.writing() as store:
        store.connection.execute(sa.delete(policy_versions).where(policy_versions.c.id != version_id))
    assert told_of(built) == []
    with pytest.raises(NotToTell):
        drafted(portal, version_id)


def test_a_notice_whose_version_was_overtaken_goes_no_further(built: Built) -> None:
    portal = built.installation
    soon = portal.today(built.clock()) + timedelta(days=1)
    notice = proved(built, drafted(portal, a_change(portal, day=soon)))
    stopped = act(built, begun(portal, notice), "stop")
    a_change(portal, day=soon + timedelta(days=1))
    built.clock.advance(days=3)
    with pytest.raises(NotToTell):
        act(built, stopped, "resume")
    with pytest.raises(NotToTell):
        begun(portal, replace(stopped, state=NoticeState.PROOF_SENT))


def told_of(built: Built) -> list[tuple[str, bool]]:
    with built.installation.database.reading() as store:
        found = to_tell(built.installation, store, built.clock())
    return [(one.version.id, one.in_force) for one in found]


def banners(built: Built) -> list[str]:
    with built.installation.database.reading() as store:
        return [banner.sentence for banner in banners_for(built.installation, store, "en")]
