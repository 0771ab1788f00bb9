"""The parts of an answer as a letter on paper prints them: who has no page to read gets the words themselves."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.answer_parts import Part
from portal.domain.rights import RightsRequest
from portal.mail.letters import Prose


def parts_on_paper(request: RightsRequest) -> Mapping[str, Prose]:
    """Each part by the name of its fact; nothing for those the answer does not have."""
    said = {one.part: one.text for one in request.parts}
    return {f"said_{part}": Prose(said.get(part, "")) for part in Part}
