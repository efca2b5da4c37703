"""The same rows in any kind of file give the same usage; files are recognised by content, not by name."""

import gzip
import io
import json
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.config.wallet import WalletSettings
from core.errors import ExportError
from core.wallet.ingest import recognition
from core.wallet.ingest.report import ImportReport
from core.wallet.ingest.source_file import deliveries_in
from core.warehouse.database import Warehouse

Importer = Callable[..., ImportReport]
CsvWriter = Callable[..., Path]
EventMaker = Callable[..., dict[str, object]]
Asker = Callable[[str], list[Any]]

ROWS = 3
CREDITS = Decimal(60)


@pytest.fixture
def rows(event: EventMaker) -> list[dict[str, object]]:
    """Three events, one with an umlaut and a line break in its agent's name."""
    return [event(1), event(2), event(3, rootresourceidorapiname__c="Büro\nHelfer")]


@pytest.fixture
def text(write_csv: CsvWriter, rows: list[dict[str, object]]) -> str:
    """The rows as CSV text."""
    return write_csv("plain.csv", *rows).read_text(encoding="utf-8")


def test_any_delimiter(
    bring_in: Importer, write_csv: CsvWriter, rows: list[dict[str, object]], total_credits: Callable[[], Decimal]
) -> None:
    """Commas, semicolons, tabs and bars."""
    for number, delimiter in enumerate(",;\t|"):
        bring_in(write_csv(f"{number}.csv", *rows, delimiter=delimiter))
    assert total_credits() == CREDITS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_encoding(bring_in: Importer, write_csv: CsvWriter, rows: list[dict[str, object]], ask: Asker, encoding: str) -> None:
    """The umlaut survives any encoding, with or without a byte order mark."""
    bring_in(write_csv("encoded.csv", *rows, encoding=encoding))
    assert ask("SELECT agent FROM usage WHERE agent LIKE 'B%'") == [("Büro\nHelfer",)]
    assert ask("SELECT count(*) FROM usage_events") == [(ROWS,)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_any_line_end(bring_in: Importer, tmp_path: Path, text: str, total_credits: Callable[[], Decimal], line_end: str) -> None:
    """Unix and Windows line ends, and a last line without one."""
    path = tmp_path / "lines.csv"
    path.write_bytes(text.replace("\r\n", "\n").rstrip("\n").replace("\n", line_end).encode())
    bring_in(path)
    assert total_credits() == CREDITS


def test_gzip(bring_in: Importer, tmp_path: Path, text: str, total_credits: Callable[[], Decimal]) -> None:
    """A .csv.gz is read, also under a wrong name."""
    path = tmp_path / "export.txt"
    path.write_bytes(gzip.compress(text[:100].encode()) + gzip.compress(text[100:].encode()))
    bring_in(path)
    assert total_credits() == CREDITS


def test_zip(
    bring_in: Importer, tmp_path: Path, text: str, write_csv: CsvWriter, event: EventMaker, total_credits: Callable[[], Decimal]
) -> None:
    """Every file in a zip is imported, and named by its path in it."""
    path = tmp_path / "exports.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/one.csv", text)
        archive.write(write_csv("two.csv", event(4)), "two.csv")
        archive.writestr("__MACOSX/._one.csv", "litter")
    report = bring_in(path)
    assert [file.name for file in report.files] == ["exports.zip/a/one.csv", "exports.zip/two.csv"]
    assert total_credits() == CREDITS + 20
    assert bring_in(path).total("rows_new") == 0


