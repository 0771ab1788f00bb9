"""What staff must know on whatever page they are: letters that do not leave."""

from __future__ import annotations

from datetime import timedelta

from portal.domain.languages import Language
from portal.services.installation import Installation
from portal.storage.store import Store
from portal.wording.catalogue import for_language

WAITED_TOO_LONG = timedelta(hours=1)


def banners_for(portal: Installation, store: Store, language: Language) -> list[str]:
    """Sentences for the head of every staff page; none when all is well (design §4.6)."""
    words = for_language(language)
    if portal.settings.mail.url is None:
        return [
            words.gettext(
                "Letters are not leaving: no mail server is named. Whoever looks after the machine names one in "
                "portal.toml, under [mail], then starts the portal again. Until then letters wait here."
            )
        ]
    banners = []
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
