"""Answers: their model and JSON, the catalog of figures, and the formatting of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.answer.at_a_glance import MAX_FACTS, Glance, GlanceTable, facts_of, figure_facts, glance, main_table, whole_table
    from core.answer.exchange_formats import to_csv, to_markdown
    from core.answer.figure_catalog import FIGURES, figure
    from core.answer.formatting import (
        CURRENCIES,
        LEFT_ALIGNED,
        amount,
        cell,
        credits_short,
        day,
        exact_amount,
        group_digits,
        number,
        number_format_in_force,
        own_number_format,
        percent,
        percent_short,
        short_amount,
        usd,
        usd_exact,
        usd_short,
        usd_with_credits,
        use_number_format,
        write_numbers,
    )
    from core.answer.json_decoder import answer_from_json
    from core.answer.model import (
        CHART_POINTS,
        Answer,
        Chart,
        Column,
        Emphasis,
        Fact,
        Figure,
        Note,
        Series,
        Source,
        Table,
        Unit,
        Value,
        headline_of,
        plain,
        plain_number,
        shorten,
    )
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "at_a_glance": "Glance GlanceTable MAX_FACTS facts_of figure_facts glance main_table whole_table",
            "exchange_formats": "to_csv to_markdown",
            "figure_catalog": "FIGURES figure",
            "formatting": (
                "CURRENCIES LEFT_ALIGNED amount cell credits_short day exact_amount group_digits number "
                "number_format_in_force own_number_format percent percent_short short_amount usd usd_exact usd_short "
                "usd_with_credits use_number_format write_numbers"
            ),
            "json_decoder": "answer_from_json",
            "model": (
                "Answer CHART_POINTS Chart Column Emphasis Fact Figure Note Series Source Table Unit Value headline_of "
                "plain plain_number shorten"
            ),
        },
    )

__all__ = [
    "CHART_POINTS",
    "CURRENCIES",
    "FIGURES",
    "LEFT_ALIGNED",
    "MAX_FACTS",
    "Answer",
    "Chart",
    "Column",
    "Emphasis",
    "Fact",
    "Figure",
    "Glance",
    "GlanceTable",
    "Note",
    "Series",
    "Source",
    "Table",
    "Unit",
    "Value",
    "amount",
    "answer_from_json",
    "cell",
    "credits_short",
    "day",
    "exact_amount",
    "facts_of",
    "figure",
    "figure_facts",
    "glance",
    "group_digits",
    "headline_of",
    "main_table",
    "number",
    "number_format_in_force",
    "own_number_format",
    "percent",
    "percent_short",
    "plain",
    "plain_number",
    "short_amount",
    "shorten",
    "to_csv",
    "to_markdown",
    "usd",
    "usd_exact",
    "usd_short",
    "usd_with_credits",
    "use_number_format",
    "whole_table",
    "write_numbers",
]
