"""A parsed question: what was asked, with every value typed and none invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.days import MONTHS_IN_YEAR
from core.records import NamedTuple

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from core.pricing import Audience, PurchaseMode

DERIVED_FIELDS = {"parts", "counted_credits_per_year"}
# Phrases that can be a range, and the phrase of the high end.
RANGE_ENDS = {"users": "users_to", "interactions": "interactions_to", "actions": "actions_to"}
Period = Literal["month", "year"]
SpanUnit = Literal["day", "week", "month"]
Per = Literal["interaction", "user", "month", "year"]
PriceOf = Literal["action", "conversation", "seat", "pack"]


class PerPeriod(NamedTuple):
    """An amount per month or year, as asked."""

    amount: Decimal
    period: Period = "month"

    @property
    def per_month(self) -> Decimal:
        """The amount per average month."""
        return self.amount if self.period == "month" else self.amount / MONTHS_IN_YEAR

    @property
    def per_year(self) -> Decimal:
        """The amount per year."""
        return self.amount * MONTHS_IN_YEAR if self.period == "month" else self.amount


@dataclass(frozen=True, slots=True)
class ActionsInput:
    """A number of actions per interaction, per user and month, per month or per year."""

    count: Decimal
    per: Per = "interaction"


class MixPart(NamedTuple):
    """A share of the interactions, in percent, and the actions per interaction."""

    percent: Decimal
    actions: Decimal


class PriceInput(NamedTuple):
    """A price in dollars, given in the question."""

    usd: Decimal
    per: PriceOf


@dataclass(frozen=True, slots=True)
class MeteredSaid:
    """An amount of one metered thing, by its meter's key; once, or per month or year."""

    count: Decimal
    meter: str
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Last:
    """The last days, weeks or months of data, by number."""

    count: int
    unit: SpanUnit


class Days(NamedTuple):
    """The days from the first to the last, inclusive; without a last one, up to the newest data."""

    first: date
    last: date | None = None


class Question(NamedTuple):
    """One question; a value that was not given is None (or empty, for the mix and the selected plans).

    Percentages are out of 100, as asked. Field names are the names of the phrases that fill them, with two exceptions: `parts`,
    the orgs of a portfolio, each a question of its own, and `counted_credits_per_year`, which has no phrase: the credits that a
    wallet counted for the usage that it filled in.
    """

    command: str
    users: Decimal | None = None
    users_to: Decimal | None = None
    interactions: PerPeriod | None = None
    interactions_to: PerPeriod | None = None
    actions: ActionsInput | None = None
    actions_to: ActionsInput | None = None
    mix: tuple[MixPart, ...] = ()
    credits: Decimal | None = None
    packs: Decimal | None = None
    metered: MeteredSaid | None = None
    prompt_tokens: Decimal | None = None
    tier: Decimal | None = None
    spend: PerPeriod | None = None
    only: tuple[str, ...] = ()
    plan: str | None = None
    buying: PurchaseMode | None = None
    discount: Decimal | None = None
    action_price: PriceInput | None = None
    conversation_price: PriceInput | None = None
    seat_price: PriceInput | None = None
    pack_price: PriceInput | None = None
    audience: Audience | None = None
    sandbox_share: Decimal | None = None
    voice_share: Decimal | None = None
    resolved_share: Decimal | None = None
    messages: Decimal | None = None
    vendors: tuple[str, ...] = ()
    tokens: Decimal | None = None
    growth: PerPeriod | None = None
    volume: Decimal | None = None
    foundations: bool | None = None
    premier: bool | None = None
    data_cloud: Decimal | Literal["typical"] | None = None
    major_agents: Decimal | None = None
    months: Decimal | None = None
    months_left: Decimal | None = None
    unused: Decimal | None = None
    overlap: Decimal | None = None
    weeks: Decimal | None = None
    seed: Decimal | None = None
    topic: str | None = None
    subject: str | None = None
    about: str | None = None
    by: str | None = None
    then_by: str | None = None
    query: str | None = None
    span: Last | Days | None = None
    as_of: date | None = None
    top: Decimal | None = None
    grain: str | None = None
    environment: str | None = None
    org: str | None = None
    card: str | None = None
    agent: str | None = None
    department: str | None = None
    action: str | None = None
    user: str | None = None
    use_case: str | None = None
    team: str | None = None
    state: str | None = None
    parts: tuple[Question, ...] = ()
    counted_credits_per_year: Decimal | None = None

    @property
    def ranges(self) -> tuple[str, ...]:
        """The phrases that were given as a range, low end and high end."""
        return tuple(name for name, end in RANGE_ENDS.items() if getattr(self, end) is not None)

    @property
    def names_workload(self) -> bool:
        """Whether the question gives any part of a workload."""
        named = (self.interactions, self.actions, self.users, self.tokens, self.sandbox_share, self.voice_share)
        return bool(self.mix) or any(value is not None for value in named)

    @property
    def knows_volume(self) -> bool:
        """Whether the question determines the actions per month."""
        if self.mix or (self.actions and self.actions.per == "interaction"):
            return self.interactions is not None
        return self.actions is not None

    def stated_values(self) -> dict[str, object]:
        """Return the given values by phrase, in the order of the fields."""
        values = zip(self._fields[1:], self[1:], strict=True)
        return {name: value for name, value in values if value is not None and value != () and name not in DERIVED_FIELDS}
