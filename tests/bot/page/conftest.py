"""One service with a page, for all tests of it, and a browser for those of a module."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.fakes.page_service import PageService

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageService]:
    """A service with an invented wallet."""
    with PageService(tmp_path_factory.mktemp("page")).running() as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; not for longer, since its event loop stays in the way of the tests that have one of their own."""
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium; .ci/run installs it")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()
