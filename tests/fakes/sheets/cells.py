"""Cells: what people type, what Google makes of it, and how it is shown."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from sheets_addin.workbook.model import relative
from tests.fakes.sheets.book import RefusedError
from tests.fakes.sheets.shift import column_number

Json = dict[str, Any]
Place = tuple[int, int]
CHARACTER_LIMIT = 50_000
NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<money>\$?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?P<rest>\.\d*)?(?P<percent>%?)")
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DAY_ZERO = date(1899, 12, 30)
RANGE = re.compile(r"(?P<c1>[A-Za-z]{0,3})(?P<r1>\d*)(?::(?P<c2>[A-Za-z]{0,3})(?P<r2>\d*))?")
ERRORS = {"#REF!": "REF", "#DIV/0!": "DIVIDE_BY_ZERO", "#VALUE!": "VALUE", "#N/A": "N_A", "#NAME?": "NAME", "#NUM!": "NUM"}


def entered(text: Any, *, is_raw: bool) -> Json:  # noqa: ANN401 - JSON
    """Return the cell that a value makes, put in as it is (RAW) or as if a person typed it (USER_ENTERED)."""
    if text == "" or text is None:
        return {}
    if isinstance(text, bool):
        return {"userEnteredValue": {"boolValue": text}}
    if isinstance(text, (int, float)):
        return {"userEnteredValue": {"numberValue": text}}
    if not isinstance(text, str):
        raise RefusedError(f"Invalid values[0][0]: {text!r}")
    return {"userEnteredValue": {"stringValue": text}} if is_raw else _typed(text)


def _typed(text: str) -> Json:
    if text.startswith("="):
        return {"userEnteredValue": {"formulaValue": text}}
    if text.startswith("'"):
        return {"userEnteredValue": {"stringValue": text[1:]}}
    if text.upper() in {"TRUE", "FALSE"}:
        return {"userEnteredValue": {"boolValue": text.upper() == "TRUE"}}
    if day := DAY.fullmatch(text):
        serial = (date(*(int(part) for part in day.groups())) - DAY_ZERO).days
        return {"userEnteredValue": {"numberValue": serial}, "userEnteredFormat": {"numberFormat": {"type": "DATE"}}}
    if number := NUMBER.fullmatch(text.strip()):
        return _number(number)
    return {"userEnteredValue": {"stringValue": text}}


def _number(match: re.Match[str]) -> Json:
    value = float(f"{match['sign']}{match['digits'].replace(',', '') or 0}{match['rest'] or ''}")
    if match["percent"]:
        form = {"type": "PERCENT", "pattern": "0.00%" if match["rest"] else "0%"}
        return {"userEnteredValue": {"numberValue": round(value / 100, 12)}, "userEnteredFormat": {"numberFormat": form}}
    cell: Json = {"userEnteredValue": {"numberValue": int(value) if value.is_integer() else value}}
    if match["money"]:
        cell["userEnteredFormat"] = {"numberFormat": {"type": "CURRENCY", "pattern": '"$"#,##0.00'}}
    return cell


def check_cell(cell: Json) -> None:
    """Raise RefusedError for a cell that Google does not take."""
    value = cell.get("userEnteredValue", {})
    if len(value) > 1:
        raise RefusedError("Invalid data: a value is of one kind only")
    if len(str(value.get("stringValue", ""))) > CHARACTER_LIMIT:
        raise RefusedError(f"Your input contains more than the maximum of {CHARACTER_LIMIT} characters in a single cell.")
    formula = value.get("formulaValue")
    if formula is not None and not formula.startswith("="):
        raise RefusedError("Invalid formula: a formula begins with =")


def plain(extended: Json) -> Any:  # noqa: ANN401 - JSON
    """Return the value inside Google's ExtendedValue: a number, text or boolean, a formula with its =, an error's text."""
    if "errorValue" in extended:
        return next((text for text, kind in ERRORS.items() if kind == extended["errorValue"]["type"]), "#ERROR!")
    return next(iter(extended.values()), None)


def extended(value: Any) -> Json:  # noqa: ANN401 - computed
    """Return a computed value in Google's shape."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": value}
    if value in ERRORS:
        return {"errorValue": {"type": ERRORS[value], "message": value}}
    return {"stringValue": str(value)} if value not in {None, ""} else {"stringValue": ""}


def shown(value: Any, form: Json) -> str:  # noqa: ANN401 - computed
    """Return a value as its cell shows it."""
    if isinstance(value, bool):
        return str(value).upper()
    if not isinstance(value, (int, float)):
        return "" if value is None else str(value)
    kind, pattern = form.get("type"), form.get("pattern", "")
    if kind == "DATE":
        return (DAY_ZERO + timedelta(days=int(value))).isoformat()
    if not pattern or pattern == "General":
        return str(int(value)) if float(value).is_integer() else repr(round(value, 10))
    return _patterned(float(value), pattern)


def _patterned(value: float, pattern: str) -> str:
    digits = re.search(r"[#0][#0,]*(?:\.(?P<places>[0#]+))?", pattern)
    if digits is None:
        return pattern.replace('"', "")
    places = digits["places"] or ""
    scaled = value * 100 if "%" in pattern else value
    number = f"{scaled:{',' if ',' in digits[0] else ''}.{len(places)}f}"
    for _ in range(places.count("#")):
        number = number.removesuffix("0") if "." in number else number
    return (pattern[: digits.start()] + number.removesuffix(".") + pattern[digits.end() :]).replace('"', "")


def parsed_range(text: str) -> tuple[str | None, dict[str, int]]:
    """Return the title and the bounds (as in GridRange) of a range in A1 notation. Raises: RefusedError."""
    title, _, cells = text.rpartition("!")
    if title.startswith("'") and title.endswith("'") and len(title) > 1:
        title = title[1:-1].replace("''", "'")
    match = RANGE.fullmatch(cells)
    if match is None or not cells:
        raise RefusedError(f"Unable to parse range: {text}")
    return title or None, _bounds(match)


def _bounds(match: re.Match[str]) -> dict[str, int]:
    single = match["c2"] is None
    found: dict[str, int] = {}
    for letters, digits, side in (("c1", "r1", 0), ("c1" if single else "c2", "r1" if single else "r2", 1)):
        if match[letters]:
            found[("startColumnIndex", "endColumnIndex")[side]] = column_number(match[letters]) + side
        if match[digits]:
            found[("startRowIndex", "endRowIndex")[side]] = int(match[digits]) - 1 + side
    for first, end in (("startRowIndex", "endRowIndex"), ("startColumnIndex", "endColumnIndex")):
        if first in found and end in found and found[first] >= found[end]:
            found[first], found[end] = found[end] - 1, found[first] + 1
    return found


def a1(title: str, first: Place, last: Place) -> str:
    """Return a range as Google writes it in its answers."""
    quoted = title if re.fullmatch(r"[A-Za-z_]\w*", title) else "'" + title.replace("'", "''") + "'"
    return f"{quoted}!{relative(*first)}" + (f":{relative(*last)}" if first != last else "")
