"""Debian's Chromium with the page of a run that this test started. Whatever is waited for has a generous limit: on a
busy machine a run is several times slower than real time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator

import pytest
from browser_runs import LIMIT_MS
from playwright.sync_api import Browser, Page, expect, sync_playwright

INSTALL = "bash tools/system_packages.sh browser (as root: apt-get install chromium)"
FLAGS = (  # of Chromium: as root, without a screen, without a word to anybody
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-ui-for-media-stream",  # its microphone beeps, and may be used
    "--use-fake-device-for-media-stream",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a running Chromium."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    if binary is None:
        pytest.skip(f"no chromium here; {INSTALL}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty page that waits long."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)
    expect.set_options(timeout=LIMIT_MS)
    yield page
    context.close()


@pytest.fixture(autouse=True)
def mailboxes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the test's runs a runtime folder of their own."""
    with tempfile.TemporaryDirectory(prefix="hm-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield
