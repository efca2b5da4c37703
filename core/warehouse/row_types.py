"""The text of queries.py: a type for the rows of each query, made from the contracts in the headers."""

from __future__ import annotations

from core.warehouse.statements import Slot, Statement, statement, statement_names

PYTHON_TYPES = {
    "BIGINT": "int",
    "BOOLEAN": "bool",
    "DATE": "date",
    "HUGEINT": "int",
    "INTEGER": "int",
    "TIMESTAMP": "datetime",
    "VARCHAR": "str",
}
OPENING = '''\
"""A type for the rows of each query: made from the headers in `sql/` by `python -m core.reference`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.records import NamedTuple

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
'''


def row_types() -> str:
    """Return the module: a NamedTuple for each statement that gives rows, and the statement's name by its type."""
    found = [one for one in map(statement, sorted(_names())) if one.columns]
    classes = "".join(f"\n\n{_class(one)}" for one in found)
    names = "".join(f'    {type_name(one.name)}: "{one.name}",\n' for one in found)
    return f"{OPENING}{classes}\n\nSTATEMENT_OF: dict[type, str] = {{\n{names}}}\n"


def _names() -> set[str]:
    return {name for folder in ("queries", "ingest", "outbox", "alerts", "audit") for name in statement_names(folder)}


def type_name(name: str) -> str:
    """Return what the type of a statement's rows is called: UsageByDayRow for usage_by_day."""
    return "".join(part.capitalize() for part in name.split("_")) + "Row"


def _class(one: Statement) -> str:
    head = f'class {type_name(one.name)}(NamedTuple):\n    """A row of {one.name}."""\n'
    return f"{head}\n" + "".join(f"    {slot.name}: {python_type(slot)}\n" for slot in one.columns)


def python_type(slot: Slot) -> str:
    """Return what a column holds; None too, where its meaning says NULL."""
    known = "Decimal" if slot.sql_type.startswith("DECIMAL") else PYTHON_TYPES[slot.sql_type]
    return f"{known} | None" if "NULL" in slot.meaning else known
