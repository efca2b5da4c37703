"""Decodes an answer from its JSON form, without loss."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.answer.model import Answer, Chart, Column, Emphasis, Fact, Figure, Note, Series, Source, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.answer.model import Unit, Value

READ: Mapping[str, Callable[[str], Value]] = {"text": str, "day": date.fromisoformat, "instant": datetime.fromisoformat}


def answer_from_json(told: Mapping[str, Any]) -> Answer:
    """Return the answer of a JSON form; exact decimals stay exact.

    JSON written before answers had an emphasis gives an answer without one.
    """
    return Answer(
        question=told["question"],
        title=told["title"],
        headline=told["headline"],
        as_of=date.fromisoformat(told["as_of"]),
        figures=tuple(Figure(f["key"], f["label"], _value(f["value"], f["unit"]), f["unit"]) for f in told["figures"]),
        tables=tuple(map(_table, told["tables"])),
        charts=tuple(map(_chart, told["charts"])),
        arithmetic=tuple(told["arithmetic"]),
        notes=tuple(map(_note, told["notes"])),
        sources=tuple(Source(s["title"], date.fromisoformat(s["read_on"]) if s["read_on"] else None) for s in told["sources"]),
        emphasis=_emphasis(told.get("emphasis") or {}),
    )


def _note(told: Mapping[str, Any]) -> Note:
    bare = Note(told["kind"], told["text"])
    brief = told.get("brief")
    return bare if brief in {None, bare.at_first} else bare._replace(brief=brief)


def _emphasis(told: Mapping[str, Any]) -> Emphasis:
    if not told:
        return Emphasis()
    facts = None if told["facts"] is None else tuple(Fact(**fact) for fact in told["facts"])
    return Emphasis(facts, told["table"], tuple(told["columns"]), told["is_newest_last"], told["chart"], tuple(told["read_as"]))


def _value(text: str | None, unit: Unit) -> Value:
    return None if text is None else READ.get(unit, Decimal)(text)


def _table(told: Mapping[str, Any]) -> Table:
    columns = tuple(Column(c["key"], c["label"], c["unit"], c["detail"]) for c in told["columns"])
    rows = tuple(tuple(_value(text, column.unit) for text, column in zip(row, columns, strict=True)) for row in told["rows"])
    return Table(told["key"], told["title"], columns, rows)


def _chart(told: Mapping[str, Any]) -> Chart:
    series = tuple(Series(one["label"], tuple(map(Decimal, one["values"]))) for one in told["series"])
    return Chart(told["key"], told["title"], told["kind"], tuple(told["x"]), series, told["unit"])
