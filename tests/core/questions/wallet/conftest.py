"""The wallets behind these questions: the sample wallet, and small ones written on the spot and really imported."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.config.wallet import WalletSettings
from core.questions.asking import ask
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import Warehouse, open_warehouse
from tests.fakes.small_wallet import SmallWallet, context_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.answer.model import Answer

EXPORTS = Path(__file__).resolve().parents[3] / "data" / "exports"
WHOLE_WALLET = ("events_api_names.csv", "daily.csv", "ledger.csv", "compute_consumption.json")


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """The exact totals of the sample exports."""
    found: dict[str, Any] = json.loads((EXPORTS / "truth.json").read_text(), parse_float=Decimal, parse_int=Decimal)
    return found


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The sample wallet: events, days, ledger and balance, as delivered."""
    with open_warehouse(tmp_path_factory.mktemp("invented") / "warehouse.duckdb") as warehouse:
        import_files(warehouse, [EXPORTS / name for name in WHOLE_WALLET], WalletSettings())
        yield warehouse


@pytest.fixture
def asked(invented: Warehouse) -> Callable[[str], Answer]:
    """Ask the sample wallet."""
    return lambda text: ask(text, context_of(invented))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallWallet]:
    """An empty wallet to write into."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        yield SmallWallet(warehouse, tmp_path)


def values(answer: Answer) -> dict[str, object]:
    """Return an answer's figures by key."""
    return {figure.key: figure.value for figure in answer.figures}


@pytest.fixture
def figures() -> Callable[[Answer], dict[str, object]]:
    """Return an answer's figures by key."""
    return values


@pytest.fixture
def column() -> Callable[[Answer, str, str], dict[object, object]]:
    """Return a column of an answer's table by the first cell of its rows."""

    def by_key(answer: Answer, table: str, name: str) -> dict[object, object]:
        found = answer.table(table)
        place = [one.key for one in found.columns].index(name)
        return {row[0]: row[place] for row in found.rows}

    return by_key
