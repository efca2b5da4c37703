"""What a year of use costs at other vendors, each by what it counts as billable.

Each month is billed separately, because the vendors' minimums, included units and packs are monthly.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from core.answer import day, number, percent, usd, usd_exact
from core.days import MONTHS_IN_YEAR
from core.pricing.plans import PLACES
from core.pricing.quantities import Usd
from core.pricing.vendor_prices import DRIVERS
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.pricing.vendor_prices import Driver, VendorOffer, VendorPrice
    from core.pricing.workload import Workload

# The missing input if a vendor bills by something that the question does not state.
DRIVER_NEEDED: Mapping[Driver, str] = {
    "interactions": "billed by interactions: add `10000 interactions`",
    "resolutions": "billed by resolutions: add `resolved 60%`",
    "messages": "billed by messages: add `8 messages` for each interaction, sent and received",
    "actions": "billed by actions: add `3 actions` for each interaction",
    "seats": "billed by users: add `50 users`",
}


class VendorUse(NamedTuple):
    """A year of twelve months like the first, by what vendors count; None for what the question does not state.

    growth: per month, as a fraction; seats do not grow with the use.
    """

    counts: Mapping[Driver, Decimal | None]
    growth: Decimal = Decimal(0)

    def times(self, factor: Decimal) -> VendorUse:
        """Return the year with that much more or less use by the same people."""
        scaled = {
            driver: count if count is None or driver == "seats" else count * factor for driver, count in self.counts.items()
        }
        return self._replace(counts=scaled)


class VendorCost(NamedTuple):
    """What a year at a vendor's price costs. terms: the sum, before the equals sign."""

    offer: VendorOffer
    price: VendorPrice
    cost: Usd
    if_doubled: Usd
    if_halved: Usd
    terms: str

    @property
    def usd_per_year(self) -> Decimal:
        """The year's cost, unrounded."""
        return self.cost.count

    @property
    def usd_per_month(self) -> Decimal:
        """The average month of the year, unrounded."""
        return self.cost.count / MONTHS_IN_YEAR

    def sum(self) -> str:
        """Return the sum, written out."""
        return f"{self.terms} = {usd(self.usd_per_year)} a year"


def vendor_use(load: Workload, resolved_share: Decimal | None, messages: Decimal | None) -> VendorUse:
    """Return what vendors count of a workload. resolved_share: as a fraction; messages: of an interaction, sent and received."""
    interactions = load.interactions_per_year.count if load.interactions_per_year else None

    def of_each(share: Decimal | None) -> Decimal | None:
        return None if interactions is None or share is None else interactions * share

    return VendorUse(
        {
            "interactions": interactions,
            "resolutions": of_each(resolved_share),
            "messages": of_each(messages),
            "actions": load.actions_per_year.count if load.actions_per_year else None,
            "seats": load.seats.count * MONTHS_IN_YEAR if load.seats else None,
        },
        load.growth,
    )


def vendor_refusal(offer: VendorOffer, load: Workload, use: VendorUse, on: date) -> str | None:
    """Return why an offer cannot be priced for a workload on a day; None where it can."""
    if load.audience and offer.audience and offer.audience != load.audience:
        return f"for {offer.audience} only, and this workload serves {load.audience}"
    missing = [DRIVER_NEEDED[driver] for driver in DRIVERS if driver in offer.counts and use.counts[driver] is None]
    if missing:
        return "; ".join(missing)
    if offer.price_on(on) is None:
        return f"no price was read for that day; the first one holds from {day(min(price.valid_from for price in offer.prices))}"
    return None


def price_vendor_year(offer: VendorOffer, price: VendorPrice, use: VendorUse) -> VendorCost:
    """Return what a year of use costs at a price, also if volume doubles or halves."""
    return VendorCost(
        offer,
        price,
        _year_usd(offer, price, use),
        _year_usd(offer, price, use.times(Decimal(2))),
        _year_usd(offer, price, use.times(Decimal("0.5"))),
        _terms(offer, price, use),
    )


def _year_usd(offer: VendorOffer, price: VendorPrice, use: VendorUse) -> Usd:
    if not use.growth:
        # Twelve equal months are billed at once: a year divided by 12 and multiplied again would lose digits.
        return Usd(_twelve_months_usd(price, _units(offer, use)))
    months = (_twelve_months_usd(price, _units(offer, use.times((1 + use.growth) ** month))) for month in range(MONTHS_IN_YEAR))
    return Usd(sum(months, Decimal(0)) / MONTHS_IN_YEAR)


def _units(offer: VendorOffer, use: VendorUse) -> Decimal:
    """Return the units that a year of twelve equal months is billed by."""
    return sum((each * (use.counts[driver] or 0) for driver, each in offer.counts.items()), Decimal(0))


def _units_to_bill(price: VendorPrice, units: Decimal) -> Decimal:
    return max(price.minimum * MONTHS_IN_YEAR, units - price.included * MONTHS_IN_YEAR, Decimal(0))


def _packs_a_month(billed: Decimal, pack: Decimal) -> Decimal:
    return (billed / (pack * MONTHS_IN_YEAR)).to_integral_value(ROUND_CEILING)


def _twelve_months_usd(price: VendorPrice, units: Decimal) -> Decimal:
    billed = _units_to_bill(price, units)
    counted = billed if price.pack is None else _packs_a_month(billed, price.pack) * MONTHS_IN_YEAR
    return price.fee_usd * MONTHS_IN_YEAR + counted * price.usd


def _terms(offer: VendorOffer, price: VendorPrice, use: VendorUse) -> str:
    if use.growth:
        return f"twelve months, each {percent(use.growth * Decimal(100))} above the one before, at {_write_price(offer, price)}"
    units = _units(offer, use)
    billed = _units_to_bill(price, units)
    least = f", at least {number(price.minimum)} a month," if price.minimum and billed > units else ""
    fee = f"{usd_exact(price.fee_usd)} × {MONTHS_IN_YEAR} + " if price.fee_usd else ""
    if price.pack is not None:
        packs = _packs_a_month(billed, price.pack)
        month = (
            f"{number(billed / MONTHS_IN_YEAR, PLACES)} {offer.unit} a month, so {number(packs)} packs of {number(price.pack)}"
        )
        return f"{fee}{month} × {usd_exact(price.usd)} × {MONTHS_IN_YEAR}"
    free = f" − {number(price.included)} included a month" if price.included else ""
    return f"{fee}{number(billed, PLACES)} {offer.unit}{least}{free} × {usd_exact(price.usd)}"


def _write_price(offer: VendorOffer, price: VendorPrice) -> str:
    return f"{usd_exact(price.usd)} for {number(price.pack)} {offer.unit}" if price.pack else f"{usd_exact(price.usd)} each"
