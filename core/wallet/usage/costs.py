"""The cost of usage: determined by the grant it was drawn from. Exact; nothing here is rounded.

Free credits cost nothing. Bought ones cost their own price: what was paid for the grant ÷ its credits if stated, else
the contract's price. Usage that no grant covered costs the contract's overage rate, else the contract's price.
A day that drew from several grants has one rate, its cost ÷ its credits, which applies to all usage of the day: no source
says whose usage came out of which grant.

Source: overage at the contracted rate, in arrears and without a penalty: the vendor's pricing page, read 7 Oct 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from core.wallet.ledger import Grant, GrantLine

    Parts = Sequence[tuple[Grant | None, Decimal]]


class CreditPrices(NamedTuple):
    """Dollars per credit: the contract's price, and the price of usage that no grant covered."""

    contract: Decimal
    overdrawn: Decimal

    def paid_for(self, grant: Grant) -> Decimal:
        """Return what a grant cost: what was paid, if known, else its credits at the contract's price."""
        return grant.credits * self.contract if grant.usd is None else grant.usd

    def of(self, grant: Grant | None) -> Fraction:
        """Return dollars per credit of a grant, exact; None means no grant."""
        if grant is None:
            return Fraction(self.overdrawn)
        return Fraction(self.contract) if grant.usd is None else Fraction(grant.usd) / Fraction(grant.credits)

    def cost(self, parts: Parts) -> Fraction:
        """Return what credits drawn from these grants cost."""
        return sum((Fraction(drawn) * self.of(grant) for grant, drawn in parts), Fraction(0))

    def cost_of_expired(self, lines: Iterable[GrantLine]) -> Decimal:
        """Return what was paid for the credits of these grants that expired unused."""
        return usd_of(self.cost([(line.grant, line.expired) for line in lines]))


class PriceKind(NamedTuple):
    """One price at which usage was paid, in dollars per credit. place: free before bought before overdrawn."""

    place: int
    name: str
    price: Fraction


class RateRun(NamedTuple):
    """Half-open days [first_day, day_after_last) on which a credit cost the same, in dollars."""

    first_day: date
    day_after_last: date
    rate: Fraction


@dataclass(frozen=True, slots=True)
class DayRates:
    """The price of a credit on each day with usage, from the drawdown of a card.

    used: the whole card's credits by day, in order, if the days were read for this; None otherwise.
    """

    prices: CreditPrices
    parts: Mapping[date, Parts]
    used: Mapping[date, Decimal] | None = None

    def rate(self, day: date) -> Fraction:
        """Return dollars per credit of a day; 0 if the day's usage adds up to nothing."""
        drawn = self.parts.get(day, ())
        if len(drawn) == 1:  # true for nearly every day
            return self.prices.of(drawn[0][0]) if drawn[0][1] else Fraction(0)
        whole = sum((Fraction(part) for _, part in drawn), Fraction(0))
        return self.prices.cost(drawn) / whole if whole else Fraction(0)

    def runs(self, first_day: date, day_after_last: date) -> list[RateRun]:
        """Return the half-open days as runs of one rate, in order and without a gap."""
        found: list[RateRun] = []
        for day in sorted(day for day in self.parts if first_day <= day < day_after_last):
            rate = self.rate(day)
            if not found or found[-1].rate != rate:
                start = day if found else first_day
                found[-1:] = [*(run._replace(day_after_last=start) for run in found[-1:]), RateRun(start, day_after_last, rate)]
        return found or [RateRun(first_day, day_after_last, Fraction(0))] * (first_day < day_after_last)

    def by_kind(self, by_day: Iterable[tuple[date, Decimal]]) -> dict[PriceKind, Fraction]:
        """Return credits by day as credits by price paid; a day's draws are shared proportionally by all of its usage."""
        found: dict[PriceKind, Fraction] = {}
        for grant, used in self._by_grant(by_day):
            kind = self._kind(grant)
            found[kind] = found.get(kind, Fraction(0)) + used
        return found

    def _by_grant(self, by_day: Iterable[tuple[date, Decimal]]) -> list[tuple[Grant | None, Fraction]]:
        """Return credits by day as credits by the grant they were drawn from, None for those that no grant covered.

        Days that drew from one grant, nearly all, are added up as decimals: fractions take ten times as long.
        """
        whole_days: dict[Grant | None, Decimal] = {}
        shares: dict[Grant | None, Fraction] = {}
        for day, used in by_day:
            drawn = self.parts.get(day, ())
            if len(drawn) == 1:
                [(grant, part)] = drawn
                if part:
                    whole_days[grant] = whole_days.get(grant, Decimal(0)) + used
                continue
            whole = sum((Fraction(part) for _, part in drawn), Fraction(0))
            for grant, part in drawn if whole else ():
                shares[grant] = shares.get(grant, Fraction(0)) + Fraction(used) * Fraction(part) / whole
        grants = dict.fromkeys([*whole_days, *shares])
        return [(grant, Fraction(whole_days.get(grant, Decimal(0))) + shares.get(grant, Fraction(0))) for grant in grants]

    def _kind(self, grant: Grant | None) -> PriceKind:
        price = self.prices.of(grant)
        if grant is None:
            return PriceKind(2, "overdrawn", price)
        return PriceKind(1, "", price) if price else PriceKind(0, "of free grants", price)

    def cost(self, by_day: Iterable[tuple[date, Decimal]]) -> Decimal:
        """Return the cost of credits by day."""
        return usd_of(sum((used * self.prices.of(grant) for grant, used in self._by_grant(by_day)), Fraction(0)))


def usd_of(cost: Fraction) -> Decimal:
    """Return an exact cost as dollars, to 28 digits if it does not terminate."""
    return Decimal(cost.numerator) / Decimal(cost.denominator)
