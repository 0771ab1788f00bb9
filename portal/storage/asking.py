"""For whom somebody asks and the form they want the answer in, as a request keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.domain.asking import Capacity, Form, ForWhom, OnBehalf, Proof, Shown, WantedForm


def behalf_kept(behalf: OnBehalf | None) -> dict[str, Any] | None:
    """What is written of whom a request is for; None for a request for oneself."""
    if behalf is None:
        return None
    shown = behalf.shown
    return {
        "whom": behalf.whom.value,
        "capacity": behalf.capacity.value,
        "about": behalf.about,
        "shown": {
            "proof": shown.proof.value,
            "what": shown.what,
            "on": shown.on.isoformat(),
            "staff_id": shown.staff_id,
        }
        if shown
        else None,
    }


def behalf_of(kept: Mapping[str, Any] | None) -> OnBehalf | None:
    """Whom a request is for, as it was written."""
    if not kept:
        return None
    return OnBehalf(ForWhom(kept["whom"]), Capacity(kept["capacity"]), kept["about"], _shown(kept["shown"]))


def wanted_form_kept(wanted: WantedForm | None) -> dict[str, str] | None:
    """What is written of the form wanted; None for none."""
    return {"form": wanted.form.value, "words": wanted.words} if wanted else None


def wanted_form_of(kept: Mapping[str, Any] | None) -> WantedForm | None:
    """The form wanted, as it was written."""
    return WantedForm(Form(kept["form"]), kept["words"]) if kept else None


def _shown(kept: Mapping[str, Any] | None) -> Shown | None:
    if not kept:
        return None
    return Shown(Proof(kept["proof"]), kept["what"], date.fromisoformat(kept["on"]), kept["staff_id"])
