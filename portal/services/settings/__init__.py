"""The officer's settings: first filled from the operator's file, then rows with history that every page reads (design §2.8)."""

from portal.services.settings.effective import Effective, fill_from_file, in_effect, last_known

__all__ = ["Effective", "fill_from_file", "in_effect", "last_known"]
