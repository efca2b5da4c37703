"""An answer at a glance: the short form, ready to lay out, and how much remains for readers who ask how.

Money and credits are rounded here, but never so far that two different values look alike next to each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.answer.formatting import LEFT_ALIGNED, cell, day, group_digits, short_amount, short_cells
from core.answer.model import Fact
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.answer.model import Answer, Chart, Column, Figure, Table

MAX_FACTS, MAX_FACTS_BESIDE_TABLE, MAX_ROWS, MAX_WARNINGS = 6, 3, 10, 3


class GlanceTable(NamedTuple):
    """The one table: its rows as texts, and its columns in order.

    weights: per column; the higher, the longer a column stays if space is short; the first column, which names the rows,
    weighs most. earlier, later: how many rows come before and after those shown.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    weights: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    earlier: int = 0
    later: int = 0

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.earlier + self.later

    def cut_to(self, count: int) -> GlanceTable:
        """Return the table with at most a number of rows: the last ones if those matter most."""
        cut = max(len(self.rows) - count, 0)
        if self.earlier:
            return self._replace(rows=self.rows[cut:], earlier=self.earlier + cut)
        return self._replace(rows=self.rows[: len(self.rows) - cut], later=self.later + cut)

    def narrow_to(self, count: int) -> GlanceTable:
        """Return the table with at most a number of columns: those with the highest weight, in order."""
        return self._columns_at(sorted(sorted(range(len(self.columns)), key=lambda place: -self.weights[place])[:count]))

    def numbers_first(self) -> GlanceTable:
        """Return the table with its numbers directly after the column that names the rows, other texts last."""
        others = sorted(range(1, len(self.columns)), key=lambda place: self.columns[place].unit == "text")
        return self._columns_at([0, *others])

    def _columns_at(self, places: Sequence[int]) -> GlanceTable:
        return self._replace(
            columns=tuple(self.columns[place] for place in places),
            weights=tuple(self.weights[place] for place in places),
            rows=tuple(tuple(row[place] for place in places) for row in self.rows),
        )


class Glance(NamedTuple):
    """The short form of an answer.

    read_as: how free text was read, shown before the sentence. warnings: those that change the decision.
    provenance, rest: one short line each, rest empty if nothing remains.
    """

    read_as: tuple[str, ...]
    sentence: str
    facts: tuple[Fact, ...]
    table: GlanceTable | None
    warnings: tuple[str, ...]
    chart: Chart | None
    provenance: str
    rest: str


def glance(answer: Answer) -> Glance:
    """Return the short form of an answer: as its emphasis says, otherwise its first figures, table and chart."""
    warnings = tuple(dict.fromkeys(note.at_first for note in answer.notes if note.at_first))[:MAX_WARNINGS]
    return Glance(
        answer.emphasis.read_as,
        answer.headline,
        _facts(answer),
        _table(answer),
        warnings,
        _chart(answer),
        _provenance(answer),
        _rest(answer, (*warnings, *answer.emphasis.read_as)),
    )


def _facts(answer: Answer) -> tuple[Fact, ...]:
    if answer.emphasis.facts is not None:
        return answer.emphasis.facts[:MAX_FACTS]
    known = [figure for figure in answer.figures if figure.value is not None]
    return figure_facts(known[: MAX_FACTS if main_table(answer) is None else MAX_FACTS_BESIDE_TABLE])


def figure_facts(figures: Sequence[Figure]) -> tuple[Fact, ...]:
    """Return figures as facts, without the unit if the label names it, and precise enough to distinguish different amounts."""
    by_unit = {unit: [one.value for one in figures if one.unit == unit] for unit in {one.unit for one in figures}}
    texts = {unit: dict(zip(values, short_cells(values, unit), strict=True)) for unit, values in by_unit.items()}
    facts = []
    for one in figures:
        bare, whole = texts[one.unit][one.value], short_amount(one.value, one.unit)
        noun = whole.rpartition(" ")[2] if " " in whole and one.unit not in LEFT_ALIGNED else ""
        is_named = not noun or noun.rstrip("s") in one.label.casefold()
        facts.append(Fact(one.label, bare if is_named else f"{bare} {noun}"))
    return tuple(facts)


