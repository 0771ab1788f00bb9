"""What staff must know on whatever page they are: letters that do not leave, a version that was not published."""

from __future__ import annotations

from datetime import timedelta

from portal.domain.languages import Language
from portal.domain.policies import Document
from portal.services.installation import Installation
from portal.storage.store import Store
from portal.wording.catalogue import for_language

WAITED_TOO_LONG = timedelta(hours=1)


def banners_for(portal: Installation, store: Store, language: Language) -> list[str]:
    """Sentences for the head of every staff page; none when all is well (design §4.6)."""
    words = for_language(language)
    if portal.settings.mail.url is None:
        return [
            *_called_back(store, language),
            words.gettext(
                "Letters are not leaving: no mail server is named. Whoever looks after the machine names one in "
                "portal.toml, under [mail], then starts the portal again. Until then letters wait here."
            ),
        ]
    banners = _called_back(store, language)
    oldest, refused = store.letters.standing()
    if oldest and portal.clock() - oldest > WAITED_TOO_LONG:
        banners.append(words.gettext("Letters have been waiting for more than an hour. Look at the Letters page."))
    if refused:
        banners.append(
            words.ngettext(
                "%(num)s letter was refused and did not leave. Look at the Letters page.",
                "%(num)s letters were refused and did not leave. Look at the Letters page.",
                refused,
            )
        )
    return banners


def _called_back(store: Store, language: Language) -> list[str]:
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
    return [said[document] for document in store.policy_drafts.called_back()]
