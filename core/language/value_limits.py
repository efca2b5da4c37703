"""The maximum of each number in a question; code that accepts the same numbers elsewhere uses these limits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MILLION = Decimal(1_000_000)
MOST: Mapping[str, Decimal] = {
    "users": 10 * MILLION,
    "interactions": MILLION * MILLION,
    "actions": MILLION,
    "actions_of_a_period": MILLION * MILLION,
    "credits": MILLION * MILLION,
    "packs": MILLION,
    "tokens": 100 * MILLION,
    "spend": MILLION * MILLION,
    "price": MILLION,
    "growth_percent": Decimal(1000),
    "major_agents": Decimal(10_000),
}
