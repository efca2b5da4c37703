"""The input and output of alert rules: values, without a warehouse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.answer import Figure
    from core.wallet.ledger import Term


Direction = Literal["up", "down"]
AlertState = Literal["open", "acknowledged", "snoozed", "recovered", "closed"]

LIVE: frozenset[AlertState] = frozenset({"open", "acknowledged", "snoozed"})


class Recent(NamedTuple):
    """The last 28 complete days of a part of the wallet: all its credits, those of sandboxes, and those in excess.

    excess: credits of actions beyond the first of each event; `most_expensive` is the action with most of them.
    usd: what they cost, None for cards without a price.
    """

    days: Term
    credits: Decimal
    sandbox_credits: Decimal
    excess_credits: Decimal
    most_expensive: str = ""
    sandbox_usd: Decimal | None = None
    excess_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PoolMetrics:
    """A card of the wallet, or a team's part of it, on a day.

    part: the part in words, empty for the whole card. used, used_of_pool (what of it counts against the pool), used_percent,
    days, rates and recent are the part's; granted, pool, remaining (what is left), overdrawn, pace and expiring the whole card's,
    because grants are not divided. `core.wallet.ledger.balance` says what these words mean.
    days: credits by complete day; `complete` are the half-open days that they cover, None while there are none.
    rates: what a credit cost by day. until: the first day without data, from which the burn is extrapolated; None if that is
    today. expiring: what each term end will leave unused if the burn continues; expiring_usd: what was paid for that.
    usd_per_credit: the contract's price; None for cards without one.
    """

    today: date
    card: str
    org: str = ""
    part: str = ""
    filters: str = ""
    term: Term | None = None
    granted: Decimal = Decimal(0)
    used: Decimal = Decimal(0)
    pool: Decimal = Decimal(0)
    used_of_pool: Decimal = Decimal(0)
    remaining: Decimal = Decimal(0)
    overdrawn: Decimal = Decimal(0)
    overdrawn_usd: Decimal | None = None
    used_percent: Decimal | None = None
    elapsed_percent: Decimal | None = None
    pace_percent: Decimal | None = None
    usd_per_credit: Decimal | None = None
    expiring: Mapping[date, Decimal] = field(default_factory=dict)
    expiring_usd: Mapping[date, Decimal] = field(default_factory=dict)
    days: Mapping[date, Decimal] = field(default_factory=dict)
    rates: Mapping[date, Decimal] = field(default_factory=dict)
    complete: Term | None = None
    recent: Recent | None = None
    until: date | None = None

    def cost_on(self, day: date, credits_used: Decimal) -> Decimal | None:
        """Return what credits of a day cost; None for cards without a price."""
        return None if self.usd_per_credit is None else credits_used * self.rates.get(day, self.usd_per_credit)

    def exceeds_min_cost(self, credits_used: Decimal, min_usd: Decimal) -> bool:
        """Whether credits are worth that much at the contract's price, free ones too; without a price, whether there are any."""
        if self.usd_per_credit is None:
            return credits_used > 0
        # At the contract's price, though the credits may have been free: they are lost or missing all the same.
        return credits_used > 0 and credits_used * self.usd_per_credit >= min_usd


class BudgetMetrics(NamedTuple):
    """A budget on a day, in its unit of usd or credits.

    subject: who it is for, in a sentence, empty for everything; name: the subject with period and unit, which identifies it.
    amount: what may be spent, carryover included; written: without carryover. percent_used: rounded down to six
    places. filters: the words by which a question asks for it. expected and the fields after it: None without a forecast.
    """

    subject: str
    name: str
    unit: Literal["usd", "credits"]
    period: Term
    written: Decimal
    amount: Decimal
    spent: Decimal
    percent_used: Decimal
    filters: str = ""
    expected: Decimal | None = None
    chance_over_percent: Decimal | None = None
    over_on: date | None = None

    @property
    def last_day(self) -> date:
        """The last day of the period."""
        return self.period.day_after_last - timedelta(days=1)


class Expected(NamedTuple):
    """The day on which something is expected, with the early and the late end of its range, None beyond the horizon."""

    early: date
    likely: date
    late: date | None


class Forecast(Protocol):
    """Forecasts when a card will have used a share of its grants."""

    def __call__(self, figures: PoolMetrics, used_percent: int, /) -> Expected | None:
        """Return when the usage reaches so many percent of what is granted; None if that cannot be forecast."""


class Candidate(NamedTuple):
    """Something that a rule found to hold.

    level, term: part of the dedup key: for one team, card and rule each pair alerts once. term_end: the day from which it no
    longer matters, None if there is none. why: the question whose answer explains it.
    """

    rule: str
    level: str
    term: str
    headline: str
    figures: tuple[Figure, ...] = ()
    sums: tuple[str, ...] = ()
    advice: str = ""
    why: str = "wallet"
    term_end: date | None = None
    direction: Direction = "up"


class StoredAlert(NamedTuple):
    """An existing alert of the evaluated team and card; its day, sentence and message as stored."""

    key: str
    rule: str
    level: str
    term: str
    direction: Direction
    state: AlertState
    term_end: date | None = None
    day: date | None = None
    words: str = ""
    answer: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it is still about something that holds."""
        return self.direction == "up" and self.state in LIVE
