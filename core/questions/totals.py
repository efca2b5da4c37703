"""`tco` and `convert`: what comes on top of the AI spend, and seats against credits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core import plans, rates
from core.answer import Answer, Column, Note, Table
from core.display import number, percent, usd
from core.figures import figure
from core.quantities import Credits, Usd
from core.questions import reading
from core.rates import HUNDRED
from core.workload import MONTHS, year_of_use

if TYPE_CHECKING:
    from core.answer import Figure
    from core.price_book import PriceRow
    from core.quantities import UsdPerCredit
    from core.questions.context import Context
    from core.questions.question import Question

COST_COLUMNS = (
    Column("cost", "Cost", "text", is_detail=True),
    Column("label", "Cost", "text"),
    Column("usd_per_year", "First year", "usd"),
    Column("usd_per_year_low", "At least", "usd"),
    Column("usd_per_year_high", "At most", "usd"),
    Column("is_counted", "In the total", "text"),
)


def tco(question: Question, context: Context) -> Answer:
    """Return the AI spend and what comes on top; what the question names is in the total, else everything is."""
    ai, sums = _ai_spend(question, context)
    lines = [_premier(ai, context), _data_cloud(question, ai, context), _development(question, context)]
    named = {"premier": question.premier, "data_cloud": question.data_cloud, "development": question.major_agents}
    counted = [line for line in lines if named[line.key]] or lines
    low, total, high = (ai + sum((getattr(line, end) for line in counted), Usd(Decimal(0))) for end in ("low", "usual", "high"))
    rows = [line.row for line in lines]
    return Answer(
        question=context.asked(question),
        title="Total cost of ownership",
        headline=f"{usd(ai.count)} a year of AI spend comes to {usd(total.count)}{_between(low, high)} with {_names(counted)}.",
        as_of=context.as_of,
        figures=(
            *(f for line in lines for f in line.figures),
            figure("ai_usd_per_year", ai.count),
            figure("total_usd_per_year", total.count),
        ),
        tables=(_cost_table(ai, lines, counted),),
        arithmetic=(
            *sums,
            *(line.sum for line in lines),
            f"{usd(ai.count)} + {' + '.join(usd(line.usual.count) for line in counted)} = {usd(total.count)}",
        ),
        notes=tuple(reading.assumptions(rows)),
        sources=reading.sources(rows),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One cost on top: low, usual and high of the first year, and how the usual was reached."""

    key: str
    label: str
    row: PriceRow
    range: tuple[Usd, Usd, Usd]
    sum: str

    @property
    def low(self) -> Usd:
        """The least of the published range."""
        return self.range[0]

    @property
    def usual(self) -> Usd:
        """What is counted."""
        return self.range[1]

    @property
    def high(self) -> Usd:
        """The most of the published range."""
        return self.range[2]

    @property
    def figures(self) -> list[Figure]:
        """The published figures of this cost."""
        key = "development_usd" if self.key == "development" else f"{self.key}_usd_per_year"
        found = [figure(key, self.usual.count)]
        return (
            found
            if self.low == self.high
            else [*found, figure(f"{key}_low", self.low.count), figure(f"{key}_high", self.high.count)]
        )


def _ai_spend(question: Question, context: Context) -> tuple[Usd, list[str]]:
    if question.spend:
        return Usd(question.spend.per_year), []
    load, terms = reading.workload(question), reading.terms(question)
    use = year_of_use(load, context.prices)
    spent = plans.PLANS["flex_credits"].year(plans.Case(use, use, context.prices, terms))
    return spent.assumed, [*reading.volume_sums(question, load, context.prices), f"Flex Credits: {spent.sum()}"]


def _premier(ai: Usd, context: Context) -> Line:
    row = context.prices.row("premier.percent")
    cost = ai * row.value / HUNDRED
    return Line(
        "premier",
        "Premier support",
        row,
        (cost, cost, cost),
        f"Premier: {usd(ai.count)} × {percent(row.value)} = {usd(cost.count)}",
    )


def _data_cloud(question: Question, ai: Usd, context: Context) -> Line:
    row = context.prices.row("data_cloud.percent")
    said = question.data_cloud if isinstance(question.data_cloud, Decimal) else None
    low, usual, high = (
        said if said is not None else end if end is not None else row.value for end in (row.low, row.value, row.high)
    )
    costs = (ai * low / HUNDRED, ai * usual / HUNDRED, ai * high / HUNDRED)
    return Line(
        "data_cloud",
        "Data Cloud beside agents",
        row,
        costs,
        f"Data Cloud: {usd(ai.count)} × {percent(usual)} = {usd(costs[1].count)}",
    )


