"""Policy versions: published once, never changed, in force by the organization's own date, compared in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import Version
from portal.policies.folders import read_folder
from portal.policies.problems import PolicyFolderInvalid
from portal.services import policies, policy_folders
from portal.storage.settings import REVISION
from portal.storage.store import Store
from tests.installation import NOON, Built, an_installation
from tests.policies.builders import POLICY_TOML, folder


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path / "installation")


@pytest.fixture
def store(built: Built) -> Iterator[Store]:
    with built.installation.database.writing() as opened:
        yield opened


def a_version(path: Path, version_id: str, *, effective: str | None = None, english: str | None = None) -> Version:
    """A version as a folder would give it, of the day its id names unless said otherwise."""
    path.mkdir(exist_ok=True)
    toml = POLICY_TOML.replace('id = "2025-02-25"', f'id = "{version_id}"')
    toml = toml.replace("effective = 2025-02-25", f"effective = {effective or version_id[:10]}")
    version = read_folder(folder(path, toml=toml))
    return replace(version, summary=Text(fr="Autre chose.", en=english)) if english else version


def publish(built: Built, store: Store, version: Version) -> None:
    policies.publish(built.installation, store, version, staff_id=None, now=NOON)


def test_what_was_published_is_read_back_whole(built: Built, store: Store, tmp_path: Path) -> None:
    version = a_version(tmp_path / "new", "2026-12-01")
    publish(built, store, version)
    assert policies.one(store, "2026-12-01") == version
    assert [found.id for found in policies.versions(store)] == ["2026-12-01", "2026-06-15", "2025-02-25"]


def test_the_same_published_again_changes_nothing(built: Built, store: Store, tmp_path: Path) -> None:
    version = a_version(tmp_path / "new", "2026-12-01")
    publish(built, store, version)
    revision, lines = store.marks.number(REVISION), _published(store)
    publish(built, store, version)
    assert (store.marks.number(REVISION), _published(store)) == (revision, lines)


def test_each_publication_is_recorded_and_seen_by_every_process(built: Built, store: Store, tmp_path: Path) -> None:
    revision, lines = store.marks.number(REVISION), _published(store)
    publish(built, store, a_version(tmp_path / "new", "2026-12-01"))
    assert (store.marks.number(REVISION), _published(store)) == (revision + 1, lines + 1)


def test_another_text_under_the_same_id_is_refused_and_the_first_stays(
    built: Built, store: Store, tmp_path: Path
) -> None:
    version = a_version(tmp_path / "new", "2026-12-01")
    publish(built, store, version)
    with pytest.raises(policies.AlreadyPublished, match=r"^2026-12-01$"):
        publish(built, store, a_version(tmp_path / "new", "2026-12-01", english="Something else."))
    assert policies.one(store, "2026-12-01") == version


def test_a_folder_that_cannot_be_read_publishes_nothing(built: Built, store: Store, tmp_path: Path) -> None:
    with pytest.raises(PolicyFolderInvalid):
        policy_folders.publish_folder(built.installation, store, tmp_path, staff_id=None, now=NOON)
    assert len(policies.versions(store)) == 2


@pytest.mark.parametrize(
    ("instant", "in_force"),
    [
        (datetime(2025, 2, 25, 4, 59, tzinfo=UTC), None),  # 23:59 on the 24th in Montréal
        (datetime(2025, 2, 25, 5, 0, tzinfo=UTC), "2025-02-25"),
        (datetime(2026, 6, 15, 3, 59, tzinfo=UTC), "2025-02-25"),
        (datetime(2026, 6, 15, 4, 0, tzinfo=UTC), "2026-06-15"),
        (NOON, "2026-06-15"),
    ],
)
def test_a_version_comes_into_force_at_midnight_where_the_organization_is(
    built: Built, store: Store, instant: datetime, in_force: str | None
) -> None:
    found = policies.in_force(built.installation, store, instant)
    assert (found.id if found else None) == in_force


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2025-02-30",
        "2025-02-25-1",
        "2025-02-25-01",
        "2025-02-25\n",
        "2025-02-25-1-1",
        "../..",
        "2025-02-25\x00",
        "x" * 5000,
        "１",
    ],
)
def test_what_is_no_id_names_no_version(store: Store, written: str) -> None:
    assert policies.one(store, written) is None


def test_where_a_version_stands_is_said_against_the_others(built: Built, store: Store, tmp_path: Path) -> None:
    publish(built, store, a_version(tmp_path / "new", "2026-12-01"))
    among = policies.versions(store)
    coming, present, past = (policies.standing(version, among, date(2026, 11, 23)) for version in among)
    assert coming.to_come
    assert present.in_force
    assert (past.in_force, past.to_come, past.until) == (False, False, date(2026, 6, 15))


def test_of_two_versions_of_one_day_the_numbered_one_is_in_force_and_newer(
    built: Built, store: Store, tmp_path: Path
) -> None:
    for version_id in ("2026-06-15-10", "2026-06-15-2"):
        publish(built, store, a_version(tmp_path / version_id, version_id))
    found = policies.in_force(built.installation, store, NOON)
    assert found is not None
    assert found.id == "2026-06-15-10"
    second = policies.one(store, "2026-06-15-2")
    assert second is not None
    assert policies.is_older(second, found)
    assert not policies.is_older(found, second)


def test_a_version_shows_the_person_in_charge_of_today(built: Built, store: Store, tmp_path: Path) -> None:
    version = a_version(tmp_path / "new", "2026-12-01")
    contact = policies.rendered(built.installation, store, version, "en").sections[1]
    assert (contact.key, contact.title) == ("contact", "Contact")
    assert contact.html == '<p>Write to <a href="mailto:jp@atomescroch.us">jp@atomescroch.us</a>.</p>'


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_has_every_section_of_both_texts_in_plain_words(
    built: Built, store: Store, language: Language
) -> None:
    newer, older = policies.versions(store)
    changes = policies.compare(built.installation, store, older, newer, language)
    for version, other in ((older, "added"), (newer, "removed")):
        there = {change.key for change in changes if change.kind != other}
        whole = policies.rendered(built.installation, store, version, language)
        assert {section.key for section in whole.sections} == there
    said = [run.text for change in changes for part in change.parts for run in part.runs]
    assert not any("{{" in words or "**" in words for words in said)


def test_a_pair_is_compared_once(built: Built, store: Store) -> None:
    newer, older = policies.versions(store)
    first = policies.compare(built.installation, store, older, newer, "fr")
    assert policies.compare(built.installation, store, *reversed(policies.versions(store)), "fr") is first


def _published(store: Store) -> int:
    return sum(line.event == "policy_published" for line in store.audit.newest(limit=100))
