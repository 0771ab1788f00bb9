"""What the data map says, in the terms of the W3C's Data Privacy Vocabulary, so that other programs understand it.

Only terms that say no more than the map does; what has none there is said to be a purpose, or personal data, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from portal.domain.data_map import Basis, Category, Purpose

PREFIXES: Mapping[str, str] = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "dct": "http://purl.org/dc/terms/",
}
NOTICE = "dpv:PrivacyNotice"

_BASES: Mapping[Basis, str] = {
    "consent": "dpv:Consent",
    "contract": "dpv:Contract",
    "legal_obligation": "dpv:LegalObligation",
}

_PURPOSES = (
    (r"improv|optimi|quality", "dpv:ImproveExistingProductsAndServices"),
    (r"secur|abuse|fraud|protect", "dpv:EnforceSecurity"),
    (r"news|communicat|contact|notif|support", "dpv:CommunicationManagement"),
    (r"legal|law|tax|compl", "dpv:LegalCompliance"),
    (r"rights", "dpv:RightsFulfilment"),
    (r"account", "dpv:AccountManagement"),
    (r"provid|service|maintain", "dpv:ServiceProvision"),
)
_DATA = (
    (r"e_?mail|courriel", "pd:EmailAddress"),
    (r"user_?name|login", "pd:Username"),
    (r"name|nom|prenom", "pd:Name"),
    (r"password|passwd|mot_de_passe", "pd:Password"),
    (r"ip|ip_?address|adresse_ip|remote_addr", "pd:IPAddress"),
    (r"user_?agent|browser|navigateur", "pd:UserAgent"),
    (r"os|operating_system|system|systeme", "pd:DeviceOperatingSystem"),
    (r"device|device_id|model|appareil", "pd:DeviceBased"),
    (r"language|locale|langue", "pd:Language"),
    (r"location|city|ville|country|pays", "pd:Location"),
)


def of_purpose(purpose: Purpose) -> tuple[str, ...]:
    """What a purpose is called there."""
    found = next((term for known_by, term in _PURPOSES if re.match(known_by, purpose.id)), None)
    if found is None and purpose.basis == "legal_obligation":
        found = "dpv:LegalCompliance"
    return (found or "dpv:Purpose",)


def of_basis(basis: Basis) -> str | None:
    """What a ground is called there; None where the two laws do not mean the same by it."""
    return _BASES.get(basis)


def of_category(category: Category) -> tuple[str, ...]:
    """What a category's columns are called there, each once, as the map names them."""
    columns = (column.name.lower() for table in category.tables for column in table.columns)
    return tuple(dict.fromkeys(_terms(columns))) or ("dpv:PersonalData",)


def _terms(columns: Iterable[str]) -> Iterable[str]:
    for column in columns:
        yield from (term for known_by, term in _DATA if re.fullmatch(known_by, column))
