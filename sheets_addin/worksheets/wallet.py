"""The Wallet worksheet: what is left, the burn rate, when it runs out, and the grants with their terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import day
from core.days import MONTHS_IN_YEAR
from sheets_addin.workbook import (
    LABEL,
    Area,
    Block,
    Cell,
    ChartLine,
    ChartSpec,
    Formula,
    Worksheet,
    figure_value,
    join_blocks,
    keys_of,
    relative,
    row_of,
    styles,
    table_block,
    top,
)
from sheets_addin.worksheets.any_answer import DASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Answer, Chart, Table
    from sheets_addin.workbook import Align, Content, Format

TITLE = "Wallet"
VALUE, HOW = LABEL + 1, LABEL + 2
WIDTHS = {0: 2, 1: 34, 2: 19, 3: 17, 4: 17, 5: 17, 6: 17, 7: 17, 8: 15, 9: 15}
CARD_ROW, FIGURES_ROW = 4, 7
HEAD_POINTS = 30.0
MAX_ROWS_A_PAGE = 75
DAYS_IN_WEEK, DAYS_IN_YEAR = Decimal(7), Decimal(365)
CREDITS, PERCENT, DAYS, INSTANT = styles.COUNT, styles.PERCENT, styles.DAY, styles.INSTANT
NO_FORECAST = "no forecast yet"
CARDS = (
    (LABEL, "Credits left", "wallet_remaining_credits", CREDITS),
    (VALUE, "Used, of the pool", "wallet_used_percent", PERCENT),
    (VALUE + 1, "Pace, 100% is on plan", "wallet_pace_percent", PERCENT),
    (VALUE + 2, "Burn per day", "wallet_burn_credits_per_day", CREDITS),
    (VALUE + 3, "Runs out", "wallet_depletion_day", DAYS),
    (VALUE + 4, "Term ends before", "wallet_term_end", DAYS),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: a named cell, its content, and how it is reached."""

    name: str
    label: str
    content: Content
    number: str
    how: str


def worksheet(wallet: Answer, forecast: Answer | None = None, zone: str = "UTC") -> Worksheet:
    """Return the wallet from an answer to `wallet`, with the day the credits run out if there is a forecast.

    zone: the name of the time zone in which instants are shown.
    """
    groups = _groups(wallet, forecast, zone)
    blocks, row = [top("What is left of the wallet", subtitle(wallet, zone)), _cards()], FIGURES_ROW
    for heading, rows in groups:
        blocks.append(group(row, heading, rows))
        row += len(rows) + 2
    tables, keys, heads, row = _tables(wallet, row)
    grants = [at for at, key in keys.items() if key.startswith("grants-")]
    weeks, pictures = _weeks(wallet, row)
    return Worksheet(
        title=TITLE,
        block=join_blocks(*blocks, *tables, *weeks),
        widths=WIDTHS,
        heights={0: 30, CARD_ROW: 22} | heads,
        frozen=(2, 0),
        pictures=pictures,
        is_landscape=False,
        is_one_page=row <= MAX_ROWS_A_PAGE,
        row_keys=keys,
        movable=((grants[0], grants[-1]),) if grants else (),
        as_of=wallet.as_of,
    )


def subtitle(wallet: Answer, zone: str) -> str:
    """Return the line below the title."""
    return f"{wallet.title} at the end of {day(wallet.as_of)}; times are {zone}."


def _cards() -> Block:
    cells = {}
    for column, label, name, number in CARDS:
        align: Align = "left" if column == LABEL else "right"
        cells[CARD_ROW - 1, column] = Cell(label, replace(styles.CARD_LABEL, align=align))
        shown = Formula(f'IF({name}="","{DASH}",{name})')
        cells[CARD_ROW, column] = Cell(shown, replace(styles.CARD, align=align, number=number))
    return Block(cells)


def _groups(wallet: Answer, forecast: Answer | None, zone: str) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    return (
        ("Balance", _balance(wallet)),
        ("Burn and pace", _burn(wallet)),
        ("Runs out", _depletion(forecast)),
        ("Data", data_rows(wallet, zone)),
    )


