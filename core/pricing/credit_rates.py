"""What a Flex Credit costs, by the way it is bought."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from core.pricing.purchase import PackPrice, price_of_size
from core.pricing.quantities import Credits, Usd, UsdPerCredit
from core.records import NamedTuple

if TYPE_CHECKING:
    from core.pricing.price_book import Prices
    from core.pricing.volume_tiers import VolumeTier

PurchaseMode = Literal["prepurchase", "precommit", "payg"]


class Terms(NamedTuple):
    """Prices that a question states itself: a discount on bought credits, or its own prices.

    discount: a fraction of 1, earned by a commitment, so it does not touch pay-as-you-go.
    usd_per_action: the price of a production action, for the way of buying that is named, else for Flex Credits.
    tiers: the contract's prices of a pack by the size of the order, before the discount.
    """

    discount: Decimal = Decimal(0)
    buying: PurchaseMode | None = None
    usd_per_action: Decimal | None = None
    usd_per_pack: Decimal | None = None
    usd_per_conversation: Decimal | None = None
    usd_per_seat: Decimal | None = None
    tiers: tuple[VolumeTier, ...] = ()

    @property
    def says_flex_price(self) -> bool:
        """Whether the price of an action is that of Flex Credits, not of another way to buy them."""
        # Pre-purchase is the ordinary way to buy Flex Credits, so a price that names no way to buy is treated as that one.
        return self.usd_per_action is not None and self.buying in {None, "prepurchase"}


class Order(NamedTuple):
    """Credits bought at once and the price of each: as many as wanted, or more where a lower price requires it."""

    credits: Credits
    rate: UsdPerCredit

    @property
    def cost(self) -> Usd:
        """What the order costs."""
        return self.credits.at(self.rate)


class Rate(NamedTuple):
    """A price of credits with the published range around it; all three are alike where it is certain."""

    low: UsdPerCredit
    assumed: UsdPerCredit
    high: UsdPerCredit


def certain(rate: UsdPerCredit) -> Rate:
    """Return a rate without a range."""
    return Rate(rate, rate, rate)


def flex_rate(prices: Prices, terms: Terms, volume: Credits | None = None) -> UsdPerCredit:
    """Return the contract or list price of a credit, after discount: in an order of so many, else in a single pack."""
    if not volume:
        return pack_rate(prices, terms)
    order = cheapest_order(volume, prices, terms)
    # A larger order than wanted is paid in full, so a credit that is used costs the whole order over the credits used.
    return order.rate if order.credits == volume else order.cost.for_credits(volume)


def pack_rate(prices: Prices, terms: Terms) -> UsdPerCredit:
    """Return the price of a credit in a single pack, after discount."""
    if terms.usd_per_action is not None and terms.says_flex_price:
        return _per_action(terms.usd_per_action, prices)
    return pack_usd(prices, terms).for_credits(pack_credits(prices))


def pack_usd(prices: Prices, terms: Terms) -> Usd:
    """Return what one pack costs, after discount."""
    if terms.usd_per_action is not None and terms.says_flex_price:
        return pack_credits(prices).at(_per_action(terms.usd_per_action, prices))
    pack = terms.usd_per_pack if terms.usd_per_pack is not None else _agreed_pack(terms)
    # A price of zero is a price, hence `is None`. The discount comes off the tier too: it is earned on top of the tiers.
    return Usd(prices.value("flex.usd_per_pack") if pack is None else pack) * (1 - terms.discount)


def _agreed_pack(terms: Terms) -> Decimal | None:
    """Return the contract's price of a pack in orders of one or more, where its tiers name one."""
    return next((tier.usd_per_pack for tier in terms.tiers if tier.packs == 1), None)


def pack_prices(prices: Prices, terms: Terms) -> tuple[PackPrice, ...]:
    """Return what each pack costs by order size, smallest first; a price in the question applies to every size."""
    single = PackPrice(1, pack_usd(prices, terms))
    if terms.says_flex_price or terms.usd_per_pack is not None:
        return (single,)
    # A tier from one pack on is the single pack's price itself (`_agreed_pack`).
    larger = (tier for tier in sorted(terms.tiers) if tier.packs > 1)
    return (single, *(PackPrice(tier.packs, Usd(tier.usd_per_pack) * (1 - terms.discount)) for tier in larger))


def orders(wanted: Credits, prices: Prices, terms: Terms) -> list[Order]:
    """Return how so many credits can be ordered, one way for each size of order that has a price of its own."""
    single = Order(wanted, pack_rate(prices, terms))
    if not (terms.tiers and wanted):
        return [single]
    pack, (_, *tiers) = pack_credits(prices), pack_prices(prices, terms)
    return [single, *(Order(max(wanted, pack * tier.from_packs), tier.usd.for_credits(pack)) for tier in tiers)]


def cheapest_order(wanted: Credits, prices: Prices, terms: Terms) -> Order:
    """Return the cheapest order of at least so many credits; a larger one if its lower price outweighs the extra packs."""
    # Of orders that cost the same the smaller one is bought, so that nothing is left to expire.
    return min(orders(wanted, prices, terms), key=lambda order: (order.cost.count, order.credits.count))


