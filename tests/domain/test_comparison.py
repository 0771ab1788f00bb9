"""What a reader is shown as changed is what changed, all of it, and little else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.comparison import RunKind, SectionChange, compare
from portal.domain.policies import PolicyText, Section
from tests.policies.builders import section, text

words = st.sampled_from(["we", "keep", "your", "name", "for", "30", "days", "«\u00a0ici\u00a0»", ",", ".", "we."])
paragraphs = st.lists(words, min_size=1, max_size=12).map(" ".join)
bodies = st.lists(paragraphs, max_size=5).map("\n\n".join)
keys = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)


@st.composite
def texts(draw: st.DrawFn) -> PolicyText:
    return text(*(Section(key, draw(paragraphs), draw(bodies)) for key in draw(keys)))


def words_of(change: SectionChange, *kinds: RunKind) -> list[str]:
    runs = [*change.heading, *(run for part in change.parts for run in part.runs)]
    return [word for run in runs if run.kind in kinds for word in run.text.split(" ")]


def words_in(written: Section) -> list[str]:
    return [word for word in f"{written.title} {written.body_markdown}".replace("\n", " ").split(" ") if word]


def marked(older: str, newer: str) -> int:
    [change] = compare(text(section(body=older)), text(section(body=newer)))
    return len(words_of(change, "removed", "added"))


@given(texts(), texts())
def test_words_kept_and_removed_are_the_older_words(older: PolicyText, newer: PolicyText) -> None:
    changes = {change.key: change for change in compare(older, newer)}
    for written in older.sections:
        assert words_of(changes[written.key], "kept", "removed") == words_in(written)


@given(texts(), texts())
def test_words_kept_and_added_are_the_newer_words(older: PolicyText, newer: PolicyText) -> None:
    changes = {change.key: change for change in compare(older, newer)}
    for written in newer.sections:
        assert words_of(changes[written.key], "kept", "added") == words_in(written)


@given(texts())
def test_comparing_a_text_with_itself_changes_nothing(same: PolicyText) -> None:
    changes = compare(same, same)
    assert [change.kind for change in changes] == ["unchanged"] * len(same.sections)
    assert not any(change.moved or words_of(change, "removed", "added") for change in changes)


@given(texts(), texts())
def test_every_section_of_either_text_appears_once_in_the_newer_order(older: PolicyText, newer: PolicyText) -> None:
    changes = compare(older, newer)
    newer_keys = [written.key for written in newer.sections]
    assert sorted(change.key for change in changes) == sorted({*newer_keys, *(one.key for one in older.sections)})
    assert [change.key for change in changes if change.kind != "removed"] == newer_keys


@given(st.permutations(list("abcdef")))
def test_sections_that_only_changed_places_are_moved_and_their_words_kept(order: list[str]) -> None:
    older = text(*(section(key) for key in "abcdef"))
    changes = compare(older, text(*(section(key) for key in order)))
    assert {change.kind for change in changes} <= {"unchanged", "moved"}
    stayed = [change.key for change in changes if change.kind == "unchanged"]
    assert stayed == sorted(stayed)
    assert (order == list("abcdef")) == all(change.kind == "unchanged" for change in changes)


def test_one_section_carried_to_the_top_is_the_only_one_moved() -> None:
    older = text(*(section(key) for key in "abcd"))
    changes = compare(older, text(*(section(key) for key in "dabc")))
    assert [change.key for change in changes if change.moved] == ["d"]


def test_a_section_that_moved_and_changed_says_both() -> None:
    older = text(section("a"), section("b"), section("c", "We keep it for long."))
    changes = compare(older, text(section("c", "We keep it for a year."), section("a"), section("b")))
    assert (changes[0].kind, changes[0].moved) == ("changed", True)


def test_a_removed_section_stands_after_the_one_it_followed() -> None:
    older = text(section("gone"), section("a"), section("lost"), section("b"))
    changes = compare(older, text(section("a"), section("new"), section("b")))
    assert [(change.key, change.kind) for change in changes] == [
        ("gone", "removed"),
        ("a", "unchanged"),
        ("lost", "removed"),
        ("new", "added"),
        ("b", "unchanged"),
    ]


def test_a_new_title_alone_changes_its_section() -> None:
    [change] = compare(text(section(title="How long")), text(section(title="How long we keep it")))
    assert change.kind == "changed"
    assert [(run.kind, run.text) for run in change.heading] == [("kept", "How long"), ("added", "we keep it")]


@pytest.mark.parametrize(
    ("older", "newer", "truly_changed"),
    [
        ("We keep logs for 12 months.", "We keep logs for 13 months.", 2),
        ("We keep logs.\n\nWe sell nothing.", "We keep logs.\n\nA new one comes in between.\n\nWe sell nothing.", 6),
        ("First one here.\n\nSecond one there.\n\nThe third.", "Second one there.\n\nThe third.", 3),
        ("We keep your name for one year.\n\nWe sell nothing.", "We keep your name.\n\nWe sell nothing at all.", 7),
        ("Old words vanish wholly.\n\nWe keep the log.", "We keep the log.\n\nFresh text arrives instead.", 8),
    ],
)
def test_an_edit_marks_at_most_half_as_many_words_again_as_it_changed(
    older: str, newer: str, truly_changed: int
) -> None:
    assert truly_changed <= marked(older, newer) <= 1.5 * truly_changed


def test_paragraphs_that_share_little_are_not_woven_into_each_other() -> None:
    older = "You may write to us at any time about the log."
    newer = "Invoices are kept six years, because tax law requires it of us."
    [change] = compare(text(section(body=older)), text(section(body=newer)))
    assert [[run.kind for run in part.runs] for part in change.parts] == [["removed"], ["added"]]


def test_a_no_break_space_stays_inside_its_word() -> None:
    older, newer = "Lisez «\u00a0ici\u00a0» d\u2019abord.", "Lisez «\u00a0là\u00a0» d\u2019abord."
    [change] = compare(text(section(body=older)), text(section(body=newer)))
    assert words_of(change, "added") == ["«\u00a0là\u00a0»"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("separator", [" ", "\n\n"])
def test_a_hostile_text_of_one_repeated_word_does_not_hold_up_the_page(separator: str) -> None:
    older, newer = (separator.join(["word"] * count) for count in (20_000, 19_999))
    [change] = compare(text(section(body=older)), text(section(body=newer)))
    assert len(words_of(change, "kept", "removed")) == 20_002
