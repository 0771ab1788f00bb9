"""Our own data: tables, the unit of work and one repository a feature; rows become domain dataclasses here."""
