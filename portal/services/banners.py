"""What staff must know on whatever page they are: letters that do not leave, a version not published, a change nobody tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from portal.domain.languages import Language
from portal.domain.policies import Document
from portal.services.installation import Installation
from portal.services.notices_due import ToTell, nobody_tells
from portal.storage.store import Store
from portal.wording.catalogue import for_language
from portal.wording.dates import date_long

WAITED_TOO_LONG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence for the head of every staff page. `remedy`: words of a link to what to do, on the health page."""

    sentence: str
    remedy: str | None = None


def banners_for(portal: Installation, store: Store, language: Language) -> list[Banner]:
    """What staff are told on every page; nothing when all is well (design §4.6)."""
    words = for_language(language)
    standing = store.attention.standing()
    banners = _called_back(standing.called_back, language)
    if standing.ledger_refuses:
        sentence = words.gettext(
            "Nothing more is destroyed: the erasure ledger cannot be written, or is not as it was written. Whoever runs "
            "the portal can see why with “portal check”."
        )
        banners.append(Banner(sentence))
    if standing.people_back:
        sentence = words.ngettext(
            "%(num)s person who was erased is back in a database, which was probably restored. Whoever runs the portal can "
            "erase them again with “portal erasures replay”.",
            "%(num)s people who were erased are back in a database, which was probably restored. Whoever runs the portal can "
            "erase them again with “portal erasures replay”.",
            standing.people_back,
        )
        banners.append(Banner(sentence))
    if portal.settings.mail.url is None:
        sentence = words.gettext("No e-mail leaves: the mail server is not set yet.")
        return [*banners, Banner(sentence, words.gettext("How to set it"))]
    oldest, refused = standing.waiting_since, standing.refused
    if oldest and portal.clock() - oldest > WAITED_TOO_LONG:
        sentence = words.gettext("Letters have been waiting for more than an hour. Look at the Letters page.")
        banners.append(Banner(sentence))
    if refused:
        sentence = words.ngettext(
            "%(num)s letter was refused and did not leave. Look at the Letters page.",
            "%(num)s letters were refused and did not leave. Look at the Letters page.",
            refused,
        )
        banners.append(Banner(sentence))
    untold = nobody_tells(portal, store, portal.clock())
    return [*banners, Banner(_untold(untold, language))] if untold else banners


def _called_back(documents: Sequence[Document], language: Language) -> list[Banner]:
    """That a version was not published at its moment, until somebody takes its draft up."""
    words = for_language(language)
    said: dict[Document, str] = {
        "privacy": words.gettext(
            "The version of the privacy policy that was scheduled was not published. The page of its draft says why."
        ),
        "governance": words.gettext(
            "The version of the governance practices that was scheduled was not published. The page of its draft says why."
        ),
    }
    return [Banner(said[document]) for document in documents]


def _untold(change: ToTell, language: Language) -> str:
    words, day = for_language(language), date_long(change.version.effective, language)
    if change.in_force:
        return words.gettext(
            "A change of substance to the policy is in force since %(day)s, and nobody was told of it. Look at the "
            "Notices page.",
            day=day,
        )
    return words.gettext(
        "A change of substance to the policy takes effect on %(day)s, and people must be told before. Look at the "
        "Notices page.",
        day=day,
    )
