"""A source beside files, what it refuses, and what its import reports."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from core.config import GenericProfile, SourceSettings, WalletSettings
from core.errors import ConfigError, ExportError, MachineError
from core.wallet.imports import list_imports, undo_imports
from core.wallet.ingest.pipeline import import_files, read_again
from core.wallet.sources import explain_source, import_source, source_called
from core.wallet.sources.engine import without_credentials
from core.warehouse import Warehouse, open_warehouse
from tests.fakes.lakes.engines import VARIABLE, DuckLake, source_of
from tests.fakes.lakes.events import LakeEvent, rolled_up, write_export

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FIRST = datetime(2026, 11, 2, 12, tzinfo=UTC)
PLAIN = WalletSettings()


def event(number: int, day: int = 0, credits_used: str = "20", **said: str | None) -> LakeEvent:
    """Return an event of a day, counted from the first and processed an hour later."""
    used = FIRST + timedelta(days=day)
    return LakeEvent(f"e{number}", used, used + timedelta(hours=1), Decimal(credits_used), **said)  # type: ignore[arg-type]


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse."""
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        yield opened


@pytest.fixture
def lake(duck: DuckLake, monkeypatch: pytest.MonkeyPatch) -> DuckLake:
    """A DuckDB file, with its address in the environment."""
    monkeypatch.setenv(VARIABLE, duck.address)
    return duck


@pytest.fixture
def filled(lake: DuckLake) -> Callable[[Sequence[LakeEvent]], SourceSettings]:
    """Return a function that fills a new table with events and returns its source."""

    def fill(events: Sequence[LakeEvent]) -> SourceSettings:
        table = lake.create()
        lake.append(table, events)
        return source_of(lake, table)

    return fill


Filled = Callable[[Sequence[LakeEvent]], SourceSettings]


def credits_of(warehouse: Warehouse) -> Decimal:
    """Return the total of all usage."""
    return Decimal(warehouse.execute("SELECT coalesce(sum(credits), 0) FROM usage")[0][0])


def test_events_come_from_files_or_from_a_source(warehouse: Warehouse, filled: Filled, tmp_path: Path) -> None:
    """For the same org and day whichever comes second is refused, and nothing changes."""
    source = filled([event(1, org="00D000000000001"), event(2, 1, org="00D000000000001")])
    same = write_export(tmp_path / "same.csv", [event(3, 1, org="00D000000000001AAA")])
    import_source(warehouse, source, PLAIN, NOW)
    with pytest.raises(ExportError, match=r"same\.csv has 1 event of .*source lake holds .*--undo 1"):
        import_files(warehouse, [same], PLAIN)
    assert credits_of(warehouse) == 40
    undo_imports(warehouse, [1], PLAIN, who="ada", now=NOW)
    import_files(warehouse, [same], PLAIN)
    with pytest.raises(ExportError, match=r"1 event of 3 Nov 2026 came in another way.*--undo 2.*first_day, 2026-11-04"):
        import_source(warehouse, source, PLAIN, NOW)
    assert credits_of(warehouse) == 20


def test_files_hold_what_was_before_and_other_orgs(warehouse: Warehouse, filled: Filled, tmp_path: Path) -> None:
    """Earlier days and other orgs may come from files."""
    import_files(warehouse, [write_export(tmp_path / "old.csv", [event(1, org="00D000000000001")])], PLAIN)
    source = filled([event(1, org="00D000000000001"), event(2, 5, org="00D000000000001")])
    import_source(warehouse, source._replace(first_day=date(2026, 11, 3)), PLAIN, NOW)
    import_files(warehouse, [write_export(tmp_path / "other.csv", [event(9, 5, org="00D000000000002")])], PLAIN)
    assert credits_of(warehouse) == 60


def test_a_source_taken_back_leaves_nothing(warehouse: Warehouse, filled: Filled, tmp_path: Path) -> None:
    """The wallet is as without it, and the next import reads all its days again."""
    import_files(
        warehouse,
        [write_export(tmp_path / "old.csv", [event(1, org="00D000000000001", agent_tags='{"Department": "A"}')])],
        PLAIN,
    )
    before = rolled_up(warehouse)
    source = filled([event(2, 3, org="00D000000000002", agent_tags='{"Department": "B"}', card="PlatformServicesCard")])
    import_source(warehouse, source, PLAIN, NOW)
    with warehouse.reading() as session:
        rows = list_imports(session, NOW.date(), UTC).tables[0].rows
    assert [(row[0], row[2], row[4], row[6]) for row in rows] == [(2, "source lake", 1, 20), (1, "old.csv", 1, 20)]
    with pytest.raises(ExportError, match="import --source lake --whole"):
        read_again(warehouse, [2], PLAIN)
    undo_imports(warehouse, [2], PLAIN, who="ada", now=NOW)
    assert rolled_up(warehouse) == before
    assert import_source(warehouse, source, PLAIN, NOW).files[0].rows_new == 1


