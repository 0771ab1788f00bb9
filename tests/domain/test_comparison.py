"""What a reader is shown as changed is what changed, all of it, and little else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.comparison import SectionChange, compare
from portal.domain.policies import PolicyText, Section
from portal.domain.word_changes import Run, RunKind, as_it_is, as_it_was, woven
from portal.domain.word_changes import words_of as words_in
from tests.policies.builders import section, text

words = st.sampled_from(["we", "keep", "your", "name", "for", "30", "days", "«\u00a0ici\u00a0»", ",", ".", "we."])
paragraphs = st.lists(words, min_size=1, max_size=12).map(" ".join)
bodies = st.lists(paragraphs, max_size=5).map("\n\n".join)
keys = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)


@st.composite
def texts(draw: st.DrawFn) -> PolicyText:
    return text(*(Section(key, draw(paragraphs), draw(bodies)) for key in draw(keys)))


def runs_in(change: SectionChange) -> list[Run]:
    return [*change.heading, *(run for part in change.parts for run in part.runs)]


def words_of(change: SectionChange, *kinds: RunKind) -> list[str]:
    return [word for run in runs_in(change) if run.kind in kinds for word in signs(run.text)]


def signs(said: str) -> list[str]:
    return [word.text for word in words_in(said)]


def in_order(change: SectionChange, words: list[str]) -> list[str]:
    """Words as they come; sorted where a paragraph moved, since it is shown where it stands now."""
    return sorted(words) if any(part.turn == "moved" for part in change.parts) else words


def words_written(written: Section) -> list[str]:
    return signs(f"{written.title}\n{written.body_markdown}")


def marked(older: str, newer: str) -> int:
    """How many words are marked, signs not counted."""
    [change] = compare(text(section(body=older)), text(section(body=newer)))
    return len([word for word in words_of(change, "removed", "added") if word.isalnum()])


@given(texts(), texts())
def test_words_kept_and_removed_are_the_older_words(older: PolicyText, newer: PolicyText) -> None:
    changes = {change.key: change for change in compare(older, newer)}
    for written in older.sections:
        change = changes[written.key]
        assert in_order(change, words_of(change, "kept", "removed")) == in_order(change, words_written(written))


@given(texts(), texts())
def test_words_kept_and_added_are_the_newer_words(older: PolicyText, newer: PolicyText) -> None:
    changes = {change.key: change for change in compare(older, newer)}
    for written in newer.sections:
        change = changes[written.key]
        assert words_of(change, "kept", "added") == words_written(written)


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
        ("We keep your name for one year.\n\nWe sell nothing.", "We keep your name.\n\nWe sell nothing at all.", 5),
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


def shown(runs: tuple[Run, ...]) -> str:
    marks = {"kept": "%s", "removed": "[-%s-]", "added": "{+%s+}"}
    return "".join(run.gap + marks[run.kind] % run.text for run in runs)


@pytest.mark.parametrize(
    ("older", "newer", "both"),
    [
        ("Nous gardons le nom.", "Nous gardons le nom et la langue.", "Nous gardons le nom{+ et la langue+}."),
        ("We keep logs; always.", "We keep logs, always.", "We keep logs[-;-]{+,+} always."),
        (
            "Lisez «\u00a0ici\u00a0» d’abord.",
            "Lisez «\u00a0là\u00a0» d’abord.",
            "Lisez «\u00a0[-ici-]\u00a0{+là+}\u00a0» d’abord.",
        ),
        ("First, we ask.", "we ask.", "[-First,-] we ask."),
        ("Fini l’ancien accord.", "Fini l’accord.", "Fini l’[-ancien-] accord."),
        ("Il y a la liste.", "Il y a l’idée.", "Il y a [-la liste-] {+l’idée+}."),
        ("Keep A. Keep B.", "Keep A. Keep C. Keep B.", "Keep A.{+ Keep C.+} Keep B."),
        ("Keep A. Keep C. Keep B.", "Keep A. Keep B.", "Keep A.[- Keep C.-] Keep B."),
        ("Anna", "Bruno", "[-Anna-] {+Bruno+}"),
        ("Pay 10,000 a year", "Pay 12,500 a year", "Pay [-10,000-] {+12,500+} a year"),
        (
            "a one two three of four five six b",
            "a uno due tre of quattro cinque sei b",
            "a [-one two three of four five six-] {+uno due tre of quattro cinque sei+} b",
        ),
    ],
)
def test_what_changed_is_marked_and_the_spaces_around_it_stay(older: str, newer: str, both: str) -> None:
    [change] = compare(text(section(title=older)), text(section(title=newer)))
    assert shown(woven(change.heading)) == both.replace("{+ ", " {+").replace("[- ", " [-")
    assert shown(as_it_was(change.heading)).replace("[-", "").replace("-]", "").strip() == older
    assert shown(as_it_is(change.heading)).replace("{+", "").replace("+}", "").strip() == newer


@pytest.mark.parametrize(
    ("older", "newer", "turns"),
    [
        (["one two three four five six"], ["one two three", "four five six"], ["", "divided"]),
        (["one two three", "four five six"], ["one two three four five six"], ["", "joined"]),
        (["one two", "three four", "five six"], ["five six", "one two", "three four"], ["moved", "", ""]),
        (["one two three"], ["one two three", "four five six"], ["", ""]),
    ],
)
def test_a_paragraph_divided_joined_or_moved_is_said_to_be_so(
    older: list[str], newer: list[str], turns: list[str]
) -> None:
    [change] = compare(text(section(body="\n\n".join(older))), text(section(body="\n\n".join(newer))))
    assert [part.turn for part in change.parts] == turns
    assert change.kind == "changed"
    assert [part.changed for part in change.parts] == [False] * (len(turns) - (turns == ["", ""])) + [True] * (
        turns == ["", ""]
    )


@pytest.mark.timeout(60)
@pytest.mark.parametrize("separator", [" ", "\n\n"])
def test_a_hostile_text_of_one_repeated_word_does_not_hold_up_the_page(separator: str) -> None:
    older, newer = (separator.join(["word"] * count) for count in (20_000, 19_999))
    [change] = compare(text(section(body=older)), text(section(body=newer)))
    assert len(words_of(change, "kept", "removed")) == 20_002
