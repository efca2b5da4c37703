"""The rejected rows of imports as files of their own, to fix and import again."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

from core.formula_escape import escape_formula
from core.wallet.ingest.profiles import REASON_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from core.warehouse import Warehouse

MAX_ROWS = 100_000
NUMERAL = re.compile(r"[-+]?[\d.,\s']*\d[\d.,\s']*%?")


def write_rejects(warehouse: Warehouse, import_ids: Iterable[int], to: Path) -> list[Path]:
    """Write the rejected rows of imports as CSV and return where: one file for each import that has any, of the first to `to`.

    A file has the export's own header and rows, preceded by a column of reasons, which an import ignores: once fixed, it is an
    export. At most 100,000 rows a file. Text that a spreadsheet would read as a formula gets a leading apostrophe, as
    spreadsheets mark text.
    """
    written: list[Path] = []
    for import_id in import_ids:
        rows = warehouse.query("rejected_rows", import_id=import_id, most_rows=MAX_ROWS)
        if rows:
            path = to if not written else to.with_stem(f"{to.stem}-{len(written) + 1}")
            _write(path, rows)
            written.append(path)
    return written


def _write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    headers: list[str] = json.loads(rows[0]["headers"] or "[]")
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow((REASON_HEADER, *map(_inert, headers or ["Original row"])))
        writer.writerows((_inert(_reason(row)), *_cells(row)) for row in rows)


def _reason(row: Mapping[str, Any]) -> str:
    column = f", {row['column_name']}" if row["column_name"] else ""
    return f"line {row['line']}{column}: {row['reason']}"


def _cells(row: Mapping[str, Any]) -> Iterator[str]:
    """Give the row's cells, or its text where it could not be cut into cells."""
    return map(_inert, json.loads(row["cells"]) if row["cells"] else [row["original_text"]])


def _inert(text: str) -> str:
    return text if NUMERAL.fullmatch(text) else escape_formula(text)
