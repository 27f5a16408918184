"""Rules that hold for every test: with CI=true a skipped test is a failed one."""

from __future__ import annotations

import os

import pytest

import launch  # noqa: F401  # first of ours: it sets threads before numpy and OpenCV load


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """A skip says which command installs what is missing; CI has no excuse."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI=true: {report.longrepr}"
