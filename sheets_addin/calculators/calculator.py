"""A live worksheet that keeps computing the answer to a question: results, blue inputs, steps, a table and its chart.

Formulas are written with plain names, such as `seats*usd_per_seat`; on the worksheet each name starts with its prefix. While
an input is invalid nothing is computed, and the cell beside it says what to enter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from core.answer import day
from core.records import NamedTuple
from sheets_addin.workbook import (
    LABEL,
    Area,
    Block,
    Cell,
    ChartLine,
    ChartSpec,
    Formula,
    Highlight,
    Validation,
    absolute,
    join_blocks,
    number_for,
    relative,
    row_height,
    row_of,
    styles,
    text_in_formula,
    top,
    translate,
    unit_of,
)
from sheets_addin.worksheets.any_answer import (
    CHART_HEIGHT,
    CHART_WIDTH,
    ROW_POINTS,
    ROWS_A_CHART,
    AnswerPage,
    add_words,
    axis_number,
    worksheet_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from core.answer import Answer
    from sheets_addin.compare.inputs import Input
    from sheets_addin.compare.workings_steps import Step
    from sheets_addin.workbook import Content, Format, Place, Worksheet

ENTRY, HOW, AT_MOST, CHECK = LABEL + 1, LABEL + 2, LABEL + 6, LABEL + 7
FAULT_ROW = 3
WIDTHS = {0: 2, LABEL: 46, ENTRY: 18} | dict.fromkeys(range(HOW, AT_MOST), 16) | {AT_MOST: 20, CHECK: 12}
INPUTS_WRONG = "Nothing is computed until the inputs marked in red are right."
ANY_WRONG = "any_input_wrong"
AS_ASKED = "As asked"


class GridHead(NamedTuple):
    """A column of a table: its heading and the number format of its cells; General means text."""

    label: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTable:
    """A table of formulas with a chart of two of its columns.

    lines: each returns a row's cells given the row's position. names: of cells, by line and column. plotted: the columns of x and
    y.
    """

    title: str
    heads: tuple[GridHead, ...]
    lines: tuple[Callable[[int], Sequence[Content]], ...]
    names: Mapping[str, tuple[int, int]]
    kind: Literal["bars", "curves"]
    plotted: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """The computations of a worksheet. results: formulas by the key of a figure; other figures of the answer are values."""

    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    results: Mapping[str, str]
    grid: LiveTable


def worksheet(title: str, prefix: str, answer: Answer, calculation: Calculation) -> Worksheet:
    """Return the live worksheet of an answer; core's answer to the question as asked is below it."""
    page = AnswerPage(title, prefix)
    page.widths, page.last_printed_column = dict(WIDTHS), AT_MOST - 1
    page.blocks.append(top(answer.title, f"{answer.question} · prices of {day(answer.as_of)}"))
    sheet = _Sheet(page, calculation, [one.key for one in answer.figures])
    sheet.add_fault()
    sheet.add_results(answer)
    sheet.add_inputs()
    sheet.add_steps()
    sheet.add_grid()
    _add_as_asked(page, answer)
    add_words(page, "", answer)
    return worksheet_of(page, answer.as_of)


def _add_as_asked(page: AnswerPage, answer: Answer) -> None:
    said = f"{answer.headline} As of {day(answer.as_of)}."
    page.keys |= {page.row: "as-asked", page.row + 1: "as-asked-words"}
    page.put(
        join_blocks(
            row_of(page.row, LABEL, (AS_ASKED, None), styles.HEADING), Block({(page.row + 1, LABEL): Cell(said, styles.HINT)})
        ),
        2,
    )


