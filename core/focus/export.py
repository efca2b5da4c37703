"""Writes FOCUS rows as CSV and Parquet.

The warehouse converts the CSV to Parquet in its spool folder, the only folder that it may access: DuckDB is available
anyway, and supports exact decimals. A Parquet library would be by far the largest dependency, for this one file.
"""

from __future__ import annotations

import csv
import shutil
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.answer import plain_number
from core.cards import FLEX_CREDITS
from core.errors import InputError, MachineError
from core.focus.charges import focus_rows
from core.focus.columns import COLUMNS, Book, Export
from core.formula_escape import escape_formula
from core.wallet.ledger import OPEN_START, configured_grants, counted_grants, ledger_grants
from core.wallet.usage import flex_prices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.config import Config
    from core.focus.columns import Row
    from core.pricing import Prices
    from core.warehouse import Session, Warehouse

ACCOUNT_OF_NOBODY = "FlexCredits"
MONEY_PLACES = 16


def write_focus(  # noqa: PLR0913, PLR0917 - what is exported, of which days, and where to
    warehouse: Warehouse,
    config: Config,
    prices: Prices,
    first_day: date,
    day_after_last: date,
    folder: Path,
    *,
    is_verbatim: bool = False,
) -> list[Path]:
    """Write the Flex Credits of the half-open days as focus-FIRST-LAST.csv and .parquet, and return the paths.

    A text in the CSV that a spreadsheet would run as a formula is prefixed with an apostrophe, unless is_verbatim; the
    Parquet file has the wallet's exact values.
    Raises: InputError, if there is nothing to write; MachineError, if the folder cannot be written to.
    """
    name = f"focus-{first_day}-to-{day_after_last}"
    with warehouse.reading() as session, warehouse.spool() as spool:
        written = _write_csv(_rows(session, config, prices, first_day, day_after_last), spool / f"{name}.csv")
        if not written:
            raise InputError(f"There is no use and no grant from {first_day} to before {day_after_last}: nothing to export.")
        _write_parquet(session, spool / f"{name}.csv", spool / f"{name}.parquet")
        if not is_verbatim:
            _escape_texts(spool / f"{name}.csv")
        return [_move(spool / f"{name}.{ending}", folder) for ending in ("csv", "parquet")]


def _rows(session: Session, config: Config, prices: Prices, first_day: date, day_after_last: date) -> Iterable[Row]:
    usage = session.query("focus_usage", card=FLEX_CREDITS, first_day=OPEN_START, day_after_last=day_after_last)
    ledger = ledger_grants(session.rows(queries.WalletGrantsRow, card=FLEX_CREDITS), config.zone)
    said = configured_grants(config.contract.grants, FLEX_CREDITS)
    grants, _ = counted_grants(ledger, said)
    account = next((row["paying_org"] for row in usage if row["paying_org"]), ACCOUNT_OF_NOBODY)
    export = Export(first_day, day_after_last, config.zone, account, _book(prices))
    return focus_rows(usage, grants, config.wallet.drawdown, export)


def _book(prices: Prices) -> Book:
    listed = prices.list_rows["flex.usd_per_pack"].value / prices.value("flex.credits_per_pack")
    kinds = {
        (kind, environment): prices.value(f"{kind}.{environment}")
        for kind in ("action", "voice")
        for environment in ("production", "sandbox")
    }
    return Book(listed, flex_prices(prices), kinds)


def _write_csv(rows: Iterable[Row], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last count is how many there were
            writer.writerow([_cell(row.get(column)) for column in COLUMNS])
    return count


def _escape_texts(path: Path) -> None:
    """Make the texts of a file inert for spreadsheets; numbers and instants stay unchanged."""
    safe = path.with_suffix(".safe")
    is_text = [sql_type == "VARCHAR" for sql_type in COLUMNS.values()]
    with path.open(encoding="utf-8", newline="") as source, safe.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(
            [escape_formula(cell) if text else cell for cell, text in zip(row, is_text, strict=True)]
            for row in csv.reader(source)
        )
    safe.replace(path)


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a row holds
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return _number(plain_number(round(value, MONEY_PLACES)))
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)


def _number(text: str) -> str:
    """Return the number with a decimal point, so that programs that infer types from text see a decimal."""
    return text if "." in text else f"{text}.0"


def _write_parquet(session: Session, source: Path, target: Path) -> None:
    types = ", ".join(f"'{column}': '{sql_type}'" for column, sql_type in COLUMNS.items())
    how = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"'"
    read = f"read_csv({_quote_path(source)}, {how}, columns = {{{types}}})"
    session.execute(f"COPY (FROM {read}) TO {_quote_path(target)} (FORMAT parquet)")


def _quote_path(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _move(source: Path, folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(source, folder / source.name))
    except OSError as trouble:
        raise MachineError(f"{folder} cannot be written to: {trouble.strerror}.") from trouble
