"""What a change of the pricing model costs: lost prepaid value, months paid twice, and when the saving has paid for them."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from core.days import MONTHS_IN_YEAR
from core.records import NamedTuple

if TYPE_CHECKING:
    from core.pricing.quantities import Usd


class CostRange(NamedTuple):
    """The minimum and maximum that something can cost."""

    low: Usd
    high: Usd


class ModelSwitch(NamedTuple):
    """A change from one plan to another, at one point of the old contract.

    old, new: what a month of the same usage costs. unused: prepaid value of the old contract that is lost.
    overlap_months: months in which the new contract is paid while the old one still runs.
    """

    old: Usd
    new: Usd
    unused: CostRange
    overlap_months: Decimal

    @property
    def saved_per_month(self) -> Usd:
        """What every month after the switch saves; negative where the new plan costs more."""
        return self.old - self.new

    @property
    def overlap(self) -> Usd:
        """The cost of the months in which both contracts are paid."""
        return self.new * self.overlap_months

    @property
    def once(self) -> CostRange:
        """What the switch costs once: value lost, and months paid twice."""
        return CostRange(self.unused.low + self.overlap, self.unused.high + self.overlap)

    def saved_in_first_year(self) -> CostRange:
        """Return the saving of twelve months after the switch less its one-time cost: minimum and maximum."""
        year = self.saved_per_month * MONTHS_IN_YEAR
        return CostRange(year - self.once.high, year - self.once.low)

    def break_even_months(self, once: Usd) -> int | None:
        """Return after how many whole months the saving has paid back a cost, 0 if there is none; None for never."""
        if self.saved_per_month.count <= 0:
            return None
        return int((once / self.saved_per_month).to_integral_value(ROUND_CEILING))
