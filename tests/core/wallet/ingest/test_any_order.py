"""Overlapping files in any order, each once or several times, give the same wallet."""

import csv
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config.wallet import WalletSettings
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import open_warehouse

HEADER = ["id__c", "eventtime__c", "processedtime__c", "unitsconsumed__c", "usagevalue__c", "rootresourceidorapiname__c"]
DELIVERED = [
    "events_first_months.csv",
    "events_with_faults.csv",
    "truncated.csv",
    "events_report_labels_us.csv",
    "daily.csv",
    "ledger.csv",
]
EVERYTHING = {
    "usage_events": "SELECT * EXCLUDE (hidden), sha256 FROM usage_events JOIN imports USING (import_id) ORDER BY ALL",
    "usage_days": "SELECT * EXCLUDE (hidden), sha256 FROM usage_days JOIN imports USING (import_id) ORDER BY ALL",
    "entitlements": "SELECT * EXCLUDE (hidden), sha256 FROM entitlements JOIN imports USING (import_id) ORDER BY ALL",
    "usage_rollup": "SELECT * FROM usage_rollup ORDER BY ALL",
    "grain_days": "SELECT * FROM grain_days ORDER BY ALL",
    "grain_gaps": "SELECT * FROM grain_gaps ORDER BY ALL",
    "user_rollup": "SELECT * FROM user_rollup ORDER BY ALL",
    "tag_sets": "SELECT * FROM tag_sets ORDER BY ALL",
    "rejects": "SELECT sha256, line, column_name, reason, original_text FROM rejects JOIN imports USING (import_id) ORDER BY ALL",
}
NUMBERS = ("import_id", "version")
IMPORT_COLUMNS = (
    "source_sha256",
    "source_name",
    "read_with",
    "headers",
    "container_sha256",
    "file_name",
    "profile",
    "reading",
    "imported_at",
    "data_through",
)
IMPORT_COUNTS = ("rows_read", "rows_new", "rows_changed", "rows_same", "rows_rejected")


def wallet_after(paths: list[Path], folder: Path) -> dict[str, Any]:
    """Return the content of a new wallet after importing the files in this order, without numbers and times of imports."""
    with open_warehouse(folder / "wallet.duckdb") as warehouse:
        for path in paths:
            import_files(warehouse, [path], WalletSettings())
        hidden = ", ".join((*NUMBERS, *IMPORT_COLUMNS, *IMPORT_COUNTS, "sha256"))
        return {
            name: warehouse.execute(text.replace("(hidden), sha256", f"({hidden}), sha256")) for name, text in EVERYTHING.items()
        }


@pytest.mark.parametrize("seed", range(4))
def test_the_invented_exports_in_any_order(exports: Path, tmp_path: Path, seed: int) -> None:
    """Halves, faulty, truncated, label and daily files in shuffled order, some of them twice, give the same wallet."""
    shuffled = random.Random(seed).sample(DELIVERED + DELIVERED[:3], len(DELIVERED) + 3)
    plain = wallet_after([exports / name for name in DELIVERED], Path(tempfile.mkdtemp(dir=tmp_path)))
    assert wallet_after([exports / name for name in shuffled], Path(tempfile.mkdtemp(dir=tmp_path))) == plain


def test_one_export_under_two_names_in_any_order(tmp_path: Path) -> None:
    """The totals do not depend on the name under which an export came first."""
    table = [HEADER, ["", "2026-07-13T10:00:00Z", "2026-07-13T11:00:00Z", "16", "1", "B"]]
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path in paths:
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(table)
    assert wallet_after(paths, tmp_path / "forwards") == wallet_after(paths[::-1], tmp_path / "backwards")


row = st.builds(
    lambda number, second, late, amount, agent: [
        f"e-{number}" if number else "",
        f"2026-07-13T10:00:{second:02d}Z",
        f"2026-07-{13 + late}T11:00:00Z",
        str(amount),
        "1",
        agent,
    ],
    st.integers(0, 4),
    st.integers(0, 2),
    st.integers(0, 1),
    st.sampled_from([16, 20, 40]),
    st.sampled_from(["A", "B", ""]),
)


@settings(max_examples=20, deadline=None)
@given(files=st.lists(st.lists(row, min_size=1, max_size=5), min_size=2, max_size=3), data=st.data())
def test_conflicting_files_in_any_order(files: list[list[list[str]]], data: st.DataObject) -> None:
    """Rows that contradict each other, even with one processed time, end the same in any order and after repetitions."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.csv" for number in range(len(files))]
        for path, rows in zip(paths, files, strict=True):
            with path.open("w", newline="") as file:
                csv.writer(file).writerows([HEADER, *rows])
        shuffled = data.draw(st.permutations([*paths, paths[0]]))
        assert wallet_after(shuffled, Path(folder) / "shuffled") == wallet_after(paths, Path(folder) / "plain")
