"""Every key a program writes has words, and staff and people do not read the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args

import pytest

from portal.domain import data_map
from portal.domain.languages import LANGUAGES
from portal.domain.rights import Decision, Flag, Kind, Role, Stage, State
from portal.wording import labels, map_labels

LABELS: list[tuple[Callable[[Any, Any], str], Iterable[Any]]] = [
    (labels.kind_label, Kind),
    (labels.kind_label_for_staff, Kind),
    (labels.stage_label, Stage),
    (labels.state_label, State),
    (labels.decision_label, Decision),
    (labels.flag_label_for_staff, Flag),
    (labels.role_label, Role),
    (map_labels.basis_label, get_args(data_map.Basis)),
    (map_labels.origin_label, get_args(data_map.Origin)),
    (map_labels.correction_label, get_args(data_map.Correction)),
    (map_labels.table_erasure_label, get_args(data_map.TableErasure)),
    (map_labels.column_method_label, get_args(data_map.ColumnMethod)),
]


@pytest.mark.parametrize(("label", "keys"), LABELS)
def test_each_key_has_words_of_its_own(label: Callable[[Any, Any], str], keys: Iterable[Any]) -> None:
    for language in LANGUAGES:
        words = [label(key, language) for key in keys]
        assert all(words)
        assert len(set(words)) == len(words)


def test_a_deemed_refusal_is_told_to_its_person_as_lateness() -> None:
    assert labels.flag_label(Flag.DEEMED_REFUSED, "en") == "We are late"
    assert labels.flag_label_for_staff(Flag.DEEMED_REFUSED, "en") == "Deemed refusal (time limit passed)"
    assert {labels.flag_label(flag, "fr") for flag in Flag}


def test_a_held_value_is_said_to_be_held() -> None:
    assert map_labels.held_label("en") == "Held, not shown"