def largest_order(budget: Usd, prices: Prices, terms: Terms) -> Order:
    """Return the most credits that so many dollars buy in one order."""
    pack, (_, *tiers) = pack_credits(prices), pack_prices(prices, terms)
    single = pack_rate(prices, terms)
    found = [Order(Credits(budget.count / single.usd), single)]
    for tier in tiers:
        rate = tier.usd.for_credits(pack)
        # Quantities only know `<`; the tier applies from exactly its minimum order on.
        if not budget < tier.usd * tier.from_packs:
            found.append(Order(Credits(budget.count / rate.usd), rate))
    return max(found, key=lambda order: order.credits.count)


def pack_credits(prices: Prices) -> Credits:
    """Return the credits in a pack."""
    return Credits(prices.value("flex.credits_per_pack"))


def payg_rate(prices: Prices, terms: Terms) -> Rate:
    """Return the pay-as-you-go price: the contract's, else the list price over (1 - what pre-purchase is published to save).

    A price agreed for packs is earned by a commitment, so it does not affect pay-as-you-go.
    """
    if terms.usd_per_action is not None and terms.buying == "payg":
        return certain(_per_action(terms.usd_per_action, prices))
    if prices.has("payg.usd_per_action"):
        return certain(_per_action(prices.value("payg.usd_per_action"), prices))
    # List, not the contract's price: the published saving compares two list prices.
    listed = Usd(prices.list_price("flex.usd_per_pack")).for_credits(pack_credits(prices))
    saving = prices.row("payg.saving_percent")
    # A larger pre-purchase saving means a more expensive pay-as-you-go, so low and high keep their order below.
    low, high = (saving.value if end is None else end for end in (saving.low, saving.high))
    return Rate(*(_gross_up(listed, percent) for percent in (low, saving.value, high)))


def knows_payg(prices: Prices, terms: Terms) -> bool:
    """Whether pay-as-you-go has a price that day: stated, agreed, or derived from the list price."""
    said = terms.usd_per_action is not None and terms.buying == "payg"
    assumed = "flex.usd_per_pack" in prices.list_rows and prices.has("payg.saving_percent")
    return said or prices.has("payg.usd_per_action") or assumed


def precommit_rate(prices: Prices, terms: Terms, base: UsdPerCredit | None = None, payg: Rate | None = None) -> Rate:
    """Return the pre-commit price: the contract's, else part of the way from pre-purchase to pay-as-you-go.

    base: the pre-purchase price of an order of that size; without it, of a single pack. payg: the pay-as-you-go
    price, where it is known.
    """
    agreed = agreed_precommit(prices, terms)
    if agreed is not None:
        return certain(agreed)
    # Nobody publishes a pre-commit price. It lies between the two known prices: it binds less than a purchase, more than nothing.
    base, payg = base or pack_rate(prices, terms), payg or payg_rate(prices, terms)
    share = prices.value("precommit.share_of_payg_premium_percent") / Decimal(100)
    return Rate(*(UsdPerCredit(base.usd + (end.usd - base.usd) * share) for end in (payg.low, payg.assumed, payg.high)))


def agreed_precommit(prices: Prices, terms: Terms) -> UsdPerCredit | None:
    """Return the pre-commit price that the question or the contract says; None if it has to be assumed."""
    if terms.usd_per_action is not None and terms.buying == "precommit":
        return _per_action(terms.usd_per_action, prices)
    if prices.has("precommit.usd_per_action"):
        return _per_action(prices.value("precommit.usd_per_action"), prices)
    return None


def overage_rate(prices: Prices, terms: Terms, packs: int = 0) -> Rate:
    """Return what credits beyond a block of so many packs cost: the contract's price of overage, else its rate for such a block.

    A discount in the question is earned by the commitment, so it does not apply to overage, except at the low end.
    Pay-as-you-go is the other end of the range.
    Source: Salesforce's pricing page, read 2026-10-07 (contracted rate, in arrears, no penalty); the pricing analysis of
    early 2026 reads it as a pay-as-you-go premium.
    """
    if prices.has("overage.usd_per_action"):
        return certain(_per_action(prices.value("overage.usd_per_action"), prices))
    pack = pack_credits(prices)
    own, contracted = (
        price_of_size(packs, pack_prices(prices, said)).for_credits(pack) for said in (terms, terms._replace(discount=Decimal(0)))
    )
    # The three published readings of overage; the contracted rate is the vendor's own and the latest, so it is assumed.
    ends = [own, contracted, *([payg_rate(prices, terms).assumed] if knows_payg(prices, terms) else [])]
    return Rate(min(ends), contracted, max(ends))


def rate_of(buying: PurchaseMode | None, prices: Prices, terms: Terms, volume: Credits | None = None) -> Rate:
    """Return the price of a credit for a way of buying; without one, the contract or list price of so large an order."""
    if buying == "payg":
        return payg_rate(prices, terms)
    base = flex_rate(prices, terms, volume)
    return precommit_rate(prices, terms, base) if buying == "precommit" else certain(base)


def _per_action(usd: Decimal, prices: Prices) -> UsdPerCredit:
    # Prices per action are quoted for a production action; sandbox and voice differ in credits, not in the price of a credit.
    return UsdPerCredit(usd / prices.value("action.production"))


def _gross_up(rate: UsdPerCredit, saving_percent: Decimal) -> UsdPerCredit:
    # “Saves s %” reads as pre-purchase = pay-as-you-go × (1 − s), so list price ÷ (1 − s), not × (1 + s).
    return UsdPerCredit(rate.usd / (1 - saving_percent / Decimal(100)))
