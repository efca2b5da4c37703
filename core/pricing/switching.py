"""What a change of the pricing model costs: value that is lost unused, months paid twice, and when the saving pays for them."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, NamedTuple

from core.days import MONTHS_IN_YEAR

if TYPE_CHECKING:
    from core.pricing.quantities import Usd


class CostRange(NamedTuple):
    """The least and the most that something can cost."""

    low: Usd
    high: Usd


class ModelSwitch(NamedTuple):
    """A change from one plan to another, at one point of the old contract.

    old, new: what a month of the same use costs. unused: value of the old contract that is paid and lost.
    overlap_months: in which the new contract is paid while the old one still serves.
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
        """What the months cost in which both contracts are paid."""
        return self.new * self.overlap_months

    @property
    def once(self) -> CostRange:
        """What the switch costs once: value lost, and months paid twice."""
        return CostRange(self.unused.low + self.overlap, self.unused.high + self.overlap)

    def saved_in_first_year(self) -> CostRange:
        """Return what twelve months after the switch save, less what it costs once: at least, and at most."""
        year = self.saved_per_month * MONTHS_IN_YEAR
        return CostRange(year - self.once.high, year - self.once.low)

    def break_even_months(self, once: Usd) -> int | None:
        """Return after how many whole months the saving has paid a cost back, 0 where there is none to pay; None for never."""
        if self.saved_per_month.count <= 0:
            return None
        return int((once / self.saved_per_month).to_integral_value(ROUND_CEILING))
