"""Writes a workbook as .xlsx, with XlsxWriter: the same workbook gives the same bytes."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from sheets_addin.workbook.model import Formula, absolute, plain_text
from sheets_addin.workbook.results import compute_results

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlsxwriter.format import Format as XlsxFormat
    from xlsxwriter.worksheet import Worksheet as XlsxWorksheet

    from sheets_addin.workbook.model import Cell, ChartLine, ChartSpec, Format, Highlight, Validation, Workbook, Worksheet
    from sheets_addin.workbook.results import Result, Results

MADE_BY = "agentcost"
ALLOWED = ("format_columns", "format_rows", "format_cells", "autofilter", "sort")
"""What people may do on a protected worksheet."""
A4 = 9
INPUT_TITLE_LIMIT = 32
CHART_TYPES = {"bars": {"type": "bar"}, "curves": {"type": "scatter", "subtype": "straight"}, "lines": {"type": "line"}}
EARLIEST_IN_ZIP = (1980, 1, 1, 0, 0, 0)


def write_xlsx(workbook: Workbook, path: Path) -> None:
    """Write the workbook to a file, replacing an existing one."""
    path.write_bytes(xlsx_bytes(workbook))


def xlsx_bytes(workbook: Workbook) -> bytes:
    """Return the workbook as an .xlsx file whose formulas include their results; programs recompute them on opening.

    Previews, Protected View, phones and pandas calculate nothing: they show the results in the file.
    """
    return encode_xlsx(workbook, compute_results(encode_xlsx(workbook, {})))


def encode_xlsx(workbook: Workbook, results: Results) -> bytes:
    """Return the workbook as an .xlsx file; a formula without a result shows nothing until a program computes it."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        _write(book, workbook, results)
    return _repeatable(buffer.getvalue())


