"""What staff must know on whatever page they are: letters that do not leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from portal.domain.languages import Language
from portal.services.installation import Installation
from portal.storage.store import Store
from portal.wording.catalogue import for_language

WAITED_TOO_LONG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence for the head of every staff page. `remedy`: words of a link to what to do, on the health page."""

    sentence: str
    remedy: str | None = None


def banners_for(portal: Installation, store: Store, language: Language) -> list[Banner]:
    """What staff are told on every page; nothing when all is well (design §4.6)."""
    words = for_language(language)
    if portal.settings.mail.url is None:
        sentence = words.gettext("No e-mail leaves: the mail server is not set yet.")
        return [Banner(sentence, words.gettext("How to set it"))]
    banners = []
    oldest, refused = store.letters.standing()
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
    return banners
