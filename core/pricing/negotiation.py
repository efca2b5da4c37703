"""What to ask for in a contract, each ask with its yearly worth for this usage; exact, and each on its own.

Source of the asks: Agentforce pricing analysis, early 2026.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import number, percent, usd
from core.days import DAYS_IN_YEAR, MONTHS_IN_YEAR
from core.pricing import credit_rates
from core.pricing.plans import usd_per_seat
from core.pricing.price_book import asks
from core.pricing.quantities import Credits, Usd
from core.records import NamedTuple

if TYPE_CHECKING:
    from core.pricing.credit_rates import Terms
    from core.pricing.price_book import NegotiationAsk, Prices
    from core.pricing.quantities import Seats, UsdPerCredit

NO_USD = Usd(Decimal(0))
SPEND = "AI spend"


class SandboxUse(NamedTuple):
    """A year's actions of one kind that run in sandboxes, the credits that they burn, and what one burns in production."""

    kind: str
    actions: Decimal
    credits: Credits
    production: Decimal

    def saved(self, percent_off: Decimal) -> Credits:
        """Return the credits saved if an action burned so many percent less than in production."""
        # If the contract's sandbox rate is already lower than the ask, the ask is worth nothing; it never has a negative worth.
        return max(Credits(Decimal(0)), self.credits - Credits(self.actions * self.asked(percent_off)))

    def asked(self, percent_off: Decimal) -> Decimal:
        """Return what an action would burn at so many percent off the production rate."""
        return self.production * (1 - percent_off / Decimal(100))


class Position(NamedTuple):
    """A year of usage, as the basis of a negotiation.

    sandbox: the use in sandboxes, by kind of action. unused: credits that the term leaves; None if not known.
    owned_seats: seats stated as paid; their usage is all of `used`. People named by events do not own a seat for that reason.
    """

    used: Credits
    sandbox: tuple[SandboxUse, ...]
    unused: Credits | None
    owned_seats: Seats | None
    prices: Prices
    terms: Terms

    @property
    def rate(self) -> UsdPerCredit:
        """The price of a credit now, in an order of this size."""
        return credit_rates.flex_rate(self.prices, self.terms, self.used)

    @property
    def spend(self) -> Usd:
        """What the credits cost in a year."""
        return credit_rates.cheapest_order(self.used, self.prices, self.terms).cost


class Worth(NamedTuple):
    """An ask and what it is worth in a year: low, usual, high; `why` is the sum, or why it does not apply.

    of: its base, which it never exceeds; of_what names the base.
    """

    ask: NegotiationAsk
    low: Usd
    usual: Usd
    high: Usd
    why: str
    of: Usd
    of_what: str

    @property
    def applies(self) -> bool:
        """Whether there is anything to gain."""
        return bool(self.high)


def value_asks(position: Position) -> list[Worth]:
    """Return every ask with its worth, the most valuable first; those that do not apply come last with $0."""
    found = [estimate(asks()[key], position) for key, estimate in ESTIMATES.items()]
    found = [worth if worth.of_what else worth._replace(of=position.spend, of_what=SPEND) for worth in found]
    # By the usual worth, not the highest: a wide range must not rank an ask that will probably bring little.
    return sorted(found, key=lambda worth: (-worth.usual.count, -worth.high.count))


def _nothing(ask: NegotiationAsk, why: str) -> Worth:
    return _ranged(ask, (NO_USD, NO_USD, NO_USD), why)


def _ranged(ask: NegotiationAsk, ends: tuple[Usd, Usd, Usd], why: str) -> Worth:
    return Worth(ask, *ends, why, of=NO_USD, of_what="")


def _fixed_value(ask: NegotiationAsk, amount: Usd, why: str) -> Worth:
    return _ranged(ask, (amount, amount, amount), f"{why} = {usd(amount.count)}")


def _volume_discount(ask: NegotiationAsk, position: Position) -> Worth:
    if position.used.count < ask.from_credits:
        return _nothing(
            ask, f"It is for {number(ask.from_credits)} credits a year or more, and this is {number(position.used.count)}."
        )
    return _discount_value(ask, position)


def _discount_value(ask: NegotiationAsk, position: Position) -> Worth:
    row = position.prices.row("volume_discount.percent")
    listed = Usd(position.prices.list_price("flex.usd_per_pack")).for_credits(credit_rates.pack_credits(position.prices))
    # The analysis gives discounts off list. What is asked for is compared with what is paid now, which may be below list already.
    full = position.used.at(listed)
    low, usual, high = (
        max(NO_USD, position.spend - full * (1 - (row.value if end is None else end) / Decimal(100)))
        for end in (row.low, row.value, row.high)
    )
    if not high:
        return _nothing(ask, f"The price is already {percent(row.high or row.value)} or more below list.")
    share, worth, most = (row.value, usual, "") if usual else (row.high or row.value, high, " at most")
    sum_ = f"{usd(position.spend.count)} now − {usd(full.count)} at list × (1 − {percent(share)}) = {usd(worth.count)}{most}"
    return _ranged(ask, (low, usual, high), sum_)


