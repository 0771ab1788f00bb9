"""`python -m portal.demo.http_service ADDRESS`: serves the contract on this machine until told to stop."""

from __future__ import annotations

import argparse
import os
import sys

from portal.demo.http_service.server import Service
from portal.sources import open_source

SECRET = "SOURCE_SECRET"  # noqa: S105  # the name of a variable
SHORTEST = 32


def main() -> int:
    """Serve; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m portal.demo.http_service", description=__doc__)
    parser.add_argument("address", metavar="ADDRESS", help="the service's database, such as sqlite:///service.db")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8090, help="the port (default: 8090)")
    parsed = parser.parse_args()
    secret = os.environ.get(SECRET, "").encode()
    if len(secret) < SHORTEST:
        print(f"The environment's {SECRET} must hold a secret of {SHORTEST} bytes or more.", file=sys.stderr)
        return 2
    source = open_source("sql", "service", parsed.address, hash_key=secret)
    with Service(source, secret, host=parsed.host, port=parsed.port) as service:
        print(
            f"The contract is answered at http://{parsed.host}:{service.server_port}/v1/ (Ctrl-C stops it).", flush=True
        )
        try:
            service.serve_forever()
        except KeyboardInterrupt:
            return 0
        finally:
            source.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
