"""The cost of a credit: packs, tiers by order size, discounts, overage."""

from datetime import date
from decimal import Decimal

import pytest

from core.pricing.credit_rates import (
    Terms,
    agreed_precommit,
    cheapest_order,
    flex_rate,
    knows_payg,
    largest_order,
    orders,
    overage_rate,
    pack_prices,
    pack_rate,
    pack_usd,
    payg_rate,
    precommit_rate,
    rate_of,
)
from core.pricing.price_book import ContractPrices, Prices, prices_on
from core.pricing.purchase import price_of_size
from core.pricing.quantities import Credits, Usd, UsdPerCredit
from core.pricing.volume_tiers import VolumeTier

TODAY, BEFORE_CREDITS = date(2026, 11, 21), date(2025, 2, 1)
LIST = prices_on(TODAY)
PACK, CREDITS = Decimal(500), Decimal(100_000)
TIERS = (VolumeTier(10, Decimal(450)), VolumeTier(50, Decimal(400)))
HALF_A_MILLION = Credits(Decimal(500_000))


def agreed(**items: str) -> Prices:
    """Return a contract's prices, with `__` for the dot in item names."""
    return prices_on(TODAY, ContractPrices({item.replace("__", "."): Decimal(value) for item, value in items.items()}))


@pytest.mark.parametrize("percent", [0, 1, 10, 25, 50, 99])
def test_a_discount_is_taken_off_whole_and_once(percent: int) -> None:
    """A quarter off $500 is $375, for a pack and for a credit in it; the discount applies in full, and only once."""
    terms = Terms(discount=Decimal(percent) / 100)
    left = PACK * (100 - percent) / 100
    assert pack_usd(LIST, terms) == Usd(left)
    assert pack_rate(LIST, terms).usd == left / CREDITS
    assert flex_rate(LIST, terms, HALF_A_MILLION).usd == left / CREDITS
    assert rate_of(None, LIST, terms, HALF_A_MILLION).assumed.usd == left / CREDITS


@pytest.mark.parametrize("percent", [10, 40])
def test_a_discount_comes_off_every_tier(percent: int) -> None:
    """A discount reduces each order size's price, 500, 450 and 400 dollars a pack, by the same percentage."""
    terms = Terms(discount=Decimal(percent) / 100, tiers=TIERS)
    kept = Decimal(100 - percent) / 100
    assert [(one.from_packs, one.usd.count) for one in pack_prices(LIST, terms)] == [
        (1, 500 * kept),
        (10, 450 * kept),
        (50, 400 * kept),
    ]


def test_a_contract_s_own_pack_price_is_discounted_too() -> None:
    """A question's discount applies on top of the contract: 10 % off $450 is $405."""
    assert pack_usd(agreed(flex__usd_per_pack="450"), Terms(discount=Decimal("0.1"))) == Usd(Decimal(405))


def test_a_tier_of_one_pack_is_the_price_of_a_single_pack() -> None:
    """A tier of one pack takes precedence over the price book."""
    terms = Terms(tiers=(VolumeTier(1, Decimal(480)), VolumeTier(10, Decimal(450))))
    assert pack_usd(LIST, terms) == Usd(Decimal(480))
    assert [one.from_packs for one in pack_prices(LIST, terms)] == [1, 10]


def test_a_price_that_is_said_holds_for_every_size() -> None:
    """Tiers belong to the contract; $0.08 an action from the question applies to any order size."""
    terms = Terms(usd_per_action=Decimal("0.08"), tiers=TIERS)
    [single] = pack_prices(LIST, terms)
    assert (single.from_packs, single.usd.count) == (1, CREDITS / 20 * Decimal("0.08"))


