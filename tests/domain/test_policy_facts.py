"""Facts are compared by value: each language writes dates, amounts and addresses in its own way."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.policy_facts import KINDS, FactKind, apart, facts_of
from portal.wording.dates import date_long

NOTHING = ((), ())
cents = st.integers(1, 10**11).map(lambda value: Decimal(value) / 100)


@settings(deadline=None)
@given(cents)
def test_a_price_is_the_same_however_each_language_writes_it(amount: Decimal) -> None:
    french = f"Il en coûte {format_currency(amount, 'CAD', locale='fr_CA')} par an."
    english = f"It costs {format_currency(amount, 'CAD', locale='en_CA')} a year."
    assert facts_of("amounts", french, "fr")
    assert apart(french, english, "amounts") == NOTHING


@settings(deadline=None)
@given(cents, cents)
def test_two_prices_that_differ_are_apart_in_both_directions(one: Decimal, other: Decimal) -> None:
    french = f"{format_decimal(one, locale='fr_CA')}\u00a0$"
    english = f"${format_decimal(other, locale='en_CA')}"
    only_fr, only_en = apart(french, english, "amounts")
    assert bool(only_fr) == bool(only_en) == (one != other)


@settings(deadline=None)
@given(st.integers(0, 1000))
def test_a_share_is_the_same(tenths: int) -> None:
    share = Decimal(tenths) / 1000
    french = format_percent(share, locale="fr_CA", decimal_quantization=False)
    english = format_percent(share, locale="en_CA", decimal_quantization=False)
    assert apart(french, english, "amounts") == NOTHING


@settings(deadline=None)
@given(
    st.integers(2, 10**7), st.sampled_from([("jours", "days"), ("mois", "months"), ("heures", "hours"), ("Mo", "MB")])
)
def test_a_number_of_a_unit_is_the_same_and_another_unit_is_not(number: int, unit: tuple[str, str]) -> None:
    french = f"pendant {format_decimal(number, locale='fr_CA')}\u00a0{unit[0]}"
    english = f"for {format_decimal(number, locale='en_CA')} {unit[1]}"
    assert apart(french, english, "amounts") == NOTHING
    assert apart(french, english.replace(unit[1], "weeks"), "amounts") != NOTHING
    assert apart(french, english.replace("for ", "for 1"), "amounts") != NOTHING


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 400))
def test_a_date_is_the_same_in_words_and_another_one_is_not(day: date, later: int) -> None:
    assert apart(f"le {date_long(day, 'fr')}", date_long(day, "en"), "dates") == NOTHING
    other = day + timedelta(days=later)
    assert apart(f"le {date_long(day, 'fr')}", date_long(other, "en"), "dates") == (
        (day.isoformat(),),
        (other.isoformat(),),
    )


@pytest.mark.parametrize(
    ("kind", "french", "english"),
    [
        ("amounts", "dans les trente (30) jours", "within thirty (30) days"),
        ("amounts", "un délai de 30 jours ouvrables", "a 30-business-day period"),
        ("amounts", "les personnes de moins de 14 ans", "people under 14"),
        ("amounts", "5 millions de dollars", "$5 million"),
        ("amounts", "de 9 h à 14 h 30", "from 9 a.m. to 2:30 p.m."),
        ("amounts", "pendant **13 mois**", "for **13 months**"),
        ("amounts", "deux ans et 50 cents", "2 years and $0.50"),
        ("amounts", "en 2026 100 jours", "in 2026, 100 days"),
        ("amounts", "pendant un an", "for 12 months"),
        ("amounts", "une durée d’un an", "for a year"),
        ("amounts", "un délai d’un mois", "one month"),
        ("amounts", "pendant deux ans", "for 24 months"),
        ("amounts", "vingt et un jours, cent vingt jours", "twenty-one days, one hundred and twenty days"),
        ("amounts", "un jour ouvrable et 2 heures", "one business day and two hours"),
        ("amounts", "dans l’heure, soit une heure, et 3 jours", "within one hour, and three days"),
        ("dates", "avant le 31 mars", "before March 31"),
        ("dates", "avant le 1er mai de chaque année", "before May 1st of each year"),
        ("dates", "depuis mai 2024", "since May 2024"),
        ("dates", "le 31 mars et le 30 septembre 2025", "March 31 and September 30, 2025"),
        ("phones", "418 528-7741, 1 888 528-7741", "(418) 528-7741 and 1-888-528-7741"),
        (
            "addresses",
            "525, boul. Lévesque, bureau 200, Québec  G1R 5S9",
            "Suite 200, 525 Lévesque Blvd., G1R\u00a05S9",
        ),
        ("links", "<https://www.canada.ca/fr/vie-privee.html>", "<https://www.canada.ca/en/privacy.html>"),
        ("links", "[ici](/fr/vos-droits)", "[here](/en/your-rights)"),
        ("emails", "Jo@Example.org", "jo@example.org"),
    ],
)
def test_these_say_the_same(kind: FactKind, french: str, english: str) -> None:
    assert facts_of(kind, french, "fr")
    assert apart(french, english, kind) == NOTHING


@pytest.mark.parametrize(
    ("kind", "french", "english", "only_fr", "only_en"),
    [
        ("amounts", "pendant 30 jours", "for 30 months", ("30 jours",), ("30 months",)),
        ("amounts", "25 %", "2.5%", ("25 %",), ("2.5%",)),
        ("amounts", "1 234,50 $", "$1,234.05", ("1 234,50 $",), ("$1,234.05",)),
        ("amounts", "rien", "after 6 months", (), ("6 months",)),
        ("amounts", "pendant un an", "for one month", ("un an",), ("one month",)),
        ("amounts", "un mois", "one year", ("un mois",), ("one year",)),
        ("amounts", "un mois", "a year", ("un mois",), ()),
        ("amounts", "vingt-cinq jours", "twenty-six days", ("vingt-cinq jours",), ("twenty-six days",)),
        ("amounts", "treize mois", "sixteen months", ("treize mois",), ("sixteen months",)),
        ("amounts", "soixante-et-onze jours", "seventy days", ("soixante-et-onze jours",), ("seventy days",)),
        ("dates", "avant le 31 mars", "before March 30", ("31 mars",), ("March 30",)),
        ("dates", "janvier 2025", "February 2026", ("janvier 2025",), ("February 2026",)),
        ("dates", "le 1er mai", "you may 1", ("1er mai",), ()),
        ("phones", "418 528-7741", "418 528-7742", ("418 528-7741",), ("418 528-7742",)),
        ("addresses", "525, rue, G1R 5S9", "552 Street, G1R 5S9", ("525, G1R 5S9",), ("552, G1R 5S9",)),
        ("links", "https://a.example/x", "https://a.example/y", ("https://a.example/x",), ("https://a.example/y",)),
        ("links", "https://a.ca/en/x", "https://a.ca/en/x", ("https://a.ca/en/x",), ("https://a.ca/en/x",)),
    ],
)
def test_these_do_not_and_what_only_one_has_is_shown_as_it_is_written(
    kind: FactKind, french: str, english: str, only_fr: tuple[str, ...], only_en: tuple[str, ...]
) -> None:
    assert apart(french, english, kind) == (only_fr, only_en)


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Il en coûte 10 $ par an.", "It costs $10 a year."),
        ("une fois par année, chaque mois", "once a year, every month"),
        ("Un jour, une heure viendra.", "A day and an hour will come."),
        ("Vous pouvez en mai.", "You may in May."),
    ],
)
def test_an_article_and_its_noun_count_nothing(french: str, english: str) -> None:
    assert apart(french, english, "amounts") == NOTHING
    assert apart(french, english, "dates") == NOTHING


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [
        (13, "treize", "thirteen"),
        (16, "seize", "sixteen"),
        (17, "dix-sept", "seventeen"),
        (21, "vingt et un", "twenty-one"),
        (22, "vingt-deux", "twenty-two"),
        (51, "cinquante et un", "fifty-one"),
        (69, "soixante-neuf", "sixty-nine"),
        (71, "soixante et onze", "seventy-one"),
        (79, "soixante-dix-neuf", "seventy-nine"),
        (80, "quatre-vingts", "eighty"),
        (81, "quatre-vingt-un", "eighty-one"),
        (90, "quatre-vingt-dix", "ninety"),
        (91, "quatre-vingt-onze", "ninety-one"),
        (99, "quatre-vingt-dix-neuf", "ninety-nine"),
        (180, "cent quatre-vingts", "one hundred and eighty"),
    ],
)
def test_a_number_in_words_is_the_same_as_in_figures(number: int, french: str, english: str) -> None:
    for words in (french, french.replace(" ", "-"), french.replace("-", " "), french.capitalize()):
        assert apart(f"{words} jours", f"{number} days", "amounts") == NOTHING
        assert apart(f"{words} jours", f"{number + 1} days", "amounts") != NOTHING
    assert apart(f"{number} jours", f"{english} days", "amounts") == NOTHING
    assert apart(f"{number} jours", f"{english.replace('-', ' ')}-day period", "amounts") == NOTHING


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_stops_the_comparison(french: str, english: str) -> None:
    for kind in KINDS:
        apart(french, english, kind)


@pytest.mark.parametrize(
    "piece", ["1 ", "111 ", "1,", "(", "2 (", "deux ", "$", "G1R ", "418-", "[a](", "https://a@", "1 million "]
)
def test_a_long_text_made_to_be_slow_is_read_quickly(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    begun = time.process_time()
    for kind in KINDS:
        apart(text, text, kind)
    assert time.process_time() - begun < 10
