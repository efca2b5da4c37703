"""Hostile and damaged input is refused in a clear sentence, with bounded memory; nothing crashes or is half imported."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ExportError
from core.wallet.ingest.report import ImportReport
from core.warehouse.database import Warehouse
from tests.fakes.cells import number

Importer = Callable[..., ImportReport]
CsvWriter = Callable[..., Path]
EventMaker = Callable[..., dict[str, object]]
Asker = Callable[[str], list[Any]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "a PNG picture"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a damaged workbook"),
        (b"<!DOCTYPE html><title>Log in</title>", "a log-in page"),
        (b"   \r\n", "is empty"),
        (b"id__c,eventtime__c\nx,\0\n", "NUL byte at byte 22"),
        (b"PK\x03\x04 not a zip", "a damaged zip file"),
        (b"\x1f\x8b\x08\x00 not gzip", "is damaged"),
        (b"PAR1 not parquet PAR1", "a damaged Parquet file"),
        (b'{"cards": [', "JSON but is broken"),
        (b"[" * 100_000, "JSON but is broken"),
        (b"," * 9_999 + b"\n", "10,000 columns"),
        (b"Event Time\n", "is not a wallet export that I know"),
        (b"\xff\xfe" + "no,export\n".encode("utf-16-le"), "no, export"),
    ],
    ids=[
        "png",
        "pdf",
        "xls",
        "html",
        "blank",
        "nul",
        "zip",
        "gzip",
        "parquet",
        "cut json",
        "deep json",
        "columns",
        "header",
        "utf-16",
    ],
)
def test_what_it_is_not_is_said(bring_in: Importer, tmp_path: Path, ask: Asker, content: bytes, words: str) -> None:
    """The sentence names what is wrong, and nothing is imported."""
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=rf"export\.csv.*{words}"):
        bring_in(path)
    assert ask("SELECT count(*) FROM imports") == [(0,)]


def test_a_refusal_shows_no_path_of_ours(bring_in: Importer, tmp_path: Path) -> None:
    """A library's message about a damaged file names the delivered file, not our copy."""
    (tmp_path / "export.parquet").write_bytes(b"PAR1 not parquet PAR1")
    with pytest.raises(ExportError) as refused:
        bring_in(tmp_path / "export.parquet")
    assert "/" not in str(refused.value)


def test_a_fifo_is_refused_without_waiting_for_it(bring_in: Importer, tmp_path: Path) -> None:
    """Opening it would wait for a writer; the refusal suggests `-`."""
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(ExportError, match="not a regular file"):
        bring_in(tmp_path / "pipe.csv")


def test_a_missing_file_is_named(bring_in: Importer, tmp_path: Path) -> None:
    """The sentence has the path and the reason."""
    with pytest.raises(ExportError, match=r"gone\.csv cannot be read: No such file"):
        bring_in(tmp_path / "gone.csv")


def test_an_archive_that_expands_beyond_the_limit_is_refused(bring_in: Importer, tmp_path: Path) -> None:
    """A megabyte of zeros in a kilobyte stops at the limit, which the sentence names."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "0" * 1_000_000)
    with pytest.raises(ExportError, match=r"more than the 100,000 bytes.*wallet\.max_expanded_bytes"):
        bring_in(path, max_expanded_bytes=100_000)


def test_many_files_of_an_archive_share_the_limit(
    bring_in: Importer, tmp_path: Path, write_csv: CsvWriter, event: EventMaker
) -> None:
    """Ten files just below the limit are not ten limits."""
    text = write_csv("events.csv", event(1)).read_bytes()
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.csv", text.replace(b"e-1", b"e-%d" % number))
    report = bring_in(tmp_path / "bomb.zip", max_expanded_bytes=2 * len(text) + 10)
    assert [file.outcome for file in report.files] == ["imported", "imported", "refused"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\boot.ini", "a/../../b.csv"])
def test_a_path_out_of_an_archive_is_refused(bring_in: Importer, tmp_path: Path, name: str) -> None:
    """A name that points outside the archive is refused and shown."""
    with zipfile.ZipFile(tmp_path / "slip.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    with pytest.raises(ExportError, match="points outside the archive"):
        bring_in(tmp_path / "slip.zip")


def test_an_archive_in_an_archive_is_refused(bring_in: Importer, tmp_path: Path) -> None:
    """Archives are opened a few levels deep only."""
    (tmp_path / "0.csv").write_text("x")
    inner = tmp_path / "0.csv"
    for depth in range(1, 7):
        with zipfile.ZipFile(tmp_path / f"{depth}.zip", "w") as archive:
            archive.write(inner, inner.name)
        inner = tmp_path / f"{depth}.zip"
    with pytest.raises(ExportError, match="an archive inside archives"):
        bring_in(inner)


def test_a_vast_sheet_of_two_cells_is_refused(bring_in: Importer, tmp_path: Path) -> None:
    """A1 and XFD1048576 span 17 billion cells; the cells' names show that before the file is opened."""
    path = tmp_path / "sparse.xlsx"
    sheet = '<worksheet><sheetData><row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(ExportError, match="spans 1,048,576 rows and 16,384 columns"):
        bring_in(path)


def test_a_line_of_a_gigabyte_is_refused_in_little_memory(tmp_path: Path) -> None:
    """The whole process stays below 400 MB, most of it DuckDB itself."""
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(b"id__c,eventtime__c,unitsconsumed__c\n")
        block = b"x" * 1024 * 1024
        for _ in range(1024):
            file.write(block)
    program = (
        "import re, sys; from pathlib import Path\n"
        "from core.warehouse.database import open_warehouse; from core.wallet.ingest.pipeline import import_files\n"
        "from core.config.wallet import WalletSettings\n"
        "with open_warehouse(sys.argv[1]) as warehouse:\n"
        "    try: import_files(warehouse, [sys.argv[2]], WalletSettings())\n"
        "    except Exception as refusal: print(refusal)\n"
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "w.duckdb", path], capture_output=True, text=True, check=True
    )
    sentence, kilobytes = done.stdout.splitlines()
    assert "a line of more than a mebibyte" in sentence
    assert int(kilobytes) < 400_000  # of the process itself: getrusage would count what its parent held when it forked


