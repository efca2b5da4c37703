"""The state of the wallet's machine: outbox, data, disk and backups, each with what to do; and scheduled backups."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from core.config import Config
from core.config.backup import BackupSettings, backup_settings
from core.config.wallet import WalletSettings
from core.errors import InputError
from core.maintenance import Condition, add_backup, backup_before, measure_conditions, newest_backup
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import Warehouse, open_warehouse

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
QUEUED = """
INSERT INTO outbox (
    key, kind, address, team, payload, created_at, next_attempt_at, attempts, failed_at, error, position, is_unwanted,
    is_fault_ours
)
VALUES (
    $key, 'channel', 'C1', 'Ops', '{}', $created_at, $created_at, 1, $failed_at, $error, (SELECT count(*) + 1 FROM outbox), false,
    false
)
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """Five days of usage, up to the day before now."""
    write_events(tmp_path / "export.csv", 50, first_day=date(2026, 7, 10), days=5)
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        import_files(opened, [tmp_path / "export.csv"], WalletSettings())
        yield opened


def conditions(warehouse: Warehouse, now: datetime = NOW, config: Config = Config()) -> dict[str, Condition]:  # noqa: B008 - a value
    """Return the state of each part."""
    return {one.part: one for one in measure_conditions(warehouse, config, now)}


def queue(warehouse: Warehouse, age: timedelta, failed: timedelta | None = None) -> None:
    """Queue a message that long ago, given up that long ago."""
    with warehouse.writing() as session:
        session.execute(
            QUEUED,
            {
                "key": f"{age} {failed}",
                "created_at": NOW - age,
                "failed_at": None if failed is None else NOW - failed,
                "error": None if failed is None else "is_archived",
            },
        )


def test_all_is_well(warehouse: Warehouse) -> None:
    """With fresh data and nothing pending, nothing is wrong."""
    assert [one.part for one in conditions(warehouse).values() if not one.is_well] == []


def test_what_waits_for_long_is_wrong(warehouse: Warehouse) -> None:
    """A message that waits a minute is on its way; one that waits two hours needs attention."""
    queue(warehouse, timedelta(minutes=1))
    assert conditions(warehouse)["outbox"].is_well
    queue(warehouse, timedelta(hours=2, minutes=5))
    outbox = conditions(warehouse)["outbox"]
    assert (outbox.is_well, "2 messages wait, the oldest for 2 hours" in outbox.why) == (False, True)


def test_what_was_given_up_is_named_for_a_week(warehouse: Warehouse) -> None:
    """With the error and how to retry; older failures were reported before."""
    queue(warehouse, timedelta(days=20), failed=timedelta(days=8))
    assert conditions(warehouse)["outbox"].is_well
    queue(warehouse, timedelta(days=3), failed=timedelta(days=2))
    outbox = conditions(warehouse)["outbox"]
    assert (outbox.is_well, "is_archived" in outbox.why, "--retry" in outbox.to_do) == (False, True, True)


def test_old_data_are_wrong(warehouse: Warehouse) -> None:
    """Older than alerts.stale_days."""
    assert conditions(warehouse, NOW + timedelta(days=3))["data"].is_well
    assert not conditions(warehouse, NOW + timedelta(days=30))["data"].is_well


def test_a_backup_that_was_missed_twice_is_wrong(warehouse: Warehouse, tmp_path: Path) -> None:
    """A daily backup may be two days old; a missing one is wrong."""
    config = Config(backup=BackupSettings(tmp_path / "backups"))
    assert conditions(warehouse, config=config)["backup"].why == "there is no backup yet"
    add_backup(warehouse, tmp_path / "backups", NOW, keep=3)
    assert conditions(warehouse, NOW + timedelta(days=2), config)["backup"].is_well
    assert not conditions(warehouse, NOW + timedelta(days=2, minutes=1), config)["backup"].is_well


def test_the_newest_backups_are_kept(warehouse: Warehouse, tmp_path: Path) -> None:
    """The newest two of five are kept; other files stay."""
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "mine.duckdb").write_text("mine", encoding="utf-8")
    for day in range(5):
        add_backup(warehouse, folder, NOW + timedelta(days=day), keep=2)
    assert sorted(path.name for path in folder.iterdir()) == [
        "agentcost-20260718T120000Z.duckdb",
        "agentcost-20260719T120000Z.duckdb",
        "mine.duckdb",
    ]
    assert newest_backup(folder) == NOW + timedelta(days=4)


def test_the_backup_before_an_instant_is_found(warehouse: Warehouse, tmp_path: Path) -> None:
    """The newest at or before it; if there is none, the refusal says so."""
    for day in range(2):
        add_backup(warehouse, tmp_path / "backups", NOW + timedelta(days=day), keep=9)
    assert backup_before(tmp_path / "backups", NOW + timedelta(hours=23)).name == "agentcost-20260715T120000Z.duckdb"
    with pytest.raises(InputError, match="no backup"):
        backup_before(tmp_path / "backups", NOW - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("schedule", "every", "weekday", "at"),
    [("hourly", "hour", 0, time(3)), ("daily 04:30", "day", 0, time(4, 30)), ("Sun 23:00", "week", 6, time(23))],
)
def test_a_schedule_is_read(schedule: str, every: str, weekday: int, at: time) -> None:
    """Hourly, daily or weekly, in the team's zone."""
    settings = backup_settings({"to": "backups", "schedule": schedule}, Path("/etc"))
    assert settings is not None
    assert (settings.to, settings.every, settings.weekday, settings.at) == (Path("/etc/backups"), every, weekday, at)
