"""Alerts and digests on the command line: import day after day, list, acknowledge, snooze, print a digest."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time

from bot.cli.main import main
from core.alerts.outbox import deliveries
from core.wallet.ingest.sample_data import write_events
from core.warehouse.audit_log import deeds
from core.warehouse.database import open_warehouse

if TYPE_CHECKING:
    from pathlib import Path

APP = """
contract:
  start: 2026-09-01
  end: 2026-12-01
  grants: [{credits: 100000}]
alerts: {pace_percent: 10000, min_usd: 1000000}
teams:
  Service: {channels: [C0123ABCDEF], weekly_digest: "Mon 08:00", owner: Kim}
"""
FIRST = date(2026, 9, 1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with an app.yaml."""
    (tmp_path / "app.yaml").write_text(APP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGENTCOST_WAREHOUSE", str(tmp_path / "w.duckdb"))
    monkeypatch.setenv("LOGNAME", "robin")
    return tmp_path


@pytest.fixture
def three_weeks(folder: Path) -> Path:
    """A folder whose seven files, with three days and 600 events each, were imported the morning after."""
    for nth in range(7):
        path = folder / f"{nth}.csv"
        write_events(path, 600, seed=nth, first_day=FIRST + timedelta(days=3 * nth), days=3)
        with freeze_time(datetime(2026, 9, 4, 6, tzinfo=UTC) + timedelta(days=3 * nth)):
            assert main(["import", str(path)]) == 0
    return folder


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """Return a command's answer as JSON on the morning after."""
    capsys.readouterr()
    with freeze_time("2026-09-23T08:00:00"):
        assert main([*words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def rows(answer: dict[str, Any], table: str = "alerts") -> list[dict[str, Any]]:
    """Return a table's rows by column."""
    (found,) = [one for one in answer["tables"] if one["key"] == table]
    return [dict(zip([column["key"] for column in found["columns"]], row, strict=True)) for row in found["rows"]]


def test_imports_make_alerts_that_can_be_seen_acknowledged_and_snoozed(
    three_weeks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seven files of some 13,000 of 100,000 credits pass 50, 75 and 90%, each on the morning of the file that does it."""
    with open_warehouse(three_weeks / "w.duckdb") as warehouse:
        by_file = warehouse.execute("SELECT import_id, sum(credits) FROM usage_events GROUP BY import_id ORDER BY import_id")
    total, expected = 0, {}
    for number, used in by_file:
        for level in (50, 75, 90):
            if total < level * 1_000 <= total + used:
                expected[str(level)] = str(FIRST + timedelta(days=3 * number))
        total += used
    found = rows(asked(capsys, "alerts"))
    assert {row["level"]: row["day"] for row in found} == expected
    assert {row["owner"] for row in found} == {"Kim"}

    keys = {row["level"]: row["key"] for row in found}
    after = rows(asked(capsys, "alerts", "--acknowledge", keys["50"], "--snooze", keys["75"], "--for", "week"))
    assert {row["level"]: (row["state"], row["by"]) for row in after} == {
        "50": ("acknowledged", "robin"),
        "75": ("snoozed", "robin"),
        "90": ("open", "the rules"),
    }
    with open_warehouse(three_weeks / "w.duckdb") as warehouse, warehouse.reading() as session:
        assert [deed.what for deed in deeds(session)][:3] == ["acknowledged", "snoozed", "imported"]


def test_what_will_come_is_the_next_level(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half of 100,000 credits comes next; the credits to go are the difference."""
    write_events(folder / "a.csv", 400, seed=1, first_day=date(2026, 9, 15), days=7)
    main(["import", str(folder / "a.csv")])
    answer = asked(capsys, "alerts")
    with open_warehouse(folder / "w.duckdb") as warehouse:
        used = warehouse.execute("SELECT sum(credits) FROM usage")[0][0]
    (row,) = rows(answer, "coming")
    assert (row["what"], int(row["credits_to_go"])) == ("50% used", 50_000 - int(used))


def test_a_digest_is_printed_and_queued_once(three_weeks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run queues nothing; the next run queues it; the third says that it was issued before."""
    said = []
    for words in (["digest", "--dry-run"], ["digest"], ["digest"]):
        with freeze_time("2026-09-23T08:00:00"):
            assert main(words) == 0
        said.append(capsys.readouterr().out.strip().splitlines()[-1])
    with open_warehouse(three_weeks / "w.duckdb") as warehouse, warehouse.reading() as session:
        queued = [one.message.key.rpartition("-")[0] for one in deliveries(session) if one.message.alert_key is None]
    assert said[1:] == ["Queued for 1 place.", "It was issued in this week already; nothing is sent again."]
    assert queued == ["digest-weekly-2026-W39"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["alerts", "--acknowledge", "level-50-00000000"], 'There is no alert "level-50-00000000"'),
        (["alerts", "team", "Sales"], 'knows no team "Sales"'),
        (["digest", "--team", "Sales"], 'app.yaml knows no team "Sales". It has Service.'),
    ],
)
def test_what_there_is_not_is_said(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    """A wrong key or team exits with 2 and a sentence that says what to do."""
    write_events(folder / "a.csv", 40, seed=1, first_day=FIRST, days=7)
    main(["import", str(folder / "a.csv")])
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_before_the_first_import_there_is_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The refusal says what to do first."""
    assert main(["alerts"]) == 2
    assert "agentcost import FILE" in capsys.readouterr().err
    assert not (folder / "w.duckdb").exists()
