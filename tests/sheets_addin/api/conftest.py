"""The formula API on an invented wallet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.asking import invented_context
from tests.fakes.formula_api import Api, api_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.questions.context import Context


@pytest.fixture(scope="session")
def invented() -> Iterator[Context]:
    """What answers rest on: one day, list prices, an invented wallet."""
    with invented_context() as context:
        yield context


@pytest.fixture
def api(invented: Context, tmp_path: Path) -> Api:
    """The API, to which only tokens open anything."""
    return api_on(invented, tmp_path)