def _development(question: Question, context: Context) -> Line:
    row = context.prices.row("development.usd")
    agents = question.major_agents or Decimal(1)
    low, high = (row.value if end is None else end for end in (row.low, row.high))
    costs = (Usd(agents * low), Usd(agents * row.value), Usd(agents * high))
    text = (
        f"Development: {number(agents)} major {'agent' if agents == 1 else 'agents'} × {usd(row.value)} = {usd(costs[1].count)}"
    )
    return Line("development", "Development and maintenance", row, costs, text)


def _between(low: Usd, high: Usd) -> str:
    return "" if low == high else f" ({usd(low.count)} to {usd(high.count)})"


def _names(lines: list[Line]) -> str:
    return " and ".join(line.label for line in lines) if len(lines) < len(COST_COLUMNS) // 2 else "everything on top"


def _cost_table(ai: Usd, lines: list[Line], counted: list[Line]) -> Table:
    first = ("ai", "AI spend", ai.count, ai.count, ai.count, "yes")
    rest = (
        (line.key, line.label, line.usual.count, line.low.count, line.high.count, "yes" if line in counted else "no")
        for line in lines
    )
    return Table("costs", "What comes on top", COST_COLUMNS, (first, *rest))


def convert(question: Question, context: Context) -> Answer:
    """Return what seats are worth in credits, or credits or a spend in seats, at the Flex Agreement's rate."""
    prices, terms = context.prices, reading.terms(question)
    ratio = prices.value("flex_agreement.usd_of_credits_per_usd_of_seats")
    rate, seat = rates.flex_rate(prices, terms), Usd(plans.usd_per_seat("add_on.usd", prices, terms))
    rows = [
        prices.row(item)
        for item in ("add_on.usd", "flex.usd_per_pack", "action.production", "flex_agreement.usd_of_credits_per_usd_of_seats")
    ]
    each = prices.value("action.production")
    if question.users is not None:
        figures, sums, headline = _from_seats(question.users, seat, ratio, rate, each)
    else:
        spent = (
            Credits(question.credits).at(rate)
            if question.credits
            else Usd(question.spend.per_month if question.spend else Decimal(0))
        )
        figures, sums, headline = _to_seats(spent, question.credits, seat, ratio)
    return Answer(
        question=context.asked(question),
        title="Flex Agreement",
        headline=headline,
        as_of=context.as_of,
        figures=tuple(figures),
        arithmetic=tuple(sums),
        notes=(
            *reading.assumptions(rows),
            Note("warning", "Conversion is by contract, not a right: have the rate and the deadline written down."),
        ),
        sources=reading.sources(rows),
    )


Converted = tuple[list["Figure"], list[str], str]


def _from_seats(seats: Decimal, seat: Usd, ratio: Decimal, rate: UsdPerCredit, each: Decimal) -> Converted:
    month = seat * seats
    credits_month = month.count * ratio / rate.usd
    actions = credits_month / each
    figures = [
        figure("credits_per_month", credits_month),
        figure("actions_per_month", actions),
        figure("usd_per_month", month.count),
        figure("usd_per_year", month.count * MONTHS),
    ]
    sums = [
        f"{number(seats)} seats × {usd(seat.count)} = {usd(month.count)} a month",
        f"{usd(month.count)} × {number(ratio)} ÷ {usd(rate.usd)} = {number(credits_month)} credits a month",
        f"{number(credits_month)} credits ÷ {number(each)} = {number(actions)} actions a month",
    ]
    worth = f"{number(credits_month)} credits a month: {number(actions)} actions for {usd(month.count)}"
    return figures, sums, f"{number(seats)} seats are worth {worth}."


def _to_seats(spent: Usd, credits_said: Decimal | None, seat: Usd, ratio: Decimal) -> Converted:
    seat_months = spent.count / ratio / seat.count
    figures = [
        figure("usd", spent.count),
        figure("seat_months", seat_months),
        figure("seats_for_a_year", seat_months / MONTHS),
    ]
    sums = [
        f"{usd(spent.count)} ÷ {number(ratio)} ÷ {usd(seat.count)} = {number(seat_months)} seat-months",
        f"{number(seat_months)} ÷ {MONTHS} = {number(seat_months / MONTHS)} seats for a year",
    ]
    said = f"{number(credits_said)} credits" if credits_said else usd(spent.count)
    return (
        figures,
        sums,
        f"{said} are worth {number(seat_months)} seat-months, or {number(seat_months / MONTHS)} seats for a year.",
    )
