"""An undone import leaves the wallet as if it had never been imported, whatever else was imported or undone, in any order."""

import csv
import tempfile
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.config.wallet import WalletSettings
from core.wallet.imports import undo_imports
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import Warehouse, open_warehouse

NOW = datetime(2026, 8, 1, tzinfo=UTC)
EVENTS = [
    *("id__c", "eventtime__c", "processedtime__c", "unitsconsumed__c", "usagevalue__c"),
    *("rootresourceidorapiname__c", "rootresourcetags__c", "usagereportingorgid__c"),
]
DAYS = ["utilizationdate__c", "unitsconsumed__c", "usagetypedevelopername__c", "carddefinitiondevelopername__c"]
LEDGER = [
    *("id__c", "quantity__c", "startdate__c", "enddate__c"),
    *("entitlementtransactiontype__c", "entitlementcarddefdevlname__c"),
]
ROW_TABLES = ("usage_events", "usage_hours", "usage_days", "entitlements", "ai_usage", "balance_snapshots")
PLAIN_TABLES = (
    *("usage_rollup", "user_rollup", "interaction_rollup", "grain_days", "grain_gaps"),
    *("tag_sets", "card_names", "cards", "repeated_rows"),
)


def everything(warehouse: Warehouse) -> dict[str, Any]:
    """Return the content of all tables; imports are named by their files' content, because their numbers differ."""
    found: dict[str, Any] = {name: warehouse.execute(f"SELECT * FROM {name} ORDER BY ALL") for name in PLAIN_TABLES}
    for table in ROW_TABLES:
        for name in (table, f"superseded_{table}"):
            found[name] = warehouse.execute(
                f"SELECT i.sha256, r.* EXCLUDE (import_id, version), list_sort(list(j.sha256)) AS delivered_by FROM {name} AS r"
                " JOIN imports AS i USING (import_id)"
                f" JOIN deliveries AS d ON d.table_name = '{table}'"
                " AND r.version >= d.first_version AND r.version < d.version_after_last"
                " JOIN imports AS j ON j.import_id = d.import_id GROUP BY ALL ORDER BY ALL"
            )
            found[f"{name} rows"] = warehouse.execute(f"SELECT count(*) FROM {name}")
    found["rejects"] = warehouse.execute(
        "SELECT i.sha256, r.* EXCLUDE (import_id) FROM rejects AS r JOIN imports AS i USING (import_id) ORDER BY ALL"
    )
    found["imports"] = warehouse.execute(
        "SELECT sha256, container_sha256, file_name, profile, reading, data_through, rows_read, rows_rejected FROM imports"
        " ORDER BY ALL"
    )
    return found


def write(path: Path, table: list[list[str]]) -> None:
    """Write a table as CSV."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(table)


event = st.builds(
    lambda number, second, late, amount, agent, org: [
        f"e-{number}" if number else "",
        f"2026-07-{13 + second}T10:00:0{second}Z",
        f"2026-07-{14 + late}T11:00:00Z",
        str(amount),
        "1",
        agent,
        f'{{"Department": "{agent}"}}' if agent else "",
        org,
    ],
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(0, 1),
    st.sampled_from([16, 20, 40]),
    st.sampled_from(["A", "B", ""]),
    st.sampled_from(["00D000000000001", "00D000000000001AAA"]),
)
day = st.builds(
    lambda number, amount, card: [f"2026-07-{13 + number}", str(amount), "Agentforce_StandardAction", card],
    st.integers(0, 2),
    st.sampled_from([30, 60, 61]),
    st.sampled_from(["FlexCredits", "AgentforceCredits", ""]),
)
grant = st.builds(
    lambda number, amount, card: [f"g-{number}", str(amount), "2026-07-01", "2027-07-01", "Add", card],
    st.integers(0, 2),
    st.sampled_from([1000, 2000]),
    st.sampled_from(["FlexCredits", "Agentforce Credits"]),
)
KINDS = ((EVENTS, event), (EVENTS, event), (DAYS, day), (LEDGER, grant))
BAD = {len(EVENTS): [["e-9", "2026-07-16T10:00:00Z", "", "many", "1", "", "", ""]]}


@st.composite
def exports(draw: st.DrawFn) -> list[list[list[str]]]:
    """Return files that share many rows: each has some of a few rows of its kind."""
    pools = [(header, draw(st.lists(row, min_size=2, max_size=5))) for header, row in KINDS]
    files = st.sampled_from(pools).flatmap(
        lambda pool: st.lists(st.sampled_from(pool[1]), min_size=1, max_size=5).map(lambda rows: [pool[0], *rows])
    )
    found = draw(st.lists(files, min_size=2, max_size=4, unique_by=str))
    return [[*table, *BAD.get(len(table[0]), [])] if draw(st.booleans()) else table for table in found]


@settings(max_examples=10, deadline=None)
@given(tables=exports(), data=st.data())
def test_undo_equals_never_imported(tables: list[list[list[str]]], data: st.DataObject) -> None:
    """After any imports and undos, in any order, every table equals that of a new wallet with the remaining files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.csv" for number in range(len(tables))]
        for path, table in zip(paths, tables, strict=True):
            write(path, table)
        left: dict[Path, int] = {}
        with open_warehouse(Path(folder) / "worn.duckdb") as warehouse:
            for _ in range(data.draw(st.integers(2, 7), label="steps")):
                path = data.draw(st.sampled_from(paths), label="file")
                if path in left:
                    undo_imports(warehouse, [left.pop(path)], WalletSettings(), who="kim", now=NOW)
                else:
                    import_files(warehouse, [path], WalletSettings())
                    left[path] = warehouse.execute("SELECT max(import_id) FROM imports")[0][0]
            worn = everything(warehouse)
        with open_warehouse(Path(folder) / "new.duckdb") as warehouse:
            undo_imports(warehouse, [], WalletSettings(), who="kim", now=NOW)  # settings are written down, as in the other
            for path in data.draw(st.permutations(sorted(left)), label="order of a new wallet"):
                import_files(warehouse, [path], WalletSettings())
            assert worn == everything(warehouse)


