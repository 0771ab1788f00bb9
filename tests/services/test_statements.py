"""Comments go with the value they are about, and with no other."""

from __future__ import annotations

from pathlib import Path

from portal.domain.erasure import ErasureState, ErasureStep
from portal.domain.rights import CorrectionAsked, Kind, Level
from portal.services import statements
from portal.services.rights import Asked, open_request
from tests.installation import CAMILLE, an_installation


def step(category: str, *, kept: int = 0) -> ErasureStep:
    """What a deletion came to in the table of messages, as one category maps it."""
    done = ErasureState.DONE
    return ErasureStep(1, 1, 1, category, "service.messages", (1,), "columns", done, 2, kept, None, 0, None)


def test_of_a_table_mapped_twice_only_the_comments_of_the_category_erased_go(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="en", now=built.clock())
        for category in ("sent", "received", "kept"):
            about = CorrectionAsked(category, "service.messages", ("row",), "body", "before", "after")
            asked = Asked(Kind.RECTIFICATION, "en", Level.L2, correction=about)
            request = open_request(built.installation, store, person, asked, form_id=None, now=built.clock())
            store.statements.put(request.id, f"About what was {category}", "en", built.clock())
        asked = Asked(Kind.DELETION, "en", Level.L2)
        deletion = open_request(built.installation, store, person, asked, form_id=None, now=built.clock())
        statements.erase_with(store, deletion, [step("received"), step("kept", kept=1)])
        left = {one.about.category for one in store.statements.of_person(person.id) if one.about}
    assert left == {"sent", "kept"}
