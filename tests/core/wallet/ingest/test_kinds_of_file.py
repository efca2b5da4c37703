"""Files as programs and people write them: each gives its credits by agent, or is refused or doubted with a remedy."""

from __future__ import annotations

import bz2
import csv
import io
import json
import lzma
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from core.errors import ExportError
from core.wallet.ingest.report import ImportReport

if TYPE_CHECKING:
    from pathlib import Path

Importer = Callable[..., ImportReport]
Asker = Callable[[str], list[Any]]
NAMES = ["id__c", "eventtime__c", "unitsconsumed__c", "rootresourceidorapiname__c"]
LABELS = ["Id", "Event Time", "Units Consumed", "Agent"]
ROWS = [
    ["e1", "2026-07-13T10:00:00Z", "20", "Alpha"],
    ["e2", "2026-07-13T11:00:00Z", "40", "Beta"],
    ["e3", "2026-07-14T10:00:00Z", "1200", "Alpha"],
]
OBJECTS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
KEYLESS = [row[1:] for row in ROWS]
TOTALS = [("Alpha", 20 + 1200), ("Beta", 40)]
BY_AGENT = "SELECT agent, sum(credits) FROM usage GROUP BY agent ORDER BY agent"


def text_of(*rows: list[str], delimiter: str = ",") -> bytes:
    """Return rows as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


def workbook_of(sheets: dict[str, list[list[str]]], hidden: str = "") -> bytes:
    """Return a workbook; the sheet with that name is hidden."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        if name == hidden:
            sheet.hide()
        else:
            sheet.activate()
            sheet.set_first_sheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    workbook.close()
    return buffer.getvalue()


ANSWERS: dict[str, Any] = {
    "GraphQL": {"data": {"usage": {"edges": [{"node": {n: {"value": c} for n, c in o.items()}} for o in OBJECTS]}}},
    "BigQuery": {"schema": {"fields": [{"name": n} for n in NAMES]}, "rows": [{"f": [{"v": c} for c in r]} for r in ROWS]},
    "Athena": {
        "ResultSet": {
            "Rows": [{"Data": [{"VarCharValue": c} for c in row]} for row in [NAMES, *ROWS]],
            "ResultSetMetadata": {"ColumnInfo": [{"Name": name} for name in NAMES]},
        }
    },
    "Databricks": {"manifest": {"schema": {"columns": [{"name": n} for n in NAMES]}}, "result": {"data_array": ROWS}},
    "columns by row": {name: {str(n): row[place] for n, row in enumerate(ROWS)} for place, name in enumerate(NAMES)},
    "rows within agents": {
        "agents": [
            {
                "rootresourceidorapiname__c": agent,
                "credits": 9,
                "events": [{k: o[k] for k in NAMES[:3]} for o in OBJECTS if o[NAMES[3]] == agent],
            }
            for agent in ("Alpha", "Beta")
        ]
    },
    "rows within days": [
        {"day": day, "rows": [o for o in OBJECTS if o["eventtime__c"].startswith(day)]} for day in ("2026-07-13", "2026-07-14")
    ],
}
WHOLE: dict[str, tuple[str, bytes]] = {
    **{name: ("export.json", json.dumps(answer).encode()) for name, answer in ANSWERS.items()},
    "answers on lines": ("export.jsonl", b"\n".join(json.dumps({"records": [o], "done": True}).encode() for o in OBJECTS)),
    "answers one behind another": ("export.json", b" ".join(json.dumps([o], indent=1).encode() for o in OBJECTS)),
    "bzip2": ("export.csv.bz2", bz2.compress(text_of(LABELS, *ROWS))),
    "xz": ("export.csv.xz", lzma.compress(text_of(LABELS, *ROWS))),
    "UTF-32": ("export.csv", text_of(LABELS, *ROWS).decode().encode("utf-32")),
    "carets": ("export.csv", text_of(LABELS, *ROWS, delimiter="^")),
    "single quotes": ("export.csv", "\n".join(",".join(f"'{c}'" for c in row) for row in [LABELS, *ROWS]).encode()),
    "blanks around values": ("export.csv", "\n".join(" , ".join(row) for row in [LABELS, *ROWS]).encode()),
    "invisible signs": ("export.csv", text_of([f"\ufeff{name}\u200b" for name in LABELS], *ROWS)),
    "a unit in a header": ("export.csv", text_of(["Id", "Event Time", "Units Consumed (Credits)", "Agent"], *ROWS)),
    "sums and counts of groups and of all": (
        "export.csv",
        text_of(
            *(LABELS, *ROWS, ["Subtotal", "Sum", "1260", ""], ["", "Count", "3", ""]),
            *(["Total", "Sum", "1260", ""], ["", "Count", "3", ""]),
        ),
    ),
    "a total of a group, with a time": (
        "export.csv",
        text_of(LABELS[1:], KEYLESS[0], KEYLESS[2], ["2026-07-31T00:00:00Z", "1220", "Alpha Total"], KEYLESS[1]),
    ),
    "a total in Russian, with a time": ("export.csv", text_of(LABELS[1:], *KEYLESS, ["2026-07-31T00:00:00Z", "1260", "Итого"])),
    "a sheet and its copy, without ids": ("export.xlsx", workbook_of({"a": [LABELS[1:], *KEYLESS], "b": [LABELS[1:], *KEYLESS]})),
    "cells that span rows": (
        "export.xls",
        (
            b"<table><tr><th>Agent<th>Id<th>Event Time<th>Units Consumed</tr>"
            b"<tr><td rowspan=2>Alpha<td>e1<td>2026-07-13T10:00:00Z<td>20</tr><tr><td>e3<td>2026-07-14T10:00:00Z<td>1200</tr>"
            b"<tr><td>Beta<td>e2<td>2026-07-13T11:00:00Z<td>40</tr></table>"
        ),
    ),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_kind_of_file_comes_to_its_credits(bring_in: Importer, ask: Asker, tmp_path: Path, kind: str) -> None:
    """No doubt is left, and each agent has its credits: an amount above a list or beside a total is not a row."""
    name, content = WHOLE[kind]
    (tmp_path / name).write_bytes(content)
    report = bring_in(tmp_path / name)
    assert [file.doubts for file in report.files if not file.is_whole] == []
    assert ask(BY_AGENT) == [(agent, Decimal(total)) for agent, total in TOTALS]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "GMT-07:00"])
