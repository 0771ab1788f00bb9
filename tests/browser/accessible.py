"""What axe finds wrong on a page, by the rules this portal promises to keep (WCAG 2.2, AA)."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # the package ships no types
from playwright.sync_api import Page

AXE = Axe()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # of what passes, axe would else describe every place
}


def faults_of(page: Page) -> list[str]:
    """Each rule that is broken, with the first places where it is."""
    violations = AXE.run(page, options=RULES).response["violations"]
    return [f"axe: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in violations]
