"""The warehouse file: opening, migrations, locks, and statements that agree with their headers."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest

from core.config.wallet import WalletSettings
from core.errors import InputError, MachineError
from core.wallet.ingest import find_broken_checks
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse import Value
from core.warehouse.database import StatementError, Warehouse, open_warehouse, schema_number
from core.warehouse.statements import SQL_FOLDER, migrations, statement, statement_names

ROW_TABLES = ("usage_events", "usage_hours", "usage_days", "entitlements", "ai_usage", "balance_snapshots")
NEWER_TABLES = (
    *("evaluations", "asked_places", "told_before", "card_names", "cards", "repeated_rows", "misses"),
    *("deliveries", "replaced_days", "long_ids", "undone_imports", *(f"superseded_{table}" for table in ROW_TABLES)),
)
WITHOUT_NEWER_TABLES = (
    *(f"DROP TABLE {table}" for table in NEWER_TABLES),
    *(f"ALTER TABLE {table} DROP COLUMN version" for table in ROW_TABLES),
    *(f"ALTER TABLE {table} DROP COLUMN said_card" for table in ("entitlements", "balance_snapshots")),
    *(f"ALTER TABLE imports DROP COLUMN {column}" for column in ("source_sha256", "source_name", "read_with", "headers")),
    "ALTER TABLE rejects DROP COLUMN cells",
)
OURS = sorted(chain(*map(statement_names, ("ingest", "imports", "alerts", "outbox", "audit")), statement_names("checks")))
ASKING = [name for name in OURS if statement(name).columns and name != "new_tags"]
SAMPLES: dict[str, Value] = {
    "DATE": date(2026, 7, 1),
    "VARCHAR": "x",
    "INTEGER": 1,
    "BIGINT": 1,
    "BOOLEAN": True,
    "TIMESTAMP": datetime(2026, 7, 1, tzinfo=UTC),
}


def test_a_new_file_has_the_newest_schema(warehouse: Warehouse) -> None:
    """All migrations are applied, and recorded with name and number."""
    assert schema_number(warehouse) == int(migrations()[-1].stem[:4])
    assert warehouse.execute("SELECT number, name FROM schema_migrations ORDER BY number") == [
        (int(path.stem[:4]), path.stem) for path in migrations()
    ]


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    """Migrations are applied once."""
    for _ in range(2):
        with open_warehouse(tmp_path / "w.duckdb") as warehouse:
            warehouse.execute("INSERT INTO warehouse_settings VALUES ('a', 'b')")
    with open_warehouse(tmp_path / "w.duckdb", read_only=True) as warehouse:
        assert warehouse.execute("SELECT count(*) FROM warehouse_settings") == [(2,)]


def test_use_by_users_of_an_older_warehouse_has_their_departments(tmp_path: Path) -> None:
    """Usage imported before users were rolled up by department is rolled up as if imported today."""
    write_events(tmp_path / "export.csv", 500, days=10)
    rows = "SELECT * FROM user_rollup ORDER BY ALL"
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        import_files(warehouse, [tmp_path / "export.csv"], WalletSettings(default_card="Flex Credits"))
        expected = warehouse.execute(rows)
        for undo in (
            "DROP TABLE user_rollup",
            "CREATE TABLE user_rollup (day DATE)",
            "DROP TABLE grain_days",
            "DROP TABLE grain_gaps",
            *WITHOUT_NEWER_TABLES,
            "DELETE FROM schema_migrations WHERE number >= 4",
        ):
            warehouse.execute(undo)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        assert warehouse.execute(rows) == expected != []


@pytest.mark.parametrize("copied", [1, 2], ids=["also in an earlier import", "twice in the newest import"])
def test_an_event_that_is_there_twice_is_found(warehouse: Warehouse, tmp_path: Path, copied: int) -> None:
    """In either order of imports, the later row has an equal, or an earlier one has."""
    for nth, day in enumerate((date(2026, 7, 1), date(2026, 7, 3)), start=1):
        write_events(tmp_path / f"{nth}.csv", 50, seed=nth, first_day=day, days=1)
        import_files(warehouse, [tmp_path / f"{nth}.csv"], WalletSettings())
    assert find_broken_checks(warehouse) == {}
    other = "SELECT min(id) FROM usage_events WHERE import_id = 2"
    warehouse.execute(f"INSERT INTO usage_events SELECT * REPLACE ({copied} AS import_id) FROM usage_events WHERE id = ({other})")
    (found,) = find_broken_checks(warehouse)["no_event_twice"]
    assert (found["id"], found["row_count"]) == (warehouse.execute(other)[0][0], 2)


def test_an_older_warehouse_counts_the_most_complete_grain(tmp_path: Path) -> None:
    """Events, hours and days imported when the finest grain counted give what they would give today."""
    for name, text in {
        "events": "id__c,eventtime__c,unitsconsumed__c,usagevalue__c\ne1,2026-07-13T22:30:00Z,20,1\ne2,2026-07-15T10:00:00Z,20,1",
        "hours": "id__c,usagehourbucket__c,unitsconsumed__c,usageconsumed__c,businessenvtype__c\n"
        "h1,2026-07-13T22:00:00Z,30,1,Production\nh2,2026-07-14T09:00:00Z,5,1,Production",
        "days": "id__c,utilizationdate__c,unitsconsumed__c,carddefinitiondevelopername__c\n"
        "d1,2026-07-13,50,FlexCredits\nd2,2026-07-14,4,FlexCredits\nd3,2026-07-16,7,FlexCredits",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text)
    states = [f"SELECT * FROM {table} ORDER BY ALL" for table in ("usage_rollup", "grain_days", "grain_gaps")]
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        paths = [tmp_path / f"{name}.csv" for name in ("events", "hours", "days")]
        import_files(warehouse, paths, WalletSettings(time_zone="Europe/Berlin"))
        expected = [warehouse.execute(state) for state in states]
        assert warehouse.execute("SELECT sum(credits) FROM usage") == [(50 + 5 + 20 + 7,)]
        for undo in (
            "DELETE FROM usage_rollup WHERE grain LIKE '% gap'",
            "UPDATE usage_rollup SET is_finest = grain = 'event'",
            "DROP TABLE grain_days",
            "DROP TABLE grain_gaps",
            *WITHOUT_NEWER_TABLES,
            "DELETE FROM schema_migrations WHERE number >= 5",
        ):
            warehouse.execute(undo)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        assert [warehouse.execute(state) for state in states] == expected


def test_a_warehouse_from_the_future_is_refused(tmp_path: Path) -> None:
    """A file with a migration that this version does not have stays untouched."""
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        warehouse.execute("INSERT INTO schema_migrations VALUES (99, 'next_year', now()::TIMESTAMP)")
    with pytest.raises(MachineError, match="written by a newer agentcost"), open_warehouse(tmp_path / "w.duckdb"):
        pass


def test_what_is_no_warehouse_is_said(tmp_path: Path) -> None:
    """A text file, a folder and a missing file each have their sentence."""
    (tmp_path / "text.duckdb").write_text("hello" * 2_000)
    with (
        pytest.raises(MachineError, match=r"text\.duckdb cannot be opened as a warehouse"),
        open_warehouse(tmp_path / "text.duckdb"),
    ):
        pass
    with pytest.raises(InputError, match="is a folder"), open_warehouse(tmp_path):
        pass
    with pytest.raises(InputError, match="no warehouse at"), open_warehouse(tmp_path / "none.duckdb", read_only=True):
        pass


def test_a_transaction_lands_whole_or_not_at_all(warehouse: Warehouse) -> None:
    """An exception in the block undoes the block."""
    with pytest.raises(StatementError), warehouse.writing() as session:
        session.execute("INSERT INTO warehouse_settings VALUES ('a', 'b'); SELECT nonsense")
    with warehouse.writing() as session:
        session.execute("INSERT INTO warehouse_settings VALUES ('c', 'd')")
    assert warehouse.execute("SELECT name FROM warehouse_settings") == [("c",)]


def test_instants_come_back_in_utc(warehouse: Warehouse) -> None:
    """An instant stored in any zone is the same instant in UTC."""
    at = datetime.fromisoformat("2026-07-01T12:00:00+02:00")
    with warehouse.writing() as session:
        session.run(
            "enter_import",
            import_id=1,
            sha256="x",
            container_sha256="x",
            file_name="f",
            profile="events",
            reading="{}",
            now=at,
            data_through=at,
            source_sha256="x",
            source_name="f",
            read_with="",
            headers="[]",
            rows_read=0,
            rows_rejected=0,
        )
    (row,) = warehouse.query("imported_file", sha256="x")
    assert row["imported_at"] == at
    assert row["imported_at"].tzinfo is UTC


def test_a_query_takes_just_the_parameters_of_its_header(warehouse: Warehouse) -> None:
    """A missing or extra parameter is an error at once."""
    wrong: tuple[dict[str, Value], ...] = ({}, {"sha256": "x", "more": 1})
    for parameters in wrong:
        with pytest.raises(TypeError, match="imported_file takes"):
            warehouse.query("imported_file", **parameters)


def test_the_doors_are_shut(warehouse: Warehouse) -> None:
    """No setting can be changed once the warehouse is open."""
    with pytest.raises(StatementError, match="locked"):
        warehouse.execute("SET memory_limit = '1GB'")


def test_memory_of_an_import_is_given_back(warehouse: Warehouse) -> None:
    """DuckDB's allocator returns it by threads of its own; without them it waits for the next allocation."""
    assert warehouse.execute("SELECT current_setting('allocator_background_threads')") == [(True,)]


