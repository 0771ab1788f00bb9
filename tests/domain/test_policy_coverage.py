"""What a policy covers of the data map, held against it; what is sold, and who looked at both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.data_map import (
    Category,
    Column,
    ColumnErasure,
    DataMap,
    PersonLink,
    Purpose,
    Retention,
    Table,
    TableName,
)
from portal.domain.languages import LANGUAGES, Language, Text, twin_of
from portal.domain.periods import period
from portal.domain.policies import PolicyText
from portal.domain.policy_coverage import (
    COVER_NAME,
    Kind,
    items_of,
    proposed,
    recipient_name,
    says_it_is_not_sold,
    without_erasure,
    without_period,
)
from portal.domain.policy_drafts import DraftSection, edited
from portal.domain.policy_tasks import Ground, TaskKind, shortcomings
from tests.policies.builders import section, text

HOST = Text(fr="Notre hébergeur (Québec)", en="Our hosting provider (Québec)")
MAP = DataMap(
    purposes=(Purpose("improve", Text(fr="Améliorer le service", en="Improve the service"), "consent"),),
    categories=(
        Category("usage", Text(fr="Données d’utilisation", en="Usage data"), ("improve",), recipients=(HOST,)),
        Category("paper", Text(fr="Dossiers papier", en="Paper files"), ("improve",), recipients=(HOST,)),
    ),
)
ALL = "usage paper improve recipient:our-hosting-provider-quebec"
NAME = Text(fr="X", en="X")


def twins(
    covers: str, french: str = "Nous ne vendons rien.", english: str = "We sell nothing."
) -> dict[Language, PolicyText]:
    return {
        "fr": text(section(body=french, covers=covers), language="fr"),
        "en": text(section(body=english, covers=covers)),
    }


def found(texts: dict[Language, PolicyText], data_map: DataMap = MAP, *, sells: bool = False) -> set[tuple[str, str]]:
    tasks = shortcomings(texts, Ground(NAME, data_map, sells))
    return {
        (task.kind.value, task.item.name if task.item else task.words or task.table)
        for task in tasks
        if task.kind is not TaskKind.PART
    }


def test_what_the_map_has_is_counted_once_whoever_names_it() -> None:
    assert [(item.kind, item.name) for item in items_of(MAP)] == [
        (Kind.CATEGORY, "usage"),
        (Kind.CATEGORY, "paper"),
        (Kind.PURPOSE, "improve"),
        (Kind.RECIPIENT, "recipient:our-hosting-provider-quebec"),
    ]


@given(st.text(max_size=90), st.text(max_size=90))
def test_every_recipient_has_a_name_that_covers_may_hold_and_others_have_another(one: str, other: str) -> None:
    names = [recipient_name(Text(fr="x", en=words)) for words in (one, other)]
    assert all(COVER_NAME.match(name) for name in names)
    long = [recipient_name(Text(fr="x", en="a" * 60 + words)) for words in ("1", "2")]
    assert long[0] != long[1]


def test_a_text_that_covers_the_whole_map_lacks_nothing_of_it() -> None:
    assert found(twins(ALL)) == set()


@pytest.mark.parametrize("name", ALL.split())
def test_each_thing_no_section_covers_is_named(name: str) -> None:
    covers = " ".join(other for other in ALL.split() if other != name)
    assert found(twins(covers)) == {("cover", name)}


def test_a_category_removed_from_the_map_is_named_where_the_text_covers_it() -> None:
    smaller = replace(MAP, categories=MAP.categories[:1])
    assert found(twins(ALL), smaller) == {("unmapped", "paper")}


def test_an_empty_map_asks_for_nothing() -> None:
    assert found(twins(""), DataMap()) == set()


def test_a_table_without_period_or_rule_is_named() -> None:
    bare = Table(TableName("s", "t"), PersonLink(("id",)), ("id",), None, (Column("id", NAME),), "columns")
    mapped = replace(MAP, categories=(replace(MAP.categories[0], tables=(bare,)), MAP.categories[1]))
    assert found(twins(ALL), mapped) == {("period", "s.t"), ("erasure", "s.t")}
    ruled = replace(
        bare,
        retention=Retention("id", period("P1Y")),
        columns=(replace(bare.columns[0], erase=ColumnErasure("null")),),
    )
    whole = replace(MAP, categories=(replace(MAP.categories[0], tables=(ruled,)),))
    assert not [*without_period(whole), *without_erasure(whole)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "**Nous ne vendons pas** vos renseignements."),
        ("fr", "Vos renseignements ne sont jamais vendus."),
        ("fr", "Nous ne les vendons pas."),
        ("fr", "Aucun de vos renseignements n’est vendu."),
        ("fr", "Nous n’en vendons aucun."),
        ("en", "We do **not** sell your information."),
        ("en", "We never rent or sell it."),
        ("en", "Your information is not sold."),
        ("en", "We sell nothing."),
    ],
)
def test_a_sentence_that_says_nothing_is_sold_is_known(language: Language, words: str) -> None:
    assert says_it_is_not_sold(text(section(body=words), language=language)) == "uses"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Si notre entreprise est vendue, vous en serez avisé."),
        ("fr", "Nous vendons des abonnements et ne conservons rien."),
        ("en", "If our organization is sold, you will be told."),
        ("en", "We sell subscriptions. We do not keep anything."),
    ],
)
def test_a_sentence_about_another_sale_is_not_taken_for_it(language: Language, words: str) -> None:
    assert says_it_is_not_sold(text(section(body=words), language=language)) is None


def test_what_is_sold_and_the_sentence_agree_in_both_languages() -> None:
    assert found(twins(ALL, "Oui.", "Yes.")) == {("not_said_sold", "")}
    assert found(twins(ALL, english="Yes.")) == {("not_said_sold", "")}
    assert found(twins(ALL), sells=True) == {("said_not_sold", "")}
    assert found(twins(ALL, "Oui.", "Yes."), sells=True) == set()


def test_coverage_is_proposed_where_the_words_are_then_where_policies_say_it() -> None:
    both = {
        "fr": text(section("collected", "Rien."), section("uses", "Améliorer le service."), section("other-1", "Notre hébergeur."), language="fr"),
        "en": text(section("collected", "None."), section("uses", "Improve the service."), section("other-1", "Our hosting provider.")),
    }  # fmt: skip
    said = {"uses": ("improve",), "other-1": ("recipient:our-hosting-provider-quebec",)}
    assert proposed(both, MAP, by_heading=False) == said
    assert proposed(both, MAP, by_heading=True) == {"collected": ("usage", "paper")} | said


# --- looked at ---------------------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
SECTION = DraftSection("uses", Text(fr="Fins", en="Uses"), Text(fr="Oui.", en="Yes."))
acts = st.lists(st.tuples(st.sampled_from(["fr", "en", "both", "same"]), st.integers(0, 2)), max_size=12)


@given(acts)
def test_a_section_lags_until_somebody_looks_at_both_or_writes_the_one_that_was_behind(
    done: list[tuple[str, int]],
) -> None:
    section_, looked, behind = SECTION, "", None
    for minute, (act, number) in enumerate(done):
        languages = {"both": LANGUAGES, "same": ()}.get(act, (act,))
        body = {one: f"{number}" if one in languages else section_.body.in_(one) for one in LANGUAGES}  # type: ignore[arg-type]  # languages
        after = replace(section_, body=Text(**body))
        changed = [one for one in LANGUAGES if after.body.in_(one) != section_.body.in_(one)]
        section_ = edited(section_, after, at=NOON + timedelta(minutes=minute), by=1, same=act == "same")
        if act == "same" or len(changed) == 2 or changed == [behind]:
            looked, behind = section_.words, None
        elif changed:
            behind = None if looked == section_.words else twin_of(changed[0])
    assert section_.lagging == behind


@pytest.mark.parametrize(("changed", "lags"), [("en", "fr"), ("fr", "en")])
def test_the_language_that_was_not_changed_is_the_one_to_look_at(changed: Language, lags: Language) -> None:
    body = Text(**{one: "Autre" if one == changed else SECTION.body.in_(one) for one in LANGUAGES})
    after = edited(SECTION, replace(SECTION, body=body), at=NOON, by=1, same=False)
    assert after.lagging == lags
    assert edited(after, after, at=NOON, by=2, same=True).lagging is None


@pytest.mark.parametrize(("regime", "asked"), [("qc_p391", True), ("eu_gdpr", False), ("ca_pipeda", False)])
def test_thirty_days_and_the_commission_are_asked_of_quebec_s_policies_alone(regime: str, asked: bool) -> None:
    tasks = shortcomings(twins(""), Ground(NAME, MAP, regime=regime))
    parts = {task.part.key for task in tasks if task.part}
    assert ({"children", "requests", "recourse", "deindexing"} <= parts) is asked
    assert "contact" in parts
