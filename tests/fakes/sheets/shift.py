"""Rows and columns that come, go and move, and what that does to ranges, places and formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from sheets_addin.workbook.model import column_letters

Json = dict[str, Any]
Dimension = Literal["ROWS", "COLUMNS"]
OTHER: dict[Dimension, Dimension] = {"ROWS": "COLUMNS", "COLUMNS": "ROWS"}
END_KEYS = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}
PLACE_KEYS = {"ROWS": "rowIndex", "COLUMNS": "columnIndex"}
RANGE_KEYS = {key for keys in END_KEYS.values() for key in keys}
CELL = r"\$?[A-Za-z]{1,3}\$?[1-9]\d*"
REFERENCE = re.compile(
    r'"(?:[^"]|"")*"'
    r"|(?P<sheet>(?:'(?:[^']|'')+'|(?<![\w.'])[A-Za-z_]\w*)!)?"
    rf"(?<![\w.$])(?P<first>{CELL})(?::(?P<last>{CELL}))?(?![\w(.!])"
)
PARTS = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)")


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows or columns of one sheet inserted before `start`, deleted from it, or moved from it to before `to`.

    across: the columns (or rows) whose cells alone move, as [first, end); None: all of them, and the lines with them.
    """

    kind: Literal["insert", "delete", "move"]
    sheet_id: int
    dimension: Dimension
    start: int
    count: int
    to: int = 0
    across: tuple[int, int] | None = None

    def holds(self, first: int, end: int) -> bool:
        """Return whether what lies across [first, end) moves."""
        return self.across is None or (self.across[0] <= first and end <= self.across[1])

    @property
    def end(self) -> int:
        """The first row or column after those meant."""
        return self.start + self.count

    def index(self, index: int) -> int | None:
        """Return where a row or column is then; None if it is deleted."""
        if self.kind == "insert":
            return index + self.count if index >= self.start else index
        inside = self.start <= index < self.end
        left = None if inside else index - self.count if index >= self.end else index
        if self.kind == "delete":
            return left
        return self._landing + index - self.start if left is None else left + self.count * (left >= self._landing)

    def span(self, first: int, end: int) -> tuple[int, int] | None:
        """Return where [first, end) is then; None if all of it is deleted."""
        if self.kind == "insert":
            return (first + self.count if first >= self.start else first, end + self.count if end > self.start else end)
        if self.kind == "move" and self.start <= first and end <= self.end:
            return (first - self.start + self._landing, end - self.start + self._landing)
        first, end = (min(place, self.start) if place < self.end else place - self.count for place in (first, end))
        if self.kind == "move" and first < end:
            return Shift("insert", self.sheet_id, self.dimension, self._landing, self.count).span(first, end)
        return (first, end) if first < end else None

    @property
    def _landing(self) -> int:
        return self.to - self.count if self.to > self.start else self.to


def moved(value: Any, shift: Shift) -> Any:  # noqa: ANN401 - JSON
    """Return a value with every range and place in it as it is then; ranges that are all deleted are left out."""
    if isinstance(value, list):
        return [inner for inner in (moved(inner, shift) for inner in value) if inner is not None]
    if not isinstance(value, dict):
        return value
    if value.get("sheetId", 0) == shift.sheet_id:
        if RANGE_KEYS & value.keys():
            return _range(value, shift)
        if value.get("dimension") == shift.dimension and "endIndex" in value:
            return _dimension_range(value, shift)
        if ("rowIndex" in value or "columnIndex" in value) and "columnName" not in value:
            return _place(value, shift)
    found = {key: moved(inner, shift) for key, inner in value.items()}
    return {key: inner for key, inner in found.items() if inner is not None}


def shift_filter(basic: Json, shift: Shift) -> Json:
    """Return a filter by the columns as they are then; what was filtered by a column that is gone is not filtered."""
    if shift.dimension == "ROWS":
        return basic
    specs = [one | {"columnIndex": shift.index(one.get("columnIndex", 0))} for one in basic.get("filterSpecs", [])]
    criteria = {shift.index(int(at)): said for at, said in basic.get("criteria", {}).items()}
    then = {
        "filterSpecs": [one for one in specs if one["columnIndex"] is not None],
        "criteria": {str(at): said for at, said in criteria.items() if at is not None},
    }
    return basic | {key: then[key] for key in then if key in basic}


def _range(value: Json, shift: Shift) -> Json | None:
    first_key, end_key = END_KEYS[shift.dimension]
    if first_key not in value and end_key not in value:
        return value
    unbounded = 2**40
    other_first, other_end = END_KEYS[OTHER[shift.dimension]]
    if not shift.holds(value.get(other_first, 0), value.get(other_end, unbounded)):
        return value
    span = shift.span(value.get(first_key, 0), value.get(end_key, unbounded))
    if span is None:
        return None
    kept = {key: inner for key, inner in value.items() if key not in {first_key, end_key}}
    first = {first_key: span[0]} if first_key in value else {}
    return kept | first | ({end_key: span[1]} if end_key in value else {})


