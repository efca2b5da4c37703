"""Usage in rows: what each name or period used, its share, and how that changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from core.days import CALENDAR_YEAR, DAYS_IN_WEEK, MONTHS_IN_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from core.days import PeriodCalendar
    from core.wallet.usage.slices import NamedRow
    from core.warehouse import queries

    UsedRow = queries.UsageByNameRow | queries.UsageByUserRow

Grouping = Literal["day", "week", "month", "quarter", "year"]

MONTHS_IN: Mapping[Grouping, int] = {"month": 1, "quarter": 3, "year": MONTHS_IN_YEAR}


@dataclass(frozen=True, slots=True)
class Used:
    """What one name or period used; before: in the equally long period before, None if the data does not cover it."""

    key: str | date
    actions: Decimal
    credits: Decimal
    before: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        """The change in credits since the previous period."""
        return None if self.before is None else self.credits - self.before

    @property
    def change_percent(self) -> Decimal | None:
        """The change as a percentage; None if there was no usage before."""
        return self.change / self.before * Decimal(100) if self.change is not None and self.before else None


def share_percent(part: Decimal, total: Decimal) -> Decimal | None:
    """Return a part as a percentage of a total; None for a total of 0."""
    return part / total * Decimal(100) if total else None


def total(rows: Iterable[Used]) -> Used:
    """Return all rows as one; the previous usage is known only if it is known for all of them."""
    found = list(rows)
    before = [row.before for row in found if row.before is not None]
    return Used(
        "total",
        sum((row.actions for row in found), Decimal(0)),
        sum((row.credits for row in found), Decimal(0)),
        sum(before, Decimal(0)) if len(before) == len(found) else None,
    )


def by_name(rows: Iterable[UsedRow], name_of: Callable[[NamedRow], str], *, with_before: bool) -> list[Used]:
    """Return the rows of a query by name."""
    return [Used(name_of(row), row.actions, row.credits, row.credits_before if with_before else None) for row in rows]


def period_start(day: date, by: Grouping, calendar: PeriodCalendar = CALENDAR_YEAR) -> date:
    """Return the first day of the day's period; quarters and years are those of the calendar's (fiscal) year."""
    months = MONTHS_IN.get(by, 1)
    if months > 1:
        year, month = divmod(
            day.year * MONTHS_IN_YEAR + day.month - 1 - (day.month - calendar.first_month) % months, MONTHS_IN_YEAR
        )
        return date(year, month + 1, 1)
    if by == "month":
        return day.replace(day=1)
    return day - timedelta(days=1) * ((day.weekday() - calendar.first_weekday) % DAYS_IN_WEEK) if by == "week" else day


def next_period(start: date, by: Grouping) -> date:
    """Return the first day of the period after the one that begins on `start`."""
    months = MONTHS_IN.get(by)
    if months:
        ahead = start.month - 1 + months
        return date(start.year + ahead // MONTHS_IN_YEAR, ahead % MONTHS_IN_YEAR + 1, 1)
    return start + timedelta(days=1) * (DAYS_IN_WEEK if by == "week" else 1)


def by_period(  # noqa: PLR0913, PLR0917 - what is counted, and the calendar
    rows: Iterable[queries.UsageByDayRow],
    by: Grouping,
    first_day: date,
    day_after_last: date,
    known_from: date,
    calendar: PeriodCalendar = CALENDAR_YEAR,
) -> list[Used]:
    """Return what each period between the days used, oldest first, including periods without usage.

    rows: by day, from the start of the period before the first. A period that the days cut off, or whose previous period is not
    completely in the data, has no change.
    """
    credits_of: dict[date, Decimal] = {}
    counted: dict[date, Used] = {}
    for row in rows:
        start = period_start(row.day, by, calendar)
        credits_of[start] = credits_of.get(start, Decimal(0)) + row.credits
        if first_day <= row.day < day_after_last:
            so_far = counted.get(start, Used(start, Decimal(0), Decimal(0)))
            counted[start] = Used(start, so_far.actions + row.actions, so_far.credits + row.credits)
    found = []
    for start in _period_starts(first_day, day_after_last, by, calendar):
        previous = period_start(start - timedelta(days=1), by, calendar)
        is_whole = first_day <= start and next_period(start, by) <= day_after_last and known_from <= previous
        used = counted.get(start, Used(start, Decimal(0), Decimal(0)))
        found.append(replace(used, before=credits_of.get(previous, Decimal(0)) if is_whole else None))
    return found


def _period_starts(first_day: date, day_after_last: date, by: Grouping, calendar: PeriodCalendar) -> Iterator[date]:
    start = period_start(first_day, by, calendar)
    while start < day_after_last:
        yield start
        start = next_period(start, by)
