"""The TCO worksheet: the AI spend and the costs on top of it, all of it live."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import day
from core.language import MOST
from core.questions import answer_to, is_about_wallet
from core.records import NamedTuple
from sheets_addin.calculators import calculator
from sheets_addin.calculators.calculator import Calculation, GridHead, LiveTable
from sheets_addin.calculators.credit_terms import MONTHS, SAID, CreditTerms, price_input
from sheets_addin.calculators.workload_steps import PERIODS, workload_inputs, workload_steps
from sheets_addin.compare.inputs import SHARE, Input, above_0, choice, number_rule
from sheets_addin.compare.workings_steps import Step
from sheets_addin.workbook import LABEL, Formula, figure_value, relative, styles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.answer import Answer
    from core.context import Context
    from core.language import Question
    from core.scope import Scope
    from sheets_addin.workbook import Content, Worksheet

TITLE, PREFIX = "TCO", "tco"
COUNTED = choice("yes", "no")
ON_TOP = ("premier", "data_cloud", "development")
YEARLY = ON_TOP[:2]
WALLET_SPEND = number_rule(f"Write a number from 0 to {MOST['spend']:,f}.", MOST["spend"], ">=0")


TOTAL = "First year, of what is in the total"
LEAST_SHARE, MOST_SHARE = "MIN(data_cloud_low_share,data_cloud_share)", "MAX(data_cloud_high_share,data_cloud_share)"
LEAST_EACH, MOST_EACH = "MIN(development_low_each,development_each)", "MAX(development_high_each,development_each)"
HEADS = (
    GridHead("Cost", "General"),
    GridHead("First year", styles.USD_CENTS),
    GridHead("At least", styles.USD_CENTS),
    GridHead("At most", styles.USD_CENTS),
    GridHead("Comes", "General"),
    GridHead("In the total", "General"),
)


class Spend(NamedTuple):
    """The source of a year's AI spend."""

    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]


def worksheet(question: Question, context: Context, scope: Scope) -> Worksheet:
    """Return the total cost. Raises: InputError, also if it needs data of a wallet that is open only in part; MachineError."""
    answer = answer_to(question, replace(context, only=scope))
    return calculator.worksheet(TITLE, PREFIX, answer, _calculation(question, answer, context))


def _calculation(question: Question, answer: Answer, context: Context) -> Calculation:
    spend = _spend(question, answer, context)
    inputs = (*spend.inputs, *_premier(context), *_data_cloud(question, answer, context), *_development(answer, context))
    counted = {str(row[0]): str(row[-1]) for row in answer.table("costs").rows}
    chosen = tuple(
        Input(
            f"{key}_is_counted", f"{label} in the total", counted[key], "General", COUNTED, "yes or no", "Whether it is counted."
        )
        for key, label in _labels(answer).items()
    )
    on_top = "+".join(f'IF({key}_is_counted="yes",{key}_year,0)' for key in YEARLY)
    once = 'IF(development_is_counted="yes",development_year,0)'
    ranges = {"data_cloud_usd_per_year": "data_cloud", "development_usd": "development"}
    ends = {f"{figure}_{end}": f"{key}_{end}_year" for figure, key in ranges.items() for end in ("low", "high")}
    return Calculation(
        inputs=(*inputs, *chosen),
        steps=spend.steps,
        results={
            "total_usd_per_year": "total_year",
            "total_usd_low": "total_low_year",
            "total_usd_high": "total_high_year",
            "recurring_usd_per_year": f"ai_year+{on_top}",
            "one_off_usd": once,
            "ai_usd_per_year": "ai_year",
            "premier_usd_per_year": "premier_year",
            "data_cloud_usd_per_year": "data_cloud_year",
            "development_usd": "development_year",
            **ends,
        },
        grid=_grid(answer, {one.name for one in inputs}),
    )


def _labels(answer: Answer) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in answer.table("costs").rows if row[0] in ON_TOP}


def _spend(question: Question, answer: Answer, context: Context) -> Spend:
    if question.spend:
        per = question.spend.period
        most = above_0(MOST["spend"])
        said = Input("spend", f"AI spend a {per}", question.spend.amount, styles.USD_CENTS, most, SAID, "What the agents cost.")
        return Spend((said,), (MONTHS, _ai_step(f"spend{PERIODS[per]}", "what the agents cost in a year")))
    if question.knows_volume:
        terms = CreditTerms(question, context)
        cost = _ai_step(terms.cost_of("credits_per_year"), "the year's credits, in the order that is cheapest for them")
        inputs = (*workload_inputs(question, context), *terms.inputs())
        return Spend(inputs, (*terms.steps(), *workload_steps(question), cost))
    seen, hint = figure_value(answer, "ai_usd_per_year"), f"from the wallet on {day(answer.as_of)}"
    value = seen if isinstance(seen, Decimal) else None
    shown = Input(
        "spend", "AI spend a year", value, styles.USD_CENTS, WALLET_SPEND, hint, "The agents' credits, as the wallet has them."
    )
    return Spend((shown,), (_ai_step("spend", "what the agents cost in a year"),))


