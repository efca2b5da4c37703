"""Days as people write them, such as 2026-01-31, within a range that allows date arithmetic; lengths of weeks and years."""

from __future__ import annotations

from datetime import date

from core.patterns import compiled
from core.records import NamedTuple

FIRST_YEAR, LAST_YEAR = 2000, 2100
DAYS_IN_WEEK, MONTHS_IN_YEAR, DAYS_IN_YEAR = 7, 12, 365  # years in prices and budgets have no leap day
WRITTEN = r"(?a)\d{4}-\d{2}-\d{2}"


class PeriodCalendar(NamedTuple):
    """The start of a team's weeks and quarters: a weekday, 0 for Monday, and the first month of its (fiscal) year."""

    first_weekday: int = 0
    first_month: int = 1


CALENDAR_YEAR = PeriodCalendar()


class NoDayError(ValueError):
    """A text that is not a day; `str()` is the reason and includes the text."""


def day_written(text: str) -> date:
    """Return the day written as 2026-01-31.

    Raises: NoDayError, also for a day too far away for date arithmetic.
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
    """Return the same day of the month a number of months later, or that month's last day; earlier for a negative number."""
    years, month = divmod(day.year * MONTHS_IN_YEAR + day.month - 1 + months, MONTHS_IN_YEAR)
    return date(years, month + 1, min(day.day, days_in_month(years, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """Return the number of days in a month; the module `calendar` takes longer to load than everything else here."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and is_leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]  # noqa: PLR2004 - February
