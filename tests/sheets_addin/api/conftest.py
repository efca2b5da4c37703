"""The formula API for a sample wallet, and a spreadsheet that uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.apps_script import AppsScript, apps_script
from tests.fakes.asking import wallet_context
from tests.fakes.formula_api import Api, api_on
from tests.fakes.slack.workspace import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.context import Context


@pytest.fixture(scope="session")
def invented() -> Iterator[Context]:
    """The context of answers: one day, list prices, a sample wallet."""
    with wallet_context() as context:
        yield context


@pytest.fixture
def api(invented: Context, tmp_path: Path) -> Api:
    """The API, which needs a token for everything."""
    return api_on(invented, tmp_path)


@pytest.fixture
def address(api: Api) -> Iterator[str]:
    """The address of the API."""
    with served(api.app) as url:
        yield url


@pytest.fixture
def fresh() -> Iterator[AppsScript]:
    """A spreadsheet with the project in it and no settings."""
    with apps_script() as found:
        yield found


@pytest.fixture
def sheet(fresh: AppsScript, api: Api, address: str) -> AppsScript:
    """A spreadsheet whose settings have a token for the wallet."""
    fresh.settings(address, api.token())
    return fresh
