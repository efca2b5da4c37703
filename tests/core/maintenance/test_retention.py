"""Old data is deleted as app.yaml says: events become sums, kept exports are removed; by default nothing is."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from bot.cli.main import main
from core.config import Config, RetentionSettings, WalletSettings
from core.config.loader import config_problems
from core.errors import InputError
from core.maintenance import Condition, apply_retention, measure_conditions
from core.wallet.deliveries import exports_folder
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse import AuditEntry, Warehouse, open_warehouse, verify

FIRST, DAYS = date(2026, 7, 1), 100
LAST = FIRST + timedelta(days=DAYS - 1)
NOW = datetime.now(UTC)
KEPT = RetentionSettings()
ALL = RetentionSettings(events=60, exports=90, pseudonymises=True)


@pytest.fixture
def warehouse(tmp_path: Path) -> object:
    """A hundred days of usage up to 8 October, one row of it rejected; its export was kept twice."""
    (tmp_path / "inbox" / "done").mkdir(parents=True)
    export = tmp_path / "inbox" / "done" / "export.csv"
    write_events(export, 1_000, first_day=FIRST, days=DAYS)
    with export.open("a", encoding="utf-8") as file:
        file.write("bad,no day,,20,1,20,Agentforce_StandardAction,A,B,,005Hs00000U001AAM,FlexCredits,,\n")
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        import_files(opened, [export], WalletSettings())
        yield opened


def decided(at: datetime) -> AuditEntry:
    """Return who decides, and when."""
    return AuditEntry(at, "kim", "deleted", "", "command line")


def open_from(warehouse: Warehouse) -> date:
    """Return the oldest day with events."""
    found: date = warehouse.execute("SELECT min(day) FROM usage_events")[0][0]
    return found


def files_of(warehouse: Warehouse) -> list[Path]:
    """Return the kept exports."""
    folders = (exports_folder(warehouse.path), warehouse.path.parent / "inbox" / "done")
    return [path for folder in folders for path in folder.iterdir()]


def apply(warehouse: Warehouse, settings: RetentionSettings, at: datetime, *, dry_run: bool = False) -> object:
    """Apply the retention at an instant."""
    folders = (warehouse.path.parent / "inbox" / "done",)
    return apply_retention(warehouse, Config(retention=settings), folders, decided(at), dry_run=dry_run)


def test_by_default_nothing_goes(warehouse: Warehouse) -> None:
    """However old it is."""
    assert apply(warehouse, KEPT, NOW + timedelta(days=9_999)).is_nothing  # type: ignore[attr-defined]
    assert (open_from(warehouse), len(files_of(warehouse))) == (FIRST, 2)


def test_events_are_folded_by_the_age_of_the_newest_data(warehouse: Warehouse) -> None:
    """Sixty days before the last day with data, whatever the clock says: a wrong clock folds nothing early."""
    apply(warehouse, RetentionSettings(events=60), NOW + timedelta(days=900))
    assert open_from(warehouse) == LAST - timedelta(days=60)


def test_exports_go_by_when_they_came(warehouse: Warehouse) -> None:
    """Both copies and the text of rejected rows, once older than ninety days; the reasons stay."""
    apply(warehouse, RetentionSettings(exports=90), NOW + timedelta(days=89))
    assert len(files_of(warehouse)) == 2
    apply(warehouse, RetentionSettings(exports=90), NOW + timedelta(days=91))
    assert files_of(warehouse) == []
    [(text, cells, reason)] = warehouse.execute("SELECT original_text, cells, reason FROM rejects")
    assert (text, cells, bool(reason)) == ("", None, True)
    assert open_from(warehouse) == FIRST


def test_a_dry_run_says_the_same_and_changes_nothing(warehouse: Warehouse) -> None:
    """The real run deletes what the dry run names."""
    said = apply(warehouse, ALL, NOW + timedelta(days=91), dry_run=True)
    assert (open_from(warehouse), len(files_of(warehouse))) == (FIRST, 2)
    assert apply(warehouse, ALL, NOW + timedelta(days=91)) == said
    assert said.folded.rows == 10 * (DAYS - 61)  # type: ignore[attr-defined]
    assert said.folded.people > 0  # type: ignore[attr-defined]


def test_the_audit_says_what_went_and_holds(warehouse: Warehouse) -> None:
    """One entry for each kind, without anybody's id; a run that changes nothing has no entry."""
    for _ in range(2):
        apply(warehouse, ALL, NOW + timedelta(days=91))
    about = [text for (text,) in warehouse.execute("SELECT about FROM audit ORDER BY position")]
    assert [text.split(",")[0] for text in about] == [
        f"390 events and sessions before {LAST - timedelta(days=60)}",
        "2 kept exports",
        "the text of 1 rejected rows",
    ]
    with warehouse.reading() as session:
        assert verify(session).wrong == ()


