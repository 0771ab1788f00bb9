"""Lets `python -m portal` be the `portal` command."""

import sys

from portal.cli import main

sys.exit(main())
