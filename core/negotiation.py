"""What to ask for in a contract, each ask with what it is worth in a year of this use; exact, and each by itself.

Source of the asks: Agentforce pricing analysis, early 2026.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from core import rates
from core.display import number, percent, usd
from core.plans import usd_per_seat
from core.price_book import asks
from core.quantities import Credits, Usd
from core.rates import HUNDRED
from core.workload import MONTHS

if TYPE_CHECKING:
    from core.price_book import Ask, Prices
    from core.quantities import Seats, UsdPerCredit
    from core.rates import Terms

NOTHING = Decimal(0)
NO_USD = Usd(NOTHING)
DAYS_IN_YEAR = 365


class Position(NamedTuple):
    """A year of use, as it is negotiated about.

    sandbox_actions: actions of the credits that run in sandboxes. unused: credits that the term leaves; None if not known.
    owned_seats: seats that are said to be paid; their use is all of `used`. People whom events name own none by that.
    """

    used: Credits
    sandbox_actions: Decimal
    unused: Credits | None
    owned_seats: Seats | None
    prices: Prices
    terms: Terms

    @property
    def rate(self) -> UsdPerCredit:
        """The price of a credit now."""
        return rates.flex_rate(self.prices, self.terms)

    @property
    def spend(self) -> Usd:
        """What the credits cost in a year."""
        return self.used.at(self.rate)


class Worth(NamedTuple):
    """An ask and what it is worth in a year: low, usual, high; `why` is the sum, or why it does not apply."""

    ask: Ask
    low: Usd
    usual: Usd
    high: Usd
    why: str

    @property
    def applies(self) -> bool:
        """Whether there is anything to gain."""
        return bool(self.high)


def worths(position: Position) -> list[Worth]:
    """Return every ask with its worth, the most valuable first; those that do not apply come last with $0."""
    found = [reckon(asks()[key], position) for key, reckon in RECKONINGS.items()]
    return sorted(found, key=lambda worth: (-worth.usual.count, -worth.high.count))


def _nothing(ask: Ask, why: str) -> Worth:
    return Worth(ask, NO_USD, NO_USD, NO_USD, why)


def _alike(ask: Ask, amount: Usd, why: str) -> Worth:
    return Worth(ask, amount, amount, amount, f"{why} = {usd(amount.count)}")


def _volume_discount(ask: Ask, position: Position) -> Worth:
    if position.used.count < ask.from_credits:
        return _nothing(
            ask, f"It is for {number(ask.from_credits)} credits a year or more, and this is {number(position.used.count)}."
        )
    return _discounted(ask, position)


def _discounted(ask: Ask, position: Position) -> Worth:
    row = position.prices.row("volume_discount.percent")
    listed = Usd(position.prices.listed("flex.usd_per_pack")).for_credits(rates.pack_credits(position.prices))
    full = position.used.at(listed)
    low, usual, high = (
        max(NO_USD, position.spend - full * (1 - (row.value if end is None else end) / HUNDRED))
        for end in (row.low, row.value, row.high)
    )
    if not high:
        return _nothing(ask, f"The price already lies {percent(row.high or row.value)} or more below list.")
    share, worth, most = (row.value, usual, "") if usual else (row.high or row.value, high, " at most")
    sum_ = f"{usd(position.spend.count)} now − {usd(full.count)} at list × (1 − {percent(share)}) = {usd(worth.count)}{most}"
    return Worth(ask, low, usual, high, sum_)


def _rollover(ask: Ask, position: Position) -> Worth:
    if not position.unused:
        return _nothing(ask, _no_rest(position))
    return _alike(ask, position.unused.at(position.rate), f"{number(position.unused.count)} unused credits × {_at(position)}")


def _no_rest(position: Position) -> str:
    return (
        "What will be left is not known: no grants are." if position.unused is None else "Nothing will be left at the term's end."
    )


def _grace(ask: Ask, position: Position) -> Worth:
    if not position.unused:
        return _nothing(ask, _no_rest(position))
    in_grace = Credits(position.used.count * ask.days / DAYS_IN_YEAR)
    saved = min(position.unused, in_grace)
    why = f"{number(saved.count)} unused credits that {number(ask.days)} days of this use take × {_at(position)}"
    return _alike(ask, saved.at(position.rate), why)


def _at(position: Position) -> str:
    return usd(position.rate.usd)


def _sandbox_rate(ask: Ask, position: Position) -> Worth:
    if not position.sandbox_actions:
        return _nothing(ask, "Nothing of this use runs in sandboxes.")
    production, sandbox = position.prices.value("action.production"), position.prices.value("action.sandbox")
    low, high = (
        max(NO_USD, Credits(position.sandbox_actions * (sandbox - production * (1 - end / HUNDRED))).at(position.rate))
        for end in (ask.low, ask.high)
    )
    asked = production * (1 - ask.low / HUNDRED)
    why = (
        f"{number(position.sandbox_actions)} actions in sandboxes × ({number(sandbox)} − {number(asked)} credits)"
        f" × {_at(position)} = {usd(low.count)}"
    )
    return Worth(ask, low, low, high, why) if high else _nothing(ask, "The sandbox rate already lies as low.")


def _flex_agreement(ask: Ask, position: Position) -> Worth:
    seats = position.owned_seats
    if not seats:
        return _nothing(ask, "No seats are named that could be changed to credits.")
    ratio = position.prices.value("flex_agreement.usd_of_credits_per_usd_of_seats")
    paid = Usd(seats.count * usd_per_seat("add_on.usd", position.prices, position.terms) * MONTHS)
    needed = position.spend / ratio
    if paid.count <= needed.count:
        return _nothing(ask, f"The seats at {usd(paid.count)} a year cost no more than this use in credits, {usd(needed.count)}.")
    return _alike(ask, paid - needed, f"{usd(paid.count)} of seats − {usd(needed.count)} for this use in credits")


def _premier_scope(ask: Ask, position: Position) -> Worth:
    share = position.prices.value("premier.percent")
    return _alike(ask, position.spend * share / HUNDRED, f"{usd(position.spend.count)} × {percent(share)}")


def _bundling(ask: Ask, position: Position) -> Worth:
    least = asks()["volume_discount"].from_credits
    if position.used.count >= least:
        return _nothing(ask, f"This use reaches the {number(least)} credits of a volume discount by itself.")
    worth = _discounted(ask, position)
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


RECKONINGS = {
    "volume_discount": _volume_discount,
    "rollover": _rollover,
    "grace": _grace,
    "sandbox_rate": _sandbox_rate,
    "flex_agreement": _flex_agreement,
    "premier_scope": _premier_scope,
    "bundling": _bundling,
}
