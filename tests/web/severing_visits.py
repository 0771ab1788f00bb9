"""What the tests of severing share: the way an officer leaves a part out, and what is left of a copy."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any
from zipfile import ZipFile

import fastjsonschema
from werkzeug.test import TestResponse

from portal.domain.languages import Language
from portal.domain.rights import RightsRequest
from tests.client import Page, Visitor
from tests.installation import Built
from tests.web.act_visits import OFFICER, asked, signed_in

ACCOUNTS, CALLS, DEVICES = "account service.accounts", "usage service.api_requests", "technical service.devices"
GROUND = "QC40_third_party"


def pressed(staff: Visitor, request: RightsRequest, page: Page, do: str, status: int = 200, **said: Any) -> Page:
    """The page that follows a button of the form that decides."""
    fields: dict[str, Any] = page.form("/decision") | {"do": do} | said
    answer = staff.send("staff_decision", fields, reference=request.reference, status=status)
    assert isinstance(answer, Page)
    return answer


def list_opened(staff: Visitor, request: RightsRequest, name: str, page: Page | None = None) -> Page:
    """The step at which fields and entries of a list are ticked."""
    page = page or staff.visit("staff_request", reference=request.reference)
    return pressed(staff, request, pressed(staff, request, page, "choose"), "pick", list=name)


def left_out(staff: Visitor, request: RightsRequest, name: str, page: Page | None = None, **said: Any) -> Page:
    """The request's page once something of a list is left out."""
    said = {"ground_of_part": GROUND} | said
    return pressed(staff, request, list_opened(staff, request, name, page), "leave", **said)


def decided(staff: Visitor, request: RightsRequest, page: Page, **said: str) -> None:
    """Decide with the form of a page."""
    fields = page.form("/decision") | {"decision": "partially_granted"} | said
    staff.send("staff_decision", fields, reference=request.reference)


def answered(built: Built, lang: Language, name: str, **said: Any) -> RightsRequest:
    """A request whose answer leaves a part out."""
    request, officer = asked(built, lang), signed_in(built, OFFICER, lang)
    decided(officer, request, left_out(officer, request, name, **said))
    return request


def copy_of(visitor: Visitor, **fields: str) -> ZipFile:
    """The person's copy."""
    answer = visitor.send("download", fields, status=200)
    assert isinstance(answer, TestResponse)
    return ZipFile(io.BytesIO(answer.get_data()))


def data_of(archive: ZipFile) -> Mapping[str, Any]:
    """The categories of data.json by id, once it has its published form."""
    data = json.loads(archive.read("data.json"))
    fastjsonschema.compile(json.loads(archive.read("data.schema.json")))(data)
    return {category["id"]: category for category in data["categories"]}


def csv_of(archive: ZipFile, name: str) -> list[list[str]]:
    """The lines of one table's CSV."""
    return list(csv.reader(io.StringIO(archive.read(f"csv/{name}.csv").decode("utf-8-sig"), newline="")))


def everything_in(archive: ZipFile) -> str:
    """Every byte of every file, as text."""
    return "\n".join(archive.read(name).decode() for name in archive.namelist())
