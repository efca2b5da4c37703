"""Events as a lake holds them, every version of each, and the same as exports, one after another."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from core.warehouse import Warehouse

ROLLUPS = ("usage_rollup", "user_rollup", "grain_days", "grain_gaps", "cards", "tag_sets")
COLUMNS = {
    "id__c": "text",
    "eventtime__c": "timestamptz",
    "processedtime__c": "timestamptz",
    "unitsconsumed__c": "decimal(18,6)",
    "usagevalue__c": "decimal(18,6)",
    "multiplier__c": "decimal(18,6)",
    "usagetypedevelopername__c": "text",
    "resourceidorapiname__c": "text",
    "rootresourceidorapiname__c": "text",
    "resourcetags__c": "text",
    "rootresourcetags__c": "text",
    "userid__c": "text",
    "cardname__c": "text",
    "carddefinitiondevelopername__c": "text",
    "usagereportingorgid__c": "text",
    "entitlementorgid__c": "text",
    "usagebusinessenvtype__c": "text",
    "unit__c": "text",
}


class LakeEvent(NamedTuple):
    """One version of an event, as the wallet's object has it."""

    id: str | None
    event_time: datetime
    processed_time: datetime | None
    credits: Decimal
    usage_value: Decimal | None = None
    multiplier: Decimal | None = None
    usage_type: str | None = None
    action: str | None = None
    agent: str | None = None
    action_tags: str | None = None
    agent_tags: str | None = None
    user: str | None = None
    card_name: str | None = None
    card: str | None = None
    org: str | None = None
    paying_org: str | None = None
    environment: str | None = None
    unit: str | None = None


def write_export(path: Path, events: Iterable[LakeEvent]) -> Path:
    """Write events as the CSV of a query."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([_shown(value) for value in event] for event in events)
    return path


def _shown(value: Any) -> str:  # noqa: ANN401 - a cell
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    return "" if value is None else str(value)


def exports_of(folder: Path, events: Sequence[LakeEvent]) -> list[Path]:
    """Write events as exports that come one after another: the first has the oldest rows of each id, the next the next ones.

    What was processed at one time lies in one file.
    """
    processed: dict[str | None, set[str]] = {}
    for event in events:
        processed.setdefault(event.id, set()).add(_shown(event.processed_time))
    ages = {(id_, at): age for id_, times in processed.items() for age, at in enumerate(sorted(times))}

    def age(event: LakeEvent) -> int:
        return ages[event.id, _shown(event.processed_time)]

    found = groupby(sorted(events, key=age), key=age)
    return [write_export(folder / f"{number}.csv", group) for number, group in found]


def create_table_sql(name: str, kinds: dict[str, str] | None = None) -> str:
    """Return the statement that makes the table. kinds: what an engine calls our kinds of column."""
    called = kinds or {}
    return f"CREATE TABLE {name} ({', '.join(f'{column} {called.get(kind, kind)}' for column, kind in COLUMNS.items())})"


def as_rows(events: Iterable[LakeEvent]) -> Iterator[tuple[Any, ...]]:
    """Yield events as rows of the table."""
    yield from map(tuple, events)


def rolled_up(warehouse: Warehouse) -> dict[str, Any]:
    """Return everything that answers about use are made from, row by row."""
    return {name: warehouse.execute(f"SELECT * FROM {name} ORDER BY ALL") for name in ROLLUPS}