def _dimension_range(value: Json, shift: Shift) -> Json | None:
    if shift.across is not None:
        return value
    span = shift.span(value.get("startIndex", 0), value["endIndex"])
    return None if span is None else value | {"startIndex": span[0], "endIndex": span[1]}


def _place(value: Json, shift: Shift) -> Json:
    key, other = PLACE_KEYS[shift.dimension], value.get(PLACE_KEYS[OTHER[shift.dimension]], 0)
    if not shift.holds(other, other + 1):
        return value
    then = shift.index(value.get(key, 0))
    return value | {key: shift.start if then is None else then}


def moved_formula(formula: str, home: str, title: str, shift: Shift) -> str:
    """Return a formula with its references as they are then. home: the formula's sheet; title: the shifted one."""

    def then(match: re.Match[str]) -> str:
        if match["first"] is None or _title(match["sheet"], home) != title:
            return match[0]
        return (match["sheet"] or "") + _reference(match["first"], match["last"], shift)

    return REFERENCE.sub(then, formula)


def _title(prefix: str | None, home: str) -> str:
    if prefix is None:
        return home
    return prefix[1:-2].replace("''", "'") if prefix.startswith("'") else prefix[:-1]


def _reference(first: str, last: str | None, shift: Shift) -> str:
    low, high = _parts(first), _parts(last or first)
    axis, other = (1, 3) if shift.dimension == "COLUMNS" else (3, 1)
    if not shift.holds(int(low[other]), int(high[other]) + 1):
        return first if last is None else f"{first}:{last}"
    if last is None:
        index = shift.index(int(low[axis]))
        return "#REF!" if index is None else _written([*low[:axis], index, *low[axis + 1 :]])
    span = shift.span(int(low[axis]), int(high[axis]) + 1)
    if span is None:
        return "#REF!"
    return ":".join(_written([*ends[:axis], index, *ends[axis + 1 :]]) for ends, index in ((low, span[0]), (high, span[1] - 1)))


def _parts(reference: str) -> list[str | int]:
    match = PARTS.fullmatch(reference)
    assert match
    return [match[1], column_number(match[2]), match[3], int(match[4]) - 1]


def _written(parts: list[str | int]) -> str:
    column_mark, column, row_mark, row = parts
    return f"{column_mark}{column_letters(int(column))}{row_mark}{int(row) + 1}"


def column_number(letters: str) -> int:
    """Return 0 for A and 26 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def renamed_in_formula(formula: str, old: str, new: str | None) -> str:
    """Return a formula that follows a sheet to its new title; None: the sheet is deleted, and references to it broken."""

    def then(match: re.Match[str]) -> str:
        if match["sheet"] is None or _title(match["sheet"], "") != old:
            return match[0]
        if new is None:
            return "#REF!"
        cells = match["first"] + (f":{match['last']}" if match["last"] else "")
        return "'" + new.replace("'", "''") + "'!" + cells

    return REFERENCE.sub(then, formula)


def redirected(formula: str, home: str, source: tuple[str, range, range], target: tuple[str, int, int]) -> str:
    """Return a formula whose references to a range that was cut follow it. target: its sheet, and how far down and right."""
    title, rows, columns = source

    def then(match: re.Match[str]) -> str:
        if match["first"] is None or _title(match["sheet"], home) != title:
            return match[0]
        ends = [match["first"], *([match["last"]] if match["last"] else [])]
        if not all(int(_parts(end)[1]) in columns and int(_parts(end)[3]) in rows for end in ends):
            return match[0]
        moved_ends = (
            _written([mark, int(column) + target[2], row_mark, int(row) + target[1]])
            for mark, column, row_mark, row in map(_parts, ends)
        )
        prefix = match["sheet"] or "" if target[0] == title else "'" + target[0].replace("'", "''") + "'!"
        return prefix + ":".join(moved_ends)

    return REFERENCE.sub(then, formula)


def relocated(formula: str, rows: int, columns: int) -> str:
    """Return a formula copied so many rows down and columns right: its relative references go along."""

    def then(match: re.Match[str]) -> str:
        if match["first"] is None:
            return match[0]
        ends = [match["first"], *([match["last"]] if match["last"] else [])]
        return (match["sheet"] or "") + ":".join(_stepped(end, rows, columns) for end in ends)

    return REFERENCE.sub(then, formula)


def _stepped(reference: str, rows: int, columns: int) -> str:
    column_mark, column, row_mark, row = _parts(reference)
    column = int(column) + (0 if column_mark else columns)
    row = int(row) + (0 if row_mark else rows)
    return "#REF!" if column < 0 or row < 0 else _written([column_mark, column, row_mark, row])