def test_xlsx(bring_in: Importer, tmp_path: Path, rows: list[dict[str, object]], ask: Asker) -> None:
    """Numbers and times of a workbook keep their types; the header may come below a title."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Usage of July"])
    sheet.append([])
    sheet.append(list(rows[0]))
    for row in rows:
        cells = {**row, "unitsconsumed__c": 20, "usagevalue__c": 1.0}
        sheet.append(list(cells.values()))
    book.create_sheet("Notes").append(["nothing", "here"])
    path = tmp_path / "report.xlsx"
    book.save(path)
    bring_in(path)
    assert ask("SELECT count(*), sum(credits), sum(usage_value), max(event_time)::VARCHAR FROM usage_events") == [
        (ROWS, CREDITS, Decimal(ROWS), "2026-07-13 10:00:03")
    ]


def test_midnight_in_a_workbook_is_a_time_among_times(
    bring_in: Importer, tmp_path: Path, rows: list[dict[str, object]], ask: Asker
) -> None:
    """A cell at 0:00 is read as a date; in a column of times it is midnight in the export's zone, not in UTC."""
    book = openpyxl.Workbook()
    book.active.append(["id__c", "eventtime__c", "unitsconsumed__c"])
    for row, hour in zip(rows, (0, 1, 23), strict=True):
        book.active.append([row["id__c"], datetime(2026, 7, 10, hour), 20])  # noqa: DTZ001 - as cells are
    book.save(tmp_path / "report.xlsx")
    bring_in(tmp_path / "report.xlsx", time_zone="America/New_York", export_time_zone="America/New_York")
    assert ask("SELECT min(event_time)::VARCHAR, min(day)::VARCHAR, max(day)::VARCHAR FROM usage_events") == [
        ("2026-07-10 04:00:00", "2026-07-10", "2026-07-10")
    ]


def test_a_faulty_row_of_a_workbook_is_named_by_its_row(
    bring_in: Importer, tmp_path: Path, rows: list[dict[str, object]], ask: Asker
) -> None:
    """Line 4 of the rejects is row 4 of the sheet."""
    book = openpyxl.Workbook()
    for line in [list(rows[0]), *(list(row.values()) for row in (rows[0], rows[1], {**rows[2], "unitsconsumed__c": "many"}))]:
        book.active.append(line)
    book.save(tmp_path / "report.xlsx")
    bring_in(tmp_path / "report.xlsx")
    assert ask("SELECT line, column_name, reason FROM rejects") == [(4, "unitsconsumed__c", "not a number")]


def test_parquet(bring_in: Importer, warehouse: Warehouse, tmp_path: Path, text: str, ask: Asker) -> None:
    """Typed columns, also zoned and nested ones, give the same rows."""
    with warehouse.spool() as spool:
        (spool / "in.csv").write_text(text)
        typed = (
            "CAST(eventtime__c AS TIMESTAMPTZ) AS eventtime__c, CAST(unitsconsumed__c AS DECIMAL(9,2)) AS unitsconsumed__c, "
            "{'Department': 'Service'} AS rootresourcetags__c"
        )
        source = f"read_csv('{spool}/in.csv', all_varchar = true)"
        warehouse.execute(f"COPY (SELECT * REPLACE ({typed}) FROM {source}) TO '{spool}/out' (FORMAT parquet)")
        (tmp_path / "export.bin").write_bytes((spool / "out").read_bytes())
    bring_in(tmp_path / "export.bin")
    assert ask("SELECT sum(credits), max(department), max(row_count), sum(row_count) FROM usage") == [
        (CREDITS, "Service", 2, ROWS)
    ]


def test_json_lines(bring_in: Importer, tmp_path: Path, rows: list[dict[str, object]], ask: Asker) -> None:
    """One object per line; any other line is rejected with its number."""
    lines = [json.dumps(row) for row in rows]
    (tmp_path / "export.jsonl").write_text("\n".join([*lines[:2], "{broken", lines[2]]))
    bring_in(tmp_path / "export.jsonl")
    assert ask("SELECT count(*), sum(credits) FROM usage_events") == [(ROWS, CREDITS)]
    assert ask("SELECT line, original_text FROM rejects") == [(3, "{broken")]


@pytest.mark.parametrize(("count", "between"), [(1, "\n"), (2, "\n\n")])
def test_json_lines_of_one_row_or_with_blank_ones(
    bring_in: Importer, tmp_path: Path, rows: list[dict[str, object]], ask: Asker, count: int, between: str
) -> None:
    """A single object is a row, and a blank line is skipped."""
    (tmp_path / "export.jsonl").write_text(between.join(json.dumps(row) for row in rows[:count]) + "\n")
    bring_in(tmp_path / "export.jsonl")
    assert ask("SELECT count(*) FROM usage_events") == [(count,)]


