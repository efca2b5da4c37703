"""What a Flex Credit costs, by the way it is bought."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.quantities import Credits, Usd, UsdPerCredit

if TYPE_CHECKING:
    from core.price_book import Prices

HUNDRED = Decimal(100)
Buying = Literal["prepurchase", "precommit", "payg"]


class Terms(NamedTuple):
    """What a question says of prices beside the book: a discount on bought credits, or prices of its own.

    discount: a fraction of 1, earned by a commitment, so it does not touch pay-as-you-go.
    usd_per_action: the price of a production action, for the way of buying that is named, else for Flex Credits.
    """

    discount: Decimal = Decimal(0)
    buying: Buying | None = None
    usd_per_action: Decimal | None = None
    usd_per_pack: Decimal | None = None
    usd_per_conversation: Decimal | None = None
    usd_per_seat: Decimal | None = None


class Rate(NamedTuple):
    """A price of credits with the published range around it; all three are alike where it is certain."""

    low: UsdPerCredit
    assumed: UsdPerCredit
    high: UsdPerCredit


def certain(rate: UsdPerCredit) -> Rate:
    """Return a rate without a range."""
    return Rate(rate, rate, rate)


def flex_rate(prices: Prices, terms: Terms) -> UsdPerCredit:
    """Return the contract or list price of a credit, discount taken off."""
    if terms.usd_per_action is not None and terms.buying in {None, "prepurchase"}:
        return _per_action(terms.usd_per_action, prices)
    return pack_usd(prices, terms).for_credits(pack_credits(prices))


def pack_usd(prices: Prices, terms: Terms) -> Usd:
    """Return what one pack costs, discount taken off."""
    if terms.usd_per_action is not None and terms.buying in {None, "prepurchase"}:
        return pack_credits(prices).at(_per_action(terms.usd_per_action, prices))
    pack = terms.usd_per_pack if terms.usd_per_pack is not None else prices.value("flex.usd_per_pack")
    return Usd(pack) * (1 - terms.discount)


def pack_credits(prices: Prices) -> Credits:
    """Return the credits in a pack."""
    return Credits(prices.value("flex.credits_per_pack"))


def payg_rate(prices: Prices, terms: Terms) -> Rate:
    """Return the pay-as-you-go price: the contract's, else the list price over (1 - what pre-purchase is said to save).

    A price agreed for packs is what a commitment earns, so it does not touch pay-as-you-go.
    """
    if terms.usd_per_action is not None and terms.buying == "payg":
        return certain(_per_action(terms.usd_per_action, prices))
    if prices.has("payg.usd_per_action"):
        return certain(_per_action(prices.value("payg.usd_per_action"), prices))
    listed = Usd(prices.listed("flex.usd_per_pack")).for_credits(pack_credits(prices))
    saving = prices.row("payg.saving_percent")
    low, high = (saving.value if end is None else end for end in (saving.low, saving.high))
    return Rate(*(_grossed_up(listed, percent) for percent in (low, saving.value, high)))


def precommit_rate(prices: Prices, terms: Terms) -> Rate:
    """Return the pre-commit price: the contract's, else part of the way from pre-purchase to pay-as-you-go."""
    if terms.usd_per_action is not None and terms.buying == "precommit":
        return certain(_per_action(terms.usd_per_action, prices))
    if prices.has("precommit.usd_per_action"):
        return certain(_per_action(prices.value("precommit.usd_per_action"), prices))
    base, payg = flex_rate(prices, terms), payg_rate(prices, terms)
    share = prices.value("precommit.share_of_payg_premium_percent") / HUNDRED
    return Rate(*(UsdPerCredit(base.usd + (end.usd - base.usd) * share) for end in (payg.low, payg.assumed, payg.high)))


def overage_rate(prices: Prices, terms: Terms) -> Rate:
    """Return what credits beyond a pre-purchased block cost: the contract's price, else pay-as-you-go."""
    if prices.has("overage.usd_per_action"):
        return certain(_per_action(prices.value("overage.usd_per_action"), prices))
    return payg_rate(prices, terms)


def rate_of(buying: Buying | None, prices: Prices, terms: Terms) -> Rate:
    """Return the price of a credit for a way of buying; without one, the contract or list price."""
    if buying == "payg":
        return payg_rate(prices, terms)
    return precommit_rate(prices, terms) if buying == "precommit" else certain(flex_rate(prices, terms))


def _per_action(usd: Decimal, prices: Prices) -> UsdPerCredit:
    return UsdPerCredit(usd / prices.value("action.production"))


def _grossed_up(rate: UsdPerCredit, saving_percent: Decimal) -> UsdPerCredit:
    return UsdPerCredit(rate.usd / (1 - saving_percent / HUNDRED))
