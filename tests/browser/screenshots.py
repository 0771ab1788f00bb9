"""Pictures of every page, in both languages, at 320 and 1280 px: `python -m tests.browser.screenshots OUT`.

Of the demo's pages, and in `week` of those an officer passes on a new installation.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from portal.domain.languages import Language
from tests.browser.demo import running_demo
from tests.browser.driver import NARROW, WIDE, Width, Window, chromium
from tests.browser.founded import Founded, founded
from tests.browser.walk import walk
from tests.browser.week import Week
from tests.browser.week.whole import live_through

LANGUAGES: tuple[Language, ...] = ("fr", "en")
WIDTHS: tuple[Width, ...] = (NARROW, WIDE)


def main(arguments: Sequence[str]) -> int:
    """Fill the folder named, `screenshots` when none is; gives 0."""
    folder = Path(arguments[0] if arguments else "screenshots")
    (folder / "week").mkdir(parents=True, exist_ok=True)
    taken = 0
    with chromium() as browser:
        for language in LANGUAGES:
            for width in WIDTHS:
                taken += _of_the_demo(folder, browser, language, width)
                taken += _of_the_week(folder / "week", browser, language, width)
    print(f"{taken} pictures in {folder}")
    return 0


def _of_the_demo(folder: Path, browser: Browser, language: Language, width: Width) -> int:
    seen: Counter[str] = Counter()
    with running_demo() as demo:
        for stop in walk(browser, demo, language, width=width):
            name = stop.name.strip("/")
            seen[name] += 1
            number = f"-{seen[name]}" if seen[name] > 1 else ""
            stop.window.page.screenshot(path=folder / f"{name}{number}-{language}-{width}.png", full_page=True)
    return seen.total()


def _of_the_week(folder: Path, browser: Browser, language: Language, width: Width) -> int:
    taken = 0

    def picture(at: Window[Founded]) -> None:
        nonlocal taken
        taken += 1
        name = "-".join(urlsplit(at.page.url).path.split("/")[2:5])[:60]
        at.page.screenshot(path=folder / f"{language}-{width}-{taken:03d}-{name}.png", full_page=True)

    with founded(language) as new:
        live_through(Week(new, browser, language, picture, width))
    return taken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
