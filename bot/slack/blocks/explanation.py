"""How an answer was reached: the arithmetic, the exact figures, every note, and where each price was read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.slack.blocks import elements, limits
from bot.slack.blocks.answer import KINDS
from bot.slack.blocks.limits import room
from bot.slack.blocks.message import SlackMessage, text_of
from bot.slack.blocks.table import table_block
from bot.slack.blocks.text import one_line
from core.answer import CURRENCIES, day, exact_amount, group_digits, plain, plain_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.slack.blocks.elements import Block
    from core.answer import Answer, Figure, Source

LINE_CHARACTERS = 400
PART_CHARACTERS = 1_200
TABLES, TABLES_BUDGET = 4, 4_000
UNITS = {"percent": "%", "count": ""}


def how_message(answer: Answer) -> SlackMessage:
    """Return the explanation of an answer, every figure exact."""
    told = [
        ("Arithmetic", list(answer.arithmetic)),
        ("Exact figures", [_exact(figure) for figure in answer.figures]),
        ("Good to know", [f"{KINDS[note.kind]}: {note.text}" for note in answer.notes]),
        ("Sources", [_origin(source) for source in dict.fromkeys(answer.sources)]),
    ]
    known = [(title, lines) for title, lines in told if lines]
    subject = f"{one_line(answer.question, LINE_CHARACTERS)}, as of {day(answer.as_of)}"
    title = f"How: {subject}" if known else f"All of {subject}" if answer.tables else f"{subject}: nothing to calculate."
    text = text_of([title, *(text for name, lines in known for text in (f"{name}:", *(f"• {_line(one)}" for one in lines)))])
    blocks = [elements.rich(elements.line(elements.words(title, "bold"))), *(_list(name, lines) for name, lines in known)]
    return SlackMessage(text, (*blocks, *_tables(answer)))


def _tables(answer: Answer) -> list[Block]:
    """Return the complete tables, as far as Slack accepts them: the answer itself shows a few rows of the first.

    What does not fit is counted.
    """
    blocks: list[Block] = []
    tables, left = [table for table in answer.tables if table.rows], TABLES_BUDGET
    for table in tables[:TABLES]:
        block, _ = table_block(table, {}, left)
        left -= limits.characters(block)
        if left < 0 and blocks:
            break
        blocks.append(block)
    more = len(tables) - len(blocks)
    return [*blocks, *([elements.context([f"… and {more} more table{'s' * (more > 1)}: agentcost --json"])] if more else [])]


def _list(title: str, lines: Sequence[str]) -> Block:
    kept: list[Block] = []
    left = min(PART_CHARACTERS, room(limits.SECTION_TEXT))
    for text in map(_line, lines):
        left -= len(text)
        if left < 0:
            kept.append(elements.line(elements.words(f"… and {group_digits(len(lines) - len(kept))} more")))
            break
        kept.append(elements.line(*elements.rich_words(text)))
    return elements.rich(elements.line(elements.words(title, "bold")), elements.bullets(kept))


def _line(text: str) -> str:
    return one_line(text, LINE_CHARACTERS)


def _exact(figure: Figure) -> str:
    if not isinstance(figure.value, Decimal):
        return f"{figure.label}: {plain(figure.value) or 'unknown'}"
    number = exact_amount(Decimal(plain_number(figure.value)), figure.unit)
    if figure.unit == "usd" or figure.unit in CURRENCIES:
        return f"{figure.label}: {number}"
    return f"{figure.label}: {number}{UNITS.get(figure.unit, f' {figure.unit}')}"


def _origin(source: Source) -> str:
    return f"{source.title}, read on {day(source.read_on)}" if source.read_on else source.title
