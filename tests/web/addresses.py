"""What the addresses of the governance practices are made of: versions of the demo, and a section of a draft."""

from __future__ import annotations

OF_GOVERNANCE = {
    "governance_version": {"version_id": "2025-02-25"},
    **{f"governance_{form}": {"version_id": "2025-02-25"} for form in ("markdown", "plain", "data")},
    "governance_comparison": {"pair": "2025-02-25..2026-06-15"},
    "staff_governance_section": {"key": "roles"},
}
