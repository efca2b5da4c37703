"""Texts that were not understood, each with the question that it seems to mean."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Note, Table, figure, group_digits
from core.errors import NotUnderstoodError
from core.language import print_question
from core.questions.meaning import meaning_of
from core.warehouse import queries

if TYPE_CHECKING:
    from core.answer import Value
    from core.context import Context

MAX_SHOWN = 100
COLUMNS = (
    Column("text", "Question", "text"),
    Column("times", "Times", "count"),
    Column("nearest", "Nearest question", "text"),
    Column("surfaces", "From", "text", is_detail=True),
    Column("newest", "Last", "instant", is_detail=True),
)
TO_ADD = "Add a word of yours in app.yaml, for example words: {squads: department}; `agentcost misses --clear` forgets the list."


def list_misses(context: Context) -> Answer:
    """Return the 100 texts that were asked most often and not understood, most frequent first.

    The nearest question is how a text is read today, else the first suggestion; empty if there is none.
    """
    with context.open_warehouse() as warehouse:
        rows = warehouse.rows(queries.MissesByTextRow)
    times = sum(row.times for row in rows)
    shown = rows[:MAX_SHOWN]
    kept = "" if context.config.keep_misses else " None are kept now (keep_misses in app.yaml)."
    counted = f"{group_digits(times)} questions were not understood, {group_digits(len(rows))} different ones."
    return Answer(
        question="misses",
        title="Not understood",
        headline=(counted if rows else "Every question was understood.") + kept,
        as_of=context.as_of,
        figures=(figure("misses", Decimal(times)), figure("missed_texts", Decimal(len(rows)))),
        tables=(Table("misses", "Not understood, most frequent first", COLUMNS, tuple(_row(row, context) for row in shown)),)
        if rows
        else (),
        notes=(Note("assumption", TO_ADD),) if rows else (),
    )


def _row(row: queries.MissesByTextRow, context: Context) -> tuple[Value, ...]:
    return row.text, Decimal(row.times), nearest(row.text, context), row.surfaces, row.newest


def nearest(text: str, context: Context) -> str:
    """Return the question that a text is read as today, else the first suggestion, else nothing."""
    try:
        return print_question(meaning_of(text, context).question)
    except NotUnderstoodError as error:
        return error.suggestions[0] if error.suggestions else ""
