"""What an org asks of its agents, and what a year of it comes to in interactions, actions and credits."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from core.price_book import Prices
    from core.quantities import Actions, Credits, Interactions, Seats

MONTHS = 12
Audience = Literal["customers", "employees"]


class Workload(NamedTuple):
    """One month of use; anything not known is None.

    actions: as agents run them, before token overhead. Shares are fractions of 1: of all actions, except
    resolved_share, which is of all interactions. growth: per month, as a fraction.
    """

    interactions: Interactions | None = None
    actions: Actions | None = None
    seats: Seats | None = None
    audience: Audience | None = None
    tokens_per_action: int | None = None
    sandbox_share: Decimal = Decimal(0)
    voice_share: Decimal = Decimal(0)
    resolved_share: Decimal = Decimal(1)
    growth: Decimal = Decimal(0)

    def actions_per_interaction(self) -> Decimal | None:
        """Return how many actions an interaction takes on average, where both are known."""
        if self.actions is None or not self.interactions:
            return None
        return self.actions.count / self.interactions.count


class YearOfUse(NamedTuple):
    """Twelve months of use; actions are billed ones, token overhead included."""

    interactions: Interactions | None
    resolutions: Interactions | None
    actions: Actions | None
    credits: Credits | None
    seats: Seats | None

    def times(self, factor: Decimal) -> YearOfUse:
        """Return the year with that much more or less use by the same people."""
        return YearOfUse(
            interactions=self.interactions and self.interactions * factor,
            resolutions=self.resolutions and self.resolutions * factor,
            actions=self.actions and self.actions * factor,
            credits=self.credits and self.credits * factor,
            seats=self.seats,
        )


def billed_actions_per_action(tokens: int | None, tokens_covered: Decimal) -> int:
    """Return how many actions one action is billed as: one for every started 10,000 tokens, at least one.

    Source: Salesforce Help on metering, 2026 (20,001 tokens are 3 actions).
    """
    if tokens is None:
        return 1
    return max(1, int((Decimal(tokens) / tokens_covered).to_integral_value(ROUND_CEILING)))


def credits_per_action(workload: Workload, prices: Prices) -> Decimal:
    """Return the credits that an average billed action burns, voice and sandbox shares weighed in."""
    sandbox, voice = workload.sandbox_share, workload.voice_share
    standard = _blend(prices, "action", sandbox)
    return standard if not voice else (1 - voice) * standard + voice * _blend(prices, "voice", sandbox)


def _blend(prices: Prices, kind: str, sandbox: Decimal) -> Decimal:
    production = prices.value(f"{kind}.production")
    return production if not sandbox else (1 - sandbox) * production + sandbox * prices.value(f"{kind}.sandbox")


def months_worth(growth: Decimal) -> Decimal:
    """Return how many first months a year is worth: 12 without growth, the sum of (1 + growth)^i with it."""
    if not growth:
        return Decimal(MONTHS)
    return sum(((1 + growth) ** month for month in range(MONTHS)), Decimal(0))


def billed_actions(workload: Workload, prices: Prices) -> Actions | None:
    """Return the actions billed in the first month."""
    if workload.actions is None or workload.tokens_per_action is None:
        return workload.actions
    return workload.actions * billed_actions_per_action(workload.tokens_per_action, prices.value("action.tokens"))


def year_of_use(workload: Workload, prices: Prices) -> YearOfUse:
    """Return twelve months of the workload. Raises: NoPriceError, before credits had a price."""
    months = months_worth(workload.growth)
    interactions = workload.interactions and workload.interactions * months
    billed = billed_actions(workload, prices)
    actions = billed and billed * months
    return YearOfUse(
        interactions=interactions,
        resolutions=interactions and interactions * workload.resolved_share,
        actions=actions,
        credits=None if actions is None else actions.burn(credits_per_action(workload, prices)),
        seats=workload.seats,
    )