def test_a_zone_in_a_header_is_that_of_its_times(bring_in: Importer, ask: Asker, tmp_path: Path, zone: str) -> None:
    """20:00 of July 13 in Los Angeles is 3:00 of July 14 in UTC."""
    (tmp_path / "export.csv").write_bytes(
        text_of(["Id", f"Event Time ({zone})", "Units Consumed"], ["e1", "2026-07-13 20:00:00", "20"])
    )
    assert bring_in(tmp_path / "export.csv").files[0].is_whole
    assert ask("SELECT CAST(event_time AS VARCHAR) FROM usage_events") == [("2026-07-14 03:00:00",)]


DOUBTFUL: dict[str, tuple[str, bytes, str]] = {
    "more rows than there are": (
        "export.json",
        json.dumps({"totalSize": 600, "records": OBJECTS}).encode(),
        "Fetch what follows",
    ),
    "another page": (
        "export.json",
        json.dumps({"data": {"edges": [{"node": o} for o in OBJECTS], "pageInfo": {"hasNextPage": True}}}).encode(),
        "Fetch what follows",
    ),
    "a last row that may be a total": (
        "export.csv",
        text_of([*LABELS[1:], "Action"], *([*row, "Act"] for row in KEYLESS), ["2026-07-31T00:00:00Z", "1260", "Everybody", ""]),
        "If it is a total, delete it",
    ),
    "a hidden sheet": (
        "export.xlsx",
        workbook_of({"Old": [LABELS, ["e9", "2025-01-01T00:00:00Z", "7", "Alpha"]], "New": [LABELS, *ROWS]}, hidden="Old"),
        "Unhide it to have it counted, or delete it",
    ),
}


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_what_cannot_be_known_is_told(bring_in: Importer, tmp_path: Path, kind: str) -> None:
    """The import says what may be wrong, and what to do."""
    name, content, said = DOUBTFUL[kind]
    (tmp_path / name).write_bytes(content)
    assert said in " ".join(bring_in(tmp_path / name).files[0].doubts)


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "two amounts": (
        "export.csv",
        text_of(["Id", "Event Time", "Credits", "Units Consumed"], ["e1", "2026-07-13T10:00:00Z", "7", "20"]),
        "two columns for credits, Credits and Units Consumed, which differ (line 2: 7 and 20)",
    ),
    "two tables side by side": (
        "export.csv",
        text_of([*LABELS, *LABELS], [*ROWS[0], *ROWS[1]]),
        "two columns for the time of use",
    ),
    "XML": ("export.xml", b"<?xml version='1.0'?><rows><row/></rows>", "save it as .xlsx or CSV"),
    "7-Zip": ("export.7z", b"7z\xbc\xaf\x27\x1c" + bytes(9), "Unpack it"),
    "broken bzip2": ("export.csv.bz2", bz2.compress(text_of(LABELS, *ROWS))[:-9], "damaged"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused(bring_in: Importer, tmp_path: Path, kind: str) -> None:
    """The refusal says what the file is, and what to do."""
    name, content, said = REFUSED[kind]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ExportError) as refusal:
        bring_in(tmp_path / name)
    assert said in str(refusal.value)
