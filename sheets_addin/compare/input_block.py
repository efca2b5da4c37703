"""The input cells of the Compare worksheet, in two columns, and the mix below the first."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.language import MOST
from sheets_addin.compare import inputs
from sheets_addin.compare.columns import BELOW, HALVED, LABEL, MONTH
from sheets_addin.workbook import (
    Block,
    Cell,
    Formula,
    Highlight,
    Validation,
    absolute,
    join_blocks,
    row_of,
    styles,
    text_in_formula,
)

if TYPE_CHECKING:
    from core.language import MixPart, Question
    from sheets_addin.compare.inputs import Input
    from sheets_addin.workbook import Place

LEFT, RIGHT = LABEL, BELOW
MOST_EACH = f"{MOST['actions']:,f}"
FIRST_INPUT = 7


def row_below(question: Question) -> int:
    """Return the first row below the inputs, after an empty one."""
    return _mix_row(question) + inputs.mix_rows(question) + 3


def _mix_row(question: Question) -> int:
    return FIRST_INPUT + len(inputs.volume(question)) + 1


def every_input(question: Question) -> tuple[Input, ...]:
    """Return all inputs except the mix, in order."""
    return (*inputs.volume(question), *_right(question))


def block(question: Question) -> Block:
    """Return the input cells filled with the question's values."""
    left, right = inputs.volume(question), _right(question)
    heads = join_blocks(
        row_of(FIRST_INPUT - 1, LEFT, ("Volume", *[None] * 3), styles.HEADING),
        row_of(FIRST_INPUT - 1, RIGHT, ("Terms", *[None] * 4), styles.HEADING),
    )
    columns = [(LEFT, MONTH, left), (RIGHT, HALVED, right)]
    lines = [
        _input(FIRST_INPUT + index, label, value, entry)
        for label, value, entries in columns
        for index, entry in enumerate(entries)
    ]
    return join_blocks(heads, *lines, _mix(_mix_row(question), question))


def _input(row: int, label: int, value: int, entry: Input) -> Block:
    hint = Formula(f"IF({entry.name}_is_wrong,{entry.name}_message,{text_in_formula(entry.hint)})")
    cells = {
        (row, label): Cell(entry.label, styles.LABEL),
        (row, value): Cell(entry.value, styles.input_format(entry.number), entry.about),
        (row, value + 1): Cell(hint, styles.HINT),
    } | {(row, column): Cell(None, styles.LABEL) for column in range(label + 1, value)}
    rule = entry.rule
    checked = Validation(
        place=(row, value),
        title=entry.label,
        message=rule.message,
        formula=f"NOT({rule.wrong_of('{cell}')})",
        choices=rule.choices,
    )
    return Block(cells, {entry.name: ((row, value), (row, value))}, (checked,))


def _mix(row: int, question: Question) -> Block:
    count = inputs.mix_rows(question)
    first, last = row + 1, row + count
    parts: list[MixPart | None] = [*question.mix, *[None] * (count - len(question.mix))]
    head = join_blocks(
        row_of(row, LEFT, ("Mix of interactions",), styles.HEADING),
        row_of(row, LEFT + 1, ("Share", "Actions each"), replace(styles.HEADING, align="right")),
    )
    mix_hint = 'IF(mix_is_wrong,mix_message,IF(mix_actions_is_wrong,mix_actions_message,""))'
    total = {
        (last + 1, LEFT): Cell("Total, and actions on average", styles.STRONG),
        (last + 1, LEFT + 1): Cell(
            Formula('IF(ISERROR(SUM(mix_shares)),"",IF(COUNT(mix_shares)=0,"",SUM(mix_shares)))'),
            styles.number_format(styles.EXACT_PERCENT, styles.STRONG),
        ),
        (last + 1, LEFT + 2): Cell(Formula("actions_per_interaction"), styles.number_format(styles.AVERAGE, styles.STRONG)),
        (last + 1, LEFT + 3): Cell(
            Formula(f"IF(prices_is_wrong,prices_message,{mix_hint})"),
            styles.HINT,
        ),
    }
    names = {"mix_shares": ((first, LEFT + 1), (last, LEFT + 1)), "mix_actions": ((first, LEFT + 2), (last, LEFT + 2))}
    return join_blocks(
        head, Block(total, names), *(_mix_line(first + index, index + 1, part) for index, part in enumerate(parts))
    )


def _mix_line(row: int, number: int, part: MixPart | None) -> Block:
    share, actions = (part.percent / Decimal(100), part.actions) if part else (None, None)
    cells = {
        (row, LEFT): Cell(f"Kind {number}", styles.LABEL),
        (row, LEFT + 1): Cell(share, styles.input_format(styles.EXACT_PERCENT)),
        (row, LEFT + 2): Cell(actions, styles.input_format(styles.AVERAGE)),
    }
    checked = (
        Validation(
            place=(row, LEFT + 1),
            title="Share of the mix",
            message="Write a share from 0% to 100%; all shares add up to 100%.",
            formula="AND(ISNUMBER({cell}),{cell}>=0,{cell}<=1)",
        ),
        Validation(
            place=(row, LEFT + 2),
            title="Actions each",
            message=f"Write how many actions such an interaction takes, above 0 and at most {MOST_EACH}.",
            formula=f"AND(ISNUMBER({{cell}}),{{cell}}>0,{{cell}}<={MOST['actions']:f})",
        ),
    )
    return Block(cells, {}, checked)


def highlights(question: Question) -> tuple[Highlight, ...]:
    """Return the highlights of inputs that are out of range."""
    marked = [
        Highlight(place, (place[0], place[1] + 1), entry.rule.wrong_of(absolute(*place)), styles.WRONG)
        for place, entry in _input_places(question)
    ]
    total = (_mix_row(question) + inputs.mix_rows(question) + 1, LEFT + 3)
    return (*marked, Highlight(total, total, f'{absolute(*total)}<>""', styles.WRONG))


def _input_places(question: Question) -> list[tuple[Place, Input]]:
    columns = ((MONTH, inputs.volume(question)), (HALVED, _right(question)))
    return [((FIRST_INPUT + index, value), entry) for value, entries in columns for index, entry in enumerate(entries)]


def _right(question: Question) -> tuple[Input, ...]:
    return (*inputs.terms(question), *inputs.own_prices(question), *inputs.factors())
