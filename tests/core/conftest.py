"""What answers rest on in these tests: list prices, a fixed day, no wallet."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from core.answer.model import Answer
from core.config.loader import Config
from core.context import Context
from core.questions.asking import ask
from core.warehouse.database import Warehouse

EARLY_2026, TODAY = date(2026, 1, 31), date(2026, 11, 21)


def no_warehouse() -> AbstractContextManager[Warehouse]:
    """Refuse: a pricing question has no business with the wallet."""
    raise AssertionError("a pricing question opened the warehouse")


@pytest.fixture
def asked() -> Callable[..., Answer]:
    """Give a function from question and day to answer, at list prices."""
    return lambda text, as_of=TODAY: ask(text, Context(as_of, Config(), no_warehouse))
