"""The Summary worksheet: one page on what is left, what was spent, when it runs out, what is open and what to do."""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING

from core.answer import day
from core.records import NamedTuple
from sheets_addin.workbook import (
    FIRST_ROW,
    LABEL,
    Area,
    Block,
    Cell,
    ChartLine,
    ChartSpec,
    Worksheet,
    content_of,
    figure_value,
    join_blocks,
    number_for,
    row_height,
    row_of,
    styles,
    top,
)
from sheets_addin.worksheets.any_answer import DASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Answer, Chart, Figure, Table, Value
    from sheets_addin.workbook import Align, Content, Format, Place

TITLE = "Summary"
VALUE, SECOND, WORDS = LABEL + 1, LABEL + 2, LABEL + 3
WIDTHS = {0: 2, LABEL: 38, VALUE: 19, SECOND: 19, WORDS: 57}
LINE_CHARACTERS = 130
"""How many characters fit from the first column to the last."""
CARD_POINTS = 22
CARDS = (
    (LABEL, "Credits left", ("remaining_credits",)),
    (VALUE, "Left, as paid for", ("remaining_usd",)),
    (SECOND, "Spent this month", ("spent_month_usd", "spent_month_credits")),
    (WORDS, "Runs out", ("depletion_day",)),
)
"""Each line shows the first of its figures that has a value."""
CHART_WIDTH, CHART_HEIGHT = 520, 300
STRONG_LINE = replace(styles.STRONG, bottom=None)


class FigureLine(NamedTuple):
    """A row: its label, the keys of one or two figures beside it, and how to read them."""

    label: str
    keys: tuple[str, ...]
    words: str = ""


LEFT = (
    FigureLine("Left", ("remaining_credits", "remaining_usd"), "what the grants in force still hold, and what was paid for it"),
    FigureLine("Pool", ("pool_credits",), "what the grants of the term came to, without what expired unused"),
    FigureLine("Used, of the pool", ("used_percent",)),
    FigureLine("Overdrawn", ("overdrawn_credits", "overdrawn_usd"), "used while no grant had anything left; billed in arrears"),
)
CHANGE = FigureLine(
    "Change against the month before", ("spent_change_usd", "spent_change_percent"), "on the same days; % of credits"
)
A_MONTH = FigureLine("Monthly spend", ("burn_usd_per_month",), "from the last 28 complete days, at what their grants cost")
RUNS_OUT = (
    FigureLine("Most likely", ("depletion_day",), "if usage continues as forecast; – if the credits last, or not yet known"),
    FigureLine("80% between", ("depletion_day_early", "depletion_day_late"), "– if it may lie beyond the forecast's horizon"),
    FigureLine("Days without credits", ("depletion_to_term_end_days",), "until the term ends"),
    FigureLine("Will expire unused", ("expiring_credits", "expiring_usd"), "if the burn continues, and what was paid for it"),
)
PLAN = (
    FigureLine("Term", ("term_start", "term_end"), "from the first day to the day after the last"),
    FigureLine("Term elapsed, pace", ("elapsed_percent", "pace_percent"), "100% pace is on plan"),
    FigureLine(
        "Burn and allowed, per day",
        ("burn_credits_per_day", "allowed_credits_per_day"),
        "what is allowed lasts until the term ends",
    ),
)