def main_table(answer: Answer) -> Table | None:
    """Return the one table that matters most: as the answer says, otherwise its first; None if no table has a row."""
    tables = [table for table in answer.tables if table.rows]
    return next((table for table in tables if table.key == answer.emphasis.table), tables[0] if tables else None)


def facts_of(figures: Sequence[Figure], *keys: str) -> tuple[Fact, ...]:
    """Return those of the keys' figures that have a value, as facts in this order."""
    by_key = {one.key: one for one in figures if one.value is not None}
    return figure_facts([by_key[key] for key in keys if key in by_key])


def _table(answer: Answer) -> GlanceTable | None:
    emphasis, table = answer.emphasis, main_table(answer)
    if table is None or emphasis.table not in {None, table.key}:
        return None
    places = _places(table, emphasis.columns)
    weights = _weights(table, places, emphasis.columns)
    whole = _short_table(table, places, weights)
    if not emphasis.is_newest_last:
        return whole.cut_to(MAX_ROWS)
    cut = max(len(whole.rows) - MAX_ROWS, 0)
    return whole._replace(rows=whole.rows[cut:], earlier=cut)


def whole_table(table: Table) -> GlanceTable:
    """Return a table for readers who ask how: every row, every column but details, every value to the cent."""
    places = _places(table, ())
    rows = tuple(tuple(cell(row[place], table.columns[place].unit) for place in places) for row in table.rows)
    return GlanceTable(table.key, table.title, tuple(table.columns[place] for place in places), _weights(table, places, ()), rows)


def _short_table(table: Table, places: Sequence[int], weights: tuple[int, ...]) -> GlanceTable:
    texts = [short_cells([row[place] for row in table.rows], table.columns[place].unit) for place in places]
    columns = tuple(table.columns[place] for place in places)
    return GlanceTable(table.key, table.title, columns, weights, tuple(zip(*texts, strict=True)))


def _places(table: Table, chosen: tuple[str, ...]) -> list[int]:
    """Return the indexes of the columns to show: the chosen ones, otherwise all but details; never columns without a value."""
    valued = [place for place in range(len(table.columns)) if any(row[place] is not None for row in table.rows)]
    keys = {table.columns[place].key: place for place in valued}
    return [keys[key] for key in chosen if key in keys] or [place for place in valued if not table.columns[place].is_detail]


def _weights(table: Table, places: Sequence[int], chosen: tuple[str, ...]) -> tuple[int, ...]:
    order = {key: len(chosen) - at for at, key in enumerate(chosen)}
    weights = [order.get(table.columns[place].key, -at) for at, place in enumerate(places)]
    return (max(weights, default=0) + 1, *weights[1:])


def _chart(answer: Answer) -> Chart | None:
    key = answer.emphasis.chart
    drawn = [chart for chart in answer.charts if chart.x and chart.series and key in {None, chart.key}]
    return drawn[0] if drawn else None


def _provenance(answer: Answer) -> str:
    """Return the date of the prices and the number of their sources; without sources, only the day."""
    titles = {source.title for source in answer.sources if source.read_on}
    if not titles:
        return f"As of {day(answer.as_of)}"
    return f"Prices of {day(answer.as_of)} · {_counted(len(titles), 'source')}"


def _rest(answer: Answer, warnings: Sequence[str]) -> str:
    """Return what remains: the number of notes, and of published claims that differ."""
    return ", ".join(_left(answer, warnings))


def _left(answer: Answer, warnings: Sequence[str]) -> Iterator[str]:
    claims = sum(note.kind == "disputed claim" for note in answer.notes)
    notes = sum(note.kind != "disputed claim" and note.text not in warnings for note in answer.notes)
    if notes:
        yield _counted(notes, "note")
    if claims:
        yield "1 published claim differs" if claims == 1 else f"{claims} published claims differ"


def _counted(count: int, noun: str) -> str:
    return f"{group_digits(count)} {noun}" if count == 1 else f"{group_digits(count)} {noun}s"
