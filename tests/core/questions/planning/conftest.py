"""Wallets of invented days, long enough for a forecast."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.answer.model import Answer
from core.config.loader import Config
from core.context import Context
from core.questions.asking import ask
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import TODAY, SmallWallet

Wallets = Callable[[int], SmallWallet]
WEEKDAY_CREDITS, WEEKEND_CREDITS = 30_000, 9_000


def some_days(count: int, first: date) -> list[int]:
    """Return credits for days with a weekday pattern, by a seed."""
    draw = random.Random(11)
    usual = (WEEKDAY_CREDITS if (first + timedelta(days=nth)).weekday() < 5 else WEEKEND_CREDITS for nth in range(count))
    return [round(used * draw.uniform(0.85, 1.15) / 20) * 20 for used in usual]


@pytest.fixture
def wallet_of(tmp_path: Path) -> Iterator[Wallets]:
    """Return a function from a number of days to a wallet with that many complete days and three provisional ones."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:

        def made(days: int) -> SmallWallet:
            first = TODAY - timedelta(days=days + 3)
            return SmallWallet(warehouse, tmp_path).days_of_use(first, *some_days(days + 4, first))

        yield made


@pytest.fixture
def priced() -> Callable[[str], Answer]:
    """Ask at list prices, with no wallet."""

    def no_warehouse() -> Iterator[None]:
        raise AssertionError("a workload that is said opened the warehouse")

    return lambda text: ask(text, Context(TODAY, Config(), no_warehouse))  # type: ignore[arg-type]
