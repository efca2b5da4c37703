"""Answers: their model, their JSON, the catalog of figures, and how values are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.answer.figure_catalog import FIGURES, figure
    from core.answer.formatting import amount, cell, day, number, percent, usd, usd_exact
    from core.answer.json_decoder import answer_from_json
    from core.answer.model import (
        CHART_POINTS,
        Answer,
        Chart,
        Column,
        Figure,
        Note,
        Series,
        Source,
        Table,
        Unit,
        Value,
        plain,
        plain_number,
        shorten,
    )
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "figure_catalog": "FIGURES figure",
            "formatting": "amount cell day number percent usd usd_exact",
            "json_decoder": "answer_from_json",
            "model": "Answer CHART_POINTS Chart Column Figure Note Series Source Table Unit Value plain plain_number shorten",
        },
    )

__all__ = [
    "CHART_POINTS",
    "FIGURES",
    "Answer",
    "Chart",
    "Column",
    "Figure",
    "Note",
    "Series",
    "Source",
    "Table",
    "Unit",
    "Value",
    "amount",
    "answer_from_json",
    "cell",
    "day",
    "figure",
    "number",
    "percent",
    "plain",
    "plain_number",
    "shorten",
    "usd",
    "usd_exact",
]
