"""What a run says at its end: one line for each thing skipped because a service is absent, and how much ran without any.

`REQUIRE_SERVICES=1` turns each such skip into a failure; that rule lives with the services, in tests/services.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("portal", deadline=None)
settings.load_profile("portal")
"""No example is timed: machines are noisy, and speed is measured by `make bench`."""

ABSENT = re.compile(r"(\w+) is absent \((?:set TEST_|install )")
SHARE_WITHOUT_SERVICES = 0.70
ENOUGH_TO_JUDGE = 300
"""Fewer tests than this are a part of the suite, of which nothing follows."""


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: Any) -> Iterator[None]:
    """Say what the absence of each service left out."""
    missing = _skipped_for_a_service(terminalreporter.stats.get("skipped", []))
    for service, number in sorted(missing.items()):
        terminalreporter.write_line(f"Skipped because {service} is absent: {number} tests")
    yield


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which less than seven tests in ten could do without the services that are absent."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    skipped = sum(_skipped_for_a_service(reporter.stats.get("skipped", [])).values())
    ran = sum(len(reporter.stats.get(outcome, [])) for outcome in ("passed", "failed"))
    if skipped and ran + skipped >= ENOUGH_TO_JUDGE and ran < SHARE_WITHOUT_SERVICES * (ran + skipped):
        reporter.write_line(f"Only {ran} of {ran + skipped} tests ran without the absent services: at least 70 % must.")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skipped_for_a_service(reports: list[pytest.TestReport]) -> Counter[str]:
    found = (ABSENT.search(str(report.longrepr)) for report in reports)
    return Counter(match[1] for match in found if match)
