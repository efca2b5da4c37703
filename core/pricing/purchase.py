"""How many packs to buy ahead: the block that costs least on average over every simulated year, exact to the cent.

A block of whole packs is paid whatever is used; usage beyond it costs the overage rate. Credits are exact decimals here:
simulated demand is converted to decimals before.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from core.pricing.quantities import Credits, Usd
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from core.pricing.quantities import UsdPerCredit

# The analysis' own share of the expected use; `rule_of_thumb_packs` names it.
RULE_OF_THUMB_SHARE = Decimal("0.8")


class PackPrice(NamedTuple):
    """What each pack of a block costs, for blocks of at least so many packs."""

    from_packs: int
    usd: Usd


def price_of_size(packs: int, by_size: tuple[PackPrice, ...]) -> Usd:
    """Return what each pack costs in an order of so many; without any, the price of a single one.

    A larger order never costs more per pack: it can be placed as several smaller ones.
    """
    # The lowest of all sizes reached, not the last: a contract's tiers need not fall with the size.
    return min((price.usd for price in by_size if price.from_packs <= packs), default=by_size[0].usd)


@dataclass(frozen=True, slots=True)
class BlockTerms:
    """How a block is sold: credits in a pack, its price by size of the block (smallest first), the rate beyond it.

    overage: None if usage beyond a block costs the contract's rate for such a block; contracted: its prices by size.
    """

    pack: Credits
    prices: tuple[PackPrice, ...]
    overage: UsdPerCredit | None
    contracted: tuple[PackPrice, ...] = ()

    def pack_usd(self, packs: int) -> Usd:
        """Return what each pack of a block of that size costs."""
        return price_of_size(packs, self.prices)

    def block_usd(self, packs: int) -> Usd:
        """Return what the block costs, before anything is used."""
        return self.pack_usd(packs) * packs

    def block(self, packs: int) -> Credits:
        """Return the credits in the block."""
        return self.pack * packs

    def beyond_rate(self, packs: int) -> UsdPerCredit:
        """Return what a credit beyond a block of that size costs."""
        contracted = self.contracted or self.prices
        return price_of_size(packs, contracted).for_credits(self.pack) if self.overage is None else self.overage

    def overage_pays(self) -> bool:
        """Whether no pack is cheaper than the same credits bought as they are used, with nothing bought ahead."""
        # At equal prices nothing is bought ahead: a block can expire, credits bought as they are used cannot.
        return min(price.usd.for_credits(self.pack).usd for price in self.prices) >= self.beyond_rate(0).usd


class Demand:
    """The credits that have to be bought, in each simulated year; one year where demand is certain."""

    def __init__(self, years: Iterable[Decimal]) -> None:
        """Keep the years, least demand first. Raises: ValueError, without any."""
        self.years = sorted(years)
        if not self.years:
            raise ValueError("Demand needs at least one year.")

    @cached_property
    def _sums(self) -> list[Decimal]:
        return [Decimal(0), *accumulate(self.years)]

    @property
    def is_certain(self) -> bool:
        """Whether every year is the same."""
        return self.years[0] == self.years[-1]

    @property
    def mean(self) -> Credits:
        """The mean usage of a year."""
        return Credits(self._sums[-1] / len(self.years))

    def beyond(self, block: Credits) -> Credits:
        """Return the credits used beyond a block, on average."""
        # Sums over sorted years make each block a look-up: the search below tries thousands of blocks against 2,000 years.
        place = bisect_right(self.years, block.count)
        return Credits((self._sums[-1] - self._sums[place] - block.count * (len(self.years) - place)) / len(self.years))

    def expected_unused(self, block: Credits) -> Credits:
        """Return the credits of a block that expire, on average."""
        # The used part of a block is the mean usage less the usage beyond it.
        return block - self.mean + self.beyond(block)

    def pieces(self, bends: Iterable[Decimal]) -> list[tuple[Decimal, Decimal]]:
        """Return the mean of the years between each pair of bends, and their share of the years."""
        places = sorted({0, *(bisect_right(self.years, bend) for bend in bends), len(self.years)})
        return [
            ((self._sums[end] - self._sums[start]) / (end - start), Decimal(end - start) / len(self.years))
            for start, end in pairwise(places)
        ]

    def quantile(self, share: Decimal) -> Credits:
        """Return the lowest demand that so large a share of the years does not exceed."""
        # Rounded up: “not exceeded by 90 %” must hold for at least 90 % of the years, whatever their number.
        rank = int((share * len(self.years)).to_integral_value(ROUND_CEILING))
        return Credits(self.years[min(max(rank, 1), len(self.years)) - 1])

    def worst(self, share: Decimal, least: Credits) -> Credits:
        """Return the mean demand of the given share of years with the highest demand."""
        # Rounded down, so the worst years are never watered down by one that is not among them.
        count = max(1, int(share * len(self.years)))
        return Credits(sum((max(least.count, used) for used in self.years[-count:]), Decimal(0)) / count)


def cost(packs: int, used: Credits, terms: BlockTerms) -> Usd:
    """Return what a year of so much use costs with a block of packs."""
    return terms.block_usd(packs) + max(Credits(Decimal(0)), used - terms.block(packs)).at(terms.beyond_rate(packs))


def expected_cost(packs: int, demand: Demand, terms: BlockTerms) -> Usd:
    """Return what a block and the use beyond it cost on average."""
    return terms.block_usd(packs) + demand.beyond(terms.block(packs)).at(terms.beyond_rate(packs))


def worst_cost(packs: int, demand: Demand, terms: BlockTerms, share: Decimal) -> Usd:
    """Return the mean cost of the given share of years with the highest demand, which are also the most expensive."""
    count = max(1, int(share * len(demand.years)))
    # Cost never falls as use grows, so the years with the highest demand are the most expensive; no second sort.
    years = (cost(packs, Credits(used), terms).count for used in demand.years[-count:])
    return Usd(sum(years, Decimal(0)) / count)


def cheapest_packs(demand: Demand, terms: BlockTerms) -> int:
    """Return the packs with the lowest expected cost; of several, the fewest.

    Between the years' demands and the tiers of the price the expected cost is a straight line, so only the whole numbers beside
    those bends can be the minimum.
    """
    return min(_candidates(demand, terms), key=lambda packs: (expected_cost(packs, demand, terms).count, packs))


def _candidates(demand: Demand, terms: BlockTerms) -> set[int]:
    # Both whole numbers beside each bend: on a straight line between two bends the minimum is at an end.
    beside = {int((year / terms.pack.count).to_integral_value(ROUND_FLOOR)) for year in demand.years}
    starts = {price.from_packs for price in terms.prices}
    found = beside | {packs + 1 for packs in beside} | starts | {packs - 1 for packs in starts} | {0}
    return {packs for packs in found if packs >= 0}


def rule_of_thumb_packs(demand: Demand, pack: Credits) -> int:
    """Return 80% of the expected use in whole packs, the nearest number.

    Source: Agentforce pricing analysis, early 2026.
    """
    # The nearest number of packs: the source says 80 % and nothing of rounding.
    return int((demand.mean * RULE_OF_THUMB_SHARE / pack).to_integral_value(ROUND_HALF_UP))


def critical_ratio(terms: BlockTerms, packs: int) -> Decimal:
    """Return 1 − p/g, the share of years whose demand the cheapest block covers: the newsvendor's quantile.

    0 if credits beyond the block cost no more than those in it.
    """
    beyond = terms.beyond_rate(packs)
    if not beyond.usd:
        return Decimal(0)
    # A pack too few costs g − p more, one too many p: the best block covers (g − p) ÷ g = 1 − p/g of the years.
    return max(Decimal(0), 1 - terms.pack_usd(packs).for_credits(terms.pack).usd / beyond.usd)


class GrantSlice(NamedTuple):
    """Credits at hand, usable on the half-open days [first_day, day_after_last); below 0, credits taken back on the first day.

    turn: lots with a lower turn are used first; within one turn, the one that ends first.
    """

    credits: Decimal
    first_day: date
    day_after_last: date
    turn: int = 0

    def holds_on(self, day: date) -> bool:
        """Whether the credits can be used on that day."""
        return self.first_day <= day < self.day_after_last


def intervals(lots: Iterable[GrantSlice], first_day: date, day_after_last: date) -> list[date]:
    """Return the days on which a lot begins or ends, both ends of the time in between included."""
    days = {day for lot in lots for day in (lot.first_day, lot.day_after_last) if first_day < day < day_after_last}
    return sorted({first_day, *days, day_after_last})


def shortfall(use: Sequence[Decimal], starts: Sequence[date], lots: Sequence[GrantSlice]) -> Decimal:
    """Return the credits that the lots do not cover.

    use: credits of each stretch; starts: their first days, as `stretches` gives them, the end left out. Reductions are taken from
    lots with the same end first, as in `core.wallet.ledger.balance`.
    """
    # What ends first is drawn first, so that the least expires; the turn lets a contract's own order override that.
    held = sorted((lot for lot in lots if lot.credits > 0), key=lambda lot: (lot.turn, lot.day_after_last, lot.first_day))
    taken_back = [lot for lot in lots if lot.credits < 0]
    left = [lot.credits for lot in held]
    missing = Decimal(0)
    for wanted, start in zip(use, starts, strict=True):
        usable = [place for place, lot in enumerate(held) if lot.holds_on(start)]
        for back in taken_back:
            # Taken back before that day's use: a reduction holds from its first instant on.
            if back.first_day == start:
                _take(left, sorted(usable, key=lambda place: held[place].day_after_last != back.day_after_last), -back.credits)
        missing += _take(left, usable, wanted)
    return missing


def _take(left: list[Decimal], places: Iterable[int], wanted: Decimal) -> Decimal:
    """Take credits one place after the other; return what could not be taken."""
    for place in places:
        taken = min(wanted, left[place])
        left[place] -= taken
        wanted -= taken
    return wanted
