"""Runs the benches asked for (all when none is named), prints one table, writes bench.json; 1 when a goal is missed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tests.bench.figures import Figure, Row, as_json, notes, table

PARTS = (
    "start",
    "reading",
    "pages",
    "logs",
    "desk",
    "submit",
    "comparison",
    "memory",
    "saturation",
    "copy",
    "erasure",
    "notice",
    "registers",
)
WRITTEN = Path("bench.json")


def main(arguments: Sequence[str]) -> int:
    """Measure each part named, `copy:100000` for another size than the goal's."""
    asked = [argument.partition(":") for argument in arguments] or [(part, "", "") for part in PARTS]
    unknown = [name for name, _, size in asked if name not in PARTS or (size and not size.isdigit())]
    if unknown:
        print(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS)} (copy:100000 for a size).")
        return 2
    rows: list[Row] = []
    for name, _, size in asked:
        rows += _measured(name, int(size) if size else None)
    WRITTEN.write_text(json.dumps(as_json(rows), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{table(rows)}\n{notes(rows)}")
    return int(any(isinstance(row, Figure) and not row.met for row in rows))


def _measured(name: str, size: int | None) -> Sequence[Row]:
    began = time.perf_counter()
    rows: Sequence[Row] = import_module(f"tests.bench.{name}").measure(size)
    if sys.stderr.isatty() or rows:
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
