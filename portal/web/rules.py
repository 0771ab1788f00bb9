"""The rules by which addresses are found. What builds an address from one is made only if it is ever asked."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Rule


class FoundRule(Rule):
    """A rule of two hundred: making the two functions that build its address takes longer than finding it ever does.

    The portal builds its own addresses (languages.url); only what Flask and its extensions ask comes here.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        made: list[Any] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(Rule._compile_builder(rule, append_unknown))
            built: tuple[str, str] = made[0](rule, **values)
            return built

        return build
