"""What a complaint is for, who looks into it and by when, said wherever one can be made (P-39.1, s. 3.2)."""

from __future__ import annotations

from portal.web.access import portal
from portal.web.languages import page_language
from portal.web.pages import effective, words
from portal.wording.spans import span_words


def complaint_words() -> str:
    """For what, who and by when: our own target, for the law sets no time for a complaint."""
    language = page_language()
    return " ".join(
        (
            words("To tell us that we handle personal information badly, whoever it concerns."),
            words("Who looks into it: %(who)s.", who=effective().contact.title.in_(language)),
            words(
                "We aim to answer within %(time)s. We set this time ourselves: the law sets none for a complaint.",
                time=span_words(portal().regime.base, language),
            ),
        )
    )