class _OnePage:
    """The worksheet as it fills up from top to bottom; every row has a key."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.row = answer, FIRST_ROW + 2
        self.blocks: list[Block] = [top(answer.title, f"{answer.headline} As of {day(answer.as_of)}.")]
        self.keys: dict[int, str] = {}
        self.heights: dict[int, float] = {0: 30, FIRST_ROW: CARD_POINTS}
        self.figures: dict[str, Figure] = {one.key: one for one in answer.figures}
        self.named: dict[str, tuple[Place, Place]] = {}

    def put(self, key: str, cells: dict[int, Cell]) -> None:
        """Add a row of cells by column."""
        self.keys[self.row] = key
        self.blocks.append(Block({(self.row, column): cell for column, cell in cells.items()}))
        self.row += 1

    def heading(self, key: str, *said: str) -> None:
        """Add an empty row and a heading across the page."""
        self.row += 1
        texts = [*said, *[None] * (WORDS - LABEL + 1 - len(said))]
        self.keys[self.row] = f"heading-{key}"
        self.blocks.append(row_of(self.row, LABEL, texts, styles.HEADING))
        self.row += 1

    def figure_cell(self, key: str, column: int) -> Cell:
        """Return the cell of a figure, with its name; a dash if the answer has no value for it."""
        one = self.figures.get(key)
        self.named.setdefault(f"summary_{key}", ((self.row, column), (self.row, column)))
        content = figure_value(self.answer, key)
        style = styles.number_format(number_for(one.unit) if one else "General", styles.STRONG)
        return Cell(DASH if content is None else content, style)

    def line(self, line: FigureLine) -> None:
        """Add the row of one or two figures, unless the answer has none of them."""
        if not any(key in self.figures for key in line.keys):
            return
        empty = Cell(None, styles.LABEL)
        cells = {LABEL: Cell(line.label, styles.LABEL), SECOND: empty, WORDS: Cell(line.words or None, styles.HINT)}
        cells |= {VALUE + at: self.figure_cell(key, VALUE + at) for at, key in enumerate(line.keys)}
        self.put(f"figure-{line.keys[0]}", cells)

    def texts(self, key: str, texts: Sequence[str], style: Format) -> None:
        """Add texts over the whole width, each in as many rows as it needs."""
        for nth, text in enumerate(texts):
            for part, said in enumerate(wrap(text, LINE_CHARACTERS) or [""]):
                self.put(f"{key}-{nth}-{part}", {LABEL: Cell(said, style)})


def worksheet(answer: Answer, zone: str = "UTC") -> Worksheet:
    """Return the page of a summary (`core.digests.summarize_wallet`), sized for one sheet of A4 or Letter.

    zone: the name of the time zone in which instants are shown.
    """
    page = _OnePage(answer)
    tables = {table.key: table for table in answer.tables}
    page.blocks.append(_cards(page))
    _section(page, "left", "Left", LEFT)
    _spent(page, tables.get("spent"))
    _section(page, "runs-out", "Runs out", RUNS_OUT)
    _section(page, "plan", "Plan and contract", PLAN)
    page.line(FigureLine(f"Data through ({zone})", ("data_through",), "latest processed time"))
    page.texts("plan", [f"For this use: {row[0]}" for row in _rows(tables.get("plan"))], styles.HINT)
    _budgets(page, tables.get("budgets"))
    _alerts(page, tables.get("alerts"))
    page.heading("actions", "What to do")
    page.texts("action", [f"• {row[0]}" for row in _rows(tables.get("actions"))] or ["No action is needed."], STRONG_LINE)
    page.texts("note", [note.at_first or note.text for note in answer.notes], styles.HINT)
    pictures = tuple(_chart(page, chart) for chart in answer.charts[:1])
    return Worksheet(
        title=TITLE,
        block=replace(joined := join_blocks(*page.blocks), names={**joined.names, **page.named}),
        widths=WIDTHS,
        heights=page.heights,
        frozen=(2, 0),
        pictures=pictures,
        is_landscape=False,
        is_one_page=True,
        row_keys=page.keys,
        as_of=answer.as_of,
    )


def _cards(page: _OnePage) -> Block:
    cells: dict[Place, Cell] = {}
    for column, label, keys in CARDS:
        align: Align = "left" if column == LABEL else "right"
        one = next((page.figures[key] for key in keys if key in page.figures and page.figures[key].value is not None), None)
        content: Content = content_of(one.value, one.unit) if one else DASH
        style = replace(styles.CARD, align=align, number=number_for(one.unit) if one else "General")
        cells[FIRST_ROW - 1, column] = Cell(label, replace(styles.CARD_LABEL, align=align))
        cells[FIRST_ROW, column] = Cell(content, style)
    page.keys |= {FIRST_ROW - 1: "card-labels", FIRST_ROW: "cards"}
    return Block(cells)


def _section(page: _OnePage, key: str, title: str, lines: Sequence[FigureLine]) -> None:
    page.heading(key, title)
    for line in lines:
        page.line(line)


def _rows(table: Table | None) -> tuple[tuple[Value, ...], ...]:
    return table.rows if table else ()


def _spent(page: _OnePage, table: Table | None) -> None:
    page.heading("spent", "Spent")
    right, left = styles.number_format("General", styles.HINT), styles.HINT
    page.put("spent-head", {VALUE: Cell("Cost", right), SECOND: Cell("Credits", right), WORDS: Cell("Days", left)})
    for period, first, last, cost, used in _rows(table):
        cells = {
            LABEL: Cell(str(period), styles.LABEL),
            VALUE: Cell(DASH if cost is None else cost, styles.number_format(styles.USD_CENTS, styles.STRONG)),
            SECOND: Cell(used, styles.number_format(styles.COUNT, styles.STRONG)),
            WORDS: Cell(f"{day(first)} to {day(last)}", styles.HINT),  # type: ignore[arg-type]  # days
        }
        page.put(f"spent-{period}", cells)
    page.line(CHANGE)
    page.line(A_MONTH)


def _budgets(page: _OnePage, table: Table | None) -> None:
    """Add the state of each budget; nothing if there are no budgets."""
    if _rows(table):
        page.heading("budgets", "Budgets")
        page.texts("budget", [f"{str(row[0])[0].upper()}{str(row[0])[1:]}" for row in _rows(table)], styles.LABEL)


def _alerts(page: _OnePage, table: Table | None) -> None:
    rows = _rows(table)
    page.heading("alerts", "Alerts")
    if not rows:
        page.texts("alert", ["No alert is open."], styles.HINT)
    for nth, (words, since, state) in enumerate(rows):
        page.heights[page.row] = row_height([(words, WIDTHS[WORDS])])
        cells = {
            LABEL: Cell(since, styles.DAY_LABEL),
            VALUE: Cell(str(state), replace(styles.LABEL, align="right")),
            SECOND: Cell(None, styles.LABEL),
            WORDS: Cell(str(words), styles.TEXT),
        }
        page.put(f"alert-{nth}", cells)


def _chart(page: _OnePage, chart: Chart) -> ChartSpec:
    """Add the weeks, and return the chart beside them."""
    page.heading("weeks", chart.title)
    first = page.row
    number = styles.number_format(number_for(chart.unit))
    page.put(
        "weeks-head",
        {LABEL: Cell("Week from", styles.HEADER_LEFT), VALUE: Cell(chart.series[0].label, styles.HEADER)},
    )
    for said, value in zip(chart.x, chart.series[0].values, strict=True):
        page.put(f"week-{said}", {LABEL: Cell(said, styles.LABEL), VALUE: Cell(value, number)})

    def area(column: int, top_row: int, last_row: int) -> Area:
        return Area(TITLE, (top_row, column), (last_row, column))

    last = page.row - 1
    line = ChartLine(area(VALUE, first, first), area(LABEL, first + 1, last), area(VALUE, first + 1, last), styles.ACCENT)
    return ChartSpec(
        kind="bars",
        title=chart.title,
        lines=(line,),
        x_title=None,
        y_title=None,
        x_number="General",
        y_number=styles.USD if chart.unit == "usd" else styles.COUNT,
        place=(first, SECOND),
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
    )
