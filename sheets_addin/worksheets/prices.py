"""The Prices worksheet: every price with its date, kind and source; all other worksheets take their prices from here."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import cell, day
from core.config import price_shape
from core.pricing import NoPriceError, Prices, items, rows_by_item
from sheets_addin.workbook import (
    FIRST_ROW,
    Block,
    Cell,
    Formula,
    Highlight,
    Validation,
    Worksheet,
    join_blocks,
    relative,
    row_height,
    row_of,
    styles,
    text_in_formula,
)

if TYPE_CHECKING:
    from core.pricing import PriceRow

TITLE = "Prices"
LABEL, UNIT, IN_FORCE, CONTRACT, LIST, LOW, HIGH, VALID_FROM, VALID_UNTIL, KIND, SOURCE, READ_ON, NOTE, CHECK = range(1, 15)
HEADERS = ("In force", "Contract", "List", "Range from", "to", "List price valid from", "until before")
WIDTHS = {
    0: 2,
    LABEL: 46,
    UNIT: 18,
    IN_FORCE: 13,
    CONTRACT: 13,
    LIST: 13,
    LOW: 11,
    HIGH: 11,
    VALID_FROM: 13,
    VALID_UNTIL: 13,
    KIND: 12,
    SOURCE: 36,
    READ_ON: 13,
    NOTE: 46,
    CHECK: 12,
}
SMALL_PRINT = 1.1
"""How many times more letters of size 9 than of size 10 fit a column."""
NO_PUBLIC_PRICE = "No public price: fill in the contract's, and no assumption is needed."


def worksheet(prices: Prices) -> Worksheet:
    """Return the prices of one day: in force is the contract's price if there is one, else the list price.

    Named `prices_wrong`: whether each is out of its range, which is that of app.yaml.
    """
    rows = [_price(FIRST_ROW + index, item, prices) for index, item in enumerate(items())]
    last = FIRST_ROW + len(rows) - 1
    checks = Block({}, {"prices_wrong": ((FIRST_ROW, CHECK), (last, CHECK))})
    return Worksheet(
        title=TITLE,
        block=join_blocks(_top(prices), checks, *rows),
        widths=WIDTHS,
        heights={0: 28, FIRST_ROW - 1: 30} | {FIRST_ROW + index: _row_height(item, prices) for index, item in enumerate(items())},
        frozen=(FIRST_ROW, LABEL + 1),
        highlights=(Highlight((FIRST_ROW, UNIT), (last, UNIT), f"${relative(FIRST_ROW, CHECK)}", styles.WRONG),),
        repeated=(FIRST_ROW - 1, FIRST_ROW - 1),
        last_printed_column=NOTE,
    )


def name_of(item: str) -> str:
    """Return the name in formulas for the price in force of an item of the price book."""
    return item.replace(".", "_")


def _top(prices: Prices) -> Block:
    said = "Formulas read “In force”. Overwrite a blue cell and all recalculates; a contract price overrides the list price."
    return join_blocks(
        Block({(0, LABEL): Cell(f"Prices in force on {day(prices.on)}", styles.TITLE), (1, LABEL): Cell(said, styles.SUBTITLE)}),
        row_of(FIRST_ROW - 1, LABEL, ("Price", "Unit"), styles.HEADER_LEFT),
        row_of(FIRST_ROW - 1, IN_FORCE, HEADERS, styles.HEADER),
        row_of(FIRST_ROW - 1, KIND, ("Kind", "Source"), styles.HEADER_LEFT),
        row_of(FIRST_ROW - 1, READ_ON, ("Read on",), styles.HEADER),
        row_of(FIRST_ROW - 1, NOTE, ("Note",), styles.HEADER_LEFT),
        row_of(FIRST_ROW - 1, CHECK, ("Out of range",), styles.HEADER),
    )


def _price(row: int, item: str, prices: Prices) -> Block:
    unit = items()[item]["unit"]
    number = number_of(unit)
    listed, agreed = prices.list_rows.get(item), prices.contract_rows.get(item)
    contract, public = relative(row, CONTRACT), relative(row, LIST)
    shown, may_be_free = "%" if unit == "percent" else unit, listed is not None and not listed.value

    def wrong(cell: str, *, or_free: bool = False) -> str:
        return f"NOT({_is_right(item, 'largest_price', or_free=or_free).replace('{cell}', cell)})"

    checked = relative(row, CHECK)
    in_force = Formula(f'IF({checked},"",IF({contract}<>"",{contract},IF({public}<>"",{public},"")))')
    cells = {
        (row, LABEL): Cell(items()[item]["label"], styles.TEXT),
        (row, UNIT): Cell(Formula(f"IF({checked},{text_in_formula(_range_of(item))},{text_in_formula(shown)})"), styles.LABEL),
        (row, CHECK): Cell(Formula(f"OR({wrong(contract)},{wrong(public, or_free=may_be_free)})"), styles.HINT),
        (row, IN_FORCE): Cell(in_force, styles.number_format(number, styles.STRONG)),
        (row, CONTRACT): Cell(_cell_value(agreed), styles.input_format(number), source_note(agreed)),
        (row, LIST): Cell(_cell_value(listed), styles.input_format(number), source_note(listed)),
    }
    validations = tuple(_checked((row, column), item, or_free=column == LIST and may_be_free) for column in (CONTRACT, LIST))
    return join_blocks(Block(cells, _names(row, item), validations), _origin(row, item, listed, prices))


def _names(row: int, item: str) -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
    has_range = any(listed.low is not None for listed in rows_by_item().get(item, ()))
    columns = {"": IN_FORCE, "_list": LIST} | ({"_contract": CONTRACT, "_low": LOW, "_high": HIGH} if has_range else {})
    return {name_of(item) + ending: ((row, column), (row, column)) for ending, column in columns.items()}


def _origin(row: int, item: str, listed: PriceRow | None, prices: Prices) -> Block:
    number, days = styles.number_format(number_of(items()[item]["unit"])), styles.number_format(styles.DAY)
    low, high = (_scale(end, listed.unit) for end in (listed.low, listed.high)) if listed else (None, None)
    cells = {
        (row, LOW): Cell(low, number),
        (row, HIGH): Cell(high, number),
        (row, VALID_FROM): Cell(listed.valid_from if listed else None, days),
        (row, VALID_UNTIL): Cell(listed.valid_until if listed else None, days),
        (row, KIND): Cell(listed.kind if listed else None, styles.LABEL),
        (row, SOURCE): Cell(listed.source.title if listed else None, styles.SMALL),
        (row, READ_ON): Cell(listed.source.read_on if listed else None, days),
        (row, NOTE): Cell(_note(item, prices) or None, styles.SMALL),
    }
    return Block(cells)


def _note(item: str, prices: Prices) -> str:
    listed = prices.list_rows.get(item)
    if listed is None:
        return _why_missing(item, prices)
    others = "; ".join(f"{cell(other.value, other.unit)} ({other.source.title})" for other in listed.others)
    return " ".join(part for part in (listed.note, f"Disputed: {others}." if others else None) if part)


def _row_height(item: str, prices: Prices) -> float:
    listed = prices.list_rows.get(item)
    source = listed.source.title if listed else None
    small = ((source, WIDTHS[SOURCE] * SMALL_PRINT), (_note(item, prices), WIDTHS[NOTE] * SMALL_PRINT))
    return row_height([(items()[item]["label"], WIDTHS[LABEL]), *small])


def number_of(unit: str) -> str:
    """Return the number format for a price of that unit."""
    return {"usd": styles.USD_PRICE, "percent": styles.PERCENT}.get(unit, styles.COUNT)


def _cell_value(row: PriceRow | None) -> Decimal | None:
    return _scale(row.value, row.unit) if row else None


def _scale(value: Decimal | None, unit: str) -> Decimal | None:
    return value / Decimal(100) if value is not None and unit == "percent" else value


def source_note(row: PriceRow | None) -> str | None:
    """Return a sentence on the source of a price."""
    if row is None:
        return None
    read = f", read on {day(row.source.read_on)}" if row.source.read_on else ""
    return f"{row.label}: {row.kind} price in force from {day(row.valid_from)}. {row.source.title}{read}."


def _why_missing(item: str, prices: Prices) -> str:
    if item not in rows_by_item():
        return NO_PUBLIC_PRICE
    try:
        Prices(prices.on, prices.list_rows, {}).row(item)
    except NoPriceError as error:
        return str(error)
    return ""


def _is_right(item: str, most: str, *, or_free: bool) -> str:
    """Return a formula over {cell}, true for an empty cell and for a valid price up to a maximum.

    or_free: 0 is valid as well, which is the list price of free items.
    """
    ends = [*price_shape(item).limits(is_share=items()[item]["unit"] == "percent"), f"<={most}"]
    limits = ",".join(f"N({{cell}}){limit}" for limit in ends)
    free = "N({cell})=0," if or_free else ""
    return f'IF(ISERROR({{cell}}),FALSE,OR({{cell}}="",AND(ISNUMBER({{cell}}),OR({free}AND({limits})))))'


def _range_of(item: str) -> str:
    """Return in words the prices that app.yaml allows."""
    return price_shape(item).words + (" percent" if items()[item]["unit"] == "percent" else "")


def _checked(place: tuple[int, int], item: str, *, or_free: bool) -> Validation:
    """Return a validation that allows the prices that app.yaml allows; a percentage cell has its share of 1."""
    return Validation(
        place=place,
        title=items()[item]["label"][:32],
        message=f"Write {_range_of(item)}{', or 0' if or_free else ''}, or leave it empty.",
        formula=_is_right(item, f"{price_shape(item).most:f}", or_free=or_free),
    )
