"""The service at work while the portal erases: writes a row every few milliseconds and prints how long each took."""

from __future__ import annotations

import json
import sqlite3
import sys
import time

PAUSE = 0.005
PATIENCE = 60.0


def main(database: str, seconds: float) -> None:
    """Write for so long, as a service with write-ahead journal does; the durations go to stdout as JSON."""
    connection = sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)
    taken, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        connection.execute(
            "INSERT INTO sign_ins (account_id, at, ip, succeeded) VALUES (2, '2026-11-01 12:00:00', '192.0.2.1', 1)"
        )
        taken.append(time.perf_counter() - began)
        time.sleep(PAUSE)
    print(json.dumps(taken))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
