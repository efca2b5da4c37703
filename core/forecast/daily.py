"""The daily credits on which a forecast is based."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from core.days import DAYS_IN_WEEK
from core.forecast.breaks import learn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from core.forecast.breaks import Learned

MIN_DAYS = 14
# 2,000 paths: the 10 % end of a range is then itself accurate to 0.7 % of the paths, √(0.1 × 0.9 ÷ 2,000).
PATHS = 2_000
MIN_DAYS_FOR_RANGE = 8 * DAYS_IN_WEEK


@dataclass(frozen=True, slots=True)
class DailySeries:
    """Credits of consecutive complete days, oldest first; a day without usage is 0, never left out."""

    first_day: date
    credits: tuple[float, ...]

    @property
    def days(self) -> int:
        """The number of days."""
        return len(self.credits)

    @property
    def day_after_last(self) -> date:
        """The first forecast day."""
        return self.first_day + timedelta(days=self.days)

    @property
    def is_enough(self) -> bool:
        """Whether there are the 14 days that a forecast needs."""
        return self.days >= MIN_DAYS

    @property
    def knows_range(self) -> bool:
        """Whether there are the 8 weeks that a range needs, since the last start."""
        return self.learned.days >= MIN_DAYS_FOR_RANGE and not self.is_off

    @property
    def learned(self) -> Learned:
        """The days to learn from: those since the last start, cleaned."""
        return learn(self.credits)

    @property
    def since(self) -> date:
        """The first day to learn from."""
        return self.first_day + timedelta(days=self.learned.since)

    @property
    def is_off(self) -> bool:
        """Whether there is no usage any more."""
        return self.learned.why == "off"

    @property
    def mended(self) -> DailySeries:
        """The days to learn from, up to the same last day."""
        used = self.learned.credits
        return DailySeries(self.day_after_last - timedelta(days=len(used)), used)

    @property
    def seed(self) -> int:
        """A seed that is the same for the same days and credits on every machine."""
        text = f"{self.first_day} {' '.join(format(used, '.6f') for used in self.credits)}"
        return int.from_bytes(sha256(text.encode()).digest()[:4])

    def until(self, day: date) -> DailySeries:
        """Return the days before that one: the data known then."""
        return DailySeries(self.first_day, self.credits[: max((day - self.first_day).days, 0)])


def daily_series(by_day: Mapping[date, Decimal], first_day: date, day_after_last: date) -> DailySeries:
    """Return the credits of the half-open days; days that are not in the mapping are days without usage."""
    days = (first_day + timedelta(days=nth) for nth in range((day_after_last - first_day).days))
    return DailySeries(first_day, tuple(float(by_day.get(day, 0)) for day in days))