def _balance(wallet: Answer) -> tuple[Row, ...]:
    def plain(key: str, label: str, how: str, number: str = CREDITS) -> Row:
        return Row(f"wallet_{key}", label, figure_value(wallet, key), number, how)

    pool = 'IF(wallet_granted_credits="","",wallet_granted_credits-N(wallet_expired_credits))'
    left = 'IF(wallet_pool_credits="","",wallet_pool_credits-N(wallet_drawn_credits))'
    counted = "wallet_drawn_credits+N(wallet_overdrawn_since_empty_credits)"
    share = f'IF(N(wallet_pool_credits)>0,({counted})/wallet_pool_credits,"")'
    return (
        plain("granted_credits", "Granted", "the grants of the term with their corrections"),
        plain("expired_credits", "Expired unused", "what was left of a grant on the day its term ended"),
        Row("wallet_pool_credits", "Pool", Formula(pool), CREDITS, "granted − expired unused"),
        plain("drawn_credits", "Drawn", "what use took out of the grants"),
        Row("wallet_remaining_credits", "Left", Formula(left), CREDITS, "pool − drawn; 0 when overdrawn"),
        plain("overdrawn_since_empty_credits", "Overdrawn since nothing is left", "counts as used beyond the pool"),
        Row(
            "wallet_used_percent",
            "Used, of the pool",
            Formula(share),
            PERCENT,
            "(drawn + overdrawn since nothing is left) ÷ pool",
        ),
        plain("used_credits", "Used", "summed usage of the term: drawn + overdrawn"),
        plain("usd_used", "Cost of what was used", "by the grants that it was drawn from", styles.USD_CENTS),
        plain("overdrawn_credits", "Overdrawn", "used while no grant had anything left"),
        plain("overdrawn_usd", "… billed in arrears", "× the contracted rate", styles.USD_CENTS),
        plain("expiring_credits", "Will expire unused", "what the grants in force leave if the burn continues"),
        plain("expiring_usd", "… as paid for", "× the price that their grants cost", styles.USD_CENTS),
    )


def _burn(wallet: Answer) -> tuple[Row, ...]:
    def times(factor: str) -> Formula:
        return Formula(f'IF(wallet_burn_credits_per_day="","",wallet_burn_credits_per_day*{factor})')

    pace = 'IF(OR(wallet_used_percent="",N(wallet_elapsed_percent)=0),"",wallet_used_percent/wallet_elapsed_percent)'
    month = "days_per_year/wallet_months_per_year"
    return (
        Row(
            "wallet_burn_credits_per_day",
            "Burn per day",
            figure_value(wallet, "burn_credits_per_day"),
            CREDITS,
            "mean of the days below",
        ),
        Row("wallet_burn_days", "… over so many days", figure_value(wallet, "burn_days"), CREDITS, "the last complete days"),
        Row("wallet_burn_credits_per_week", "Burn per week", times("days_per_week"), CREDITS, "burn per day × days in a week"),
        Row("wallet_burn_credits_per_month", "Burn per month", times(month), CREDITS, "burn per day × days in a year ÷ months"),
        Row(
            "wallet_allowed_credits_per_day",
            "Allowed per day",
            figure_value(wallet, "allowed_credits_per_day"),
            CREDITS,
            "left ÷ days left in the term",
        ),
        Row(
            "wallet_term_start", "Term began", figure_value(wallet, "term_start"), DAYS, "the contract's, else the oldest grant's"
        ),
        Row("wallet_term_end", "Term ends before", figure_value(wallet, "term_end"), DAYS, "the day after the term"),
        Row(
            "wallet_elapsed_percent",
            "Term elapsed",
            figure_value(wallet, "elapsed_percent"),
            PERCENT,
            "days elapsed ÷ days of the term",
        ),
        Row("wallet_pace_percent", "Pace", Formula(pace), PERCENT, "used of the pool ÷ term elapsed; 100% is on plan"),
        *_assumption_rows(),
    )


def _assumption_rows() -> tuple[Row, ...]:
    year = "the basis of a month"
    return (
        Row("days_per_week", "Days in a week", DAYS_IN_WEEK, CREDITS, "for the burn per week"),
        Row("days_per_year", "Days in a year", DAYS_IN_YEAR, CREDITS, year),
        Row("wallet_months_per_year", "Months in a year", Decimal(MONTHS_IN_YEAR), CREDITS, year),
    )


def _depletion(forecast: Answer | None) -> tuple[Row, ...]:
    said = NO_FORECAST if forecast is None else "if usage continues as forecast"
    lines = (
        ("depletion_day_early", "At the earliest", said),
        ("depletion_day", "Most likely", said),
        ("depletion_day_late", "At the latest", said),
    )
    return tuple(
        Row(f"wallet_{key}", label, figure_value(forecast, key) if forecast else None, DAYS, how) for key, label, how in lines
    )


