"""Credits of each day by what used them: a table that a spreadsheet adds up itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from core.wallet.usage import periods, slices
from core.warehouse import queries

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
    """Credits by day, oldest first, without a gap, and by name; small names are combined as Others, which comes last.

    What the finest export lacks is always shown separately.

    credits_of: what every name used on each day, biggest name first. names: those that are shown. provisional_from: from this
    day on rows may still arrive.
    """

    by: By
    days: tuple[date, ...]
    credits_of: Mapping[str, tuple[Decimal, ...]]
    names: tuple[str, ...]
    provisional_from: date

    @property
    def rows(self) -> tuple[tuple[Decimal, ...], ...]:
        """For each day, credits by name."""
        columns = [self._column(name) for name in self.names]
        return tuple(tuple(column[nth] for column in columns) for nth in range(len(self.days)))

    @property
    def biggest(self) -> tuple[str, ...]:
        """The names that are shown, biggest first, Others last."""
        return tuple(sorted(self.names, key=lambda name: (name == OTHERS, -sum(self._column(name)), name)))

    def arrange(self, order: Sequence[str]) -> UsageGrid:
        """Return the grid with these names first, in this order, including small and unused ones; new names follow."""
        kept = tuple(dict.fromkeys(name for name in order if name != OTHERS))
        new = tuple(name for name in self.names if name not in kept and name != OTHERS)
        rest = self.credits_of.keys() - {*kept, *new}
        return replace(self, names=(*kept, *new, *((OTHERS,) if rest or OTHERS in order else ())))

    def _column(self, name: str) -> tuple[Decimal, ...]:
        if name != OTHERS or OTHERS in self.credits_of:
            return self.credits_of.get(name, (Decimal(0),) * len(self.days))
        rest = [used for one, used in self.credits_of.items() if one not in self.names]
        return tuple(sum((used[nth] for used in rest), Decimal(0)) for nth in range(len(self.days)))


def usage_grids(questions: Sequence[Question], context: Context, *by: By) -> tuple[UsageGrid, ...]:
    """Return the grid by each of these names, of all parts that the questions cover together; at most 400 days.

    questions: usage questions about parts of one card that do not overlap. Raises: InputError, if there is no such data.
    """
    with context.reading() as session:
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
        for row in session.rows(queries.UsageByDayAndNameRow, by=by, **span, **part.parameters()):
            credits_of[row.day, slices.name_of(row)] += row.credits
    each = tuple(days.first_day + timedelta(days=1) * nth for nth in range(days.days))
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for (_, name), used in credits_of.items():
        totals[name] += used
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    by_name = {name: tuple(credits_of.get((day, name), Decimal(0)) for day in each) for name in ranked}
    return UsageGrid(by, each, by_name, _names(ranked), extent.provisional_from)


def _names(ranked: Sequence[str]) -> tuple[str, ...]:
    """Return the names to show."""
    if len(ranked) <= MAX_NAMES + 1:
        return tuple(ranked)
    apart = [name for name in ranked[MAX_NAMES:] if name in slices.NOT_IN.values()]
    return (*ranked[: MAX_NAMES - len(apart)], *apart, OTHERS)