def test_quotes_that_never_close_cost_one_line(
    bring_in: Importer, tmp_path: Path, write_csv: CsvWriter, event: EventMaker, ask: Asker
) -> None:
    """The row with the open quote is rejected; the rows after it are read, quotes and all."""
    lines = write_csv("events.csv", *(event(number) for number in range(8))).read_text().splitlines()
    lines[3] = lines[3].replace("Get_Cases", '"Get_Cases')
    (tmp_path / "open.csv").write_text("\n".join(lines))
    report = bring_in(tmp_path / "open.csv")
    assert [report.total(c) for c in ("rows_new", "rows_rejected")] == [7, 1]
    assert ask("SELECT line, reason FROM rejects") == [(4, "the quotes around a value are broken")]


def test_a_file_in_which_nothing_makes_sense_is_refused_whole(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker
) -> None:
    """The first fault is shown, and neither rows nor rejects are kept."""
    with pytest.raises(ExportError, match=r"No row of events\.csv can be read.*line 2, column unitsconsumed__c: not a number"):
        bring_in(write_csv("events.csv", event(1, unitsconsumed__c="x"), event(2, unitsconsumed__c="y")))
    assert ask("SELECT count(*) FROM rejects") == [(0,)]


def test_text_is_data(bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker) -> None:
    """SQL, formulas and pings as names stay names."""
    names = ["'; DROP TABLE usage_events; --", '=cmd|"/c calc"!A1', "<!channel>", "$name", "{x}", "%s", "\\", "🤖", "a" * 5_000]
    bring_in(write_csv("events.csv", *(event(number, rootresourceidorapiname__c=name) for number, name in enumerate(names))))
    assert {agent for (agent,) in ask("SELECT agent FROM usage")} == set(names)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_a_line_break_in_a_value_is_data(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker, line_break: str
) -> None:
    """In tags, names or a rejected row the line break stays, and the import continues."""
    tags = f'{{{line_break}"Department": "Sales"{line_break}}}'
    named = event(2, rootresourceidorapiname__c=f"a{line_break}b", unitsconsumed__c="many")
    report = bring_in(write_csv("events.csv", event(1, rootresourcetags__c=tags), named))
    assert [report.total(c) for c in ("rows_new", "rows_rejected")] == [1, 1]
    assert ask("SELECT department FROM usage") == [("Sales",)]
    assert f"a{line_break}b" in ask("SELECT original_text FROM rejects")[0][0]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_a_line_break_in_a_value_of_another_kind_of_file_is_data(
    bring_in: Importer, tmp_path: Path, event: EventMaker, ask: Asker, kind: str, line_break: str
) -> None:
    """JSON and workbooks are read by way of CSV, which keeps the break in the value."""
    rows = [event(1, rootresourceidorapiname__c=f"a{line_break}b"), event(2, rootresourceidorapiname__c="c")]
    path = tmp_path / f"export.{kind}"
    if kind == "json":
        path.write_text(json.dumps(rows))
    else:
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for number, line in enumerate((list(rows[0]), *(list(row.values()) for row in rows))):
                sheet.write_row(number, 0, line)
    bring_in(path)
    assert ask("SELECT agent FROM usage ORDER BY agent") == [(f"a{line_break}b",), ("c",)]


def test_half_a_sign_is_no_crash(bring_in: Importer, write_csv: CsvWriter, event: EventMaker, tmp_path: Path, ask: Asker) -> None:
    """JSON can contain half of a surrogate pair: in a value, a header or tags it becomes a question mark."""
    (tmp_path / "export.json").write_text(json.dumps([event(1, rootresourceidorapiname__c="a\ud83d") | {"b\ud83d": 1}, event(2)]))
    bring_in(tmp_path / "export.json", write_csv("tags.csv", event(3, rootresourcetags__c='{"Department": "c\\ud83d"}')))
    assert ask("SELECT agent, other FROM usage_events, usage WHERE id = 'e-1' AND agent LIKE 'a%'") == [("a?", '{"b?":"1"}')]
    assert ask("SELECT department FROM tag_sets WHERE department LIKE 'c%'") == [("c?",)]


def test_no_file_can_be_read_through_sql(warehouse: Warehouse) -> None:
    """Even injected SQL could not read the machine's files, load an extension or remove the lock."""
    from core.warehouse.database import StatementError  # noqa: PLC0415

    for text in (
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY imports TO '/tmp/out.csv'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(StatementError):
            warehouse.execute(text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400), is_headed=st.booleans())
def test_no_content_raises_anything_but_a_refusal(bring_in: Importer, tmp_path: Path, *, content: bytes, is_headed: bool) -> None:
    """Any bytes, alone or under a valid header, are imported or refused."""
    path = tmp_path / "any.csv"
    header = b"id__c,eventtime__c,unitsconsumed__c\na,2026-07-13T10:00:00Z,20\n" if is_headed else b""
    path.write_bytes(header + content)
    try:
        report = bring_in(path)
    except ExportError:
        return
    assert report.total("rows_read") == sum(report.total(c) for c in ("rows_new", "rows_changed", "rows_same", "rows_rejected"))
    assert all(isinstance(entry.row_count, int) for file in report.files for entry in file.rejected)
    assert number(report.to_answer().figure("rows_new").value) >= 0
