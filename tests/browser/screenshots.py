"""Pictures of every page, in both languages, at 320 and 1280 px: `python -m tests.browser.screenshots OUT`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from portal.domain.languages import Language
from tests.browser.demo import running_demo
from tests.browser.driver import NARROW, WIDE, Width, chromium
from tests.browser.walk import walk

LANGUAGES: tuple[Language, ...] = ("fr", "en")
WIDTHS: tuple[Width, ...] = (NARROW, WIDE)


def main(arguments: Sequence[str]) -> int:
    """Fill the folder named, `screenshots` when none is; gives 0."""
    folder = Path(arguments[0] if arguments else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    with running_demo() as demo, chromium() as browser:
        for language in LANGUAGES:
            for width in WIDTHS:
                seen: Counter[str] = Counter()
                for stop in walk(browser, demo, language, width=width):
                    name = stop.name.strip("/")
                    seen[name] += 1
                    number = f"-{seen[name]}" if seen[name] > 1 else ""
                    stop.window.page.screenshot(path=folder / f"{name}{number}-{language}-{width}.png", full_page=True)
                taken += seen.total()
    print(f"{taken} pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
