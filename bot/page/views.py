"""Answers as what the templates show: texts ready to read, charts as data. Lays out, and computes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.answer import LEFT_ALIGNED, amount, day, glance, plain_number, whole_table
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Answer, Chart, Fact, GlanceTable

MAX_ROWS, LONGEST_NAME = 200, 60
BRIEF = "{title}, {count} points from {first} to {last}."


class Head(NamedTuple):
    """A column's head."""

    label: str
    is_number: bool
    is_day: bool = False

    @property
    def style(self) -> str:
        """The class of its cells."""
        return "number" if self.is_number else "day" if self.is_day else ""


class TableView(NamedTuple):
    """A table as texts. more: how many of its rows are not shown."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int

    @property
    def is_prose(self) -> bool:
        """Whether its rows are sentences: a phone shows what belongs to each below it, not beside it."""
        return any(len(row[0]) > LONGEST_NAME for row in self.rows)


class ChartView(NamedTuple):
    """A chart. data: JSON for the one who draws it. words: what is read aloud in its place; labels: of its series."""

    title: str
    data: str
    words: str
    labels: tuple[str, ...]


class How(NamedTuple):
    """Everything behind an answer: exact figures, whole tables, sums, notes and sources."""

    figures: tuple[tuple[str, str], ...]
    tables: tuple[TableView, ...]
    sums: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]


class AnswerView(NamedTuple):
    """An answer at a glance, and how it came about."""

    question: str
    title: str
    read_as: tuple[str, ...]
    sentence: str
    warnings: tuple[str, ...]
    facts: tuple[Fact, ...]
    table: TableView | None
    chart: ChartView | None
    provenance: str
    how: How

    @property
    def formula(self) -> str:
        """The question as a formula of Google Sheets."""
        return '=AGENTCOST("{}")'.format(self.question.replace('"', '""'))


def view_of(answer: Answer) -> AnswerView:
    """Return an answer as the page shows it."""
    seen = glance(answer)
    return AnswerView(
        answer.question,
        answer.title,
        seen.read_as,
        seen.sentence,
        seen.warnings,
        seen.facts,
        _table(seen.table) if seen.table else None,
        _chart(seen.chart) if seen.chart else None,
        f"{seen.provenance} · {seen.rest}" if seen.rest else seen.provenance,
        _how(answer),
    )


def chart_data(kind: str, x: Sequence[str], series: Sequence[tuple[str, Sequence[str]]], unit: str) -> str:
    """Return a chart as JSON for `page.js`; values are numbers in full."""
    drawn = [{"label": label, "values": [float(value) for value in values]} for label, values in series]
    return json.dumps({"kind": kind, "x": list(x), "series": drawn, "unit": unit}, ensure_ascii=False)


def _table(table: GlanceTable) -> TableView:
    heads = tuple(Head(column.label, column.unit not in LEFT_ALIGNED, column.unit == "day") for column in table.columns)
    return TableView(table.title, heads, table.rows[:MAX_ROWS], table.more + max(len(table.rows) - MAX_ROWS, 0))


def _chart(chart: Chart) -> ChartView:
    told = [(one.label, [plain_number(value) for value in one.values]) for one in chart.series]
    words = BRIEF.format(title=chart.title, count=len(chart.x), first=chart.x[0], last=chart.x[-1])
    return ChartView(
        chart.title, chart_data(chart.kind, chart.x, told, chart.unit), words, tuple(one.label for one in chart.series)
    )


def _how(answer: Answer) -> How:
    return How(
        tuple((one.label, amount(one.value, one.unit)) for one in answer.figures),
        tuple(_table(whole_table(table)) for table in answer.tables if table.rows),
        answer.arithmetic,
        tuple(f"{note.kind.capitalize()}: {note.text}" for note in answer.notes),
        tuple(f"{one.title} (read {day(one.read_on)})" if one.read_on else one.title for one in answer.sources),
    )
