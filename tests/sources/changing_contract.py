"""What every source must do when one value is changed."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from portal.sources.base import Source, SourceRefused
from tests.sources.bench import (
    Bench,
    cell,
)
from tests.sources.invented_service import (
    ACCOUNTS,
    CAMILLE,
    OLIVER,
    PEOPLE,
    camille,
    consent,
    fill,
)


class ChangingContract(Bench):
    """Corrections and consents."""

    def test_a_correction_is_written_where_the_value_still_stands(self, source: Source, engine: sa.Engine) -> None:
        done = source.correct(ACCOUNTS, CAMILLE, CAMILLE, "name", before="Camille Tremblay", value="Camille Roy")
        assert done.done
        assert done.present == "Camille Roy"
        assert cell(engine, "name") == "Camille Roy"
        assert cell(engine, "name", 2) == "Oliver"

    def test_a_value_changed_meanwhile_is_told_and_left(self, source: Source, engine: sa.Engine) -> None:
        found = source.correct(ACCOUNTS, CAMILLE, CAMILLE, "name", before="camille tremblay", value="Camille Roy")
        assert not found.done
        assert found.present == "Camille Tremblay"
        assert cell(engine, "name") == "Camille Tremblay"

    @pytest.mark.parametrize(
        ("column", "before", "value", "stored"),
        [
            ("born", "1990-02-28", "1991-03-01", date(1991, 3, 1)),
            ("balance", "19.90", "20.5", Decimal("20.50")),
            ("logins", "7", "8", 8),
            ("active", True, False, False),
            ("created_at", "2025-01-02T03:04:05.678901+00:00", "2025-05-06T00:00:00-04:00", datetime(2025, 5, 6, 4, 0)),  # noqa: DTZ001
            ("born", date(1990, 2, 28), "", None),
            ("locale", "fr-CA", None, None),
            ("second_email", "", "a@example.org", "a@example.org"),
            ("second_email", None, "'; --", "'; --"),
        ],
    )
    def test_values_are_written_as_the_column_s_kind(
        self, source: Source, engine: sa.Engine, column: str, before: Any, value: Any, stored: Any
    ) -> None:
        assert source.correct(ACCOUNTS, CAMILLE, CAMILLE, column, before=before, value=value).done
        found = cell(engine, column)
        assert (found.replace(tzinfo=None) if isinstance(found, datetime) else found) == stored

    def test_line_ends_and_composition_do_not_count_as_a_change(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, accounts=[camille(order=unicodedata.normalize("NFD", "été\nhiver"))])
        assert source.correct(ACCOUNTS, CAMILLE, CAMILLE, "order", before="été\r\nhiver", value="x").done

    @pytest.mark.parametrize(
        ("column", "before", "value", "reason"),
        [
            ("name", "Camille Tremblay", "x" * 41, "too_long"),
            ("name", "Camille Tremblay", None, "required"),
            ("name", "Camille Tremblay", "nul\x00", "type"),
            ("name", "Camille Tremblay", "half \ud800", "type"),
            ("logins", 7, "seven", "type"),
            ("logins", 7, "７", "type"),
            ("logins", 7, "9" * 400, "type"),
            ("born", date(1990, 2, 28), "2025-02-30", "type"),
            ("born", date(1990, 2, 28), "0000-00-00", "type"),
            ("balance", "19.90", "NaN", "type"),
            ("balance", "19.90", "1e309x", "type"),
            ("balance", "19.90", "-500", "constraint"),
            ("nickname", "cam", "oli", "constraint"),
        ],
    )
    def test_a_value_the_source_will_not_have_changes_nothing(
        self, source: Source, engine: sa.Engine, column: str, before: Any, value: Any, reason: str
    ) -> None:
        present = cell(engine, column)
        with pytest.raises(SourceRefused) as refusal:
            source.correct(ACCOUNTS, CAMILLE, CAMILLE, column, before=before, value=value)
        assert refusal.value.reason == reason
        assert refusal.value.__context__ is None
        assert cell(engine, column) == present

    def test_the_length_that_fits_is_told(self, source: Source) -> None:
        with pytest.raises(SourceRefused) as refusal:
            source.correct(ACCOUNTS, CAMILLE, CAMILLE, "name", before="Camille Tremblay", value="é" * 41)
        assert refusal.value.limit == 40
        assert source.correct(ACCOUNTS, CAMILLE, CAMILLE, "name", before="Camille Tremblay", value="é" * 40).done

    def test_nobody_corrects_another_s_row(self, source: Source, engine: sa.Engine) -> None:
        with pytest.raises(LookupError):
            source.correct(ACCOUNTS, CAMILLE, OLIVER, "name", before="Oliver", value="Mine")
        assert cell(engine, "name", 2) == "Oliver"

    @pytest.mark.parametrize(
        ("column", "given", "withdrawn"),
        [
            ("improve_ok", True, False),
            ("improve_ok", 1, 0),
            ("news_ok", True, False),
            ("news_ok", 1, 0),
            ("survey", "oui", "non"),
        ],
    )
    def test_consent_is_the_service_s_own_value(self, source: Source, column: str, given: Any, withdrawn: Any) -> None:
        kept = consent(column, given, withdrawn)
        for answer in (True, False, False, True):
            source.write_consent(kept, PEOPLE, CAMILLE, given=answer)
            assert source.read_consent(kept, PEOPLE, CAMILLE) is answer

    def test_nothing_recorded_is_neither_yes_nor_no(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, accounts=[camille(improve_ok=None, survey="peut-être")])
        assert source.read_consent(consent("improve_ok", True, False), PEOPLE, CAMILLE) is None
        assert source.read_consent(consent("survey", "oui", "non"), PEOPLE, CAMILLE) is None
        assert source.read_consent(consent("survey", "oui", "non"), PEOPLE, (99,)) is None

    def test_consent_of_nobody_cannot_be_written(self, source: Source) -> None:
        with pytest.raises(LookupError):
            source.write_consent(consent("news_ok", 1, 0), PEOPLE, (99,), given=True)

    def test_consent_that_does_not_fit_is_refused(self, source: Source) -> None:
        with pytest.raises(SourceRefused):
            source.write_consent(consent("survey", "x" * 11, "non"), PEOPLE, CAMILLE, given=True)
