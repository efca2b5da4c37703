"""The wallet's own month repriced, against raw rows and plain factors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.errors import InputError
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRICE = Decimal(500) / 100_000
A_MONTH = Decimal(1_000) * 365 / 12
"""1,000 credits on each day."""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallWallet]:
    """A wallet of 40 days of 1,000 credits each."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        yield SmallWallet(warehouse, tmp_path).days_of_use(date(2026, 8, 1), *[1_000] * 40)


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("what if volume 200%", Decimal(2)),
        ("what if 4 actions to 7 actions", Decimal(7) / 4),
        ("what if discount 25%", Decimal("0.75")),
        ("what if volume 50% discount 20%", Decimal("0.4")),
        ("what if volume doubles", Decimal(2)),
        ("what if average actions goes from 4 to 7", Decimal(7) / 4),
        ("what if we get 25% discount", Decimal("0.75")),
    ],
)
def test_a_month_then_is_a_month_today_by_its_factor(small: SmallWallet, text: str, factor: Decimal) -> None:
    """The month under the question's factor stands beside today's month, at the same price of a credit."""
    answer = small.ask(text, date(2026, 9, 20))
    today, then = (Decimal(str(answer.figure(f"usd_per_month_{when}").value)) for when in ("today", "then"))
    assert abs(today - A_MONTH * PRICE) < Decimal("1e-9")
    assert abs(then - A_MONTH * PRICE * factor) < Decimal("1e-9")


@pytest.mark.parametrize("text", ["what if growth 15%", "what if we grow 15% a month"])
def test_growth_is_compounded_over_twelve_months(small: SmallWallet, text: str) -> None:
    """The year is the sum of its months."""
    answer = small.ask(text, date(2026, 9, 20))
    year = sum(A_MONTH * PRICE * Decimal("1.15") ** nth for nth in range(12))
    assert abs(Decimal(str(answer.figure("usd_per_year_then").value)) - year) < Decimal("1e-6")


def test_actions_need_to_be_known_or_said(small: SmallWallet) -> None:
    """Events alone count no interactions, so the effect of 7 actions is not guessed."""
    with pytest.raises(InputError, match="AiAgentGenerativeAiUsage"):
        small.ask("what if 7 actions", date(2026, 9, 20))
