"""The real way to ask, on one day, at list prices, on a wallet of invented exports."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from core.config.budgets import Budget
from core.config.loader import Config
from core.context import Context
from core.questions.asking import ask
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import open_warehouse
from core.warehouse.shared import SharedWarehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    from core.answer.model import Answer

    class Ask(Protocol):
        """The app's way to ask, with the wallet and for nobody unless a test says so."""

        def __call__(self, question: str, *, with_wallet: bool = True, who: str = "") -> Answer:
            """Return the answer. Raises: InputError, MachineError."""


DAY = date(2026, 11, 21)
BUDGETS = (
    Budget("department", "Service", "month", "usd", Decimal(300)),
    Budget("", "", "quarter", "credits", Decimal(500_000), rolls_over=True),
)
BUDGETS_IN_YAML = """
budgets:
  - {department: Service, per: month, usd: 300}
  - {per: quarter, credits: 500000, rollover: true}
"""
EXPORTS = Path(__file__).parents[1] / "data" / "exports"
USERS = EXPORTS.with_name("users.csv")


@contextmanager
def asking() -> Iterator[Ask]:
    """Give the way to ask; the warehouse goes when it ends."""
    with wallet_context() as context:

        def asked(question: str, *, with_wallet: bool = True, who: str = "") -> Answer:  # noqa: ARG001 - as the app asks
            return ask(question, context if with_wallet else context.without_wallet())

        yield asked


@contextmanager
def wallet_context() -> Iterator[Context]:
    """Give what answers rest on; the warehouse goes when it ends."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "warehouse.duckdb"
        config = Config(budgets=BUDGETS, users=USERS)
        with open_warehouse(file) as warehouse:
            import_files(warehouse, [EXPORTS / "events_api_names.csv", EXPORTS / "ledger.csv"], config.wallet)
            warehouse.execute("UPDATE imports SET imported_at = TIMESTAMP '2026-11-20 08:30:00'")
        yield Context(DAY, config, SharedWarehouse(partial(open_warehouse, file)).open, has_warehouse=True)
