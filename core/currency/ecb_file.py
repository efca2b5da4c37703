"""The ECB's file of exchange rates, as downloaded.

Source: the European Central Bank's euro foreign exchange reference rates, units of a currency per euro, published on its
working days as zip files: eurofxref-hist, and eurofxref with one day, written as 27 November 2026. A currency without a rate on a
day has N/A, and every line ends with a comma.
"""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING

from core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MAX_BYTES = 32 * 1024 * 1024  # all days since 1999 take two megabytes


def read_ecb_file(path: Path, needed: str) -> Mapping[date, Mapping[str, Decimal]]:
    """Return the rates of the ECB's file by day, in units per euro. needed: a currency that it must contain.

    Raises: InputError, naming the faulty line.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise InputError(f"exchange_rates.file {path} cannot be read: {error.strerror}.") from error
    return _read(path, needed, (found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=4)
def _read(
    path: Path,
    needed: str,
    state: tuple[int, int],  # noqa: ARG001 - a changed file is read anew
) -> Mapping[date, Mapping[str, Decimal]]:
    try:
        rows = list(csv.reader(_unpack(path).decode("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error, zipfile.BadZipFile) as error:
        raise InputError(f"exchange_rates.file {path.name} cannot be read as CSV: {error}.") from error
    head = [name.strip() for name in rows[0]] if rows else []
    if head[:1] != ["Date"] or needed not in head:
        raise InputError(
            f"exchange_rates.file {path.name} is not the ECB's file, whose first line names Date, {needed} and other currencies."
        )
    lines = ((place, row) for place, row in enumerate(rows[1:], start=2) if any(map(str.strip, row)))
    return dict(_line(path, head, place, row) for place, row in lines)


def _unpack(path: Path) -> bytes:
    """Return the file, or the CSV file in the ECB's zip file. Raises: InputError, OSError, BadZipFile."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        files = [one for one in packed.infolist() if one.filename.lower().endswith(".csv")]
        if len(files) != 1 or files[0].file_size > MAX_BYTES:
            raise InputError(f"exchange_rates.file {path.name} is not the ECB's zip file, which holds one CSV file.")
        return packed.read(files[0])


def _without_end(cells: Sequence[str]) -> list[str]:
    """Return a line's cells without the empty one after its trailing comma."""
    stripped = [cell.strip() for cell in cells]
    return stripped[:-1] if stripped[-1:] == [""] else stripped


def _line(path: Path, head: Sequence[str], place: int, row: Sequence[str]) -> tuple[date, Mapping[str, Decimal]]:
    try:
        # Exactly as many cells as names, apart from the trailing comma: a decimal comma would shift every rate after it.
        said = dict(zip(_without_end(head), _without_end(row), strict=True))
        units = {name: Decimal(text) for name, text in said.items() if name != "Date" and text not in {"", "N/A"}}
        on = _day(said["Date"])
    except (InvalidOperation, ValueError) as error:
        raise InputError(
            f"exchange_rates.file {path.name}, line {place}, is not a line of rates: {','.join(row)[:60]}."
        ) from error
    if not all(value.is_finite() and value > 0 for value in units.values()):
        raise InputError(f"exchange_rates.file {path.name}, line {place}, has a rate that is not above 0.")
    return on, units


def _day(text: str) -> date:
    """Return a day written in the format of either file. Raises: ValueError."""
    if text[:4].isdecimal():
        return date.fromisoformat(text)
    return datetime.strptime(text, "%d %B %Y").replace(tzinfo=UTC).date()
