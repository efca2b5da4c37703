"""A year under each plan for several outcomes of usage: observed, expected, low, high and doubled."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.pricing.credit_rates import pack_credits, pack_prices
from core.pricing.plans import NO_CREDITS, cheapest_block, cheapest_commitment, offers_of_year, year_usd
from core.pricing.quantities import Usd
from core.records import NamedTuple

if TYPE_CHECKING:
    from core.pricing.credit_rates import Terms
    from core.pricing.plans import NotOffered, Offer, Plan
    from core.pricing.price_book import Prices
    from core.pricing.purchase import Demand
    from core.pricing.workload import Audience, YearOfUse


class YearProjection(NamedTuple):
    """A year of simulated credits: all futures, and the values that one in ten stays below or exceeds (None: not known)."""

    years: Demand
    low: Decimal | None
    high: Decimal | None


class YearUnderPlan(NamedTuple):
    """What the plan, bought for the observed use, costs: replayed, as expected, low, high, and with twice the observed use."""

    offer: Offer
    expected: Usd | None
    low: Usd | None
    high: Usd | None
    doubled: Usd

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.offer.plan

    @property
    def likely(self) -> Usd:
        """The expected cost, or the replayed one where nothing could be simulated."""
        return self.offer.cost.assumed if self.expected is None else self.expected


def years_under_plans(
    observed: YearOfUse, ahead: YearProjection | None, audience: Audience | None, prices: Prices, terms: Terms
) -> tuple[list[YearUnderPlan], list[NotOffered]]:
    """Return each plan that can be bought with its year, the likely cheapest first, and those that cannot be bought.

    observed: a year of the observed use. ahead: simulated credits; interactions and actions follow them in proportion.
    """
    offered, refused = offers_of_year(observed, audience, prices, terms)
    found = [_under(offer, observed, ahead, audience, prices, terms) for offer in offered]
    return sorted(found, key=lambda year: year.likely.count), refused


def _under(  # noqa: PLR0913, PLR0917 - an offer and all that its year rests on
    offer: Offer, observed: YearOfUse, ahead: YearProjection | None, audience: Audience | None, prices: Prices, terms: Terms
) -> YearUnderPlan:
    def cost(use: YearOfUse | None) -> Usd | None:
        return None if use is None else year_usd(offer.plan, use, observed, prices, terms, audience)

    if ahead is None:
        return YearUnderPlan(offer, None, None, None, offer.if_doubled)
    low, high = (cost(_of_credits(observed, end)) for end in (ahead.low, ahead.high))
    pieces = ((share, cost(_of_credits(observed, mean))) for mean, share in ahead.years.pieces(_bends(observed, prices, terms)))
    # The mean of a cost is not the cost of the mean: a block is paid in quiet years and exceeded in busy ones.
    expected = sum((usd * share for share, usd in pieces if usd), Usd(Decimal(0)))
    return YearUnderPlan(offer, expected, low, high, offer.if_doubled)


def _bends(observed: YearOfUse, prices: Prices, terms: Terms) -> list[Decimal]:
    """Return the credits at which a plan's cost changes its slope: block, commitment, an edition's credits, sizes of order.

    Between them every plan's cost is a straight line, so the mean of the costs follows exactly from one year for each piece.
    """
    planned = observed.credits or NO_CREDITS
    block = pack_credits(prices) * cheapest_block(planned, prices, terms).packs
    committed, _ = cheapest_commitment(planned, prices, terms)
    included = prices.value("edition.credits") if prices.has("edition.credits") else Decimal(0)
    sizes = _order_bends(prices, terms)
    # Resolutions burn credits of their own, so their bends are where the usage, in credits of actions, implies that many.
    resolutions = [size / each for size in sizes if (each := _resolution_share(observed, prices))]
    # Editions buy credits beyond the included ones, so each size of order bends their cost a second time, that much later.
    return [planned.count, block.count, committed.count, included, *sizes, *(included + size for size in sizes), *resolutions]


def _order_bends(prices: Prices, terms: Terms) -> list[Decimal]:
    """Return the credits from which on a larger order is bought, and those at which its price per pack holds."""
    pack, by_size = pack_credits(prices).count, pack_prices(prices, terms)
    starts = [size.from_packs * pack for size in by_size[1:]]
    early = [
        # From here on the least order at the lower price costs no more than what is wanted at the higher one.
        larger.usd.count * larger.from_packs * pack / smaller.usd.count
        for place, smaller in enumerate(by_size)
        for larger in by_size[place + 1 :]
        if smaller.usd
    ]
    return [*starts, *early]


def _resolution_share(observed: YearOfUse, prices: Prices) -> Decimal:
    """Return the credits that resolutions take for each credit of actions."""
    if not (observed.resolutions and observed.credits and prices.has("resolution.credits")):
        return Decimal(0)
    return observed.resolutions.count * prices.value("resolution.credits") / observed.credits.count


def _of_credits(observed: YearOfUse, credits_used: Decimal | None) -> YearOfUse | None:
    if credits_used is None:
        return None
    return observed.times(credits_used / observed.credits.count) if observed.credits else observed


def cheapest(years: list[YearUnderPlan]) -> set[str]:
    """Return the families of the cheapest plans for expected, low and high usage: several if the usage decides."""
    found: set[str] = {years[0].plan.family}
    for end in ("low", "high"):
        known = [(getattr(year, end), year.plan.family) for year in years if getattr(year, end) is not None]
        # By family: how to buy credits is a smaller decision than whether to buy credits, seats or conversations.
        found |= {min(known, key=lambda pair: pair[0].count)[1]} if known else set()
    return found
