"""Credits of each day by what used them: the table that a spreadsheet adds up itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from core.wallet.usage import periods, slices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from core.context import Context
    from core.language import Question
    from core.scope import Scope
    from core.wallet.usage import DayRange, Extent
    from core.warehouse import Session

By = Literal["agent", "department"]
MAX_NAMES, MAX_DAYS = 8, 400
OTHERS = "Others"


@dataclass(frozen=True, slots=True)
class UsageGrid:
    """Credits by day, oldest first, without a gap, and by name, biggest first; small names are together as Others.

    What the finest export lacks always stands by itself.

    rows: for each day, credits by name. provisional_from: from this day on rows may still arrive.
    """

    by: By
    days: tuple[date, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[Decimal, ...], ...]
    provisional_from: date


def usage_grids(questions: Sequence[Question], context: Context, *by: By) -> tuple[UsageGrid, ...]:
    """Return the grid by each of these names, of all parts that the questions name together; of at most 400 days.

    questions: usage questions over parts of one card that have nothing in common. Raises: InputError, if there is no such data.
    """
    with context.open_warehouse() as warehouse, warehouse.reading() as session:
        parts = [slices.part_of(question, context, session) for question in questions]
        extent = slices.extent_of(session, parts[0].card, context)
        days = _newest(periods.days_of(questions[0], extent).within(extent.all_days))
        return tuple(_grid(session, parts, days, extent, one) for one in by)


def _newest(days: DayRange) -> DayRange:
    return periods.DayRange(max(days.first_day, days.day_after_last - timedelta(days=1) * MAX_DAYS), days.day_after_last)


def _grid(session: Session, parts: Sequence[Scope], days: DayRange, extent: Extent, by: By) -> UsageGrid:
    credits_of: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for part in parts:
        span = {"first_day": days.first_day, "day_after_last": days.day_after_last}
        for row in session.query("usage_by_day_and_name", by=by, **span, **part.parameters()):
            credits_of[row["day"], slices.name_of(row)] += row["credits"]
    named, others = _names(credits_of)
    each = tuple(days.first_day + timedelta(days=1) * nth for nth in range(days.days))
    rows = tuple(tuple(_of(credits_of, day, name, others) for name in named) for day in each)
    return UsageGrid(by, each, named, rows, extent.provisional_from)


def _names(credits_of: Mapping[tuple[date, str], Decimal]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names to show, and those that are shown as Others together."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for (_, name), used in credits_of.items():
        totals[name] += used
    ordered = sorted(totals, key=lambda name: (-totals[name], name))
    if len(ordered) <= MAX_NAMES + 1:
        return tuple(ordered), ()
    apart = [name for name in ordered[MAX_NAMES:] if name in slices.NOT_IN.values()]
    shown = [*ordered[: MAX_NAMES - len(apart)], *apart]
    return (*shown, OTHERS), tuple(name for name in ordered if name not in shown)


def _of(credits_of: Mapping[tuple[date, str], Decimal], day: date, name: str, others: Sequence[str]) -> Decimal:
    names = others if others and name == OTHERS else (name,)
    return sum((credits_of.get((day, one), Decimal(0)) for one in names), Decimal(0))