def test_no_column_of_the_schema_is_a_double(warehouse: Warehouse) -> None:
    """Money, credits and everything else are exact."""
    found = warehouse.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type IN ('DOUBLE', 'FLOAT') AND NOT internal"
    )
    assert found == []


@pytest.mark.parametrize("name", ASKING)
def test_a_statement_gives_what_its_header_says(warehouse: Warehouse, name: str) -> None:
    """Names and types of the columns are those of the `out` lines, in order."""
    found = statement(name)
    parameters = {slot.name: SAMPLES[slot.sql_type] for slot in found.parameters}
    with warehouse.reading() as session:
        session.execute("CREATE TEMP TABLE touched_days (day DATE); CREATE TEMP TABLE leaving (import_id INTEGER)")
        described = session.execute(f"DESCRIBE {found.text}", parameters)
    assert [(row[0], row[1]) for row in described] == [(slot.name, slot.sql_type) for slot in found.columns]


@pytest.mark.parametrize("name", OURS)
def test_a_statement_is_written_as_agreed(name: str) -> None:
    """Name and parameters are the header's; nothing is a DOUBLE; queries have an order."""
    found = statement(name)
    body = "\n".join(line for line in found.text.splitlines() if not line.startswith("--"))
    assert found.text.startswith(f"-- {name}: ")
    assert set(re.findall(r"\$(\w+)", body)) == {slot.name for slot in found.parameters}
    assert not re.search(r"\bavg\(|/|DOUBLE|FLOAT|SELECT \*", body)
    assert "ORDER BY" in body or "VALUES" in body or body.strip().startswith(("DELETE", "UPDATE", "CREATE"))
    assert body.count(";") == 0


