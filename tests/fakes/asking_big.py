"""Wallets to ask that are huge, or whose names are out to do harm; every file of them is imported as a real export is."""

from __future__ import annotations

import csv
import json
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from core.config.loader import Config
from core.context import Context
from core.questions.asking import ask
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import open_warehouse
from core.warehouse.shared import SharedWarehouse
from tests.fakes.asking import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.answer.model import Answer
    from tests.fakes.asking import Ask

HEAD = [
    "id__c",
    "eventtime__c",
    "processedtime__c",
    "unitsconsumed__c",
    "usagevalue__c",
    "multiplier__c",
    "usagetypedevelopername__c",
    "resourceidorapiname__c",
    "rootresourceidorapiname__c",
    "rootresourcetags__c",
    "userid__c",
    "carddefinitiondevelopername__c",
    "usagebusinessenvtype__c",
]
LEDGER = (
    "id__c,entitlementcarddefdevlname__c,quantity__c,startdate__c,enddate__c,entitlementtransactiontype__c\n"
    "L1,FlexCredits,5000000,2026-07-01T00:00:00.000Z,2027-07-01T00:00:00.000Z,Add\n"
)
AGENTS, DAYS = 10_000, 60


@contextmanager
def asking_of(names: Sequence[str], events: int) -> Iterator[Ask]:
    """Give the way to ask a wallet of so many events, shared out among agents of these names."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "warehouse.duckdb"
        paths = [Path(folder) / name for name in ("events.csv", "ledger.csv")]
        _write(paths[0], names, events)
        paths[1].write_text(LEDGER, encoding="utf-8")
        config = Config()
        with open_warehouse(file) as warehouse:
            import_files(warehouse, paths, config.wallet)
            warehouse.execute("UPDATE imports SET imported_at = TIMESTAMP '2026-11-20 08:30:00'")
        context = Context(DAY, config, SharedWarehouse(partial(open_warehouse, file)).open, has_warehouse=True)

        def asked(question: str, *, with_wallet: bool = True, who: str = "") -> Answer:  # noqa: ARG001 - as the app asks
            return ask(question, context if with_wallet else context.without_wallet())

        yield asked


def _write(path: Path, names: Sequence[str], events: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEAD)
        writer.writerows(_row(number, names) for number in range(events))


def _row(number: int, names: Sequence[str]) -> tuple[object, ...]:
    name = names[number % len(names)]
    month, day = 9 + number % DAYS // 30, 1 + number % 30
    at = f"2026-{month:02}-{day:02}T{number % 24:02}:15:00.000Z"
    units = 40 if number % 7 == 0 else 20
    kind = "Agentforce_CustomAction" if number % 3 else "Agentforce_StandardAction"
    environment = "Sandbox" if number % 11 == 0 else "Production"
    tags = json.dumps({"Department": name})
    return (f"E{number}", at, at, units, units // 20, 20, kind, f"Do {name}", name, tags, name[:40], "FlexCredits", environment)
