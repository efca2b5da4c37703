"""Shared by the wallet's tests: an empty warehouse, sample exports, and small files written on the spot."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.config.wallet import WalletSettings
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.report import ImportReport
from core.warehouse.database import Warehouse, open_warehouse
from tests.fakes.cells import number

EXPORTS = Path(__file__).resolve().parents[2] / "data" / "exports"

Importer = Callable[..., ImportReport]
CsvWriter = Callable[..., Path]


@pytest.fixture
def exports() -> Path:
    """The folder of sample exports and their truth."""
    return EXPORTS


@pytest.fixture
def truth() -> dict[str, Any]:
    """The exact totals of the exports."""
    found: dict[str, Any] = json.loads((EXPORTS / "truth.json").read_text(), parse_float=Decimal, parse_int=Decimal)
    return found


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as opened:
        yield opened


@pytest.fixture
def bring_in(warehouse: Warehouse) -> Importer:
    """Import files into the warehouse, with settings by name."""

    def bring(*paths: Path, **settings: Any) -> ImportReport:  # noqa: ANN401 - settings are of many types
        return import_files(warehouse, paths, WalletSettings(**settings))

    return bring


@pytest.fixture
def write_csv(tmp_path: Path) -> CsvWriter:
    """Write rows as CSV; the columns are those of the first row."""

    def write(name: str, *rows: Mapping[str, object], delimiter: str = ",", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def event() -> Callable[..., dict[str, object]]:
    """Return an event of 20 credits, with columns changed by keyword."""

    def row(number: int, **changed: object) -> dict[str, object]:
        return {
            "id__c": f"e-{number}",
            "eventtime__c": f"2026-07-13T10:00:{number % 60:02d}.000Z",
            "processedtime__c": "2026-07-13T11:00:00.000Z",
            "unitsconsumed__c": "20",
            "usagevalue__c": "1",
            "multiplier__c": "20",
            "usagetypedevelopername__c": "Agentforce_StandardAction",
            "resourceidorapiname__c": "Get_Cases",
            "rootresourceidorapiname__c": "Service_Concierge",
            "rootresourcetags__c": '{"Department": "Service"}',
            "carddefinitiondevelopername__c": "FlexCredits",
            "usagebusinessenvtype__c": "production",
        } | changed

    return row


def cell(warehouse: Warehouse, text: str) -> object:
    """Return the only cell of a query."""
    return warehouse.execute(text)[0][0]


def credits_by(warehouse: Warehouse, column: str) -> dict[str, Decimal]:
    """Return the credits per value of a column of the usage view."""
    return {
        str(key): total for key, total in warehouse.execute(f"SELECT {column}, sum(credits) FROM usage GROUP BY 1 ORDER BY 1")
    }


@pytest.fixture
def total_credits(warehouse: Warehouse) -> Callable[[], Decimal]:
    """Return all credits, each counted once."""
    return lambda: number(cell(warehouse, "SELECT coalesce(sum(credits), 0) FROM usage"))


@pytest.fixture
def credits_per(warehouse: Warehouse) -> Callable[[str], dict[str, Decimal]]:
    """Return credits by a column of the usage view."""
    return lambda column: credits_by(warehouse, column)


@pytest.fixture
def ask(warehouse: Warehouse) -> Callable[[str], Sequence[Any]]:
    """Run a query and return its rows."""
    return warehouse.execute
