"""A spreadsheet as a file to download: CSV and TSV of one sheet, .xlsx of all."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.fakes.sheets import values as sheets_values
from tests.fakes.sheets.book import RefusedError
from tests.fakes.sheets.cells import a1
from tests.fakes.sheets.computed import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fakes.sheets.book import Book

MIMES = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BY_MIME = {mime: ending for ending, mime in MIMES.items()}


class Download(NamedTuple):
    """A file and what it is."""

    mime: str
    content: bytes


def download(book: Book, computed: Mapping[tuple[str, int, int], Any], ending: str, sheet_id: int | None) -> Download:
    """Return a spreadsheet as a file. sheet_id: of which sheet; None is the first. Raises: RefusedError."""
    if ending not in MIMES:
        raise RefusedError(f"This server of the tests does not export {ending} yet.", 501)
    if ending == "xlsx":
        return Download(MIMES[ending], _xlsx(book))
    sheet = book.sheets[0] if sheet_id is None else book.sheet(sheet_id)
    whole = a1(sheet.title, (0, 0), (sheet.rows - 1, sheet.columns - 1))
    lines = sheets_values.got(book, computed, whole, {}).get("values", [])
    width = max((len(line) for line in lines), default=0)
    out = io.StringIO()
    writer = csv.writer(out, delimiter="," if ending == "csv" else "\t", lineterminator="\r\n")
    writer.writerows([*line, *[""] * (width - len(line))] for line in lines)
    return Download(MIMES[ending], out.getvalue().removesuffix("\r\n").encode())


def _xlsx(book: Book) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsx")
        write_xlsx(book, path)
        return path.read_bytes()