def _ai_step(formula: str, how: str) -> Step:
    return Step("ai_spend", "AI spend of a year", Formula(formula), styles.USD_CENTS, how)


def _premier(context: Context) -> tuple[Input, ...]:
    return (price_input("premier_percent", "premier.percent", context),)


def _data_cloud(question: Question, answer: Answer, context: Context) -> tuple[Input, ...]:
    """Return Data Cloud's share of the spend with its range; for a wallet with Data Cloud usage, the cost of that."""
    cost = figure_value(answer, "data_cloud_usd_per_year")
    is_seen = is_about_wallet(question) and not isinstance(question.data_cloud, Decimal)
    if is_seen and figure_value(answer, "data_cloud_usd_per_year_low") is None and isinstance(cost, Decimal):
        hint = f"as the wallet shows it on {day(answer.as_of)}"
        seen = Input("data_cloud_usd", "Data Cloud a year", cost, styles.USD_CENTS, WALLET_SPEND, hint, hint)
        return (seen,)
    usual = price_input("data_cloud_share", "data_cloud.percent", context)
    row = context.prices.row("data_cloud.percent")
    said = question.data_cloud if isinstance(question.data_cloud, Decimal) else None
    low, middle, high = (
        (end if said is None else said) / Decimal(100)
        for end in (row.value if row.low is None else row.low, row.value, row.value if row.high is None else row.high)
    )
    hint = usual.hint if said is None else SAID
    return (
        Input("data_cloud_share", usual.label, middle, usual.number, SHARE, hint, usual.about),
        Input("data_cloud_low_share", "… at least", low, usual.number, SHARE, "of the AI spend", usual.about),
        Input("data_cloud_high_share", "… at most", high, usual.number, SHARE, "of the AI spend", usual.about),
    )


def _development(answer: Answer, context: Context) -> tuple[Input, ...]:
    row = context.prices.row("development.usd")
    usual = price_input("development_each", "development.usd", context)
    cost = figure_value(answer, "development_usd")
    agents = cost / row.value if isinstance(cost, Decimal) else Decimal(1)
    whole = above_0(MOST["major_agents"], whole=True)
    low, high = (row.value if end is None else end for end in (row.low, row.high))
    return (
        Input(
            "major_agents",
            "Major agents",
            agents,
            styles.COUNT,
            whole,
            "to develop and maintain",
            "Counted once, in the first year.",
        ),
        usual,
        _end(usual, "development_low_each", "… at least", low),
        _end(usual, "development_high_each", "… at most", high),
    )


def _end(usual: Input, name: str, label: str, value: Decimal) -> Input:
    """Return an end of a price's range as an input."""
    return Input(name, label, value, usual.number, usual.rule, "the published range", usual.about)


class FirstYearCost(NamedTuple):
    """A row of the table: formulas of the first year's usual, low and high cost, and whether it is in the total."""

    label: str
    costs: tuple[str, str, str]
    comes: str
    is_counted: str


def _grid(answer: Answer, names: set[str]) -> LiveTable:
    """Return the costs with their sum. names: of the inputs."""
    costs = [_cost_line(row, names) for row in answer.table("costs").rows]
    ai, *on_top = costs

    def line_of(one: FirstYearCost) -> Callable[[int], Sequence[Content]]:
        return lambda _: (one.label, *map(Formula, one.costs), one.comes, Formula(one.is_counted))

    def total(row: int) -> Sequence[Content]:
        first = row - len(costs)
        sums = []
        for column in range(LABEL + 1, LABEL + 4):
            added = [
                f'+IF({relative(first + at, LABEL + 5)}="yes",{relative(first + at, column)},0)'
                for at in range(1, len(on_top) + 1)
            ]
            sums.append(Formula(relative(first, column) + "".join(added)))
        return (TOTAL, *sums, None, None)

    columns = {"year": 1, "low_year": 2, "high_year": 3}
    keys = ["ai", *ON_TOP, "total"]
    return LiveTable(
        title=answer.table("costs").title,
        heads=HEADS,
        lines=(*map(line_of, (ai, *on_top)), total),
        names={f"{key}_{ending}": (nth, column) for nth, key in enumerate(keys) for ending, column in columns.items()},
        kind="bars",
        plotted=(0, 1),
    )


def _cost_line(row: Sequence[object], names: set[str]) -> FirstYearCost:
    key, label, comes = str(row[0]), str(row[1]), str(row[5])
    if key == "ai":
        return FirstYearCost(label, ("ai_spend",) * 3, comes, '"yes"')
    if key == "premier":
        costs = ("ai_spend*premier_percent",) * 3
    elif key == "development":
        costs = ("major_agents*development_each", f"major_agents*{LEAST_EACH}", f"major_agents*{MOST_EACH}")
    elif "data_cloud_usd" in names:
        costs = ("data_cloud_usd",) * 3
    else:
        costs = ("ai_spend*data_cloud_share", f"ai_spend*{LEAST_SHARE}", f"ai_spend*{MOST_SHARE}")
    return FirstYearCost(label, costs, comes, f"{key}_is_counted")
