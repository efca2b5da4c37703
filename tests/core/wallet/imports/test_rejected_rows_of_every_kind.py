"""Rejected rows of every kind of file: the export's own header and cells, with reasons; once corrected, an export again."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from core.config.wallet import WalletSettings
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.profiles import REASON_HEADER
from core.wallet.ingest.reject_file import write_rejects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.warehouse.database import Warehouse

HEADER = ["Id", "Event Time", "Units Consumed", "Agent", "Remark"]
ROWS = [
    ["e1", "2026-07-13T10:00:00Z", "20", "Müller, the first", "ours"],
    ["e2", "yesterday", "40", 'The "second"', "=1+1"],
    ["e3", "2026-07-15T10:00:00Z", "many", "受付", ""],
]
MENDED = {"yesterday": "2026-07-14T10:00:00Z", "many": "60"}


def as_csv(delimiter: str, encoding: str = "utf-8") -> bytes:
    """Return the export as text."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *ROWS])
    return text.getvalue().encode(encoding)


def as_workbook() -> bytes:
    """Return the export as a workbook below two title rows."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = workbook.add_worksheet()
    for number, row in enumerate([["Usage"], [], HEADER, *ROWS]):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell)
    workbook.close()
    return buffer.getvalue()


def as_page() -> bytes:
    """Return the export as Salesforce's .xls."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEADER, *ROWS])
    return f'<html><head><meta charset="utf-8"></head><table>{rows}</table></html>'.encode()


def as_objects() -> list[dict[str, str]]:
    """Return the export as objects."""
    return [dict(zip(HEADER, row, strict=True)) for row in ROWS]


def in_archive() -> bytes:
    """Return the export in an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("usage.csv", as_csv(","))
    return buffer.getvalue()


KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "commas": ("usage.csv", lambda: as_csv(",")),
    "semicolons": ("usage.csv", lambda: as_csv(";")),
    "tabs in UTF-16": ("usage.txt", lambda: as_csv("\t", "utf-16")),
    "workbook": ("usage.xlsx", as_workbook),
    "page": ("usage.xls", as_page),
    "JSON": ("usage.json", lambda: json.dumps({"records": as_objects()}).encode()),
    "JSON lines": ("usage.jsonl", lambda: "\n".join(map(json.dumps, as_objects())).encode()),
    "archive": ("usage.zip", in_archive),
}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_come_back_as_they_were_and_mended_they_count(warehouse: Warehouse, tmp_path: Path, kind: str) -> None:
    """Two of three rows are rejected, into a file with header, cells and reasons; corrected, 20 + 40 + 60 credits count."""
    name, content = KINDS[kind]
    (tmp_path / name).write_bytes(content())
    report = import_files(warehouse, [tmp_path / name], WalletSettings())
    assert [path.name for path in write_rejects(warehouse, report.import_ids, tmp_path / "mend.csv")] == ["mend.csv"]
    with (tmp_path / "mend.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [REASON_HEADER, *HEADER]
    assert [row[1:] for row in rows] == [[*ROWS[1][:-1], "'=1+1"], ROWS[2]]
    assert ["Event Time" in rows[0][0], "Units Consumed" in rows[1][0]] == [True, True]
    mended = [header, *([MENDED.get(cell, cell) for cell in row] for row in rows)]
    with (tmp_path / "mend.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(mended)
    assert import_files(warehouse, [tmp_path / "mend.csv"], WalletSettings()).files[0].is_whole
    found = warehouse.execute("SELECT agent, credits FROM usage ORDER BY credits")
    assert found == [(row[3], Decimal(amount)) for row, amount in zip(ROWS, (20, 40, 60), strict=True)]
