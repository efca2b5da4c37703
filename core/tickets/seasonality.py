"""A seasonal year of a help desk's tickets, and the part that agents would handle."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.pricing import Actions, Interactions, YearOfUse
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.pricing import Prices, Seats

MONTHS = range(1, 13)
COMMON_YEAR = 2025


class Season(NamedTuple):
    """Tickets per calendar month of a year; covered: months with days in the export."""

    by_month: tuple[Decimal, ...]
    covered: frozenset[int]
    first_day: date
    last_day: date

    @property
    def tickets(self) -> Decimal:
        """The number of tickets in the year."""
        return sum(self.by_month, Decimal(0))

    @property
    def peak(self) -> int:
        """The calendar month with the most tickets."""
        return max(MONTHS, key=lambda month: self.by_month[month - 1])


def season(by_day: Mapping[date, int]) -> Season:
    """Return a year of tickets: each month at its own daily mean, a month without days at the mean of all days."""
    first, last = min(by_day), max(by_day)
    days = dict.fromkeys(MONTHS, 0)
    tickets = dict.fromkeys(MONTHS, 0)
    day = first
    while day <= last:
        days[day.month] += 1
        tickets[day.month] += by_day.get(day, 0)
        day += timedelta(days=1)
    usual = Decimal(sum(tickets.values())) / sum(days.values())
    means = (Decimal(tickets[month]) / days[month] if days[month] else usual for month in MONTHS)
    by_month = tuple(mean * calendar.monthrange(COMMON_YEAR, month)[1] for month, mean in zip(MONTHS, means, strict=True))
    return Season(by_month, frozenset(month for month in MONTHS if days[month]), first, last)


class Handled(NamedTuple):
    """Tickets of one use case in the export: how many an agent would handle, and the actions per ticket, low, usual and high."""

    use_case: str
    label: str
    tickets: int
    automation: tuple[Decimal, Decimal, Decimal]
    actions: tuple[Decimal, Decimal, Decimal]
    source: str


def years_of_use(
    handled: Iterable[Handled], per_ticket: Decimal, prices: Prices, seats: Seats | None
) -> tuple[YearOfUse, YearOfUse, YearOfUse]:
    """Return a year of the deployment: low, usual, high.

    per_ticket: tickets per year for each ticket in the export. Low uses the low ends of both automation and actions.
    """
    low, usual, high = (_year(list(handled), end, per_ticket, prices, seats) for end in range(3))
    return low, usual, high


def _year(handled: list[Handled], end: int, per_ticket: Decimal, prices: Prices, seats: Seats | None) -> YearOfUse:
    taken = [(one.tickets * per_ticket * one.automation[end] / Decimal(100), one.actions[end]) for one in handled]
    interactions = Interactions(sum((count for count, _ in taken), Decimal(0)))
    actions = Actions(sum((count * each for count, each in taken), Decimal(0)))
    return YearOfUse(interactions, interactions, actions, actions.burn(prices.value("action.production")), seats)
