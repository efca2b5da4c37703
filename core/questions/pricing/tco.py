"""`tco`: the costs on top of the AI spend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Column, Emphasis, Note, Table, figure, number, percent, usd
from core.errors import QuestionError
from core.language import COMMANDS
from core.pricing import Usd, plans, year_of_use
from core.questions import from_question

if TYPE_CHECKING:
    from core.answer import Figure, Source
    from core.context import Context
    from core.language import Question
    from core.pricing import PriceRow
    from core.questions.wallet import Observed

SHORT = {"premier": "Premier", "data_cloud": "Data Cloud", "development": "development"}
ONCE = (
    "Development and maintenance are counted once, in the first year: nobody publishes how much of them is maintenance in later "
    "years."
)
COST_COLUMNS = (
    Column("cost", "Cost", "text", is_detail=True),
    Column("label", "Cost", "text"),
    Column("usd_per_year", "First year", "usd"),
    Column("usd_per_year_low", "At least", "usd"),
    Column("usd_per_year_high", "At most", "usd"),
    Column("comes", "When", "text"),
    Column("is_counted", "In the total", "text"),
)


def tco(question: Question, context: Context) -> Answer:
    """Return the AI spend and the costs on top; the total has those that the question names, else all of them."""
    seen = _observe_wallet(question, context)
    ai, sums = (seen.ai, _wallet_sums(seen)) if seen else _ai_spend(question, context)
    lines = [_premier(ai, context), _data_cloud(question, ai, context), _development(question, context)]
    lines = [_line_from_wallet(line, question, seen, context) for line in lines] if seen else lines
    named = {"premier": question.premier, "data_cloud": question.data_cloud, "development": question.major_agents}
    counted = [line for line in lines if named[line.key] is not None] or lines
    low, total, high = (ai + sum((getattr(line, end) for line in counted), Usd(Decimal(0))) for end in ("low", "usual", "high"))
    rows = [line.row for line in lines]
    return Answer(
        question=context.canonical_question(question),
        title="Total cost of ownership",
        headline=_headline(ai, counted, (low, total, high), _assumed(question, seen)),
        as_of=context.as_of,
        figures=(
            *(f for line in lines for f in line.figures),
            figure("ai_usd_per_year", ai.count),
            figure("recurring_usd_per_year", (ai + _sum_of([line for line in counted if not line.is_once])).count),
            figure("one_off_usd", _sum_of([line for line in counted if line.is_once]).count),
            figure("total_usd_per_year", total.count),
            *([figure("total_usd_low", low.count), figure("total_usd_high", high.count)] if low != high else []),
            *([figure("token_overhead_usd_per_year", seen.overhead.count)] if seen and seen.overhead else []),
        ),
        tables=(_cost_table(ai, lines, counted),),
        arithmetic=(
            *sums,
            *(line.sum for line in lines),
            f"{usd(ai.count)} + {' + '.join(usd(line.usual.count) for line in counted)} = {usd(total.count)}",
        ),
        notes=(
            *_wallet_notes(seen, counted),
            *_tier_notes(question, context),
            *_once_notes(counted),
            *from_question.assumptions(rows),
        ),
        sources=(*from_question.sources(rows), *_wallet_sources(seen)),
        emphasis=Emphasis((), "costs", ("label", "usd_per_year", "usd_per_year_low", "usd_per_year_high", "is_counted")),
    )


def _tier_notes(question: Question, context: Context) -> list[Note]:
    return [] if question.spend else from_question.tier_notes(question, context)


def _once_notes(counted: list[CostLine]) -> list[Note]:
    return [Note("assumption", ONCE)] if any(line.is_once for line in counted) else []


def _observe_wallet(question: Question, context: Context) -> Observed | None:
    """Return the wallet's own data if the question names no spend. Raises: QuestionError, without a wallet."""
    if question.spend or question.knows_volume:
        return None
    if not context.has_warehouse:
        asked = context.canonical_question(question)
        reason = "Tco needs a spend or a workload, or a wallet to take it from (agentcost import FILE)"
        raise QuestionError(reason, asked, 0, len(asked), COMMANDS["tco"].examples[:2])
    from core.questions.wallet import observe  # noqa: PLC0415 - a spend in the question pays for none of it

    return observe(context, from_question.terms(question, context))


def _wallet_sums(seen: Observed) -> list[str]:
    sums = [f"{number(seen.agent_credits)} credits of agents a year, from the wallet = {usd(seen.ai.count)}"]
    return [*sums, f"Of it token overhead: {usd(seen.overhead.count)}"] if seen.overhead else sums


def _wallet_notes(seen: Observed | None, counted: list[CostLine]) -> list[Note]:
    if seen is None:
        return []
    from core.questions.wallet import observation_note  # noqa: PLC0415 - as above

    notes = [observation_note(seen), *seen.lacking]
    if seen.overhead:
        text = "Actions beyond the first of each event are token overhead; they are in the AI spend (ask: overhead)."
        notes.append(Note("assumption", text))
    if seen.data_cloud is None and any(line.key == "data_cloud" for line in counted):
        notes.append(Note("assumption", "The wallet shows no use of Data Cloud, so its published share is taken."))
    return notes


def _wallet_sources(seen: Observed | None) -> tuple[Source, ...]:
    if seen is None:
        return ()
    from core.questions.wallet import SOURCES  # noqa: PLC0415 - as above

    return SOURCES


