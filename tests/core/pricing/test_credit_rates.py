"""What a credit costs: packs, tiers by the size of an order, discounts, overage."""

from datetime import date
from decimal import Decimal

import pytest

from core.pricing.credit_rates import (
    Terms,
    cheapest_order,
    flex_rate,
    largest_order,
    orders,
    overage_rate,
    pack_prices,
    pack_rate,
    pack_usd,
    price_of_size,
    rate_of,
)
from core.pricing.price_book import ContractPrices, Prices, prices_on
from core.pricing.quantities import Credits, Usd
from core.pricing.volume_tiers import VolumeTier

TODAY = date(2026, 11, 21)
LIST = prices_on(TODAY)
PACK, CREDITS = Decimal(500), Decimal(100_000)
TIERS = (VolumeTier(10, Decimal(450)), VolumeTier(50, Decimal(400)))
HALF_A_MILLION = Credits(Decimal(500_000))


def agreed(**items: str) -> Prices:
    """Return the prices of a contract, its items written with `__` for the point."""
    return prices_on(TODAY, ContractPrices({item.replace("__", "."): Decimal(value) for item, value in items.items()}))


@pytest.mark.parametrize("percent", [0, 1, 10, 25, 50, 99])
def test_a_discount_is_taken_off_whole_and_once(percent: int) -> None:
    """A quarter off $500 is $375, in a pack and in a credit of it; not half of it, and not twice."""
    terms = Terms(discount=Decimal(percent) / 100)
    left = PACK * (100 - percent) / 100
    assert pack_usd(LIST, terms) == Usd(left)
    assert pack_rate(LIST, terms).usd == left / CREDITS
    assert flex_rate(LIST, terms, HALF_A_MILLION).usd == left / CREDITS
    assert rate_of(None, LIST, terms, HALF_A_MILLION).assumed.usd == left / CREDITS


@pytest.mark.parametrize("percent", [10, 40])
def test_a_discount_comes_off_every_tier(percent: int) -> None:
    """Each size of order: 500, 450 and 400 dollars a pack, less the same share."""
    terms = Terms(discount=Decimal(percent) / 100, tiers=TIERS)
    kept = Decimal(100 - percent) / 100
    assert [(one.from_packs, one.usd.count) for one in pack_prices(LIST, terms)] == [
        (1, 500 * kept),
        (10, 450 * kept),
        (50, 400 * kept),
    ]


def test_a_contract_s_own_pack_price_is_discounted_too() -> None:
    """A question's discount is beside the contract: 10 % off $450 is $405."""
    assert pack_usd(agreed(flex__usd_per_pack="450"), Terms(discount=Decimal("0.1"))) == Usd(Decimal(405))


def test_a_tier_of_one_pack_is_the_price_of_a_single_pack() -> None:
    """It stands before the book's."""
    terms = Terms(tiers=(VolumeTier(1, Decimal(480)), VolumeTier(10, Decimal(450))))
    assert pack_usd(LIST, terms) == Usd(Decimal(480))
    assert [one.from_packs for one in pack_prices(LIST, terms)] == [1, 10]


def test_a_price_that_is_said_holds_for_every_size() -> None:
    """Tiers are the contract's; $0.08 an action is what the question says: 8,000 actions to the pack, $400... for any order."""
    terms = Terms(usd_per_action=Decimal("0.08"), tiers=TIERS)
    [single] = pack_prices(LIST, terms)
    assert (single.from_packs, single.usd.count) == (1, CREDITS / 20 * Decimal("0.08"))


@pytest.mark.parametrize(
    ("packs", "usd"),
    [(1, 500), (8, 8 * 500), (9, 10 * 450), (10, 10 * 450), (44, 44 * 450), (45, 50 * 400), (50, 50 * 400), (60, 60 * 400)],
)
def test_a_larger_order_is_taken_where_it_costs_less(packs: int, usd: int) -> None:
    """Nine packs at $500 are $4,500, as ten at $450; 45 at $450 are $20,250, more than fifty at $400."""
    order = cheapest_order(Credits(CREDITS * packs), LIST, Terms(tiers=TIERS))
    assert order.cost == Usd(Decimal(usd))


def test_of_two_orders_of_one_cost_the_smaller_is_named() -> None:
    """Nine packs or ten, $4,500 each: what was asked for."""
    assert cheapest_order(Credits(CREDITS * 9), LIST, Terms(tiers=TIERS)).credits == Credits(CREDITS * 9)


def test_no_credits_need_no_tier() -> None:
    """There is one way to order nothing."""
    assert [order.credits.count for order in orders(Credits(Decimal(0)), LIST, Terms(tiers=TIERS))] == [0]


@pytest.mark.parametrize(
    ("budget", "credits_bought"),
    [(500, 100_000), (4_499, 899_800), (4_500, 1_000_000), (19_999, 19_999 * 100_000 // 450), (20_000, 5_000_000)],
)
def test_a_budget_buys_most_at_the_lowest_price_it_reaches(budget: int, credits_bought: int) -> None:
    """$4,500 reach ten packs at $450, $20,000 fifty at $400; a dollar less reaches neither."""
    found = largest_order(Usd(Decimal(budget)), LIST, Terms(tiers=TIERS)).credits.count
    assert int(found) == credits_bought


def test_a_discount_does_not_touch_overage_but_at_the_low_end() -> None:
    """It is earned by a commitment: $0.005 a credit as contracted, $0.004 if it held, pay-as-you-go at most."""
    found = overage_rate(LIST, Terms(discount=Decimal("0.2")))
    assert (found.low.usd, found.assumed.usd) == (Decimal("0.004"), Decimal("0.005"))
    assert found.high.usd >= found.assumed.usd


def test_the_contract_s_overage_holds() -> None:
    """$0.12 an action of 20 credits are $0.006 a credit, at both ends."""
    found = overage_rate(agreed(overage__usd_per_action="0.12"), Terms(discount=Decimal("0.2")))
    assert {found.low.usd, found.assumed.usd, found.high.usd} == {Decimal("0.006")}


def test_overage_costs_what_such_a_block_costs() -> None:
    """Of ten packs at $450 a credit more costs $0.0045."""
    assert overage_rate(LIST, Terms(tiers=TIERS), packs=10).assumed.usd == Decimal("0.0045")
    assert price_of_size(49, pack_prices(LIST, Terms(tiers=TIERS))) == Usd(Decimal(450))
