"""Runs the proofs asked for (all when none is named), prints one table, writes proof.json; 1 when a claim fails."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.proof import letters, notice, spreadsheets, web, worker
from tests.proof.figures import Part, as_json, table

PARTS: Mapping[str, tuple[Callable[[int], Part], int]] = {
    "worker": (worker.on_sqlite, worker.KILLS),
    "worker-postgresql": (worker.on_postgresql, worker.KILLS),
    "letters": (letters.between_yes_and_note, letters.KILLS),
    "notice": (notice.to_everybody, notice.KILLS),
    "copy": (spreadsheets.in_libreoffice, spreadsheets.INVENTED),
    "web": (web.while_clients_submit, web.KILLS),
}
WRITTEN = Path("proof.json")


def main(arguments: Sequence[str]) -> int:
    """Run each part named; `web:5` for another number of kills than the issue's."""
    asked = [argument.partition(":") for argument in arguments] or [(name, "", "") for name in PARTS]
    if any(name not in PARTS or (kills and not kills.isdigit()) for name, _, kills in asked):
        print(f"The parts are: {', '.join(PARTS)} (web:5 for five kills).", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no process and no database is left behind
    parts = []
    for name, _, kills in asked:
        run, usual = PARTS[name]
        parts.append(run(int(kills or usual)))
        print(table(parts[-1:]), flush=True)
    WRITTEN.write_text(json.dumps(as_json(parts), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(part.holds for part in parts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
