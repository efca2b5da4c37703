"""Questions about a range, such as 3 actions to 5 actions: both ends, and where the cheapest plan changes between them."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from core.answer import Answer, Column, Emphasis, Note, Table, amount, figure, number, usd_short
from core.language import PHRASES
from core.questions.pricing.compare import cheapest_plan
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.answer import Figure, Value
    from core.context import Context
    from core.language import Question

    Handler = Callable[[Question, Context], Answer]

# The step of the search for a change of plan: people are whole numbers, actions are means of many interactions.
STEPS = {"users": Decimal(1), "interactions": Decimal(1), "actions": Decimal("0.01")}
# The cheapest plan is looked up at no fewer than this many points; a plan that is cheapest for less than a sixteenth of the
# range can be missed, and so can a plan with whole packs that leads only briefly.
PARTS = 16
END_COLUMNS = (
    Column("end", "At", "text"),
    Column("cheapest_plan", "Plan", "text"),
    Column("usd_per_month", "Per month", "usd"),
    Column("usd_per_year", "Per year", "usd"),
)
PLAN_COLUMNS = (
    Column("plan", "Plan", "text", is_detail=True),
    Column("label", "Plan", "text"),
    Column("usd_per_month_from", "Month, from", "usd"),
    Column("usd_per_month_to", "Month, to", "usd"),
    Column("usd_per_year_from", "Year, from", "usd"),
    Column("usd_per_year_to", "Year, to", "usd"),
)


class PlanChange(NamedTuple):
    """The point from which another plan is the cheapest. at: its phrase; plan: its label."""

    at: Decimal
    plan: str


def answer_range(question: Question, context: Context, handler: Handler) -> Answer:
    """Return both ends of a range, answered by the handler of either end, and where the cheapest plan changes in between.

    For several ranges every combination of ends is shown; the low end is the low end of each.
    """
    ends = [_at_ends(question, which) for which in product((False, True), repeat=len(question.ranges))]
    answers = [handler(end, context) for end in ends]
    low, high = answers[0], answers[-1]
    changes = _changes(question, context) if question.command != "price" and len(question.ranges) == 1 else []
    return replace(
        low,
        question=context.canonical_question(question),
        headline=_headline(question, low, high, changes),
        figures=tuple(_figures(question, low, high, changes)),
        tables=tuple(_tables(question, ends, answers)),
        charts=(),
        arithmetic=tuple(
            f"{_say_end(question, end)}: {line}" for end, one in zip(ends, answers, strict=True) for line in one.arithmetic
        ),
        notes=(*_change_notes(question, changes), *dict.fromkeys(note for one in answers for note in one.notes)),
        sources=tuple(dict.fromkeys(source for one in answers for source in one.sources)),
        emphasis=Emphasis(()),
    )


def _at_ends(question: Question, is_high: tuple[bool, ...]) -> Question:
    """Return the question for one end of each of its ranges."""
    said: dict[str, Any] = {f"{name}_to": None for name in question.ranges}
    said |= {name: getattr(question, f"{name}_to") for name, high in zip(question.ranges, is_high, strict=True) if high}
    return question._replace(**said)


def _say_end(question: Question, end: Question) -> str:
    return ", ".join(PHRASES[name].say(getattr(end, name)) for name in question.ranges)


def _amount(value: Any) -> Decimal:  # noqa: ANN401 - a number, or one with what it is of
    return value if isinstance(value, Decimal) else Decimal(value.amount if hasattr(value, "amount") else value.count)


def _with_amount(value: Any, count: Decimal) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, Decimal):
        return count
    return value._replace(amount=count) if hasattr(value, "amount") else replace(value, count=count)


def _changes(question: Question, context: Context) -> list[PlanChange]:
    """Return where the cheapest plan changes, from the low end to the high end of the only range."""
    name = question.ranges[0]
    low, step = getattr(question, name), STEPS[name]
    first, last = _amount(low), _amount(getattr(question, f"{name}_to"))
    steps = int(((last - first) / step).to_integral_value(ROUND_HALF_EVEN))
    bare = _at_ends(question, (False,))

    def plan_after(taken: int) -> str:
        at = last if taken == steps else first + step * taken
        return cheapest_plan(bare._replace(**{name: _with_amount(low, at)}), context)

    places = sorted({steps * part // PARTS for part in range(PARTS + 1)})
    known = {place: plan_after(place) for place in places}
    found = []
    for before, after in pairwise(places):
        found += [PlanChange(first + step * at, plan) for at, plan in _bisect(before, after, known, plan_after)]
    return found


def _bisect(before: int, after: int, known: dict[int, str], plan_after: Callable[[int], str]) -> Iterator[tuple[int, str]]:
    """Yield the first point at which each new plan is the cheapest, between two points whose plans are known."""
    if known[before] == known[after]:
        return
    if after - before == 1:
        yield after, known[after]
        return
    middle = (before + after) // 2
    known[middle] = plan_after(middle)
    yield from _bisect(before, middle, known, plan_after)
    yield from _bisect(middle, after, known, plan_after)


# --- presentation


def _headline(question: Question, low: Answer, high: Answer, changes: list[PlanChange]) -> str:
    plans = [_plan(one) for one in (low, high)]
    month = [usd_short(_usd(one, "usd_per_month")) for one in (low, high)]
    if plans[0] == plans[1] and not changes:
        year = [usd_short(_usd(one, "usd_per_year")) for one in (low, high)]
        throughout = "" if question.command == "price" else ", the cheapest throughout"
        return f"{plans[0]}: {year[0]} to {year[1]} a year, {month[0]} to {month[1]} a month{throughout}."
    at = f" from {_say_change(question, changes[0])}" if changes else " at the high end"
    return f"{plans[0]}: {month[0]} a month at the low end; {plans[1]}{at}, {month[1]} at the high end."


def _say_change(question: Question, change: PlanChange) -> str:
    return amount(change.at, "actions") if question.ranges[0] == "actions" else f"{number(change.at)} {question.ranges[0]}"


def _plan(answer: Answer) -> str:
    return next(
        (str(one.value) for one in answer.figures if one.key in {"cheapest_plan", "recommended_plan"}),
        answer.title.removeprefix("Price of "),
    )


def _usd(answer: Answer, key: str) -> Decimal:
    value = answer.figure(key).value
    assert isinstance(value, Decimal)  # noqa: S101 - figures in dollars are
    return value


def _figures(question: Question, low: Answer, high: Answer, changes: list[PlanChange]) -> Iterator[Figure]:
    for key in ("usd_per_month", "usd_per_year", "actions_per_month"):
        for one, end in ((low, "from"), (high, "to")):
            if any(figure.key == key for figure in one.figures):
                yield figure(f"{key}_{end}", one.figure(key).value)
    if question.command != "price":
        yield figure("cheapest_plan_from", _plan(low))
        yield figure("cheapest_plan_to", _plan(high))
    if changes:
        yield figure(f"plan_changes_at_{question.ranges[0]}", changes[0].at)


def _tables(question: Question, ends: list[Question], answers: list[Answer]) -> Iterator[Table]:
    rows = tuple(
        (_say_end(question, end), _plan(one), _usd(one, "usd_per_month"), _usd(one, "usd_per_year"))
        for end, one in zip(ends, answers, strict=True)
    )
    yield Table("ends", "The cheapest plan at each end" if question.command != "price" else "At each end", END_COLUMNS, rows)
    low, high = answers[0], answers[-1]
    if question.command == "price":
        return
    others = {row[0]: _plan_costs(high, row) for row in high.table("plans").rows}
    yield Table(
        "plans",
        "Plans, cheapest at the low end first",
        PLAN_COLUMNS,
        tuple(_plan_row(_plan_costs(low, row), others[row[0]], row) for row in low.table("plans").rows if row[0] in others),
    )
    yield from (table for table in low.tables if table.key == "not_offered")


def _plan_costs(answer: Answer, row: tuple[Value, ...]) -> tuple[Value, Value]:
    keys = [column.key for column in answer.table("plans").columns]
    return row[keys.index("usd_per_month")], row[keys.index("usd_per_year")]


def _plan_row(low: tuple[Value, Value], high: tuple[Value, Value], row: tuple[Value, ...]) -> tuple[Value, ...]:
    return (row[0], row[1], low[0], high[0], low[1], high[1])


def _change_notes(question: Question, changes: list[PlanChange]) -> list[Note]:
    return [Note("warning", f"From {_say_change(question, change)} on, {change.plan} is the cheapest.", "") for change in changes]
