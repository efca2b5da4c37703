"""The common look of all worksheets: formats by a cell's purpose, in one accent colour."""

from __future__ import annotations

from dataclasses import replace

from sheets_addin.workbook.model import Format

ACCENT, PALE = "#17507A", "#EAF1F7"
GREY, LINE, WARNING = "#6B7785", "#CBD5DF", "#B42318"
BOX, SERIES = "#9DB8CE", (ACCENT, "#6F9DC2", "#4A5663", "#A3AFBB")

USD, USD_CENTS, USD_PRICE = '"$"#,##0', '"$"#,##0.00', '"$"#,##0.00##'
USD_MILLS, USD_ACTION, USD_CREDIT = '"$"#,##0.000', '"$"#,##0.0000', '"$"0.000000'
COUNT, AVERAGE, PLACE_1, PLACES_2 = "#,##0", "#,##0.0##", "#,##0.0", "#,##0.00"
PERCENT, TIMES, DAY = "0.0%", '"× "0.0#', "d mmm yyyy"
INSTANT, SHORT_DAY = "d mmm yyyy hh:mm", "d mmm"
EXACT_PERCENT = "0.0##%"

TITLE = Format(bold=True, size=18, color=ACCENT)
SUBTITLE = Format(color=GREY)
HEADING = Format(bold=True, size=11, color=ACCENT, bottom=ACCENT)
LABEL = Format(bottom=LINE, indent=1)
STRONG = replace(LABEL, bold=True)
HINT = Format(color=GREY, size=9, indent=1)
HEADER = Format(bold=True, color="#FFFFFF", fill=ACCENT, wrap=True, align="right", indent=1)
HEADER_LEFT = replace(HEADER, align="left")
HEADER_CENTER = replace(HEADER, align="center", indent=0)
TEXT = replace(LABEL, wrap=True)
DAY_LABEL, INSTANT_LABEL = replace(LABEL, number=DAY, align="left"), replace(LABEL, number=INSTANT, align="left")
SMALL = replace(TEXT, size=9)
INPUT = Format(color=ACCENT, fill=PALE, box=BOX, align="right", indent=1, is_input=True)
CARD_LABEL = Format(size=9, color=GREY, top=ACCENT, indent=1)
CARD = Format(bold=True, size=14, color=ACCENT, indent=1)

GOOD = Format(bold=True, color=ACCENT, fill=PALE)
FAINT = Format(color=GREY)
WRONG = Format(bold=True, color=WARNING)


def money(sign: str) -> str:
    """Return the number code of a currency's amounts, its sign as text."""
    return f'"{sign}{" " if sign.isalpha() else ""}"#,##0.00'


def number_format(number: str, style: Format = LABEL) -> Format:
    """Return the format for numbers of that code, right-aligned."""
    return replace(style, number=number, align="right")


def input_format(number: str) -> Format:
    """Return the format of an input cell for numbers of that code."""
    return replace(INPUT, number=number)