def data_rows(wallet: Answer, zone: str) -> tuple[Row, ...]:
    """Return how far the data reaches, and last which of it may still grow."""
    return (
        Row(
            "wallet_data_through",
            f"Data through ({zone})",
            figure_value(wallet, "data_through"),
            INSTANT,
            "latest processed time",
        ),
        Row(
            "wallet_provisional_from", "Provisional from", figure_value(wallet, "provisional_from"), DAYS, "rows may still arrive"
        ),
        Row(
            "wallet_provisional_credits",
            "Provisional",
            figure_value(wallet, "provisional_credits"),
            CREDITS,
            "counted as used, excluded from averages",
        ),
    )


def group(row: int, heading: str, rows: Sequence[Row]) -> Block:
    """Return figures one below another, under a heading."""
    head = row_of(row, LABEL, (heading, *[None] * 4), styles.HEADING)
    return join_blocks(head, *(_row(row + 1 + index, one) for index, one in enumerate(rows)))


def _row(row: int, one: Row) -> Block:
    style: Format = styles.number_format(one.number, styles.STRONG)
    cells = {
        (row, LABEL): Cell(one.label, styles.LABEL),
        (row, VALUE): Cell(one.content, style),
        (row, HOW): Cell(one.how, styles.HINT),
    }
    return Block(cells, {one.name: ((row, VALUE), (row, VALUE))})


def _tables(wallet: Answer, row: int) -> tuple[list[Block], dict[int, str], dict[int, float], int]:
    blocks: list[Block] = []
    keys: dict[int, str] = {}
    heads: dict[int, float] = {}
    for table in wallet.tables:
        heads[row + 1] = HEAD_POINTS
        rows_from = row + 2
        blocks.append(_grants(row, table) if table.key == "grants" else table_block(row, LABEL, table))
        keys |= keys_of(table, rows_from, f"{table.key}-")
        row = rows_from + len(table.rows) + (2 if table.key == "grants" else 1)
    return blocks, keys, heads, row


def _grants(row: int, table: Table) -> Block:
    """Return the grants, what is left of each as a formula over its row, and their sums."""
    at = {column.key: LABEL + index for index, column in enumerate(table.columns)}
    block = table_block(row, LABEL, table)
    first, last = row + 2, row + 1 + len(table.rows)
    cells = dict(block.cells)
    for line in range(first, last + 1):
        granted, used, back, expired = (
            relative(line, at[f"{key}_credits"]) for key in ("granted", "used", "taken_back", "expired")
        )
        left = f'IF({used}="","",{granted}-{used}-N({back})-N({expired}))'
        place = (line, at["remaining_credits"])
        cells[place] = Cell(Formula(left), styles.number_format(CREDITS, styles.STRONG))
    cells[last + 1, LABEL] = Cell("Total", styles.STRONG)
    for column in table.columns:
        if column.unit == "credits":
            span = f"{relative(first, at[column.key])}:{relative(last, at[column.key])}"
            cells[last + 1, at[column.key]] = Cell(Formula(f"SUM({span})"), styles.number_format(CREDITS, styles.STRONG))
    names = {f"grants_{key}": ((first, at[key]), (last, at[key])) for key in ("granted_credits", "remaining_credits")}
    return Block(cells, names)


def _weeks(wallet: Answer, row: int) -> tuple[list[Block], tuple[ChartSpec, ...]]:
    chart = next((one for one in wallet.charts if one.key == "credits_by_week"), None)
    if chart is None:
        return [], ()
    return [_week_lines(row, chart)], (_picture(row, len(chart.x)),)


def _week_lines(row: int, chart: Chart) -> Block:
    head = row_of(row + 1, LABEL, ("Week from",), styles.HEADER_LEFT)
    lines = [
        Block(
            {
                (row + 2 + index, LABEL): Cell(week, styles.LABEL),
                (row + 2 + index, VALUE): Cell(used, styles.number_format(CREDITS)),
            }
        )
        for index, (week, used) in enumerate(zip(chart.x, chart.series[0].values, strict=True))
    ]
    heading = row_of(row, LABEL, (chart.title, None), styles.HEADING)
    return join_blocks(heading, head, row_of(row + 1, VALUE, ("Credits",), styles.HEADER), *lines)


def _picture(row: int, weeks: int) -> ChartSpec:
    def area(column: int, first: int, last: int) -> Area:
        return Area(TITLE, (first, column), (last, column))

    line = ChartLine(
        area(VALUE, row + 1, row + 1), area(LABEL, row + 2, row + 1 + weeks), area(VALUE, row + 2, row + 1 + weeks), styles.ACCENT
    )
    return ChartSpec(
        kind="bars",
        title="Credits by week",
        lines=(line,),
        x_title=None,
        y_title=None,
        x_number="General",
        y_number=CREDITS,
        place=(row, VALUE + 2),
        width=560,
        height=320,
    )
