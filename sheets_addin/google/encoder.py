"""Formats, rules and charts of the workbook in the form that Google Sheets expects."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sheets_addin.workbook import Area, Formula, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sheets_addin.workbook import ChartLine, ChartSpec, Content, Entered, Format, Highlight, Validation

    Json = dict[str, Any]
    Shaped = Callable[[str], str]

DAY_ZERO = date(1899, 12, 30)
MIDNIGHT_ZERO = datetime.combine(DAY_ZERO, time())
INDENT_PIXELS, CELL_PADDING = 7, 3
OURS = 'N("agentcost")=0'


def encode_entered(content: Content) -> Entered:
    """Return the content to write to a cell: numbers as Google's, days as serial numbers, text never read as a formula."""
    if isinstance(content, Decimal):
        return float(content)
    if isinstance(content, datetime):
        return (content.replace(tzinfo=None) - MIDNIGHT_ZERO) / timedelta(days=1)
    if isinstance(content, date):
        return float((content - DAY_ZERO).days)
    return plain_text(content) or None if isinstance(content, str) else content


def cell_value(value: Entered) -> Json:
    """Return the value of a cell as RAW data; an empty one clears the cell."""
    if isinstance(value, Formula):
        return {"userEnteredValue": {"formulaValue": f"={value.text}"}}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, float):
        return {"userEnteredValue": {"numberValue": value}}
    return {"userEnteredValue": {"stringValue": value}} if value is not None else {}


def cell_format(style: Format) -> Json:
    """Return a cell's format."""
    found: Json = {
        "textFormat": {
            "bold": style.bold,
            "italic": style.italic,
            "fontSize": style.size,
            "foregroundColorStyle": color_style(style.color),
        },
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP" if style.wrap else "OVERFLOW_CELL",
    }
    if style.number != "General":
        found["numberFormat"] = {"type": number_type(style.number), "pattern": style.number}
    if style.fill:
        found["backgroundColorStyle"] = color_style(style.fill)
    if style.align:
        found["horizontalAlignment"] = style.align.upper()
    if style.indent:
        side = "right" if style.align == "right" else "left"
        padding = dict.fromkeys(("top", "bottom", "left", "right"), CELL_PADDING)
        found["padding"] = padding | {side: CELL_PADDING + INDENT_PIXELS * style.indent, "top": 2, "bottom": 2}
    return found | _borders(style)


def _borders(style: Format) -> Json:
    sides = dict.fromkeys(("top", "bottom", "left", "right"), style.box) if style.box else {}
    sides |= {side: color for side, color in (("top", style.top), ("bottom", style.bottom)) if color}
    return (
        {"borders": {side: {"style": "SOLID", "colorStyle": color_style(color)} for side, color in sides.items() if color}}
        if sides
        else {}
    )


def number_type(code: str) -> str:
    """Return Google's kind of number format for a code."""
    if "yy" in code:
        return "DATE_TIME" if "hh" in code else "DATE"
    return "PERCENT" if "%" in code else "CURRENCY" if "$" in code else "NUMBER"


def color_style(color: str) -> Json:
    """Return #RRGGBB as Google's colours are, each part from 0 to 1."""
    parts = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return {"rgbColor": dict(zip(("red", "green", "blue"), parts, strict=True))}


def cell_rule(validation: Validation, cell: str) -> Json:
    """Return the validation rule of a cell, which formulas refer to as `cell`."""
    if validation.choices:
        condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": choice} for choice in validation.choices]}
    else:
        formula = (validation.formula or "TRUE").replace("{cell}", cell)
        condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": f"={formula}"}]}
    return {"condition": condition, "inputMessage": validation.message, "strict": True, "showCustomUi": True}


def highlight_rule(highlight: Highlight, area: Json, shaped: Shaped) -> Json:
    """Return a conditional format; a term that is always true marks it as ours."""
    style = highlight.format
    look: Json = {"textFormat": {"foregroundColorStyle": color_style(style.color)}}
    if style.bold:
        look["textFormat"]["bold"] = True
    if style.fill:
        look["backgroundColorStyle"] = color_style(style.fill)
    formula = f"=AND({OURS},{shaped(highlight.formula)})"
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    return {"ranges": [area], "booleanRule": {"condition": condition, "format": look}}


def is_our_rule(rule: Mapping[str, Any]) -> bool:
    """Whether a conditional format is one that we added."""
    values = rule.get("booleanRule", {}).get("condition", {}).get("values", [])
    return any(OURS in value.get("userEnteredValue", "") for value in values)


def chart_spec(picture: ChartSpec, area: Callable[[Area], Json]) -> Json:
    """Return a chart's specification. area: returns the grid range of an area.

    Google's charts have only one x axis of cells, so lines over other cells (the crossing points) are left out.
    """
    is_bars = picture.kind == "bars"
    lines = [line for line in picture.lines if line.x == picture.lines[0].x]
    titles = (picture.y_title, picture.x_title) if is_bars else (picture.x_title, picture.y_title)
    axes = [{"position": at, "title": title or ""} for at, title in zip(("BOTTOM_AXIS", "LEFT_AXIS"), titles, strict=True)]
    basic: Json = {
        "chartType": "BAR" if is_bars else "LINE",
        "legendPosition": "NO_LEGEND" if is_bars and len(lines) == 1 else "BOTTOM_LEGEND",
        "headerCount": 1,
        "axis": axes,
        "domains": [{"domain": _source(area(_with_header_row(lines[0].x)))}],
        "series": [_series(line, area, is_bars=is_bars) for line in lines],
    }
    return {"title": picture.title, "altText": picture.title, "basicChart": basic}


def _series(line: ChartLine, area: Callable[[Area], Json], *, is_bars: bool) -> Json:
    found: Json = {
        "series": _source(area(_with_header_row(line.y))),
        "targetAxis": "BOTTOM_AXIS" if is_bars else "LEFT_AXIS",
        "colorStyle": color_style(line.color),
    }
    if not is_bars:
        found["lineStyle"] = {"width": 2, "type": "MEDIUM_DASHED" if line.style == "dashed" else "SOLID"}
    return found


def _source(area: Json) -> Json:
    return {"sourceRange": {"sources": [area]}}


def _with_header_row(area: Area) -> Area:
    """Return the area with the header row above it."""
    return Area(area.worksheet, (area.first[0] - 1, area.first[1]), area.last)
