"""Seats for the heaviest users and credits for the others: the number of seats that costs least.

Not offered within one org by the pricing analysis of early 2026; its cost is what such a blend would save.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from core.pricing import credit_rates, plans
from core.pricing.quantities import Credits, Usd
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.pricing.credit_rates import Order, Terms
    from core.pricing.price_book import Prices


class SeatMix(NamedTuple):
    """How many of the biggest users have a seat, and what the seats and the others' credits cost."""

    seats: int
    cost: Usd


def cheapest_mix(used: Sequence[Credits], seat: Usd, ways: Sequence[Order]) -> SeatMix:
    """Return the mix that costs least; of several, that with fewest seats. It costs no more than seats or credits for all.

    used: credits of each person, biggest first. seat: what one costs over the same time. ways: how credits can be bought, each
    with the minimum order for its rate; the cheapest for the remaining credits is used.
    """
    # left[n]: the credits of everyone but the n biggest users, so each candidate is one look-up.
    left = [*accumulate((one.count for one in reversed(used)), initial=Decimal(0))][::-1]

    def cost(seats: int) -> Usd:
        return seat * seats + credits_cost(Credits(max(Decimal(0), left[seats])), ways)

    # Fewest seats among equals: a seat is a year's commitment, credits are not.
    best = min(_candidates(used, left, seat, ways), key=lambda seats: (cost(seats).count, seats))
    return SeatMix(best, cost(best))


def credits_cost(amount: Credits, ways: Sequence[Order]) -> Usd:
    """Return what so many credits cost, bought in the cheapest of the ways."""
    if not amount:
        return Usd(Decimal(0))
    return min(max(amount, way.credits).at(way.rate) for way in ways)


def _candidates(used: Sequence[Credits], left: Sequence[Decimal], seat: Usd, ways: Sequence[Order]) -> Iterable[int]:
    """Return candidate numbers of seats, one of which is cheapest.

    At one rate a seat pays for everyone whose usage costs more than it. With several rates the minimum may also be where the
    remaining credits cross a rate's minimum order.
    """
    found = {0, len(used)}
    for way in ways:
        # Strictly more expensive: at the same cost the person stays on credits.
        found.add(sum(1 for one in used if one.at(way.rate) > seat))
        beyond = bisect_right([-credits_left for credits_left in left], -way.credits.count)
        found |= {beyond - 1, beyond}
    return {seats for seats in found if 0 <= seats <= len(used)}


def ways_to_buy(prices: Prices, terms: Terms) -> list[Order]:
    """Return each rate at which credits can be bought, with the minimum credits for it."""
    pack = credit_rates.pack_credits(prices)
    sizes = [(size, size.usd.for_credits(pack)) for size in credit_rates.pack_prices(prices, terms)]
    # A single pack's rate holds for any amount: credits at that rate are bought as they are needed.
    floors = [(pack * (size.from_packs if place else 0), rate) for place, (size, rate) in enumerate(sizes)]
    found = [credit_rates.Order(floor, rate) for floor, rate in floors]
    if credit_rates.knows_payg(prices, terms):
        found.append(credit_rates.Order(plans.NO_CREDITS, credit_rates.payg_rate(prices, terms).assumed))
        found += [credit_rates.Order(floor, credit_rates.precommit_rate(prices, terms, rate).assumed) for floor, rate in floors]
    elif credit_rates.agreed_precommit(prices, terms) is not None:
        found.append(credit_rates.Order(plans.NO_CREDITS, credit_rates.precommit_rate(prices, terms).assumed))
    return found
