"""The rejected rows of an import are an export themselves: header, rows and reasons; once corrected, they are imported."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from core.config.wallet import WalletSettings
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.reject_file import write_rejects

if TYPE_CHECKING:
    from pathlib import Path

    from core.warehouse.database import Warehouse

HEADER = ["id__c", "eventtime__c", "rootresourceidorapiname__c", "unitsconsumed__c", "Own Column"]


def imported(warehouse: Warehouse, path: Path, to: Path) -> list[list[str]]:
    """Import a file and return the rows of the file of its rejected rows."""
    report = import_files(warehouse, [path], WalletSettings())
    (written,) = write_rejects(warehouse, report.import_ids, to)
    with written.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_mended_rows_come_in_as_they_stand(warehouse: Warehouse, tmp_path: Path) -> None:
    """Two of three events are rejected; with time and amount corrected in the file, 20, 40 and 60 credits count.

    The time of 4 July, which only the other rows tell apart from 7 April, is written as it was read; what cannot be read as
    it came. The agent that looks like a formula comes back unchanged; the column of reasons is not part of the export.
    """
    export, rejects = tmp_path / "usage.csv", tmp_path / "rejects.csv"
    rows = [
        ["e1", "31/07/2026 10:00", "A", "20", "x"],
        ["e2", "04/07/2026 10:00", "=B", "forty", "y"],
        ["e3", "not a time", "C", "60", "z"],
    ]
    with export.open("w", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    header, second, third = imported(warehouse, export, rejects)
    assert header == ["Rejected because", *HEADER]
    assert second == ["line 3, unitsconsumed__c: not a number", "e2", "2026-07-04T10:00:00", "'=B", "forty", "y"]
    assert third == ["line 4, eventtime__c: not a time", *rows[2]]
    second[4], third[2] = "40", "2026-07-05 10:00"
    with rejects.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([header, second, third])
    import_files(warehouse, [rejects], WalletSettings())
    found = (
        "SELECT id, strftime(event_time, '%d.%m.'), root_resource, CAST(credits AS INTEGER), other FROM usage_events ORDER BY id"
    )
    assert warehouse.execute(found) == [
        ("e1", "31.07.", "A", 20, '{"Own Column":"x"}'),
        ("e2", "04.07.", "=B", 40, '{"Own Column":"y"}'),
        ("e3", "05.07.", "C", 60, '{"Own Column":"z"}'),
    ]


def test_a_row_of_too_many_cells_keeps_them_all(warehouse: Warehouse, tmp_path: Path) -> None:
    """A name with a comma and no quotes is corrected by joining its cells."""
    export, rejects = tmp_path / "usage.csv", tmp_path / "rejects.csv"
    export.write_text(",".join(HEADER) + "\ne1,2026-07-13 10:00,Service, EMEA,20,x\ne2,2026-07-13 10:00,A,40,y\n")
    header, row = imported(warehouse, export, rejects)
    assert row[1:] == ["e1", "2026-07-13 10:00", "Service", "EMEA", "20", "x"]
    mended = [row[0], *row[1:3], "Service, EMEA", *row[5:]]
    with rejects.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([header, mended])
    import_files(warehouse, [rejects], WalletSettings())
    assert warehouse.execute("SELECT sum(credits) FROM usage") == [(60,)]


def test_each_import_has_a_file_of_its_own(warehouse: Warehouse, tmp_path: Path) -> None:
    """Two files with rejected rows have a file each; a third, sound one has none."""
    for name, amount in (("a", "no"), ("b", "no"), ("c", "5")):
        text = f"id__c,eventtime__c,unitsconsumed__c\n{name}1,2026-07-13 10:00,{amount}\n{name}2,2026-07-13 10:00,20\n"
        (tmp_path / f"{name}.csv").write_text(text)
    report = import_files(warehouse, [tmp_path / f"{name}.csv" for name in "abc"], WalletSettings())
    written = write_rejects(warehouse, report.import_ids, tmp_path / "rejects.csv")
    assert [path.name for path in written] == ["rejects.csv", "rejects-2.csv"]
