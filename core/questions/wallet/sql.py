"""`sql`: the query behind an answer, ready to run by hand."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Note, Table, figure
from core.errors import InputError
from core.wallet.usage import slices
from core.warehouse import statement, statement_names

if TYPE_CHECKING:
    from core.context import Context
    from core.language import Question
    from core.warehouse import Slot, Statement

COLUMNS = (Column("name", "Name", "text"), Column("type", "Type", "text"), Column("meaning", "Meaning", "text"))
ANY_DAY = {"before_first_day": date(2000, 1, 1), "first_day": date(2000, 1, 1), "day_after_last": date(2100, 1, 1)}


def sql(question: Question, context: Context) -> Answer:
    """Return a query with its columns; its text is shown with values that select everything."""
    found = _query(question.query or "")
    lines = runnable(found, context.config.wallet.default_card.replace(" ", ""))
    return Answer(
        question=context.canonical_question(question),
        title=f"Query {found.name}",
        headline=found.purpose[0].upper() + found.purpose[1:],
        as_of=context.as_of,
        figures=(figure("query", found.name),),
        tables=tuple(table for table in (_table("columns", found.columns), _table("parameters", found.parameters)) if table.rows),
        arithmetic=tuple(lines),
        notes=(Note("assumption", "Run it on a copy of the warehouse file, or while the service does not hold it."),),
        sources=slices.query_source(found.name),
    )


def _query(name: str) -> Statement:
    known = statement_names("queries")
    if name not in known:
        near = get_close_matches(name, known, n=3, cutoff=0.4)
        raise InputError(f'There is no query "{name}". {"Did you mean" if near else "There are"}: {" · ".join(near or known)}?')
    return statement(name)


def _table(key: str, slots: tuple[Slot, ...]) -> Table:
    rows = tuple((slot.name, slot.sql_type, slot.meaning) for slot in slots)
    return Table(key, key.capitalize(), COLUMNS, rows)


def runnable(found: Statement, card: str) -> list[str]:
    """Return the statement's lines for a DuckDB shell: prepared, then run with values for all its parameters."""
    body = found.text.rstrip().rstrip(";").splitlines()
    if not found.parameters:
        return [*body, ";"]
    head = next(place for place, line in enumerate(body) if line and not line.startswith("--"))
    values = ", ".join(f"{slot.name} := {_value(slot, card)}" for slot in found.parameters)
    return [*body[:head], f"PREPARE {found.name} AS", *body[head:], ";", f"EXECUTE {found.name}({values});"]


def _value(slot: Slot, card: str) -> str:
    if slot.name in ANY_DAY:
        return f"DATE '{ANY_DAY[slot.name]}'"
    given = {"card": card, "by": "agent"}.get(slot.name)
    return "NULL" if given is None else "'" + given.replace("'", "''") + "'"