def _rollover(ask: NegotiationAsk, position: Position) -> Worth:
    if not position.unused:
        return _nothing(ask, _no_rest(position))
    # Credits that roll over save money only as far as the next year uses them.
    saved = min(position.unused, position.used)
    taken = f"{number(saved.count)} unused credits" + (" that a year of this use takes" if saved < position.unused else "")
    return _of_rest(_fixed_value(ask, saved.at(position.rate), f"{taken} × {_at(position)}"), position)


def _of_rest(worth: Worth, position: Position) -> Worth:
    return worth._replace(of=(position.unused or Credits(Decimal(0))).at(position.rate), of_what="unused credits")


def _no_rest(position: Position) -> str:
    return (
        "What will be left is unknown, because no grants are known."
        if position.unused is None
        else "Nothing will be left at the term's end."
    )


def _grace(ask: NegotiationAsk, position: Position) -> Worth:
    if not position.unused:
        return _nothing(ask, _no_rest(position))
    # A grace period saves what its days would use, at the year's own pace; the rest expires a little later.
    in_grace = Credits(position.used.count * ask.days / DAYS_IN_YEAR)
    saved = min(position.unused, in_grace)
    why = f"{number(saved.count)} unused credits that {number(ask.days)} days of this use take × {_at(position)}"
    return _of_rest(_fixed_value(ask, saved.at(position.rate), why), position)


def _at(position: Position) -> str:
    return usd(position.rate.usd)


def _sandbox_rate(ask: NegotiationAsk, position: Position) -> Worth:
    if not position.sandbox:
        return _nothing(ask, "Nothing of this use runs in sandboxes.")
    low, high = (_saved(position, percent_off).at(position.rate) for percent_off in (ask.low, ask.high))
    if not high:
        return _nothing(ask, "The sandbox rate is already that low.")
    kinds = [use for use in position.sandbox if use.saved(ask.low)]
    parts = " + ".join(_sandbox_sum(use, use.asked(ask.low)) for use in kinds)
    parts = f"({parts})" if len(kinds) > 1 else parts
    why = f"{parts} × {_at(position)} = {usd(low.count)}" if kinds else f"At {percent(ask.high)} off: {usd(high.count)} at most"
    spent = sum((use.credits for use in position.sandbox), Credits(Decimal(0))).at(position.rate)
    # The ask is for half the production rate or less, so half is the usual worth and the far end the best case.
    return _ranged(ask, (low, low, high), why)._replace(of=spent, of_what="use in sandboxes")


def _saved(position: Position, percent_off: Decimal) -> Credits:
    return sum((use.saved(percent_off) for use in position.sandbox), Credits(Decimal(0)))


def _sandbox_sum(use: SandboxUse, asked: Decimal) -> str:
    each = use.credits.count / use.actions if use.actions else Decimal(0)
    return f"{number(use.actions)} {use.kind} in sandboxes × ({number(each)} − {number(asked)} credits)"


def _flex_agreement(ask: NegotiationAsk, position: Position) -> Worth:
    seats = position.owned_seats
    if not seats:
        return _nothing(ask, "No seats are named that could be changed to credits.")
    ratio = position.prices.value("flex_agreement.usd_of_credits_per_usd_of_seats")
    paid = Usd(seats.count * usd_per_seat("add_on.usd", position.prices, position.terms) * MONTHS_IN_YEAR)
    needed = position.spend / ratio
    if paid.count <= needed.count:
        return _nothing(ask, f"The seats at {usd(paid.count)} a year cost no more than this use in credits, {usd(needed.count)}.")
    worth = _fixed_value(ask, paid - needed, f"{usd(paid.count)} of seats − {usd(needed.count)} for this use in credits")
    return worth._replace(of=paid, of_what="seats")


def _premier_scope(ask: NegotiationAsk, position: Position) -> Worth:
    share = position.prices.value("premier.percent")
    return _fixed_value(ask, position.spend * share / Decimal(100), f"{usd(position.spend.count)} × {percent(share)}")


def _bundling(ask: NegotiationAsk, position: Position) -> Worth:
    # Bundling lifts an order that is too small to the volume discount; an order that reaches it needs no bundle.
    least = asks()["volume_discount"].from_credits
    if position.used.count >= least:
        return _nothing(ask, f"This use reaches the {number(least)} credits of a volume discount by itself.")
    worth = _discount_value(ask, position)
    missing = f"{number(least - position.used.count)} credits of other products bring this to the volume discount: "
    return worth._replace(why=missing + worth.why) if worth.applies else worth


def threshold(position: Position) -> str:
    """Return how hard the Flex Agreement can be asked for at this spend."""
    ask = asks()["flex_agreement"]
    spend = position.spend.count
    if spend >= ask.standard_usd:
        return f"At {usd(spend)} a year a Flex Agreement is standard (from {usd(ask.standard_usd)})."
    if spend >= ask.insist_usd:
        return f"At {usd(spend)} a year insist on a Flex Agreement (from {usd(ask.insist_usd)})."
    return f"Below {usd(ask.insist_usd)} a year, and this is {usd(spend)}, a Flex Agreement is asked for, not insisted on."


ESTIMATES = {
    "volume_discount": _volume_discount,
    "rollover": _rollover,
    "grace": _grace,
    "sandbox_rate": _sandbox_rate,
    "flex_agreement": _flex_agreement,
    "premier_scope": _premier_scope,
    "bundling": _bundling,
}