class _Sheet:
    """A page with formulas."""

    def __init__(self, page: AnswerPage, calculation: Calculation, figures: Sequence[str]) -> None:
        self.page, self.calculation = page, calculation
        bare = [
            ANY_WRONG,
            "inputs_wrong",
            *(one.name for one in calculation.inputs),
            *(one.name for one in calculation.steps),
            *figures,
            *calculation.grid.names,
        ]
        self.names = {name: f"{page.prefix}_{name}" for name in bare}

    def formula(self, text: str) -> Formula:
        """Return a formula with the worksheet's names."""
        return Formula(translate(text, lambda row: row, lambda column: column, self.names))

    def live(self, content: Content) -> Content:
        """Return a cell's content, empty while an input is invalid; a value stays a value."""
        return self.formula(f'IF({ANY_WRONG},"",{content.text})') if isinstance(content, Formula) else content

    def heading(self, text: str, columns: int = 6) -> None:
        """Write a heading without an empty row below it."""
        self.page.keys[self.page.row] = text
        self.page.blocks.append(row_of(self.page.row, LABEL, (text, *[None] * (columns - 1)), styles.HEADING))
        self.page.row += 1

    def named(self, name: str, place: Place) -> dict[str, tuple[Place, Place]]:
        """Return the name of one cell."""
        return {self.names[name]: (place, place)}

    def line(self, step: Step) -> None:
        """Write a step: its label, its result, and its explanation."""
        row = self.page.row
        cells = {
            (row, LABEL): Cell(step.label, styles.LABEL),
            (row, ENTRY): Cell(self.live(step.content), styles.number_format(step.number, styles.STRONG)),
            (row, HOW): Cell(step.how or None, styles.HINT),
        }
        self.page.keys[row] = step.name
        self.page.blocks.append(Block(cells, self.named(step.name, (row, ENTRY))))
        self.page.row += 1

    def add_fault(self) -> None:
        """Write a notice while nothing is computed."""
        said = self.formula(f'IF({ANY_WRONG},{text_in_formula(INPUTS_WRONG)},"")')
        self.page.blocks.append(Block({(FAULT_ROW, LABEL): Cell(said, styles.WRONG)}))

    def add_results(self, answer: Answer) -> None:
        """Write the answer's figures: as formulas where available, else as values of the day."""
        self.heading("Result")
        computed = self.calculation.results
        order = list(computed)
        for one in sorted(answer.figures, key=lambda one: order.index(one.key) if one.key in computed else len(order)):
            row = self.page.row
            number = number_for(one.unit)
            content: Content = self.live(Formula(computed[one.key])) if one.key in computed else one.value
            how = None if one.key in computed else f"as the wallet shows it on {day(answer.as_of)}"
            cells = {
                (row, LABEL): Cell(one.label, styles.LABEL),
                (row, ENTRY): Cell(content, styles.number_format(number, styles.STRONG)),
                (row, HOW): Cell(how, styles.HINT),
            }
            self.page.keys[row] = one.key
            self.page.blocks.append(Block(cells, self.named(one.key, (row, ENTRY))))
            self.page.row += 1
        self.page.row += 1

    def add_inputs(self) -> None:
        """Write the blue cells, the allowed values of each, and whether one of them is invalid."""
        page = self.page
        self.heading("Inputs", AT_MOST - LABEL)
        checks = replace(styles.HEADING, align="right", size=9)
        page.blocks.append(row_of(page.row - 1, AT_MOST, ("At most", "Is wrong"), checks))
        first = page.row
        for entry in self.calculation.inputs:
            self._input(entry)
        inputs_wrong = {self.names["inputs_wrong"]: ((first, CHECK), (page.row - 1, CHECK))}
        cells = {
            (page.row, LABEL): Cell("Any of them wrong", styles.HINT),
            (page.row, CHECK): Cell(self.formula("OR(inputs_wrong)"), styles.number_format("General", styles.HINT)),
        }
        page.keys[page.row] = ANY_WRONG
        page.put(Block(cells, inputs_wrong | self.named(ANY_WRONG, (page.row, CHECK))), 1)

    def _input(self, entry: Input) -> None:
        row, rule = self.page.row, entry.rule
        wrong = rule.wrong_of(relative(row, ENTRY), relative(row, AT_MOST))
        hint = f"IF({relative(row, CHECK)},{text_in_formula(rule.message)},{text_in_formula(entry.hint)})"
        quiet = styles.number_format(entry.number, styles.HINT)
        cells = {
            (row, LABEL): Cell(entry.label, styles.TEXT),
            (row, ENTRY): Cell(entry.value, styles.input_format(entry.number), entry.about),
            (row, HOW): Cell(Formula(hint), styles.HINT),
            (row, AT_MOST): Cell(rule.most, quiet),
            (row, CHECK): Cell(Formula(wrong), styles.number_format("General", styles.HINT)),
        }
        checked = Validation(
            place=(row, ENTRY),
            title=entry.label,
            message=rule.message,
            formula=f"NOT({rule.wrong_of('{cell}')})",
            choices=rule.choices,
        )
        self.page.highlights.append(Highlight((row, ENTRY), (row, HOW), absolute(row, CHECK), styles.WRONG))
        self.page.keys[row] = f"input-{entry.name}"
        self.page.heights[row] = max(ROW_POINTS, row_height([(entry.label, WIDTHS[LABEL])]))
        self.page.blocks.append(Block(cells, self.named(entry.name, (row, ENTRY)), (checked,)))
        self.page.row += 1

    def add_steps(self) -> None:
        """Write the steps between the inputs and the results."""
        if not self.calculation.steps:
            return
        first = self.page.row
        self.heading("Steps")
        for step in self.calculation.steps:
            self.line(step)
        self.page.whole.append((first, self.page.row))
        self.page.row += 1

    def add_grid(self) -> None:
        """Write the table, and the chart over it below."""
        page, grid, first = self.page, self.calculation.grid, self.page.row
        self.heading(grid.title, len(grid.heads))
        head = page.row
        page.heights[head] = 30
        page.keys[head] = f"{grid.title}-head"
        for at, one in enumerate(grid.heads):
            style = styles.HEADER_LEFT if one.number == "General" or not at else styles.HEADER
            page.blocks.append(row_of(head, LABEL + at, (one.label,), style))
        for nth, line in enumerate(grid.lines):
            page.row += 1
            page.keys[page.row] = f"{grid.title}-{nth}"
            page.blocks.append(Block(dict(self._cells_of(page.row, line(page.row)))))
        for name, (line_at, column) in grid.names.items():
            place = (head + 1 + line_at, LABEL + column)
            page.blocks.append(Block({}, self.named(name, place)))
        page.pictures.append(_picture(page.title, grid, head, page.row))
        page.whole.append((first, page.row + 1 + ROWS_A_CHART))
        page.row += 2 + ROWS_A_CHART

    def _cells_of(self, row: int, contents: Iterable[Content]) -> Iterable[tuple[Place, Cell]]:
        for at, content in enumerate(contents):
            number = self.calculation.grid.heads[at].number
            is_text = number == "General" or not at
            style: Format = replace(styles.LABEL, number=number, align="left") if is_text else styles.number_format(number)
            yield (row, LABEL + at), Cell(self.live(content), style)


def _picture(title: str, grid: LiveTable, head: int, last: int) -> ChartSpec:
    x, y = (LABEL + column for column in grid.plotted)
    line = ChartLine(
        Area(title, (head, y), (head, y)),
        Area(title, (head + 1, x), (last, x)),
        Area(title, (head + 1, y), (last, y)),
        styles.ACCENT,
    )
    heads = [grid.heads[column] for column in grid.plotted]
    return ChartSpec(
        kind=grid.kind,
        title=grid.title,
        lines=(line,),
        x_title=heads[0].label if grid.kind == "curves" else None,
        y_title=None,
        x_number=heads[0].number,
        y_number=axis_number(unit_of(heads[1].number)),
        place=(last + 2, LABEL),
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
    )
