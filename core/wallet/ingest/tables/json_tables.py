"""The rows in a JSON document, whatever API answered it: lists of objects, pages of them, arrays with their columns beside.

Source: answers of Data 360's query v2 and v3, the Connect API's query-sql, the Reports API.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Row = dict[str, Any]
MAX_DEPTH = 60


def find_tables(document: object) -> list[tuple[str, bool, list[Row]]]:
    """Return every list of rows of a document: the key it is under, whether it lies in a row of another, its rows."""
    return list(_tables("", document, is_inner=False, depth=0))


def _tables(name: str, value: object, *, is_inner: bool, depth: int) -> Iterator[tuple[str, bool, list[Row]]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        rows = _rows_beside_columns(value) or _report_rows(value) or _columnar(value) or _by_key(value)
        if rows:
            yield name, is_inner, rows
            return
        for key, inner in value.items():
            yield from _tables(str(key), inner, is_inner=is_inner, depth=depth + 1)
    elif isinstance(value, list) and value:
        yield from _tables_in_list(name, value, is_inner=is_inner, depth=depth)


def _tables_in_list(name: str, value: list[Any], *, is_inner: bool, depth: int) -> Iterator[tuple[str, bool, list[Row]]]:
    is_pages = False
    if all(isinstance(entry, dict) for entry in value):
        is_pages = not any(_is_plain(inner) for entry in value for inner in entry.values())
        if not any(_rows_beside_columns(entry) for entry in value):
            yield name, is_inner, value
    elif _is_list_of_lists(value) and all(isinstance(cell, str) for cell in value[0]) and len(value) > 1:
        yield name, is_inner, [dict(zip(value[0], row, strict=False)) for row in value[1:]]
        return
    for entry in value:
        yield from _tables(name, entry, is_inner=is_inner or (len(value) > 1 and not is_pages), depth=depth + 1)


def _is_plain(value: object) -> bool:
    return not isinstance(value, dict | list)


def _is_list_of_lists(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, list) for row in value)


def _rows_beside_columns(value: Mapping[str, Any]) -> list[Row] | None:
    """Return rows that are arrays, with the names of their columns found beside them."""
    for key, inner in value.items():
        rows = inner
        if isinstance(inner, list) and inner and all(isinstance(r, dict) and isinstance(r.get("row"), list) for r in inner):
            rows = [entry["row"] for entry in inner]  # Connect: dataRows[].row
        if not _is_list_of_lists(rows):
            continue
        names = next((n for other, beside in value.items() if other != key for n in _column_names(beside, len(rows[0]))), None)
        if names:
            return [dict(zip(names, row, strict=False)) for row in rows]
    return None


def _column_names(beside: object, width: int) -> Iterator[list[str]]:
    """Give lists of as many names as a row is wide, wherever they lie in what is beside the rows."""
    if isinstance(beside, dict):
        placed = [(str(v.get("placeInOrder")), name) for name, v in beside.items() if isinstance(v, dict)]
        if len(placed) == width and all(place.isdigit() for place, _ in placed):
            yield [name for _, name in sorted(placed, key=lambda entry: int(entry[0]))]
            return
        for inner in beside.values():
            yield from _column_names(inner, width)
    elif isinstance(beside, list) and len(beside) == width:
        if all(isinstance(entry, str) for entry in beside):
            yield beside
        for key in ("name", "columnName", "fieldName", "label"):
            if all(isinstance(entry, dict) and isinstance(entry.get(key), str) for entry in beside):
                yield [entry[key] for entry in beside]


def _report_rows(value: Mapping[str, Any]) -> list[Row] | None:
    """Return the detail rows of a report's answer, groups' names included."""
    facts = value.get("factMap")
    if not isinstance(facts, dict):
        return None
    columns = (value.get("reportMetadata") or {}).get("detailColumns") or []
    extended = (value.get("reportExtendedMetadata") or {}).get("detailColumnInfo") or {}
    labels = [str((extended.get(column) or {}).get("label") or column) for column in columns]
    groups = _groups(value)
    rows: list[Row] = []
    for key, fact in facts.items():
        for row in fact.get("rows") or () if isinstance(fact, dict) else ():
            cells = [_fact_cell(cell) for cell in row.get("dataCells") or ()]
            rows.append({**groups.get(str(key).split("!")[0], {}), **dict(zip(labels, cells, strict=False))})
    return rows or None


def _groups(value: Mapping[str, Any]) -> dict[str, Row]:
    named: dict[str, Row] = {}
    info = (value.get("reportExtendedMetadata") or {}).get("groupingColumnInfo") or {}
    headers = [str(entry.get("label") or name) for name, entry in info.items() if isinstance(entry, dict)]

    def walk(groupings: object, above: Row, depth: int) -> None:
        for group in groupings if isinstance(groupings, list) else ():
            header = headers[depth] if depth < len(headers) else f"group {depth + 1}"
            named[str(group.get("key"))] = {**above, header: group.get("label")}
            walk(group.get("groupings"), named[str(group.get("key"))], depth + 1)

    walk((value.get("groupingsDown") or {}).get("groupings"), {}, 0)
    return named


def _fact_cell(cell: Mapping[str, Any]) -> object:
    value, label = cell.get("value"), cell.get("label")
    if isinstance(value, dict):
        return value.get("amount", label)
    return label if value is None or (isinstance(label, str) and isinstance(value, str) and len(value) == 18) else value  # noqa: PLR2004


def _columnar(value: Mapping[str, Any]) -> list[Row] | None:
    """Return rows of an object whose values are columns of one length."""
    lists = {key: inner for key, inner in value.items() if isinstance(inner, list)}
    if len(lists) < 3 or len({len(inner) for inner in lists.values()}) != 1:  # noqa: PLR2004 -- fewer is no table
        return None
    if any(isinstance(cell, list | dict) for inner in lists.values() for cell in inner):
        return None
    return [dict(zip(lists, cells, strict=True)) for cells in zip(*lists.values(), strict=True)] or None


def _by_key(value: Mapping[str, Any]) -> list[Row] | None:
    """Return rows of an object that holds each under its key, all alike."""
    inner = list(value.values())
    if len(inner) < 2 or not all(isinstance(entry, dict) for entry in inner):  # noqa: PLR2004
        return None
    shapes = {tuple(entry) for entry in inner}
    is_row = len(shapes) == 1 and all(_is_plain(cell) for entry in inner for cell in entry.values()) and len(inner[0]) > 2  # noqa: PLR2004
    return inner if is_row and "placeInOrder" not in inner[0] else None


def keys_of(rows: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """Return the keys of all rows, in order of their first appearance."""
    return tuple(dict.fromkeys(chain.from_iterable(rows)))


def cell_text(value: object) -> str:
    """Return a cell as text; nested values stay JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
