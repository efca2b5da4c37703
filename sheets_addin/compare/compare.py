"""The Compare worksheet: inputs above, every plan's cost below them, and a chart of the years."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.pricing import PLANS
from sheets_addin.compare import input_block, plan_rows
from sheets_addin.compare.columns import BELOW, DASH, DOUBLED, EACH, HALVED, LABEL, MONTH, WIDTHS, YEAR
from sheets_addin.workbook import Block, Cell, ChartLine, ChartSpec, Formula, Worksheet, join_blocks, styles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.language import Question
    from sheets_addin.workbook import Align, Area

TITLE = "Compare"
CARD_ROW = 4
CHEAPEST = {"plans": "cheapest_plan"}
CARDS = (
    (LABEL, "Cheapest plan", "plans", "General"),
    (MONTH, "Per month", "usd_per_month", styles.USD),
    (YEAR, "Per year", "usd_per_year", styles.USD),
    (EACH, "Per interaction", "usd_per_interaction", styles.USD_MILLS),
    (BELOW, "Below conversations", "percent_below_conversation", styles.PERCENT),
    (DOUBLED, "If volume is more", "usd_per_year_if_doubled", styles.USD),
    (HALVED, "If volume is less", "usd_per_year_if_halved", styles.USD),
)
NOTES = (
    "Blue cells are inputs; everything else follows from them and from the Prices worksheet.",
    "Conversations and Flex Credits exclude each other within one org. The User Licence's cost includes the credits it needs.",
    "Pay-as-you-go and pre-commit have no public price: the assumptions on Prices hold until a contract price is there.",
    "Overage is billed at the contract's own rate for the block; a price of its own on Prices overrides that.",
)


def worksheet(question: Question, asked: str, prices_of: str, ranked: Mapping[str, Area], tiers: int = 0) -> Worksheet:
    """Return the comparison that the question asks for.

    asked: the question as text. prices_of: the day of the prices, as text. ranked: the named areas behind the chart.
    tiers: how many prices by order size the contract has.
    """
    first = input_block.row_below(question) + plan_rows.HEAD_ROWS
    below = first + len(PLANS) + 1
    return Worksheet(
        title=TITLE,
        block=join_blocks(
            _top(asked, prices_of),
            _cards(),
            input_block.block(question),
            plan_rows.block(first, tiers),
            _notes(first + len(PLANS) + 1),
        ),
        widths=WIDTHS,
        heights={0: 30, 4: 22, first - 2: 30} | {first + index: 18 for index in range(len(PLANS))},
        frozen=(2, 0),
        highlights=(*plan_rows.highlights(first), *input_block.highlights(question)),
        is_one_page=True,
        pictures=(_picture(below + len(NOTES) + 1, ranked),),
    )


def _top(asked: str, prices_of: str) -> Block:
    cells = {
        (0, LABEL): Cell("What the agents cost under each plan", styles.TITLE),
        (1, LABEL): Cell(f"{asked} · prices of {prices_of}", styles.SUBTITLE),
    }
    return Block(cells)


def _cards() -> Block:
    at = "MATCH(MIN(years_to_the_cent),years_to_the_cent,0)"
    return join_blocks(*(_card(*card, f'IF(COUNT(years_to_the_cent)=0,"{DASH}",INDEX({card[2]},{at}))') for card in CARDS))


def _card(column: int, label: str, figure: str, number: str, formula: str) -> Block:
    align: Align = "left" if column == LABEL else "right"
    cells = {
        (CARD_ROW - 1, column): Cell(label, replace(styles.CARD_LABEL, align=align)),
        (CARD_ROW, column): Cell(Formula(formula), replace(styles.CARD, align=align, number=number)),
    }
    return Block(cells, {CHEAPEST.get(figure, f"cheapest_{figure}"): ((CARD_ROW, column), (CARD_ROW, column))})


def _notes(row: int) -> Block:
    return Block({(row + index, LABEL): Cell(text, styles.HINT) for index, text in enumerate(NOTES)})


def _picture(row: int, ranked: Mapping[str, Area]) -> ChartSpec:
    line = ChartLine(ranked["ranked_years_title"], ranked["ranked_plans"], ranked["ranked_years"], styles.ACCENT)
    return ChartSpec(
        kind="bars",
        title="Cost of the year, cheapest first",
        lines=(line,),
        x_title=None,
        y_title=None,
        x_number="General",
        y_number=styles.USD,
        place=(row, LABEL),
        width=sum(round(width * 7 + 5) for width in WIDTHS.values()) - round(WIDTHS[0] * 7 + 5),
        height=340,
    )
