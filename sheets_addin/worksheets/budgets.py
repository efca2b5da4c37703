"""The Budgets worksheet: input rows in which people type budgets, what is in force for each, and the state of all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.answer import day
from core.budgets import every_budget, list_typed_budgets
from core.config import BUDGET_KINDS, BUDGET_PERIODS, budgets_on
from core.currency import show_in_currency
from core.errors import InputError
from core.questions import answer_to
from core.records import NamedTuple
from core.scope import EVERYTHING
from sheets_addin.workbook import (
    LABEL,
    Block,
    Cell,
    Highlight,
    Validation,
    join_blocks,
    relative,
    row_height,
    row_of,
    styles,
    top,
)
from sheets_addin.worksheets.any_answer import AnswerPage, Section, add_section, worksheet_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.answer import Answer
    from core.config import Budget
    from core.context import Context
    from core.language import Question
    from core.scope import Scope
    from sheets_addin.workbook import Content, Format, Worksheet

TITLE, ROW_KEY = "Budgets", "typed-"
MIN_ROWS, SPARE_ROWS = 20, 10
HOW_TO = (
    "One row a part and a period. USD or Credits is what may be spent in each period. What is typed here overrides app.yaml and "
    "the budgets file for the same budget. Empty a row to take its budget out; a row that is deleted comes back."
)
STATE_WIDTH = 60.0


class InputColumn(NamedTuple):
    """An input column: its key in rows that are read, its heading, its number format and its choices."""

    key: str
    head: str
    number: str = "General"
    choices: tuple[str, ...] = ()


INPUTS = (
    InputColumn("of", "Of", choices=("everything", *BUDGET_KINDS)),
    InputColumn("name", "Name", "@"),
    InputColumn("per", "Per", choices=BUDGET_PERIODS),
    InputColumn("usd", "USD", styles.USD_CENTS),
    InputColumn("credits", "Credits", styles.COUNT),
    InputColumn("rollover", "Rollover", choices=("no", "yes")),
    InputColumn("from", "From", styles.DAY),
)
STATE = LABEL + len(INPUTS)
COLUMN_KEYS = {LABEL + at: one.key for at, one in enumerate(INPUTS)}


class TypedSheet(NamedTuple):
    """The content of the input rows, by line and column; the remarks beside them, and above all of them."""

    rows: Mapping[int, Mapping[str, Content]]
    says: Mapping[int, str]
    warning: str = ""


def sheet_of_budgets(context: Context, spreadsheet_id: str | None = None) -> TypedSheet:
    """Return the rows read from a spreadsheet; without one, those of every budget that applies, for a file to fill in."""
    if not context.has_warehouse:
        return TypedSheet({}, {})
    with context.reading() as session:
        kept = [one for one in list_typed_budgets(session, context) if one.spreadsheet_id == spreadsheet_id]
        held = [] if spreadsheet_id else budgets_on(every_budget(session, context), context.as_of)
    rows = {one.line: cells_of_budget(one.budget) for one in kept} | {
        nth: cells_of_budget(one) for nth, one in enumerate(held, 1)
    }
    return TypedSheet(rows, {nth: f"Written in {one.source}." for nth, one in enumerate(held, 1)})


def cells_of_budget(budget: Budget) -> dict[str, Content]:
    """Return a budget as somebody would type it."""
    return {
        "of": budget.kind or "everything",
        "name": budget.name or None,
        "per": budget.per,
        budget.unit: budget.amount,
        "rollover": "yes" if budget.rolls_over else None,
        "from": budget.first_day,
    }


def budgets_worksheet(
    question: Question, context: Context, scope: Scope = EVERYTHING, typed: TypedSheet | None = None
) -> Worksheet:
    """Return the worksheet. typed: what people typed, None for a file, which shows every budget. Raises: MachineError."""
    shown = sheet_of_budgets(context) if typed is None else typed
    parts = scope.parts() if scope.is_named else [scope]
    found = [(part, _answer(question, context, part)) for part in parts]
    sections = [Section(part.words() if len(parts) > 1 else "", one) for part, one in found if not isinstance(one, str)]
    said = [section.answer.headline for section in sections] or [str(one) for _, one in found[:1]]
    page = AnswerPage(TITLE, "budget")
    page.blocks.append(top(TITLE, f"{' '.join(said)} As of {day(context.as_of)}."))
    _add_inputs(page, shown)
    for section in sections:
        add_section(page, section)
    page.widths |= {LABEL: max(page.widths[LABEL], 24.0), STATE: max(page.widths.get(STATE, 0), STATE_WIDTH)}
    page.tables.clear()  # a filter covers one table, and these are several
    return replace(worksheet_of(page, context.as_of), column_keys=COLUMN_KEYS)


def _answer(question: Question, context: Context, part: Scope) -> Answer | str:
    """Return the budgets of a part of the wallet, or why there are none to show."""
    try:
        return show_in_currency(answer_to(question, replace(context, only=part)), context.config.currency)
    except InputError as nothing:
        return str(nothing)


def _add_inputs(page: AnswerPage, typed: TypedSheet) -> None:
    filled = [line for line, cells in typed.rows.items() if cells]
    count = max(MIN_ROWS, max(filled, default=0) + SPARE_ROWS)
    heading, hint, head = page.row, page.row + 1, page.row + 3
    words = row_of(heading, LABEL, ("Type budgets here", *[None] * len(INPUTS)), styles.HEADING)
    notes = Block({(hint, LABEL): Cell(HOW_TO, styles.HINT), (hint + 1, LABEL): Cell(typed.warning or None, styles.WRONG)})
    heads = [
        row_of(
            head, LABEL + at, (one.head,), styles.HEADER if one.number in {styles.USD_CENTS, styles.COUNT} else styles.HEADER_LEFT
        )
        for at, one in enumerate((*INPUTS, InputColumn("", "In force")))
    ]
    lines = [_line(head + line, typed.rows.get(line, {}), typed.says.get(line, "")) for line in range(1, count + 1)]
    page.keys |= {heading: "typed", hint: "typed-how", hint + 1: "typed-warning", head: "typed-head"}
    page.keys |= {head + line: f"{ROW_KEY}{line}" for line in range(1, count + 1)}
    page.heights |= {head + line: row_height([(said, STATE_WIDTH)]) for line, said in typed.says.items()}
    first, last = (head + 1, STATE), (head + count, STATE)
    page.highlights.append(Highlight(first, last, f'LEFT(${relative(*first)},8)="Not read"', styles.WRONG))
    page.put(join_blocks(words, notes, *heads, *lines), head + count - heading + 1)


def _line(row: int, cells: Mapping[str, Content], says: str) -> Block:
    contents = {(row, LABEL + at): Cell(cells.get(one.key), _format(one)) for at, one in enumerate(INPUTS)}
    rules = tuple(
        Validation(place=(row, LABEL + at), title=one.head, message=f"{', '.join(one.choices)}", choices=one.choices)
        for at, one in enumerate(INPUTS)
        if one.choices
    )
    return Block({**contents, (row, STATE): Cell(says or None, styles.SMALL)}, {}, rules)


def _format(one: InputColumn) -> Format:
    style = styles.input_format(one.number)
    return style if one.number in {styles.USD_CENTS, styles.COUNT} else replace(style, align="left")


def warning_of(refused: int, strangers: Sequence[int]) -> str:
    """Return the warning above the rows: that some are not read. strangers: people's own rows among them."""
    found = []
    if refused:
        found.append(
            f"{refused} row{'s are' if refused > 1 else ' is'} not read. Until that is put right, no budget is taken out."
        )
    if strangers:
        rows = ", ".join(str(one) for one in strangers)
        found.append(f"Row {rows} was inserted by hand and is not read: type into the blue rows.")
    return " ".join(found)
