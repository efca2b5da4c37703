"""How a wallet's machine fares: what waits, what was given up, how full the disk is, how old data and backups are."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from core.answer import group_digits
from core.errors import AgentcostError
from core.maintenance.backup_place import newest_backup
from core.maintenance.retention import first_open_day
from core.records import NamedTuple
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from core.config import Config
    from core.warehouse import Warehouse

WAITS_LONG = timedelta(hours=1)
GIVEN_UP_LATELY = timedelta(days=7)
LEAST_FREE_BYTES = 64 * 1024 * 1024
FOLDED_WITHIN = timedelta(days=2)
MEBIBYTE = 1024 * 1024


class Condition(NamedTuple):
    """How one part fares. why: what is wrong, or what there is to say. to_do: what to do about it; empty where it is well.

    last_success: when it last did what it is for, UTC; None where that is not known.
    """

    part: str
    is_well: bool
    why: str = ""
    to_do: str = ""
    last_success: datetime | None = None


def measure_conditions(warehouse: Warehouse, config: Config, now: datetime) -> Iterator[Condition]:
    """Yield how the outbox, the data, the disk, the backups and what is to go fare."""
    yield _outbox(warehouse, now)
    yield _data(warehouse, config, now)
    yield _disk(warehouse.path)
    yield _backup(config, now)
    yield _retention(warehouse, config, now)


def _outbox(warehouse: Warehouse, now: datetime) -> Condition:
    row = warehouse.row(queries.OutboxConditionRow, since=now - GIVEN_UP_LATELY)
    delivered = row.last_delivered
    if row.given_up:
        return Condition(
            "outbox",
            is_well=False,
            why=f"{_count(row.given_up, 'message')} of the last 7 days could not be delivered: {row.last_error}",
            to_do="Fix the cause, then: agentcost alerts --retry",
            last_success=delivered,
        )
    if row.oldest_waiting and now - row.oldest_waiting > WAITS_LONG:
        return Condition(
            "outbox",
            is_well=False,
            why=f"{_count(row.waiting, 'message')} wait, the oldest for {_length(now - row.oldest_waiting)}",
            to_do="Check why Slack or the spreadsheets do not accept them; waiting messages are sent automatically.",
            last_success=delivered,
        )
    return Condition("outbox", is_well=True, why=f"{_count(row.waiting, 'message')} on the way", last_success=delivered)


def _data(warehouse: Warehouse, config: Config, now: datetime) -> Condition:
    through = warehouse.row(queries.NewestDataRow).data_through
    if through is None:
        return Condition("data", is_well=False, why="nothing has been imported yet", to_do="agentcost import FILE")
    age = now - through
    if age > timedelta(days=config.alerts.stale_days):
        return Condition(
            "data",
            is_well=False,
            why=f"the newest usage is {_length(age)} old",
            to_do="Check whether exports still arrive, and import the newest: agentcost import FILE",
            last_success=through,
        )
    return Condition("data", is_well=True, why=f"the newest usage is {_length(age)} old", last_success=through)


def _disk(warehouse: Path) -> Condition:
    folder = next(
        parent for parent in warehouse.parents if parent.exists()
    )  # beside a database there is one only while files come in
    size = warehouse.stat().st_size if warehouse.exists() else 0
    free, needed = shutil.disk_usage(folder).free, max(LEAST_FREE_BYTES, size)
    if free < needed:
        return Condition(
            "disk",
            is_well=False,
            why=f"{group_digits(free // MEBIBYTE)} MiB are free beside {warehouse}, less than the "
            f"{group_digits(needed // MEBIBYTE)} MiB needed",
            to_do="Free some space on that disk.",
        )
    return Condition("disk", is_well=True, why=f"{group_digits(free // MEBIBYTE)} MiB are free")


def _backup(config: Config, now: datetime) -> Condition:
    settings = config.backup
    if settings is None:
        return Condition("backup", is_well=True, why="no backups are scheduled; backup in app.yaml says how")
    try:
        newest = newest_backup(settings.to, lately=True)
    except (AgentcostError, OSError) as trouble:
        return Condition("backup", is_well=False, why=str(trouble), to_do=f"See to {settings.to}.")
    if newest is None or now - newest > settings.too_old:
        why = "there is no backup yet" if newest is None else f"the newest backup is {_length(now - newest)} old"
        return Condition("backup", is_well=False, why=why, to_do="agentcost backup", last_success=newest)
    return Condition("backup", is_well=True, why=f"the newest is {_length(now - newest)} old", last_success=newest)


def _retention(warehouse: Warehouse, config: Config, now: datetime) -> Condition:
    settings = config.retention
    if not settings.is_on:
        return Condition("retention", is_well=True, why="everything is kept; retention in app.yaml says otherwise")
    with warehouse.reading() as session:
        before, oldest = first_open_day(session, config, now), session.row(queries.OldestEventRow).day
    kept = f"events are kept for {settings.events} days" if settings.events else "events are kept"
    exports = f"exports for {settings.exports} days" if settings.exports else "exports too"
    if before and oldest and before - oldest > FOLDED_WITHIN:
        why = f"events of {oldest} and later are not folded yet, though they are older than {settings.events} days"
        return Condition("retention", is_well=False, why=why, to_do="agentcost retention")
    return Condition("retention", is_well=True, why=f"{kept}, {exports}")


def _count(number: int, noun: str) -> str:
    return f"{group_digits(number)} {noun}{'' if number == 1 else 's'}"


def _length(length: timedelta) -> str:
    """Return a length of time in its largest whole unit: days from two days on, else hours, else minutes."""
    minutes = max(0, int(length.total_seconds() // 60))
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        if minutes >= 2 * size:
            return _count(minutes // size, unit)
    return _count(minutes, "minute")
