"""The rejected rows of imported files as a file of their own, to mend and import again."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from core.formula_escape import escape_formula
from core.wallet.ingest.source_file import sha256_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.warehouse import Warehouse

MAX_ROWS = 100_000
COLUMNS = ("file_name", "line", "column_name", "reason", "original_text")
HEAD = ("File", "Line", "Column", "Reason", "Original row")


def write_rejects(warehouse: Warehouse, files: Sequence[Path], to: Path) -> int:
    """Write the rejected rows of files that were imported as CSV, and return how many; nothing is written for none.

    At most 100,000 rows a file. What a spreadsheet would take for a formula gets an apostrophe before it.
    """
    rows = [row for file in files for row in warehouse.query("rejected_rows", sha256=sha256_of(file), most_rows=MAX_ROWS)]
    if rows:
        with to.open("w", encoding="utf-8-sig", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(HEAD)
            writer.writerows([escape_formula(str(row[column])) for column in COLUMNS] for row in rows)
    return len(rows)
