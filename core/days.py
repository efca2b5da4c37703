"""Days that people write: as 2026-01-31, and near enough for sums of days around them; how long weeks and years are."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from core.patterns import compiled

FIRST_YEAR, LAST_YEAR = 2000, 2100
DAYS_IN_WEEK, MONTHS_IN_YEAR, DAYS_IN_YEAR = 7, 12, 365  # years of prices and budgets have no leap day
WRITTEN = r"(?a)\d{4}-\d{2}-\d{2}"


class PeriodCalendar(NamedTuple):
    """Where a team's weeks and quarters begin: a weekday, 0 being Monday, and the first month of its (fiscal) year."""

    first_weekday: int = 0
    first_month: int = 1


CALENDAR_YEAR = PeriodCalendar()


class NoDayError(ValueError):
    """A text that names no day; `str()` is the reason, the text in it."""


def day_written(text: str) -> date:
    """Return the day written as 2026-01-31.

    Raises: NoDayError, also for a day so far off that there is no day as long before or after it.
    """
    try:
        day = date.fromisoformat(text) if compiled(WRITTEN).fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise NoDayError(f"there is no day {text}")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NoDayError(f"the day {text} is not in the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day; before it for a negative number."""
    years, month = divmod(day.year * MONTHS_IN_YEAR + day.month - 1 + months, MONTHS_IN_YEAR)
    return date(years, month + 1, min(day.day, days_in_month(years, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has; the module `calendar` takes longer to load than all else here."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and is_leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]  # noqa: PLR2004 - February