@pytest.mark.parametrize("count", [1, 2])
def test_a_list_inside_a_row_is_not_the_rows(
    bring_in: Importer, tmp_path: Path, rows: list[dict[str, object]], ask: Asker, count: int
) -> None:
    """Rows with three tags each: the list of tags is longer, but the rows are the list with the wallet's columns."""
    tags = [{"name": name, "value": "Sales"} for name in ("Department", "Team", "Region")]
    (tmp_path / "export.json").write_text(json.dumps({"data": [{**row, "rootresourcetags__c": tags} for row in rows[:count]]}))
    bring_in(tmp_path / "export.json")
    assert ask("SELECT count(*), max(department) FROM usage_events, tag_sets") == [(count, "Sales")]


def test_a_list_inside_a_row_of_a_mapped_file_is_not_the_rows(bring_in: Importer, tmp_path: Path, ask: Asker) -> None:
    """With headers that only app.yaml knows, the rows are the list that is not inside a row."""
    from core.config.wallet import GenericProfile  # noqa: PLC0415

    row = {"Zeitpunkt": "2026-07-13T10:00:00Z", "Verbrauch": 20, "Farben": [{"Ton": tone} for tone in ("rot", "gelb", "blau")]}
    (tmp_path / "acme.json").write_text(json.dumps([row, row]))
    mapping = GenericProfile("acme", "events", {"event_time": "Zeitpunkt", "credits": "Verbrauch"})
    bring_in(tmp_path / "acme.json", profiles=(mapping,))
    assert ask("SELECT sum(credits) FROM usage_events") == [(Decimal(40),)]


def test_json_of_a_query(
    bring_in: Importer, tmp_path: Path, rows: list[dict[str, object]], total_credits: Callable[[], Decimal]
) -> None:
    """The rows of a query result are found at any depth; numbers keep their digits, tags may be objects."""
    found = [{**row, "unitsconsumed__c": 20.000001, "rootresourcetags__c": {"Department": "Sales"}} for row in rows]
    (tmp_path / "result").write_text(json.dumps({"done": True, "result": {"data": found, "metadata": [{"a": 1}]}}))
    bring_in(tmp_path / "result")
    assert total_credits() == Decimal("60.000003")


