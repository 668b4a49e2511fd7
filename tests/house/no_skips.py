"""A pytest plugin for `make test` and its kin: a skipped or expected-to-fail test fails the run.

A test that cannot run on a machine tells nothing there, and a green run must not hide that.
"""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    passed_over = count_passed_over(reporter.stats) if reporter else 0
    if reporter and passed_over and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"\n{passed_over} tests were skipped or expected to fail: that fails the run.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def count_passed_over(stats: dict[str, list[object]]) -> int:
    return sum(len(stats.get(outcome, [])) for outcome in ("skipped", "xfailed", "xpassed"))
