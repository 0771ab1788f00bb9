"""Which words of a page are cut in the middle: a line may end at a space, at a hyphen, after @ or after a dot, nowhere else."""

from __future__ import annotations

from playwright.sync_api import Page

BROKEN = r"""() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, style = getComputedStyle(node.parentElement);
    if (style.visibility === "hidden" || node.parentElement.closest("script, style, pre, code, .visually-hidden")) continue;
    for (const word of node.data.matchAll(/R-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|[\p{L}\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter((r) => r.width > 1).map((r) => Math.round(r.top)));
      if (lines.size > 1) found.push(word[0]);
    }
  }
  return found;
}"""


def broken_words(page: Page) -> list[str]:
    """The words of the page that begin on one line and end on another; a reference counts as one word."""
    return list(page.evaluate(BROKEN))
