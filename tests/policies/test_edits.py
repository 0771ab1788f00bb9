"""On edits like those that policies really see, a reader is shown little more than what changed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from portal.domain.comparison import compare
from portal.domain.word_changes import Run, RunKind, as_it_is, as_it_was
from portal.policies.plain import in_plain_words
from portal.policies.reading import read_text

EDITS = tomllib.loads((Path(__file__).parent / "edits.toml").read_text(encoding="utf-8"))["edit"]
MOST, MOST_OF_ONE = 1.5, 2
CASES = pytest.mark.parametrize("edit", EDITS, ids=[edit["name"] for edit in EDITS])


def changes_of(edit: dict[str, Any]) -> Any:
    older, newer = (_plain(edit, edit[side]) for side in ("older", "newer"))
    return compare(older, newer)


def marked(edit: dict[str, Any]) -> int:
    """How many words have any mark: a word whose comma alone was struck is one."""
    rows = [runs for change in changes_of(edit) for runs in (change.heading, *(part.runs for part in change.parts))]
    return sum(_touched(as_it_was(runs), "removed") + _touched(as_it_is(runs), "added") for runs in rows)


def _touched(runs: Iterable[Run], kind: RunKind) -> int:
    """Words of one side, counted between spaces, of which any letter or sign has the kind."""
    signs = [
        (sign, run.kind) for run in runs for sign in run.gap.replace("\u00a0", "~") + run.text.replace("\u00a0", "~")
    ]
    words: list[set[str]] = [set()]
    for sign, of in signs:
        if sign == " ":
            words.append(set())
        else:
            words[-1].add(of)
    return sum(kind in kinds for kinds in words)


def _plain(edit: dict[str, Any], source: str) -> Any:
    text, problems = read_text(edit["language"], source)
    assert not problems, problems
    return in_plain_words(text, placeholders={})


def test_there_are_at_least_twenty_edits_in_both_languages() -> None:
    assert len(EDITS) >= 20
    assert {edit["language"] for edit in EDITS} == {"fr", "en"}


@CASES
def test_an_edit_marks_little_more_than_it_changed(edit: dict[str, Any]) -> None:
    assert edit["words"] <= marked(edit) <= MOST_OF_ONE * edit["words"], [
        (change.kind, part.turn, [(run.kind, run.text) for run in part.runs])
        for change in changes_of(edit)
        for part in change.parts
    ]


def test_together_they_mark_at_most_half_as_many_words_again_as_they_changed() -> None:
    assert sum(map(marked, EDITS)) <= MOST * sum(edit["words"] for edit in EDITS)


@CASES
def test_no_edit_passes_unseen(edit: dict[str, Any]) -> None:
    assert any(change.kind != "unchanged" for change in changes_of(edit))