def test_every_file_of_sql_has_a_name_of_its_own() -> None:
    """Statements are named without their folder."""
    names = [path.stem for path in SQL_FOLDER.rglob("*.sql")]
    assert len(names) == len(set(names))


def test_a_check_that_finds_something_stops_the_import(warehouse: Warehouse, exports: Path) -> None:
    """A rollup that is off by a credit is found by the next import, which then changes nothing."""
    from core.config.wallet import WalletSettings  # noqa: PLC0415
    from core.wallet.ingest.pipeline import import_files  # noqa: PLC0415

    import_files(warehouse, [exports / "events_first_months.csv"], WalletSettings())
    first_row = "SELECT min(rowid) FROM usage_rollup WHERE day = '2026-07-01'"
    warehouse.execute(f"UPDATE usage_rollup SET credits = credits + 1 WHERE rowid = ({first_row})")
    with pytest.raises(MachineError, match=r"rollup_equals_rows found 1 rows.*2026, 7, 1"):
        import_files(warehouse, [exports / "ledger.csv"], WalletSettings())
    assert warehouse.execute("SELECT count(*), (SELECT count(*) FROM entitlements) FROM imports") == [(1, 0)]
    assert (
        Decimal(1)
        == warehouse.query("rollup_equals_rows")[0]["credits"] - warehouse.query("rollup_equals_rows")[0]["row_credits"]
    )


def test_a_damaged_file_is_not_taken_for_a_busy_one(tmp_path: Path) -> None:
    """A wrong checksum is reported as such at once, however long the wait for another process would be."""
    path = tmp_path / "w.duckdb"
    with open_warehouse(path):
        pass
    with path.open("r+b") as file:
        file.seek(3 * 4096 + 512)
        file.write(b"\xff" * 512)
    with (
        pytest.raises(MachineError, match=r"cannot be opened as a warehouse: .*[Cc]hecksum"),
        open_warehouse(path, wait_seconds=60),
    ):
        pass