def test_a_clock_that_cannot_be_believed_lets_nothing_go(warehouse: Warehouse) -> None:
    """Half a year from the last evaluation and from all data, the clock is not trusted to delete."""
    with warehouse.writing() as session:
        session.run("evaluation_done", now=NOW)
    with pytest.raises(InputError, match="Is the clock right"):
        apply(warehouse, ALL, NOW + timedelta(days=200))
    assert len(files_of(warehouse)) == 2


def test_status_says_what_is_kept_and_what_waits(warehouse: Warehouse) -> None:
    """Off, overdue and done."""

    def condition(settings: RetentionSettings) -> Condition:
        found = measure_conditions(warehouse, Config(retention=settings), NOW)
        return next(one for one in found if one.part == "retention")

    assert condition(KEPT).why == "everything is kept; retention in app.yaml says otherwise"
    assert (condition(ALL).is_well, condition(ALL).to_do) == (False, "agentcost retention")
    apply(warehouse, ALL, NOW)
    assert condition(ALL) == Condition("retention", is_well=True, why="events are kept for 60 days, exports for 90 days")


@freeze_time("2026-10-12", real_asyncio=True)
def test_the_command_line_says_what_goes(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """First what would be deleted, then what was; without a setting, how to write one."""
    monkeypatch.setenv("AGENTCOST_WAREHOUSE", str(warehouse.path))
    assert main(["retention"]) == 2
    assert "retention: {events: 400d, exports: 90d, user_ids: pseudonymise}" in capsys.readouterr().err
    Path("app.yaml").write_text("retention: {events: 60d, user_ids: pseudonymise}\n", encoding="utf-8")
    assert main(["retention", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert ("390 events and sessions of 39 days before 9 Aug 2026: would be folded" in said, open_from(warehouse)) == (
        True,
        FIRST,
    )
    assert main(["retention"]) == 0
    assert "39 days before 9 Aug 2026: folded into sums" in capsys.readouterr().out
    assert main(["retention"]) == 0
    assert capsys.readouterr().out == "Nothing is old enough.\n"
    assert main(["import", "--undo", "1"]) == 2
    assert "can no longer be taken back or read again" in capsys.readouterr().err
    assert main(["--json", "wallet"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"events": "30d"}, 'retention.events is "30d": at least 60d'),
        ({"events": "400"}, 'retention.events is "400": the age'),
        ({"exports": "0d"}, 'retention.exports is "0d": the age'),
        ({"user_ids": "pseudonymise"}, "say from which age, retention.events"),
        ({"user_ids": "drop", "events": "400d"}, "keep or pseudonymise"),
    ],
)
def test_what_cannot_be_meant_is_named(section: dict[str, str], said: str) -> None:
    """An age has a unit, and is long enough for late rows."""
    assert any(said in problem for problem in config_problems({"retention": section}))


def test_an_export_that_is_written_meanwhile_is_not_old(warehouse: Warehouse) -> None:
    """The file's own date may be last year's; its age counts from when it was stored."""
    kept = warehouse.path.parent / "inbox" / "done" / "export.csv"
    os.utime(kept, (0, 0))
    apply(warehouse, RetentionSettings(exports=90), NOW + timedelta(days=1))
    assert kept.exists()