def _line_from_wallet(line: CostLine, question: Question, seen: Observed, context: Context) -> CostLine:
    """Return the line with the wallet's own data in place of assumptions."""
    if line.key == "data_cloud" and seen.data_cloud and not isinstance(question.data_cloud, Decimal):
        cost = seen.data_cloud
        return replace(line, range=(cost, cost, cost), sum=f"Data Cloud, as the wallet shows it: {usd(cost.count)} a year")
    if line.key == "development" and seen.agents and question.major_agents is None:
        return _development(question._replace(major_agents=Decimal(seen.agents)), context)
    return line


@dataclass(frozen=True, slots=True)
class CostLine:
    """One cost on top: low, usual and high of the first year, and the arithmetic of the usual."""

    key: str
    label: str
    row: PriceRow
    range: tuple[Usd, Usd, Usd]
    sum: str

    @property
    def is_once(self) -> bool:
        """Whether it is paid in the first year only; no source says how much of it is maintenance in later years."""
        return self.key == "development"

    @property
    def low(self) -> Usd:
        """The low end of the published range."""
        return self.range[0]

    @property
    def usual(self) -> Usd:
        """The amount that counts."""
        return self.range[1]

    @property
    def high(self) -> Usd:
        """The high end of the published range."""
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
    load, terms = from_question.workload(question), from_question.terms(question, context)
    use = year_of_use(load, context.prices)
    spent = plans.year_cost(plans.PLANS["flex_credits"], plans.Case(use, use, context.prices, terms))
    return spent.assumed, [*from_question.volume_sums(question, load, context.prices), f"Flex Credits: {spent.sum()}"]


def _premier(ai: Usd, context: Context) -> CostLine:
    row = context.prices.row("premier.percent")
    cost = ai * row.value / Decimal(100)
    return CostLine(
        "premier",
        "Premier support",
        row,
        (cost, cost, cost),
        f"Premier: {usd(ai.count)} × {percent(row.value)} = {usd(cost.count)}",
    )


def _data_cloud(question: Question, ai: Usd, context: Context) -> CostLine:
    row = context.prices.row("data_cloud.percent")
    said = question.data_cloud if isinstance(question.data_cloud, Decimal) else None
    low, usual, high = (
        said if said is not None else end if end is not None else row.value for end in (row.low, row.value, row.high)
    )
    costs = (ai * low / Decimal(100), ai * usual / Decimal(100), ai * high / Decimal(100))
    return CostLine(
        "data_cloud",
        "Data Cloud beside agents",
        row,
        costs,
        f"Data Cloud: {usd(ai.count)} × {percent(usual)} = {usd(costs[1].count)}",
    )


def _development(question: Question, context: Context) -> CostLine:
    row = context.prices.row("development.usd")
    agents = question.major_agents or Decimal(1)
    low, high = (row.value if end is None else end for end in (row.low, row.high))
    costs = (Usd(agents * low), Usd(agents * row.value), Usd(agents * high))
    text = (
        f"Development: {number(agents)} major {'agent' if agents == 1 else 'agents'} × {usd(row.value)} = {usd(costs[1].count)}"
    )
    return CostLine("development", "Development and maintenance", row, costs, text)


def _headline(ai: Usd, counted: list[CostLine], ends: tuple[Usd, Usd, Usd], assumed: set[str]) -> str:
    """Return the recurring and the one-time cost, how much of it is assumed, and the first year."""
    low, total, high = ends
    yearly, once = ([line for line in counted if line.is_once is is_once] for is_once in (False, True))
    with_ = f" with {_names(yearly, assumed)}" if yearly else ""
    every_year = f"{_whole(ai + _sum_of(yearly))} a year{with_}"
    if not once:
        return f"{_whole(ai)} a year of AI spend comes to {every_year}{_between(low, high)}."
    first = f"{_whole(_sum_of(once))} once for {_names(once, assumed)}: first year {_whole(total)}{_between(low, high)}"
    return f"{every_year}, {first}."


def _sum_of(lines: list[CostLine]) -> Usd:
    return sum((line.usual for line in lines), Usd(Decimal(0)))


def _whole(cost: Usd) -> str:
    """Return whole dollars, so that the headline has room for all its sums; the figures show the cents."""
    return f"${number(cost.count, 0)}" if cost.count >= 1 else usd(cost.count)


def _between(low: Usd, high: Usd) -> str:
    return "" if low == high else f" ({_whole(low)} to {_whole(high)})"


def _names(lines: list[CostLine], assumed: set[str]) -> str:
    labels = [f"{SHORT[line.key]} (assumed)" if line.key in assumed else SHORT[line.key] for line in lines]
    return " and ".join(labels)


def _assumed(question: Question, seen: Observed | None) -> set[str]:
    """Return the costs that are neither stated nor observed: an analyst's range, at its middle."""
    said = isinstance(question.data_cloud, Decimal) or (seen is not None and seen.data_cloud is not None)
    return {"development"} if said else {"data_cloud", "development"}


def _when(line: CostLine, counted: list[CostLine]) -> tuple[str, str]:
    return "once" if line.is_once else "every year", "yes" if line in counted else "no"


def _cost_table(ai: Usd, lines: list[CostLine], counted: list[CostLine]) -> Table:
    first = ("ai", "AI spend", ai.count, ai.count, ai.count, "every year", "yes")
    rest = ((line.key, line.label, line.usual.count, line.low.count, line.high.count, *_when(line, counted)) for line in lines)
    return Table("costs", "What comes on top", COST_COLUMNS, (first, *rest))