def _repeatable(xlsx: bytes) -> bytes:
    """Return the file without its creation time in the archive."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, EARLIEST_IN_ZIP), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _write(book: xlsxwriter.Workbook, workbook: Workbook, results: Results) -> None:
    made = datetime.combine(workbook.made_on, time())
    book.set_properties(
        {
            "title": workbook.title,
            "subject": workbook.subject,
            "author": MADE_BY,
            "company": "",
            "comments": "Blue cells are inputs. Prices are on the worksheet Prices.",
            "created": made,
        }
    )
    book.set_size(2400, 1500)
    formats = _formats(book)
    for sheet in workbook.worksheets:
        target = book.add_worksheet(sheet.title)
        _fill(target, sheet, formats, results)
        _set_up(target, sheet, workbook)
        for highlight in sheet.highlights:
            target.conditional_format(*highlight.first, *highlight.last, _highlight_options(highlight, book))
        for picture in sheet.pictures:
            target.insert_chart(*picture.place, _chart(book, picture), {"object_position": 2, "description": picture.title})
    for name, area in workbook.names.items():
        book.define_name(name, f"={area.a1}")


def _formats(book: xlsxwriter.Workbook) -> Callable[[Format], XlsxFormat]:
    made: dict[Format, XlsxFormat] = {}

    def find_format(style: Format) -> XlsxFormat:
        if style not in made:
            made[style] = book.add_format(_properties(style))
        return made[style]

    return find_format


def _properties(style: Format) -> dict[str, Any]:
    wanted = {
        "num_format": style.number,
        "bold": style.bold,
        "italic": style.italic,
        "font_size": style.size,
        "font_color": style.color,
        "bg_color": style.fill,
        "align": style.align,
        "text_wrap": style.wrap,
        "indent": style.indent,
        "locked": not style.is_input,
        "valign": "vcenter",
    }
    lines = {"top": style.top, "bottom": style.bottom} | ({"border": style.box} if style.box else {})
    for side, color in lines.items():
        wanted |= {side: 1, f"{side}_color": color} if color else {}
    return {key: value for key, value in wanted.items() if value is not None}


def _conditional(style: Format) -> dict[str, Any]:
    wanted = {"bold": style.bold or None, "font_color": style.color, "bg_color": style.fill}
    return {key: value for key, value in wanted.items() if value is not None}


def _fill(target: XlsxWorksheet, sheet: Worksheet, formats: Callable[[Format], XlsxFormat], results: Results) -> None:
    for place, cell in sheet.cells.items():
        style = replace(cell.format, is_input=True) if _is_sortable(place, sheet) else cell.format
        _write_cell(target, place, cell, formats(style), results.get((sheet.title, *place), ""))
        if cell.note:
            target.write_comment(
                *place, cell.note, {"author": MADE_BY, "x_scale": 2, "y_scale": 1.2, "font_size": 9, "color": "#FFFFFF"}
            )


def _is_sortable(place: tuple[int, int], sheet: Worksheet) -> bool:
    """Whether a cell is below the headers of a filter: Excel sorts a protected worksheet only if cells are unlocked."""
    if sheet.filtered is None:
        return False
    (first_row, first_column), (last_row, last_column) = sheet.filtered
    return first_row < place[0] <= last_row and first_column <= place[1] <= last_column


def _write_cell(target: XlsxWorksheet, place: tuple[int, int], cell: Cell, style: XlsxFormat, result: Result) -> None:
    content = cell.content
    if isinstance(content, Formula):
        target.write_formula(*place, f"={content.text}", style, result)
    elif isinstance(content, Decimal):
        target.write_number(*place, float(content), style)
    elif isinstance(content, datetime):
        target.write_datetime(*place, content.replace(tzinfo=None), style)
    elif isinstance(content, date):
        target.write_datetime(*place, datetime.combine(content, time()), style)
    elif content is None:
        target.write_blank(*place, None, style)
    else:
        target.write_string(*place, plain_text(content), style)


def _set_up(target: XlsxWorksheet, sheet: Worksheet, workbook: Workbook) -> None:
    for column, width in sheet.widths.items():
        target.set_column(column, column, width)
    for row, height in sheet.heights.items():
        target.set_row(row, height)
    for validation in sheet.block.validations:
        target.data_validation(*validation.place, *validation.place, _validation_options(validation))
    target.freeze_panes(*sheet.frozen)
    target.hide_gridlines(2)
    if sheet.filtered:
        target.autofilter(*sheet.filtered[0], *sheet.filtered[1])
    target.protect("", dict.fromkeys(ALLOWED, True))
    _print(target, sheet, workbook)


def _print(target: XlsxWorksheet, sheet: Worksheet, workbook: Workbook) -> None:
    target.set_paper(A4)
    target.set_margins(0.4, 0.4, 0.4, 0.5)
    if sheet.page_starts and sheet.print_scale:
        # Excel ignores manual breaks if it fits to a number of pages, so these pages are scaled instead.
        target.set_print_scale(int(sheet.print_scale * 100))
        target.set_h_pagebreaks(list(sheet.page_starts))
    else:
        target.fit_to_pages(sheet.pages_wide, 1 if sheet.is_one_page else 0)
    if sheet.last_printed_column is not None:
        target.print_area(0, 0, max(row for row, _ in sheet.cells), sheet.last_printed_column)
    if sheet.pages_wide > 1 and sheet.frozen[1]:
        target.repeat_columns(0, sheet.frozen[1] - 1)
    if sheet.is_landscape:
        target.set_landscape()
    if sheet.repeated:
        target.repeat_rows(*sheet.repeated)
    target.set_footer(f"&L&8{workbook.title} · {sheet.title}&R&8&P / &N")


def _validation_options(validation: Validation) -> dict[str, Any]:
    title, message = validation.title[:INPUT_TITLE_LIMIT], validation.message
    texts = {"error_title": title, "error_message": message, "input_title": title, "input_message": message}
    if validation.choices:
        return texts | {"validate": "list", "source": list(validation.choices)}
    cell = absolute(*validation.place)
    return texts | {"validate": "custom", "value": f"={(validation.formula or 'TRUE').replace('{cell}', cell)}"}


def _highlight_options(highlight: Highlight, book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "type": "formula",
        "criteria": f"={highlight.formula}",
        "format": book.add_format(_conditional(highlight.format)),
        "stop_if_true": False,
    }


def _chart(book: xlsxwriter.Workbook, picture: ChartSpec) -> Any:  # noqa: ANN401 - XlsxWriter does not type its charts
    chart = book.add_chart(CHART_TYPES[picture.kind])
    for line in picture.lines:
        chart.add_series(
            {"name": f"={line.name.a1}", "categories": f"={line.x.a1}", "values": f"={line.y.a1}", **_series_look(picture, line)}
        )
    _axes(chart, picture)
    return chart


def _series_look(picture: ChartSpec, line: ChartLine) -> dict[str, Any]:
    if picture.kind == "bars":
        labels = {"value": True, "num_format": picture.y_number, "font": _font(9)}
        return {"fill": {"color": line.color}, "gap": 45, "data_labels": labels}
    if line.style == "points":
        mark = {"type": "circle", "size": 8, "fill": {"color": line.color}, "border": {"color": "#FFFFFF"}}
        return {"marker": mark, "line": {"none": True}}
    dash = "dash" if line.style == "dashed" else "solid"
    return {"line": {"color": line.color, "width": 2.25, "dash_type": dash}, "marker": {"type": "none"}}


def _axes(chart: Any, picture: ChartSpec) -> None:  # noqa: ANN401 - as above
    grid = {"visible": True, "line": {"color": "#E3E8EE", "width": 0.75}}
    values = {"num_format": picture.y_number, "num_font": _font(9), "line": {"none": True}, "major_gridlines": grid, "min": 0}
    others = {"num_font": _font(9), "line": {"color": "#8A97A6"}, "name": picture.x_title, "name_font": _font(9)}
    if picture.kind == "bars":
        chart.set_y_axis(
            others
            | {"num_font": _font(8), "reverse": True, "interval_unit": 1, "major_gridlines": {"visible": False}}
            | {"label_position": "low"}
        )
        least = {} if picture.is_signed else {"min": 0}
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}} | least)
        chart.set_legend({"none": True} if len(picture.lines) == 1 else {"position": "bottom", "font": _font(9)})
    else:
        start: dict[str, Any] = {} if picture.has_days or picture.kind == "lines" else {"min": 0}
        chart.set_x_axis(others | start | {"num_format": picture.x_number, "major_gridlines": {"visible": False}})
        chart.set_y_axis(values)
        chart.set_legend({"position": "bottom", "font": _font(9)})
    chart.set_title({"name": picture.title, "name_font": _font(11, bold=True)})
    chart.set_size({"width": picture.width, "height": picture.height})
    chart.set_chartarea({"border": {"color": "#CBD5DF"}})


def _font(size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"size": size, "bold": bold, "color": "#1F2933"}