def test_cards_are_one_for_what_all_imports_say_in_any_order(tmp_path: Path) -> None:
    """Days that agree link two cards until rows name the default card, in either order, and again once these are undone."""
    day = ["2026-07-13", "60", "Agentforce_StandardAction", "AgentforceCredits"]
    use = [["e-1", "2026-07-13T10:00:00Z", "20", "A"], ["e-2", "2026-07-13T11:00:00Z", "40", "A"]]
    write(tmp_path / "events.csv", [["id__c", "eventtime__c", "unitsconsumed__c", "rootresourceidorapiname__c"], *use])
    write(tmp_path / "linked.csv", [DAYS, day])
    write(tmp_path / "default.csv", [DAYS, ["2026-07-14", "30", "Agentforce_StandardAction", "FlexCredits"]])
    states, totals = [], []
    for nth, order in enumerate(permutations(("events", "linked", "default"))):
        with open_warehouse(tmp_path / f"{nth}.duckdb") as warehouse:
            for name in order:
                import_files(warehouse, [tmp_path / f"{name}.csv"], WalletSettings())
            states.append(everything(warehouse))
            undo_imports(warehouse, [order.index("default") + 1], WalletSettings(), who="kim", now=NOW)
            totals.append(warehouse.execute("SELECT card, sum(credits) FROM usage GROUP BY card"))
    assert [state for state in states if state != states[0]] == []
    assert totals == [[("FlexCredits", 20 + 40)]] * len(totals)


def test_a_grant_counts_again_once_its_fuller_delivery_is_taken_back(tmp_path: Path) -> None:
    """A grant with and without its key counts once; whichever is undone, the other counts as if it were alone."""
    keyed = ["t-1", "100", "2026-07-01T00:00:00Z", "2027-07-01T00:00:00Z", "Add", "FlexCredits"]
    write(tmp_path / "keyed.csv", [LEDGER, keyed])
    write(tmp_path / "keyless.csv", [LEDGER[1:], keyed[1:]])
    for kept, other in (("keyless.csv", "keyed.csv"), ("keyed.csv", "keyless.csv")):
        with open_warehouse(tmp_path / f"alone-{kept}.duckdb") as alone:
            import_files(alone, [tmp_path / kept], WalletSettings())
            expected = everything(alone)
        with open_warehouse(tmp_path / f"both-{kept}.duckdb") as warehouse:
            import_files(warehouse, [tmp_path / kept], WalletSettings())
            import_files(warehouse, [tmp_path / other], WalletSettings())
            assert warehouse.execute("SELECT sum(credits) FROM grants") == [(100,)]
            undo_imports(warehouse, [2], WalletSettings(), who="kim", now=NOW)
            assert warehouse.execute("SELECT sum(credits) FROM grants") == [(100,)]
            assert everything(warehouse) == expected
