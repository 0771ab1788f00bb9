"""The least a Flask application does: the peer of every page's figure, in process or behind the same server."""

from __future__ import annotations

import sys

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "hello"


if __name__ == "__main__":
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces

    from portal.serve import BACKLOG, THREADS

    Granian(
        "tests.bench.hello:app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        http=HTTPModes.http1,
        websockets=False,
        log_access=False,
    ).serve()
