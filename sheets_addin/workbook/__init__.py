"""A workbook as a value, its references and styles, and how it is written as .xlsx."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sheets_addin.workbook import styles
    from sheets_addin.workbook.answer_cells import (
        FIRST_ROW,
        LABEL,
        STATUS_ROW,
        content_of,
        figure_value,
        keys_of,
        number_for,
        row_height,
        table_block,
        together,
        top,
        unit_of,
    )
    from sheets_addin.workbook.entered import Entered
    from sheets_addin.workbook.model import (
        Align,
        Area,
        Block,
        Cell,
        ChartLine,
        ChartSpec,
        Content,
        Format,
        Formula,
        Highlight,
        Place,
        Validation,
        Workbook,
        Worksheet,
        absolute,
        in_zone,
        join_blocks,
        number_in_formula,
        plain_text,
        relative,
        row_of,
        text_in_formula,
    )
    from sheets_addin.workbook.references import same_formula, translate
    from sheets_addin.workbook.row_order import keep_row_order
    from sheets_addin.workbook.xlsx_writer import write_xlsx
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "answer_cells": (
                "FIRST_ROW LABEL STATUS_ROW content_of figure_value keys_of number_for row_height table_block together top "
                "unit_of"
            ),
            "entered": "Entered",
            "model": (
                "Align Area Block Cell ChartLine ChartSpec Content Format Formula Highlight Place Validation "
                "Workbook Worksheet absolute in_zone join_blocks number_in_formula plain_text relative row_of text_in_formula"
            ),
            "references": "same_formula translate",
            "row_order": "keep_row_order",
            "xlsx_writer": "write_xlsx",
        },
    )

__all__ = [
    "FIRST_ROW",
    "LABEL",
    "STATUS_ROW",
    "Align",
    "Area",
    "Block",
    "Cell",
    "ChartLine",
    "ChartSpec",
    "Content",
    "Entered",
    "Format",
    "Formula",
    "Highlight",
    "Place",
    "Validation",
    "Workbook",
    "Worksheet",
    "absolute",
    "content_of",
    "figure_value",
    "in_zone",
    "join_blocks",
    "keep_row_order",
    "keys_of",
    "number_for",
    "number_in_formula",
    "plain_text",
    "relative",
    "row_height",
    "row_of",
    "same_formula",
    "styles",
    "table_block",
    "text_in_formula",
    "together",
    "top",
    "translate",
    "unit_of",
    "write_xlsx",
]