@pytest.mark.parametrize(
    ("packs", "usd"),
    [(1, 500), (8, 8 * 500), (9, 10 * 450), (10, 10 * 450), (44, 44 * 450), (45, 50 * 400), (50, 50 * 400), (60, 60 * 400)],
)
def test_a_larger_order_is_taken_where_it_costs_less(packs: int, usd: int) -> None:
    """Nine packs at $500 cost $4,500, the same as ten at $450; 45 at $450 cost $20,250, more than fifty at $400."""
    order = cheapest_order(Credits(CREDITS * packs), LIST, Terms(tiers=TIERS))
    assert order.cost == Usd(Decimal(usd))


def test_of_two_orders_of_one_cost_the_smaller_is_named() -> None:
    """Nine packs and ten both cost $4,500: the requested nine are named."""
    assert cheapest_order(Credits(CREDITS * 9), LIST, Terms(tiers=TIERS)).credits == Credits(CREDITS * 9)


def test_no_credits_need_no_tier() -> None:
    """There is exactly one way to order nothing."""
    assert [order.credits.count for order in orders(Credits(Decimal(0)), LIST, Terms(tiers=TIERS))] == [0]


@pytest.mark.parametrize(
    ("budget", "credits_bought"),
    [(500, 100_000), (4_499, 899_800), (4_500, 1_000_000), (19_999, 19_999 * 100_000 // 450), (20_000, 5_000_000)],
)
def test_a_budget_buys_most_at_the_lowest_price_it_reaches(budget: int, credits_bought: int) -> None:
    """$4,500 buys ten packs at $450, $20,000 fifty at $400; a dollar less reaches neither tier."""
    found = largest_order(Usd(Decimal(budget)), LIST, Terms(tiers=TIERS)).credits.count
    assert int(found) == credits_bought


def test_a_discount_does_not_touch_overage_but_at_the_low_end() -> None:
    """A commitment earns the discount: overage is $0.005 a credit as contracted, $0.004 discounted, pay-as-you-go at most."""
    found = overage_rate(LIST, Terms(discount=Decimal("0.2")))
    assert (found.low.usd, found.assumed.usd) == (Decimal("0.004"), Decimal("0.005"))
    assert found.high.usd >= found.assumed.usd


def test_the_contract_s_overage_holds() -> None:
    """$0.12 per action of 20 credits is $0.006 per credit, at both ends of the range."""
    found = overage_rate(agreed(overage__usd_per_action="0.12"), Terms(discount=Decimal("0.2")))
    assert {found.low.usd, found.assumed.usd, found.high.usd} == {Decimal("0.006")}


def test_overage_costs_what_such_a_block_costs() -> None:
    """Beyond a block of ten packs at $450, a further credit costs $0.0045."""
    assert overage_rate(LIST, Terms(tiers=TIERS), packs=10).assumed.usd == Decimal("0.0045")
    assert price_of_size(49, pack_prices(LIST, Terms(tiers=TIERS))) == Usd(Decimal(450))


def test_pay_as_you_go_is_the_list_price_before_what_a_block_saves() -> None:
    """Pre-purchase saves 20 to 35 %, 27.5 % assumed: $0.005 ÷ (1 − 0.275), likewise at each end; a discount has no effect."""
    found = payg_rate(LIST, Terms(discount=Decimal("0.25"), tiers=TIERS))
    credit = Decimal("0.005")
    assert (found.low.usd, found.assumed.usd, found.high.usd) == (
        credit / Decimal("0.8"),
        credit / Decimal("0.725"),
        credit / Decimal("0.65"),
    )
    assert rate_of("payg", LIST, Terms()) == found


def test_pay_as_you_go_as_it_was_agreed_or_said_has_no_range() -> None:
    """$0.12 per action of 20 credits is $0.006; the question's price for that way to buy takes precedence over the contract."""
    contract = agreed(payg__usd_per_action="0.12")
    said = Terms(usd_per_action=Decimal("0.10"), buying="payg")
    assert {end.usd for end in payg_rate(contract, Terms())} == {Decimal("0.006")}
    assert {end.usd for end in payg_rate(contract, said)} == {Decimal("0.005")}
    other = Terms(usd_per_action=Decimal("0.10"), buying="precommit")
    assert {end.usd for end in payg_rate(contract, other)} == {Decimal("0.006")}


@pytest.mark.parametrize(
    ("day", "contract", "terms", "is_known"),
    [
        (TODAY, {}, Terms(), True),
        (BEFORE_CREDITS, {}, Terms(), False),
        (BEFORE_CREDITS, {}, Terms(usd_per_action=Decimal("0.10"), buying="payg"), True),
        (BEFORE_CREDITS, {}, Terms(usd_per_action=Decimal("0.10"), buying="precommit"), False),
        (BEFORE_CREDITS, {"payg.usd_per_action": "0.12"}, Terms(), True),
    ],
)
def test_pay_as_you_go_is_known_where_it_is_said_or_agreed_or_follows(
    day: date, contract: dict[str, str], terms: Terms, *, is_known: bool
) -> None:
    """In February 2025 there were no credits: only a question or a contract can price one."""
    prices = prices_on(day, ContractPrices({item: Decimal(value) for item, value in contract.items()}))
    assert knows_payg(prices, terms) is is_known


def test_pre_commit_lies_half_way_to_pay_as_you_go() -> None:
    """It lies halfway from the discounted block, $0.004, to each end of pay-as-you-go; likewise from a larger order's price."""
    terms = Terms(discount=Decimal("0.2"))
    payg = payg_rate(LIST, terms)
    for base, found in (
        (Decimal("0.004"), precommit_rate(LIST, terms)),
        (Decimal("0.003"), precommit_rate(LIST, terms, UsdPerCredit(Decimal("0.003")))),
    ):
        assert [round(end.usd, 20) for end in found] == [round((base + end.usd) / 2, 20) for end in payg]
    large = rate_of("precommit", LIST, Terms(tiers=TIERS), Credits(CREDITS * 10))
    assert large == precommit_rate(LIST, Terms(tiers=TIERS), UsdPerCredit(Decimal("0.0045")))


def test_pre_commit_as_it_was_agreed_or_said_has_no_range() -> None:
    """The question takes precedence over the contract, but only for its own way to buy."""
    contract = agreed(precommit__usd_per_action="0.09")
    said = Terms(usd_per_action=Decimal("0.08"), buying="precommit")
    assert {end.usd for end in precommit_rate(contract, Terms())} == {Decimal("0.0045")}
    assert {end.usd for end in precommit_rate(contract, said)} == {Decimal("0.004")}
    assert agreed_precommit(contract, Terms(usd_per_action=Decimal("0.08"), buying="payg")) == UsdPerCredit(Decimal("0.0045"))
    assert agreed_precommit(LIST, Terms()) is None


def test_a_price_per_action_is_the_price_of_a_pack_too() -> None:
    """$0.08 per action of 20 credits is $0.004 per credit and $400 per pack; for pay-as-you-go it does not affect packs."""
    said = Terms(usd_per_action=Decimal("0.08"))
    assert (pack_rate(LIST, said).usd, pack_usd(LIST, said)) == (Decimal("0.004"), Usd(Decimal(400)))
    assert flex_rate(LIST, said, HALF_A_MILLION).usd == Decimal("0.004")
    other = Terms(usd_per_action=Decimal("0.08"), buying="payg")
    assert (pack_rate(LIST, other).usd, pack_usd(LIST, other)) == (Decimal("0.005"), Usd(PACK))


def test_an_order_of_46_packs_costs_each_credit_what_the_larger_order_costs() -> None:
    """50 packs at $400 cost $20,000 for 4,600,000 credits: the credits needed bear the cost of the whole order."""
    wanted = Credits(CREDITS * 46)
    assert flex_rate(LIST, Terms(tiers=TIERS), wanted).usd == Decimal(20_000) / (CREDITS * 46)
    assert flex_rate(LIST, Terms(tiers=TIERS)).usd == Decimal("0.005")
