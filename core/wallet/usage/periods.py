"""The days that a question about the wallet means, and the extent of the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from core.answer import day as shown_day
from core.answer import number
from core.days import MONTHS_IN_YEAR, months_after
from core.errors import InputError
from core.language import Last
from core.records import NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from core.context import Context
    from core.language import Question

PROVISIONAL = timedelta(hours=72)
BURN_DAYS = 28
MAX_CARDS = 3
DAYS_IN = {"day": 1, "week": 7}


class Lacking(NamedTuple):
    """Credits of a day and environment that only coarser rows have: the card's finest export, of events or hours, lacks them."""

    day: date
    environment: str
    lacking_in: str
    credits: Decimal


class CardUse(NamedTuple):
    """A card and its total used credits."""

    card: str
    credits: Decimal


@dataclass(frozen=True, slots=True)
class Extent:
    """The extent of a card's data; days are the team's, first_day and last_day None while nothing was used.

    provisional_from: the first day on which rows may still arrive, 72 hours before data_through.
    last_import: when the latest import ended, UTC.
    lacking: what is counted for the card although its finest export lacks it.
    card, elsewhere: the card, and if it has no usage, the cards that have some, the biggest first.
    """

    data_through: datetime | None
    first_day: date | None
    last_day: date | None
    provisional_from: date
    last_import: datetime | None = None
    lacking: tuple[Lacking, ...] = ()
    card: str = ""
    elsewhere: tuple[CardUse, ...] = ()

    @property
    def all_days(self) -> DayRange:
        """All days with usage. Raises: InputError, if there are none."""
        if self.first_day is None or self.last_day is None:
            raise InputError(
                self.said_elsewhere
                or "The wallet holds no usage yet. Import an export of usage events or days: agentcost import FILE."
            )
        return DayRange(self.first_day, self.last_day + timedelta(days=1))

    @property
    def said_elsewhere(self) -> str:
        """A sentence that this card has no usage, and which cards have some; empty if it has usage."""
        if not self.elsewhere:
            return ""
        named = [f"{use.card} ({number(use.credits)} credits)" for use in self.elsewhere[:MAX_CARDS]]
        more = [f"{len(self.elsewhere) - MAX_CARDS} more"] if len(self.elsewhere) > MAX_CARDS else []
        *others, last = [*named, *more]
        cards = f"{', '.join(others)} and {last}" if others else last
        return f"No usage of {self.card} is known, only of {cards}. Ask about one of them by name: card {self.elsewhere[0].card}."


@dataclass(frozen=True, slots=True)
class DayRange:
    """Half-open days [first_day, day_after_last)."""

    first_day: date
    day_after_last: date

    @property
    def days(self) -> int:
        """The number of days; 0 for an empty range."""
        return max((self.day_after_last - self.first_day).days, 0)

    @property
    def last_day(self) -> date:
        """The last day counted."""
        return self.day_after_last - timedelta(days=1)

    @property
    def before(self) -> DayRange:
        """The equally long days just before; before whole calendar months, as many months."""
        months = self.whole_months
        if months:
            return DayRange(months_after(self.first_day, -months), self.first_day)
        return DayRange(self.first_day - timedelta(days=1) * self.days, self.first_day)

    @property
    def whole_months(self) -> int:
        """The number of calendar months in the days; 0 unless they are exactly whole months."""
        first, after = self.first_day, self.day_after_last
        is_whole = first.day == after.day == 1
        return max((after.year - first.year) * MONTHS_IN_YEAR + after.month - first.month, 0) if is_whole else 0

    def within(self, known: DayRange) -> DayRange:
        """Return the days that are also among the known ones."""
        return DayRange(max(self.first_day, known.first_day), min(self.day_after_last, known.day_after_last))

    def __str__(self) -> str:
        """Return both ends, in the usual notation."""
        return shown_day(self.first_day) if self.days == 1 else f"{shown_day(self.first_day)} to {shown_day(self.last_day)}"


def provisional_from(data_through: datetime | None, last_day: date | None, context: Context) -> date:
    """Return the team's day 72 hours before data through; from that day on rows may still arrive."""
    if data_through is not None:
        return (data_through.astimezone(UTC) - PROVISIONAL).astimezone(context.config.zone).date()
    return last_day + timedelta(days=1) if last_day else context.as_of


def end_of_known(extent: Extent, day: date, context: Context) -> date:
    """Return the first day that is excluded when the wallet is looked at on that day."""
    reached = extent.data_through.astimezone(context.config.zone).date() if extent.data_through else extent.last_day or day
    return min(max(reached, extent.last_day or reached), day) + timedelta(days=1)


def extent_as_of(extent: Extent, day: date) -> Extent:
    """Return the extent as of an earlier day: days from that day on are not complete yet."""
    return replace(extent, provisional_from=min(extent.provisional_from, day))


def burn_range(extent: Extent, until: date) -> DayRange | None:
    """Return the last 28 complete days before `until`, fewer if the data begins later; None if there are none."""
    after_last = min(extent.provisional_from, until)
    if extent.first_day is None or extent.first_day >= after_last:
        return None
    return DayRange(max(extent.first_day, after_last - timedelta(days=1) * BURN_DAYS), after_last)


def days_of(question: Question, extent: Extent) -> DayRange:
    """Return the days that a question means: all days, unless it says otherwise.

    The last so many days, weeks or months end with the last complete day; days named by date are used as they are.
    Raises: InputError, if there is no data in them.
    """
    said, known = question.span, extent.all_days
    if said is None:
        return known
    if isinstance(said, Last):
        found = DayRange(_last_first_day(said, extent.provisional_from), extent.provisional_from)
    else:
        found = DayRange(said.first, said.last + timedelta(days=1) if said.last else known.day_after_last)
    if found.first_day >= known.day_after_last or found.day_after_last <= known.first_day:
        raise InputError(f"There is no data for {_describe_range(said, found)}. The wallet knows {known}.")
    return found


def _describe_range(said: object, found: DayRange) -> str:
    return f"{found}" if isinstance(said, Last) or found.days else f"the days since {shown_day(found.first_day)}"


def _last_first_day(said: Last, after_last: date) -> date:
    if said.unit != "month":
        return after_last - timedelta(days=1) * said.count * DAYS_IN[said.unit]
    return months_after(after_last, -said.count)


def has_before(days: DayRange, extent: Extent) -> bool:
    """Whether the data covers all of the equally long days before."""
    return extent.first_day is not None and extent.first_day <= days.before.first_day
