"""An answer as data: every surface shows it, and none computes it.

The JSON form follows `core/answer.schema.json`; a key, once published, never changes its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from core.errors import shorten as shorten  # noqa: PLC0414 - of the package's face, too
from core.records import NamedTuple

Unit = Literal[
    "usd",
    "credits",
    "actions",
    "interactions",
    "seats",
    "packs",
    "percent",
    "tokens",
    "days",
    "count",
    "day",
    "instant",
    "text",
    "eur",
    "gbp",
    "chf",
    "jpy",
    "cad",
    "aud",
    "sek",
    "nok",
    "dkk",
    "pln",
    "czk",
    "inr",
    "brl",
    "sgd",
]
Value = Decimal | date | datetime | str | None
NoteKind = Literal["assumption", "warning", "disputed claim"]
ChartKind = Literal["line", "bar", "area", "pie"]

ANSWER_VERSION = 1
HEADLINE_LIMIT = 150
QUOTIENT_PLACES = 12
CHART_POINTS = 20  # Slack's maximum, and about as many as a person can compare at a glance


class Figure(NamedTuple):
    """One exact value; percent is out of 100, a day is a date, an instant is UTC."""

    key: str
    label: str
    value: Value
    unit: Unit


class Column(NamedTuple):
    """A table's column; an `is_detail` column may be left out if space is short, but never in JSON."""

    key: str
    label: str
    unit: Unit
    is_detail: bool = False


class Table(NamedTuple):
    """Rows in display order; the first cell of a row is its key."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


class Series(NamedTuple):
    """One line or set of bars: a value for each position on the x axis."""

    label: str
    values: tuple[Decimal, ...]


class Chart(NamedTuple):
    """A chart of figures that the answer also has as text."""

    key: str
    title: str
    kind: ChartKind
    x: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Unit


class Note(NamedTuple):
    """Something the reader must know to trust the figures: an assumption, a warning, a claim that does not hold.

    brief: the note's words in the short form of an answer, if they change what to do; empty: not shown there.
    If brief is not set, a warning is shown unchanged, and other notes are not shown.
    """

    kind: NoteKind
    text: str
    brief: str | None = None

    @property
    def at_first(self) -> str:
        """The note's words in the short form of the answer; empty if it is only for readers who ask how."""
        if self.brief is not None:
            return self.brief
        return self.text if self.kind == "warning" else ""


class Source(NamedTuple):
    """Where a price or fact comes from, and the day it was read there."""

    title: str
    read_on: date | None


class Fact(NamedTuple):
    """A line of an answer's short form: a few words and their value, ready to read."""

    label: str
    text: str


class Emphasis(NamedTuple):
    """The parts of an answer in its short form; everything else is for readers who ask how.

    read_as: how free text was read, shown before anything else. facts: at most six; None: the first figures.
    table: the key of the one table, empty for none; None: the first.
    columns: the columns to show, in this order, the last dropped first; empty: all but details.
    is_newest_last: whether to show the last rows if not all fit. chart: the key of the one chart; None: the first.
    """

    facts: tuple[Fact, ...] | None = None
    table: str | None = None
    columns: tuple[str, ...] = ()
    is_newest_last: bool = False
    chart: str | None = None
    read_as: tuple[str, ...] = ()


FIRST_OF_EACH = Emphasis()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: one sentence, the exact figures behind it, and how they were calculated.

    emphasis: the parts in the short form.
    """

    question: str
    title: str
    headline: str
    as_of: date
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    arithmetic: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    sources: tuple[Source, ...] = field(default=())
    emphasis: Emphasis = FIRST_OF_EACH

    def __post_init__(self) -> None:
        """Limit the headline to the length of a header in Slack."""
        object.__setattr__(self, "headline", shorten(self.headline, HEADLINE_LIMIT))

    def figure(self, key: str) -> Figure:
        """Return the figure of that key. Raises: KeyError, if the answer has none."""
        for figure in self.figures:
            if figure.key == key:
                return figure
        raise KeyError(key)

    def table(self, key: str) -> Table:
        """Return the table of that key. Raises: KeyError, if the answer has none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)

    def to_json(self) -> dict[str, object]:
        """Return the answer in the published JSON shape; exact decimals are strings."""
        return {
            "version": ANSWER_VERSION,
            "question": self.question,
            "title": self.title,
            "headline": self.headline,
            "as_of": self.as_of.isoformat(),
            "figures": [{"key": f.key, "label": f.label, "value": plain(f.value), "unit": f.unit} for f in self.figures],
            "tables": [_table_json(table) for table in self.tables],
            "charts": [_chart_json(chart) for chart in self.charts],
            "arithmetic": list(self.arithmetic),
            "notes": [{"kind": note.kind, "text": note.text, "brief": note.at_first} for note in self.notes],
            "sources": [{"title": source.title, "read_on": plain(source.read_on)} for source in self.sources],
            "emphasis": _emphasis_json(self.emphasis),
        }


def _emphasis_json(emphasis: Emphasis) -> dict[str, object]:
    facts = None if emphasis.facts is None else [fact._asdict() for fact in emphasis.facts]
    return {**emphasis._asdict(), "facts": facts, "columns": list(emphasis.columns), "read_as": list(emphasis.read_as)}


def _table_json(table: Table) -> dict[str, object]:
    return {
        "key": table.key,
        "title": table.title,
        "columns": [{"key": c.key, "label": c.label, "unit": c.unit, "detail": c.is_detail} for c in table.columns],
        "rows": [[plain(value) for value in row] for row in table.rows],
    }


def _chart_json(chart: Chart) -> dict[str, object]:
    return {
        "key": chart.key,
        "title": chart.title,
        "kind": chart.kind,
        "unit": chart.unit,
        "x": list(chart.x),
        "series": [{"label": s.label, "values": [plain(value) for value in s.values]} for s in chart.series],
    }


def plain(value: Value) -> str | None:
    """Return a value as in JSON: decimals without exponent or trailing zeros, quotients to 12 decimals."""
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def plain_number(value: Decimal) -> str:
    """Return the number in full, without exponent or trailing zeros, to at most 12 decimals."""
    text = f"{value if -value.as_tuple().exponent <= QUOTIENT_PLACES else round(value, QUOTIENT_PLACES):f}"  # type: ignore[operator]  # finite
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def headline_of(*texts: str) -> str:
    """Return the first of these texts that fits a headline, the last if none does, so that no number is ever cut off."""
    return next((text for text in texts if len(text) <= HEADLINE_LIMIT), texts[-1])
