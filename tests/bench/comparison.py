"""Two versions of a policy compared for the first time, as the page that shows it, beside the least a page does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random

from portal.policies.folders import read_folder
from portal.services import policies
from tests.bench import ground
from tests.bench.figures import Row, budget, times
from tests.bench.hello import app as hello
from tests.bench.timing import ROUNDS, interleaved, seconds_of
from tests.client import BASE, Visitor
from tests.installation import Built

SIZE, SLOWER = 15_000, 800
SECTIONS, CHANGED = 9, 0.15
_WORDS = re.findall(
    "[a-z]+",
    "information person service account period purpose request letter officer copy answer law right choice consent "
    "register address keep erase correct receive explain protect review decide publish ask read write send without "
    "under within before after every their your our this that which when where because unless until",
)
_FIRST = date(2020, 1, 1)


def measure(size: int | None) -> list[Row]:
    """`size`: bytes of each version."""
    with ground.a_folder() as folder:
        built = ground.an_installation_with(folder / "portal", ground.fill_service(folder / "filled.db", calls=10))
        pairs = iter([_published(built, folder, number, size or SIZE) for number in range(ROUNDS + 2)])
        visitor, client = Visitor(built, "en"), hello.test_client()
        seen: list[str] = []

        def first() -> float:
            seen.append(visitor.address("policy_comparison", pair=next(pairs)))
            return seconds_of(lambda: _read(visitor, seen[-1]))()

        taken = interleaved(
            {"comparison": first, "hello": seconds_of(lambda: client.get("/"), times=200)}, rounds=ROUNDS, warm=1
        )
        again = seconds_of(lambda: _read(visitor, seen[-1]), times=50)()
    name = f"comparison of two {(size or SIZE) / 1000:g} kB versions, first time"
    return [
        times(name, taken["comparison"], taken["hello"], SLOWER, peer="bare Flask hello"),
        budget("the same comparison again, in parts of the first", round(again / taken["comparison"], 3), 0.1),
    ]


def _read(visitor: Visitor, path: str) -> None:
    assert visitor.client.get(path, base_url=BASE).status_code == 200


def _published(built: Built, folder: Path, number: int, size: int) -> str:
    """Publish a version and one that differs from it here and there; gives the pair as addresses write it."""
    chance = Random(number)  # noqa: S311  # invented words, the same each time
    older = [list(_section(chance, size)) for _ in range(SECTIONS)]
    newer = [[_edited(chance, paragraph) for paragraph in section] for section in older]
    ids = [(_FIRST + timedelta(days=2 * number + place)).isoformat() for place in range(2)]
    portal = built.installation
    for version_id, sections in zip(ids, (older, newer), strict=True):
        path = _folder(folder / version_id, version_id, sections)
        with portal.database.writing() as store:
            policies.publish(portal, store, read_folder(path), staff_id=None, now=built.clock())
    return "..".join(ids)


def _section(chance: Random, size: int) -> Iterator[str]:
    written = 0
    while written < size / SECTIONS:
        paragraph = " ".join(chance.choice(_WORDS) for _ in range(chance.randrange(30, 90))).capitalize() + "."
        written += len(paragraph)
        yield paragraph


def _edited(chance: Random, paragraph: str) -> str:
    return " ".join(chance.choice(_WORDS) if chance.random() < CHANGED else word for word in paragraph.split(" "))


def _folder(path: Path, version_id: str, sections: list[list[str]]) -> Path:
    path.mkdir()
    numbers = count(1)
    text = "\n\n".join(
        f"## Part {number} {{#part{number}}}\n\n" + "\n\n".join(section)
        for number, section in zip(numbers, sections, strict=False)
    )
    for language in ("fr", "en"):
        (path / f"{language}.md").write_text(text, encoding="utf-8")
    (path / "policy.toml").write_text(
        f'id = "{version_id}"\neffective = {version_id}\nkind = "material"\nsummary = {{ fr = "…", en = "…" }}\n'
    )
    return path