def test_standard_input(
    bring_in: Importer, text: str, total_credits: Callable[[], Decimal], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-` reads piped input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    bring_in("-")
    assert total_credits() == CREDITS


def test_a_generic_profile_of_app_yaml(bring_in: Importer, write_csv: CsvWriter, ask: Asker) -> None:
    """Foreign headers are read by the mapping; unmapped columns are kept."""
    from core.config.wallet import GenericProfile  # noqa: PLC0415

    mapping = GenericProfile("acme", "events", {"event_time": "Zeitpunkt", "credits": "Verbrauch", "root_resource": "Assistent"})
    row = {"Zeitpunkt": "2026-07-13T10:00:00Z", "Assistent": "Berater", "Verbrauch": "20", "Farbe": "blau"}
    report = bring_in(write_csv("acme.csv", row, row), profiles=(mapping,))
    assert report.files[0].profile == "acme"
    assert ask("SELECT agent, credits, actions FROM usage") == [("Berater", Decimal(40), Decimal(2))]
    assert ask("SELECT DISTINCT other FROM usage_events") == [('{"Farbe":"blau"}',)]


@pytest.mark.parametrize(
    ("columns", "words"),
    [({"credits": "X", "event_time": "Y", "colour": "Z"}, "has colour")],
)
def test_a_generic_profile_that_cannot_work_says_why(
    bring_in: Importer, write_csv: CsvWriter, event: EventMaker, columns: dict[str, str], words: str
) -> None:
    """The refusal names the unknown field and its place in app.yaml."""
    from core.config.wallet import GenericProfile  # noqa: PLC0415

    with pytest.raises(ExportError, match=f"wallet.profiles.acme.*{words}"):
        bring_in(write_csv("events.csv", event(1)), profiles=(GenericProfile("acme", "events", columns),))


def test_a_missing_column_is_named(bring_in: Importer, write_csv: CsvWriter, event: EventMaker) -> None:
    """Without Units Consumed the refusal names the headers that would do and where to map another."""
    row = {name: value for name, value in event(1).items() if name != "unitsconsumed__c"}
    with pytest.raises(
        ExportError, match=r"events\.csv has no column for credits \(looked for Units Consumed, unitsconsumed__c\)"
    ):
        bring_in(write_csv("events.csv", row))


def test_unknown_columns_are_kept(bring_in: Importer, write_csv: CsvWriter, event: EventMaker, ask: Asker) -> None:
    """An unknown column is stored as JSON under its own header."""
    bring_in(write_csv("events.csv", event(1, **{'New "Column"': "value"})))
    assert json.loads(ask("SELECT other FROM usage_events")[0][0]) == {'New "Column"': "value"}


TEXTS = [
    "Confidential Information - Do Not Distribute",
    '"Copyright (c) 2000-2026 salesforce.com, inc."',
    "",
    "Generated By:  Kim",
]
BELOW = [
    *(
        "Grand Total,,,60",
        '"Grand Total",,,"60.00",,,,,,,,',
        "Total,,,61",
        ",,Summe,60",
        "Subtotal,,,20",
        "Grand Totals (3 records)",
    ),
    *("Records,,,3", "Total,2026-07-13T10:00:00Z,,60", "e-4,2026-07-13T10:00:04Z,,20,1,20,,,Total,,,", "e-5,2026-07-13,,5"),
]


def staged(warehouse: Warehouse, path: Path) -> tuple[object, ...]:
    """Return how a file is staged: its rows and remarks, or why it is refused."""
    with warehouse.spool() as spool, warehouse.reading() as session:
        (delivered,) = deliveries_in(path, spool, 1_000_000)
        try:
            (plan,) = recognition.recognize(session, delivered, spool, WalletSettings())
        except ExportError as refusal:
            return (str(refusal),)
        good = session.execute("SELECT id, event_time, credits, root_resource FROM incoming WHERE fault IS NULL ORDER BY ALL")
        bad = plan.staged.faulty + len(plan.prepared.faults)
        return good, bad, sorted(plan.prepared.notes), plan.prepared.doubts, plan.reading


@given(st.lists(st.sampled_from(TEXTS), max_size=2), st.lists(st.sampled_from(BELOW), max_size=2), st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_below_a_table_is_read_quickly_as_it_is_with_care(
    warehouse: Warehouse,
    write_csv: CsvWriter,
    event: EventMaker,
    texts: list[str],
    totals: list[str],
    is_text_first: bool,  # noqa: FBT001 - a case
) -> None:
    """Right or wrong totals, of groups or of all, with or without a time: the careful reading gives the same result."""
    path = write_csv("report.csv", *map(event, range(3)))
    below = [*texts, *totals] if is_text_first else [*totals, *texts]
    path.write_text(path.read_text(encoding="utf-8") + "".join(f"{line}\n" for line in below), encoding="utf-8")
    quick = staged(warehouse, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recognition, "prepare_quickly", lambda *_: None)
        assert staged(warehouse, path) == quick


def test_a_report_with_its_total_is_read_no_slower_than_without(
    warehouse: Warehouse, write_csv: CsvWriter, event: EventMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The total row does not cause a cleaning of every cell."""
    monkeypatch.setattr(recognition, "prepare_tables", None)
    path = write_csv("report.csv", *map(event, range(3)))
    path.write_text(path.read_text(encoding="utf-8") + "Grand Total,,,60\n\nConfidential\n", encoding="utf-8")
    good, bad, notes, *_ = staged(warehouse, path)
    assert (len(good), bad, notes) == (3, 0, ["1 line of text left out.", "1 total left out."])  # type: ignore[arg-type]
