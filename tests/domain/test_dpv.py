"""What the map says in the W3C's terms: no more than it says, and only terms that exist."""

from __future__ import annotations

import pytest

from portal.domain.data_map import Basis, Category, Column, PersonLink, Purpose, Table, TableName
from portal.domain.dpv import of_basis, of_category, of_purpose
from portal.domain.languages import Text

LABEL = Text(fr="Un", en="One")


@pytest.mark.parametrize(
    ("purpose", "basis", "term"),
    [
        ("provide", "contract", "dpv:ServiceProvision"),
        ("improve", "consent", "dpv:ImproveExistingProductsAndServices"),
        ("security", "security", "dpv:EnforceSecurity"),
        ("news", "consent", "dpv:CommunicationManagement"),
        ("legal", "legal_obligation", "dpv:LegalCompliance"),
        ("invoices", "legal_obligation", "dpv:LegalCompliance"),
        ("disprove", "consent", "dpv:Purpose"),
    ],
)
def test_a_purpose_is_known_by_its_name_or_its_ground(purpose: str, basis: Basis, term: str) -> None:
    assert of_purpose(Purpose(purpose, LABEL, basis)) == (term,)


def test_a_ground_of_our_law_alone_has_no_term() -> None:
    assert of_basis("consent") == "dpv:Consent"
    assert of_basis("consistent_purpose") is None


def test_a_category_is_known_by_its_columns_each_term_once() -> None:
    columns = tuple(Column(name, LABEL) for name in ("email", "E_Mail", "ip_address", "shipped", "renown"))
    table = Table(TableName("service", "t"), PersonLink(("id",)), ("id",), None, columns, "delete")
    assert of_category(Category("account", LABEL, tables=(table,))) == ("pd:EmailAddress", "pd:IPAddress")
    assert of_category(Category("paper", LABEL)) == ("dpv:PersonalData",)
