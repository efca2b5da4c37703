"""One service with a page, for all tests of it."""

from collections.abc import Iterator

import pytest

from tests.fakes.page_service import PageService


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageService]:
    """A service with an invented wallet."""
    with PageService(tmp_path_factory.mktemp("page")).running() as running:
        yield running
