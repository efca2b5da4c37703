"""A contract that is priced in euros or pounds, in dollars: no sum mixes two currencies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.currency.rates import DOLLAR, rates_of
from core.pricing import price_book

if TYPE_CHECKING:
    from decimal import Decimal

    from core.config.loader import Config, Contract, GrantInput
    from core.currency.rates import ExchangeRates

# Stated in dollars for a dollar: the same in any currency.
RATIOS = frozenset({"flex_agreement.usd_of_credits_per_usd_of_seats"})


def contract_in_dollars(config: Config, on: date) -> Contract:
    """Return the contract with every amount in dollars: prices and tiers at a day's rate, what grants cost at their start's.

    Raises: NoRateError, for a day without a rate in reach; InputError.
    """
    contract = config.contract
    if contract.currency == DOLLAR:
        return contract
    rates = rates_of(config.currency)
    rate = rates.rate(contract.currency, on)
    values = {
        item: rate.to_usd(value) if price_book.items()[item]["unit"] == "usd" and item not in RATIOS else value
        for item, value in contract.prices.values.items()
    }
    tiers = tuple(tier._replace(usd_per_pack=rate.to_usd(tier.usd_per_pack)) for tier in contract.volume_tiers)
    grants = tuple(grant._replace(usd=_paid(grant, contract.currency, rates, on)) for grant in contract.grants)
    prices = contract.prices._replace(values=values)
    return contract._replace(prices=prices, volume_tiers=tiers, grants=grants, currency=DOLLAR)


def _paid(grant: GrantInput, currency: str, rates: ExchangeRates, on: date) -> Decimal | None:
    """Return what a grant cost in dollars, by the rate of the day on which it began; of one without a begin, that of now."""
    if not grant.usd:
        return grant.usd
    return rates.rate(currency, on if grant.start == date.min else min(grant.start, on)).to_usd(grant.usd)
