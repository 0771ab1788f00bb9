"""Why the erasure ledger takes nothing, and what to do about it, for whoever runs the portal."""

from __future__ import annotations

from portal.domain.languages import Language
from portal.domain.ledger import KeyMissing, LedgerBroken, LedgerCut, LedgerRefused, OtherLedger
from portal.wording.catalogue import for_language


def refusal_sentence(why: LedgerRefused, language: Language) -> str:
    """One sentence, without an address that may hold a password."""
    words = for_language(language)
    if isinstance(why, LedgerCut):
        return words.gettext(
            "The erasure ledger ends before entry %(number)s, which was written. Put back the copy that has it.",
            number=why.number,
        )
    if isinstance(why, LedgerBroken):
        return words.gettext(
            "Entry %(number)s of the erasure ledger is not as it was written. Put back a copy where it is.",
            number=why.number,
        )
    if isinstance(why, KeyMissing):
        return words.gettext(
            "No secret opens entry %(number)s of the erasure ledger. Add the secret it was written with to "
            "secrets.previous.",
            number=why.number,
        )
    if isinstance(why, OtherLedger):
        return words.gettext("The erasure ledger is that of another installation.")
    return words.gettext("The erasure ledger cannot be read or written (%(reason)s).", reason=why)