def test_a_column_that_is_no_key_is_refused(warehouse: Warehouse, filled: Filled) -> None:
    """If an id has several times of use, counting it once would lose usage."""
    source = filled([event(number, number)._replace(id="same") for number in range(4)])
    with pytest.raises(ExportError, match="id__c is not a key: 3 of 4 rows"):
        import_source(warehouse, source, PLAIN, NOW)


def test_rows_that_make_no_sense_are_counted(warehouse: Warehouse, filled: Filled) -> None:
    """They do not count, for the same reasons as a file's rows; the others do."""
    bad = event(2)
    source = filled(
        [
            event(1),
            bad._replace(id="no time", event_time=None),  # type: ignore[arg-type]
            bad._replace(id="no credits", credits=None),  # type: ignore[arg-type]
            bad._replace(id="old", event_time=datetime(2026, 11, 2, tzinfo=UTC), multiplier=Decimal(-1)),
            bad._replace(id="ahead", event_time=datetime(2099, 1, 1, tzinfo=UTC)),
        ]
    )
    report = import_source(warehouse, source, PLAIN, NOW).files[0]
    assert {(entry.column_name, entry.reason, entry.row_count) for entry in report.rejected} == {
        ("eventtime__c", "missing", 1),
        ("unitsconsumed__c", "missing", 1),
        ("multiplier__c", "negative", 1),
        ("eventtime__c", "after 2027", 1),
    }
    assert (report.rows_read, report.rows_new, credits_of(warehouse)) == (5, 1, 20)


def test_rows_without_an_id_count_each_and_are_told(warehouse: Warehouse, filled: Filled) -> None:
    """It is unknown whether they repeat one another."""
    report = import_source(warehouse, filled([event(1), event(2)._replace(id=None), event(2)._replace(id=None)]), PLAIN, NOW)
    assert credits_of(warehouse) == 60
    assert [doubt for doubt in report.files[0].doubts if doubt.startswith("2 rows have no id")]


def test_a_row_that_came_very_late_is_found_by_reading_all(warehouse: Warehouse, lake: DuckLake, filled: Filled) -> None:
    """A row processed before the overlap is seen only with `--whole`; one within it is seen."""
    source = filled([event(1), event(2, 10)])
    import_source(warehouse, source, PLAIN, NOW)
    lake.append(source.table, [event(3, 1), event(4, 8)])
    import_source(warehouse, source, PLAIN, NOW)
    assert credits_of(warehouse) == 60
    import_source(warehouse, source, PLAIN, NOW, is_whole=True)
    assert credits_of(warehouse) == 80


def test_a_processed_time_that_is_yet_to_come_hides_nothing(warehouse: Warehouse, lake: DuckLake, filled: Filled) -> None:
    """Rows processed up to then still count as new."""
    source = filled([event(1)._replace(processed_time=datetime(2027, 6, 1, tzinfo=UTC))])
    import_source(warehouse, source, PLAIN, NOW)
    lake.append(source.table, [event(2, 20)])
    import_source(warehouse, source, PLAIN, NOW + timedelta(days=5))
    assert credits_of(warehouse) == 40


def test_days_that_vanish_are_told(warehouse: Warehouse, lake: DuckLake, filled: Filled) -> None:
    """Rows deleted from the table disappear with the next whole import, which says so."""
    source = filled([event(1), event(2, 3)])
    import_source(warehouse, source, PLAIN, NOW)
    lake.delete(source.table, "id__c = 'e1'")
    report = import_source(warehouse, source, PLAIN, NOW, is_whole=True).files[0]
    assert credits_of(warehouse) == 20
    assert any("no events of 2 Nov 2026 any more" in doubt for doubt in report.doubts)


def test_a_correction_moves_an_event_to_another_day(warehouse: Warehouse, lake: DuckLake, filled: Filled) -> None:
    """The former day loses it, although nothing else of that day was processed."""
    others = [event(number, number % 3) for number in range(10, 40)]
    source = filled([event(1), *others])
    import_source(warehouse, source, PLAIN, NOW)
    lake.append(source.table, [event(1, 4)._replace(processed_time=FIRST + timedelta(days=12))])
    import_source(warehouse, source._replace(overlap_hours=0), PLAIN, NOW)
    found: dict[date, Decimal] = dict(warehouse.execute("SELECT day, sum(credits) FROM usage GROUP BY day"))
    assert (found[date(2026, 11, 2)], found[date(2026, 11, 6)]) == (200, 20)


