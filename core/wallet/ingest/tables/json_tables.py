"""The rows in a JSON document from any API: lists of objects, pages of them, arrays with their columns beside.

Source: answers of Data 360's query v2 and v3, the Connect API's query-sql, the Reports API, Salesforce's GraphQL API, and of the
warehouses that Data 360 shares its tables with (BigQuery, Databricks, Snowflake, Athena).
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from core.wallet.ingest.profiles import hand_down

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Row = dict[str, Any]
MAX_DEPTH = 60
WRAPPERS = ("v", "VarCharValue", "node", "value")  # of BigQuery, Athena, GraphQL
BESIDE_A_VALUE = frozenset({"value", "displayValue", "label", "cursor", "node"})
LISTS_OF_CELLS = ("f", "Data")
NOT_LAST = ("done", "allData", "isLast", "jobComplete")
MORE = (
    *("nextRecordsUrl", "nextBatchId", "nextPageUrl", "nextPageToken", "nextPage", "nextToken", "NextToken", "nextCursor"),
    *("next_page_token", "next_cursor", "@odata.nextLink", "hasNextPage", "hasMore", "has_more", "pageToken"),
)
COUNTS = ("totalSize", "totalCount", "total_count", "totalRows", "total_rows", "numRows", "rowCount", "totalRecords")


def find_tables(document: object) -> list[tuple[str, bool, list[Row]]]:
    """Return every list of rows of a document: its key, whether it is nested in a row of another, its rows.

    If an object around a list states the time, the agent or another fact, rows that do not state it inherit it.
    """
    return list(_tables("", _unwrap(document, 0), {}, is_inner=False, depth=0))


def signs_of_more(document: object, row_count: int) -> dict[str, Any]:
    """Return what a document says about rows that it does not contain: that more follow, or that there are more than `row_count`.

    Source: Salesforce's REST query, Data 360 query v2, Reports API, GraphQL; OData.
    """
    found: dict[str, Any] = {}
    if isinstance(document, list) and document:
        return signs_of_more(document[-1], row_count)  # the last page says whether more follow
    if not isinstance(document, dict):
        return found
    found |= {key: document[key] for key in NOT_LAST if document.get(key) is False}
    found |= {key: document[key] for key in MORE if document.get(key) and str(document[key]).lower() != "false"}
    found |= {key: count for key in COUNTS if (count := str(document.get(key))).isdigit() and int(count) > row_count}
    for inner in document.values():
        if not (isinstance(inner, list) and inner and isinstance(inner[-1], dict) and "records" not in inner[-1]):
            found |= signs_of_more(inner, row_count)
    return found


def _unwrap(value: object, depth: int, *, is_entry: bool = False) -> object:
    """Return a document without cells and rows that are only objects around one value."""
    if depth > MAX_DEPTH or (isinstance(value, dict) and "factMap" in value):
        return value
    if isinstance(value, list):
        return [_unwrap(entry, depth + 1, is_entry=True) for entry in value]
    if not isinstance(value, dict):
        return value
    for key in LISTS_OF_CELLS:
        if list(value) == [key] and isinstance(value[key], list):
            return _unwrap(value[key], depth + 1)
    for key in WRAPPERS:
        if key in value and value.keys() <= {key, *BESIDE_A_VALUE} and (key == "node" or _is_plain(value[key])):
            if is_entry and key == "value":  # a tag, not a cell
                break
            return _unwrap(value[key], depth + 1)
    return {key: _unwrap(inner, depth + 1) for key, inner in value.items()}


def _tables(name: str, value: object, above: Row, *, is_inner: bool, depth: int) -> Iterator[tuple[str, bool, list[Row]]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        rows = _rows_beside_columns(value) or _report_rows(value) or _columnar(value) or _by_key(value)
        if rows:
            yield name, is_inner, _with(above, rows)
            return
        above = {**above, **hand_down({key: cell for key, cell in value.items() if _is_plain(cell)})}
        for key, inner in value.items():
            yield from _tables(str(key), inner, above, is_inner=is_inner, depth=depth + 1)
    elif isinstance(value, list) and value:
        yield from _tables_in_list(name, value, above, is_inner=is_inner, depth=depth)


def _with(above: Row, rows: list[Row]) -> list[Row]:
    """Return rows completed with the facts above them, unless they state them themselves."""
    if not above:
        return rows
    lacking = hand_down(above, keys_of(rows))
    return [{**lacking, **row} for row in rows] if lacking else rows


def _tables_in_list(
    name: str, value: list[Any], above: Row, *, is_inner: bool, depth: int
) -> Iterator[tuple[str, bool, list[Row]]]:
    is_pages = False
    if all(isinstance(entry, dict) for entry in value):
        is_pages = not any(_is_plain(inner) for entry in value for inner in entry.values())
        if not any(_rows_beside_columns(entry) for entry in value):
            yield name, is_inner, _with(above, value)
    elif _is_list_of_lists(value) and all(isinstance(cell, str) for cell in value[0]) and len(value) > 1:
        yield name, is_inner, _with(above, [dict(zip(value[0], row, strict=False)) for row in value[1:]])
        return
    for entry in value:
        yield from _tables(name, entry, above, is_inner=is_inner or (len(value) > 1 and not is_pages), depth=depth + 1)


def _is_plain(value: object) -> bool:
    return not isinstance(value, dict | list)


def _is_list_of_lists(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, list) for row in value)


def _rows_beside_columns(value: Mapping[str, Any]) -> list[Row] | None:
    """Return rows that are arrays, with the column names found beside them."""
    inside = [(key, deeper) for key, inner in value.items() if isinstance(inner, dict) for deeper in inner.values()]
    for key, inner in [*value.items(), *inside]:
        rows = inner
        if isinstance(inner, list) and inner and all(isinstance(r, dict) and isinstance(r.get("row"), list) for r in inner):
            rows = [entry["row"] for entry in inner]  # Connect: dataRows[].row
        if not _is_list_of_lists(rows):
            continue
        names = next((n for other, beside in value.items() if other != key for n in _column_names(beside, len(rows[0]))), None)
        if names:
            return [dict(zip(names, row, strict=False)) for row in rows if row != names]
    return None


def _column_names(beside: object, width: int) -> Iterator[list[str]]:
    """Yield lists with as many names as a row has columns, wherever they are beside the rows."""
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
        for key in ("name", "Name", "columnName", "fieldName", "label"):
            if all(isinstance(entry, dict) and isinstance(entry.get(key), str) for entry in beside):
                yield [entry[key] for entry in beside]


def _report_rows(value: Mapping[str, Any]) -> list[Row] | None:
    """Return the detail rows of a report's answer, including the groups' names."""
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
    """Return rows of an object whose values are columns of equal length."""
    lists = {key: _column(inner) for key, inner in value.items() if isinstance(inner, list) or _is_numbered(inner)}
    if len(lists) < 3 or len({len(inner) for inner in lists.values()}) != 1:  # noqa: PLR2004 -- fewer is no table
        return None
    if any(isinstance(cell, list | dict) for inner in lists.values() for cell in inner):
        return None
    return [dict(zip(lists, cells, strict=True)) for cells in zip(*lists.values(), strict=True)] or None


def _is_numbered(value: object) -> bool:
    """Whether an object has plain values keyed by row number."""
    return isinstance(value, dict) and bool(value) and all(str(key).isdigit() and _is_plain(cell) for key, cell in value.items())


def _column(value: list[Any] | dict[str, Any]) -> list[Any]:
    return value if isinstance(value, list) else [cell for _, cell in sorted(value.items(), key=lambda entry: int(entry[0]))]


def _by_key(value: Mapping[str, Any]) -> list[Row] | None:
    """Return rows of an object that has each under its key, all alike."""
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
