"""What an org's agents do, and what a year of it amounts to in interactions, actions and credits."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Literal

from core.days import MONTHS_IN_YEAR
from core.records import NamedTuple

if TYPE_CHECKING:
    from core.pricing.price_book import Prices
    from core.pricing.quantities import Actions, Credits, Interactions, Seats

Audience = Literal["customers", "employees"]


class Workload(NamedTuple):
    """The work of the agents; anything unknown is None.

    interactions_per_year, actions_per_year: of twelve months like the first, so that neither a month nor a year that
    was asked loses a digit. Actions are as agents run them, before token overhead. Shares are fractions of 1: of all
    actions, except resolved_share, which is of all interactions. growth: per month, as a fraction.
    counted_credits_per_year: what a wallet counted for these actions, some of which burn more or less than the list rate.
    free_credits: free credits, once per year.
    """

    interactions_per_year: Interactions | None = None
    actions_per_year: Actions | None = None
    seats: Seats | None = None
    audience: Audience | None = None
    tokens_per_action: int | None = None
    sandbox_share: Decimal = Decimal(0)
    voice_share: Decimal = Decimal(0)
    resolved_share: Decimal = Decimal(1)
    growth: Decimal = Decimal(0)
    counted_credits_per_year: Credits | None = None
    free_credits: Credits | None = None

    @property
    def interactions(self) -> Interactions | None:
        """The interactions of the first month."""
        return self.interactions_per_year and self.interactions_per_year / MONTHS_IN_YEAR

    @property
    def actions(self) -> Actions | None:
        """The actions of the first month."""
        return self.actions_per_year and self.actions_per_year / MONTHS_IN_YEAR

    # Both are of the same year, so growth and months cancel out.
    def actions_per_interaction(self) -> Decimal | None:
        """Return how many actions an interaction takes on average, where both are known."""
        if self.actions_per_year is None or not self.interactions_per_year:
            return None
        return self.actions_per_year.count / self.interactions_per_year.count


class YearOfUse(NamedTuple):
    """Twelve months of use; actions are billed ones, token overhead included.

    credits: those to pay for; burnt: the total, if some are free.
    """

    interactions: Interactions | None
    resolutions: Interactions | None
    actions: Actions | None
    credits: Credits | None
    seats: Seats | None
    burnt: Credits | None = None
    free: Credits | None = None

    def less_free(self, free: Credits) -> YearOfUse:
        """Return the year with that many free credits; the rest is paid."""
        if self.credits is None:
            return self
        # `* 0` keeps the type: at least no credits, never a bare 0.
        return self._replace(credits=max(self.credits * 0, self.credits - free), burnt=self.credits, free=free)

    def times(self, factor: Decimal) -> YearOfUse:
        """Return the year with that much more or less usage by the same people; the free credits stay the same."""
        # Free credits do not scale with the use: they are taken off again after it is scaled.
        burnt = self.burnt or self.credits
        use = YearOfUse(
            interactions=self.interactions and self.interactions * factor,
            resolutions=self.resolutions and self.resolutions * factor,
            actions=self.actions and self.actions * factor,
            credits=burnt and burnt * factor,
            seats=self.seats,
        )
        return use.less_free(self.free) if self.free else use


def count_billed_actions(tokens: int | None, tokens_covered: Decimal) -> int:
    """Return how many actions one action is billed as: one per 10,000 tokens, rounded up, at least one.

    Source: Salesforce Help on metering, 2026 (20,001 tokens are 3 actions).
    """
    if tokens is None:
        return 1
    # An action of no tokens is an action all the same.
    return max(1, int((Decimal(tokens) / tokens_covered).to_integral_value(ROUND_CEILING)))


def credits_per_action(workload: Workload, prices: Prices) -> Decimal:
    """Return the credits that an average billed action burns: as a wallet counted, else voice and sandbox shares weighed in."""
    # Metered credits override the list rate: prompts and voice burn other amounts than a standard action.
    if workload.counted_credits_per_year is not None and workload.actions_per_year:
        return workload.counted_credits_per_year.count / workload.actions_per_year.count
    sandbox, voice = workload.sandbox_share, workload.voice_share
    standard = _blend(prices, "action", sandbox)
    # The voice row is read only if voice is used: an old day may have no price for it.
    return standard if not voice else (1 - voice) * standard + voice * _blend(prices, "voice", sandbox)


def _blend(prices: Prices, kind: str, sandbox: Decimal) -> Decimal:
    production = prices.value(f"{kind}.production")
    return production if not sandbox else (1 - sandbox) * production + sandbox * prices.value(f"{kind}.sandbox")


def months_worth(growth: Decimal) -> Decimal:
    """Return how many first months a year is worth: 12 without growth, the sum of (1 + growth)^i with it."""
    if not growth:
        return Decimal(MONTHS_IN_YEAR)
    # Summed, not (g¹² − 1) ÷ (g − 1): a quotient would round where the sum is exact.
    return sum(((1 + growth) ** month for month in range(MONTHS_IN_YEAR)), Decimal(0))


def times_billed(workload: Workload, prices: Prices) -> int:
    """Return how many actions each action of the workload is billed as."""
    tokens = workload.tokens_per_action
    return 1 if tokens is None else count_billed_actions(tokens, prices.value("action.tokens"))


def year_of_use(workload: Workload, prices: Prices) -> YearOfUse:
    """Return twelve months of the workload; its credits are None on a day before credits had a price."""
    # Without growth the year is taken as it was asked: dividing by 12 and multiplying again would lose digits.
    grown = months_worth(workload.growth) / MONTHS_IN_YEAR if workload.growth else Decimal(1)
    interactions = workload.interactions_per_year and workload.interactions_per_year * grown
    actions = workload.actions_per_year and workload.actions_per_year * grown
    metered = prices.has("action.production")
    times = times_billed(workload, prices) if metered else 1
    billed = actions * times if actions is not None else None
    burnt = billed.burn(credits_per_action(workload, prices)) if billed is not None and metered else None
    if workload.counted_credits_per_year is not None:
        burnt = workload.counted_credits_per_year * grown * times
    use = YearOfUse(
        interactions=interactions,
        resolutions=interactions and interactions * workload.resolved_share,
        actions=billed,
        credits=burnt,
        seats=workload.seats,
    )
    return use.less_free(workload.free_credits) if workload.free_credits else use