def test_another_time_zone_is_refused_until_the_source_is_taken_back(warehouse: Warehouse, filled: Filled) -> None:
    """Sums cannot be divided into other days."""
    source = filled([event(1)])
    import_source(warehouse, source, PLAIN, NOW)
    berlin = WalletSettings(time_zone="Europe/Berlin")
    with pytest.raises(ExportError, match=r"time_zone is Europe/Berlin, but it was UTC .*--undo 1"):
        import_source(warehouse, source, berlin, NOW)
    undo_imports(warehouse, [1], PLAIN, who="ada", now=NOW)
    import_source(warehouse, source, berlin, NOW)
    assert credits_of(warehouse) == 20


@pytest.mark.parametrize(
    ("column", "kind", "said"),
    [
        ("unitsconsumed__c", "DOUBLE", r"unitsconsumed__c is float64, and I accept only DECIMAL\(18,6\),"),
        ("eventtime__c", "VARCHAR", "eventtime__c is string, and I accept only a timestamp,"),
        ("eventtime__c", "DATE", "eventtime__c is date, and I accept only a timestamp,"),
        ("rootresourcetags__c", "STRUCT(a VARCHAR)", "I accept only text"),
    ],
)
def test_types_that_are_not_exact_are_refused(lake: DuckLake, column: str, kind: str, said: str) -> None:
    """The sentence names the column and what to do."""
    table = lake.create()
    with duckdb.connect(lake.address.removeprefix("duckdb:///")) as connection:
        connection.execute(f"ALTER TABLE {table} ALTER {column} TYPE {kind} USING NULL")
    with pytest.raises(ExportError, match=said):
        explain_source(source_of(lake, table), PLAIN, NOW, None)


def test_columns_are_mapped_by_a_profile(warehouse: Warehouse, lake: DuckLake) -> None:
    """Other names, a local clock, actions instead of credits and departments in a column are read as from a file."""
    table = lake.create()
    with duckdb.connect(lake.address.removeprefix("duckdb:///")) as connection:
        connection.execute(
            f"CREATE VIEW {table}_others AS SELECT 'a' AS ref, TIMESTAMP '2026-11-02 00:30:00' AS at, 3 AS done, 'Ops' AS squad"
        )
    profile = GenericProfile(
        "others",
        "events",
        {"id": "ref", "date": "at", "credits": "done", "department": "squad"},
        "actions",
        Decimal(20),
        None,
        None,
        "Europe/Berlin",
    )
    source = source_of(lake, f"{table}_others", profile="others")
    import_source(warehouse, source, WalletSettings(profiles=(profile,)), NOW)
    assert warehouse.execute("SELECT day, department, actions, credits FROM usage") == [(date(2026, 11, 1), "Ops", 3, 60)]


def test_an_address_is_asked_for_and_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, or with another engine's, the sentence names the variable; its secret appears nowhere."""
    source = SourceSettings("lake", "postgresql", "events")
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(ConfigError, match=f"{VARIABLE} is not set"):
        explain_source(source, PLAIN, NOW, None)
    monkeypatch.setenv(VARIABLE, "duckdb:///x")
    with pytest.raises(ConfigError, match="not an address of postgresql"):
        explain_source(source, PLAIN, NOW, None)
    monkeypatch.setenv(VARIABLE, "postgresql://ada:s3cret@127.0.0.1:1/x?connect_timeout=1")
    with pytest.raises(MachineError, match="cannot be reached") as raised:
        explain_source(source, PLAIN, NOW, None)
    assert "s3cret" not in str(raised.value)
    told = without_credentials("tried ada:s3cret at //ada:s3cret@h?token=abc and said why", source)
    assert [secret for secret in ("s3cret", "abc") if secret in told] == []
    assert told.endswith("and said why")


def test_a_source_that_is_not_there_is_named() -> None:
    """Names are compared without case."""
    source = SourceSettings("Lake", "duckdb", "events")
    assert source_called("lake", [source]) == source
    with pytest.raises(Exception, match="no source pond under sources: there are Lake"):
        source_called("pond", [source])


def test_the_statement_is_that_of_the_next_import(warehouse: Warehouse, filled: Filled) -> None:
    """Before the first import it reads all days, afterwards those processed since."""
    source = filled([event(1)])
    whole = explain_source(source, PLAIN, NOW, warehouse.reading)
    import_source(warehouse, source, PLAIN, NOW)
    later = explain_source(source, PLAIN, NOW, warehouse.reading)
    assert len(later) > len(whole)
    assert explain_source(source, PLAIN, NOW, warehouse.reading, is_whole=True) == whole
