"""How the map names what is hard to reach: fields inside JSON columns, winding paths, rows that concern two people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.written import changed, read, refusal, refused

PLAN = "    plan     = {"
REQUESTS = "categories[0].tables[0]"
ACCOUNTS = "categories[0].tables[1]"
LINES = "categories[0].tables[2]"
PATH = '"order_id -> service.orders.account_id"'
TWO_WAYS = """
[[categories]]
id = "sent"
label = { fr = "Envoyés", en = "Sent" }
purposes = ["provide"]

  [[categories.tables]]
  table = "service.messages"
  person = "sender_id"
  key = ["id"]
  erase = "columns"

    [categories.tables.columns]
    body = { label = { fr = "Message", en = "Message" }, erase = { method = "null" } }

[[categories]]
id = "received"
label = { fr = "Reçus", en = "Received" }
purposes = ["provide"]

  [[categories.tables]]
  table = "service.messages"
  person = "recipient_id"
  key = ["id"]
  erase = "keep"

    [categories.tables.columns]
    sender = { label = { fr = "De", en = "From" } }

[erasure]
"""


def a_field(name: str, said: str) -> str:
    """The settings with one more column of accounts."""
    return changed(PLAN, f'    {name} = {{ label = {{ fr = "a", en = "a" }}, {said} }}\n{PLAN}')


def two_ways(sent: str = "", received: str = "") -> str:
    """The settings with messages mapped once for each side."""
    text = changed("\n[erasure]\n", TWO_WAYS)
    text = changed('  person = "sender_id"\n', f'  person = "sender_id"\n  {sent}\n', text=text)
    return changed('  person = "recipient_id"\n', f'  person = "recipient_id"\n  {received}\n', text=text)


@pytest.mark.parametrize(
    ("said", "inside"),
    [
        ('inside = "profile.phone"', ("profile", "phone")),
        ('inside = "profile.address.city"', ("profile", "address", "city")),
        ('inside = ["pro.file", "x.y"]', ("pro.file", "x.y")),
    ],
)
def test_a_field_inside_a_column_is_named_with_the_way_to_it(said, inside):
    usage = read(a_field("phone", said)).data_map.category("usage")
    assert usage is not None
    column = usage.tables[1].column("phone")
    assert column is not None
    assert (column.inside, column.real_name) == (inside, inside[0])


@pytest.mark.parametrize("said", ['"profile"', '["profile"]', '"profile..x"', '".x"', "[]", "1", '["profile", 1]'])
def test_a_way_to_a_field_that_is_none_is_refused(said):
    assert refused(a_field("phone", f"inside = {said}")) == {f"{ACCOUNTS}.columns.phone.inside": "wrong"}


@pytest.mark.parametrize(
    ("name", "said", "key", "code"),
    [
        ("id", 'inside = "profile.id"', "columns.id.inside", "inside_named"),
        ("x", 'inside = "x.x"', "columns.x.inside", "inside_named"),
        ("x", 'inside = "plan.x", show = "held"', "columns.x.show", "inside_held"),
        ("x", 'inside = "ip.x", erase = { method = "null" }', "columns.x.erase", "inside_erased"),
        ("x", 'inside = "id.x", correct = "self"', "columns.x.correct", "key_corrected"),
        ("x", 'show = "other"', "columns.x.show", "other_unshared"),
    ],
)
def test_a_column_that_contradicts_the_rest_is_refused(name, said, key, code):
    assert refused(a_field(name, said))[f"{ACCOUNTS}.{key}"] == code


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ('"a, b -> service.orders(no).account_id"', "path_lengths"),
        ('"a -> service.orders(no, shop).account_id"', "path_lengths"),
        ('"a, a -> service.orders.account_id"', "wrong"),
        ('"a, -> service.orders.account_id"', "wrong"),
        ('"a -> service.orders().account_id"', "wrong"),
        ('"a -> service.orders.b, c"', "person_length"),
    ],
)
def test_a_path_whose_sides_differ_is_refused(path, code):
    assert refused(changed(PATH, path)) == {f"{LINES}.person": code}


@pytest.mark.parametrize(
    "path",
    [
        '"id -> service.api_requests.account_id"',
        '"order_id -> service.orders(no).no -> service.api_requests(order_id).account_id"',
        '"a, b -> service.x(c, d).c, d -> service.api_requests(a, b).account_id"',
    ],
)
def test_a_path_that_comes_back_to_where_it_was_is_refused(path):
    problems = refusal(changed('person = "account_id"', f"person = {path}")).problems
    assert [(problem.key, problem.code) for problem in problems] == [(f"{REQUESTS}.person", "path_cycle")]
    assert "comes back to where it was" in problems[0].message


def test_tables_found_through_each_other_are_refused_once_with_their_names():
    text = changed(PATH, '"request_id -> service.api_requests.account_id"')
    text = changed('{ source = "service", schema = "app", name = "order.lines" }', '"service.lines"', text=text)
    text = changed('person = "account_id"', 'person = "line_id -> service.lines(line).account_id"', text=text)
    (problem,) = refusal(text).problems
    assert (problem.key, problem.code) == (f"{REQUESTS}.person", "links_circle")
    assert (
        "service.api_requests, service.lines" in problem.message
        or "service.lines, service.api_requests" in problem.message
    )
    assert read(changed('keep = "P13M" }\n  erase = "delete"', 'keep = "P13M" }\n  erase = "keep"', text=text))


def test_rows_that_lead_to_people_by_two_ways_must_say_whether_they_are_shared():
    assert refused(two_ways()) == {
        "categories[2].tables[0].shared": "linked_twice",
        "categories[3].tables[0].shared": "linked_twice",
    }
    assert refused(two_ways("shared = true")) == {"categories[3].tables[0].shared": "linked_twice"}
    for said in ("true", "false"):
        sent = read(two_ways(f"shared = {said}", f"shared = {said}")).data_map.category("sent")
        assert sent is not None
        assert sent.tables[0].shared is (said == "true")


@pytest.mark.parametrize(
    ("before", "after", "key", "code"),
    [
        ('  erase = "keep"\n\n    [categories.tables.columns]\n    sender', '  erase = "delete"\n\n    [categories.tables.columns]\n    sender',
         "erase", "shared_erased"),
        ("    sender = {", '    id = { label = { fr = "a", en = "a" }, show = "other" }\n    sender = {', "columns.id.show",
         "other_key"),
        ('en = "From" }', 'en = "From" }, show = "other", correct = "self"', "columns.sender.show", "other_touched"),
        ('en = "From" }', 'en = "From" }, show = "other", erase = { method = "null" }', "columns.sender.show",
         "other_touched"),
    ],
)  # fmt: skip
def test_what_is_another_person_s_is_neither_destroyed_nor_changed(before, after, key, code):
    text = changed(before, after, text=two_ways("shared = true", "shared = true"))
    assert refused(text) == {f"categories[3].tables[0].{key}": code}


def _examples(number: int) -> str:
    """One of the examples of the page that explains all this."""
    page = (Path(__file__).parents[2] / "docs" / "data-map.md").read_text(encoding="utf-8")
    return page.split("```toml\n")[number].split("```")[0].replace("{ … }", '{ fr = "a", en = "a" }')


@pytest.mark.parametrize("line", _examples(1).splitlines())
def test_each_path_of_the_page_that_explains_them_is_one(line):
    wanted = {f"{LINES}.person": "person_length"} if "member_no" in line else {}
    text = changed(f"person = {PATH}", line)
    assert (refused(text) if wanted else read(text) and {}) == wanted


def test_the_fields_and_the_shared_rows_of_that_page_are_right():
    accounts = changed(PLAN, f"{_examples(2).split(chr(10), 1)[1]}{PLAN}")
    label = 'label = { fr = "a", en = "a" }\npurposes = ["provide"]'
    shared = _examples(3).replace('id = "sent"', f'id = "sent"\n{label}', 1)
    sent = read(changed("\n[erasure]\n", f"\n{shared}\n[erasure]\n", text=accounts)).data_map.category("sent")
    assert sent is not None
    assert [column.show for column in sent.tables[0].columns] == ["plain", "plain", "other"]
