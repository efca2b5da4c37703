"""The advice for a level of a pool: by how soon the credits run out, and what is at stake until the term ends."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import day as shown_day
from core.answer import number, usd, usd_short
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.alerts.rules.model import PoolMetrics

ALL_USED, NEARLY_USED, MOSTLY_USED = 100, 90, 75
# Buying usually takes a quarter; with a month left it is urgent. Our estimate, no source.
SOON_DAYS, AHEAD_DAYS = 30, 90
# Not worth a meeting, and worth a meeting of the decision makers: our own round sums, no source.
LITTLE_USD, MUCH_USD = Decimal(100), Decimal(1000)

OVERAGE = "Nothing stops at 100%: overage is billed in arrears."
LASTS = "On plan: at the burn of 28 days the credits last until the term ends. No decision is needed."
UNKNOWN = (
    (NEARLY_USED, "Forecast now: little is left, and the burn is not known yet."),
    (MOSTLY_USED, "Forecast again: are more credits needed before the term ends?"),
    (0, "Mid-period review: is consumption on plan? Check the pace and what changed."),
)


# Urgency: one point for running out within a quarter, one more within a month, and one for a large sum.
BY_URGENCY = (
    "Review: {when}. There is time; check the pace and what changed.",
    "Review: {when}. There is time; check the pace and what changed.",
    "Forecast again and plan: {when}. Are more credits needed, or less use?",
    f"Escalate, and decide on more credits now: {{when}}. {OVERAGE}",
)


class Stake(NamedTuple):
    """What running out would mean. days: until all is used, 0 if it is. runs_out: that day.

    credits, usd: what is used from then until the term ends; usd None for cards without a price.
    """

    days: int
    runs_out: date
    credits: Decimal
    usd: Decimal | None


def stake_of(figures: PoolMetrics, runs_out: date | None = None) -> Stake | None:
    """Return what is at stake if the burn of the last 28 complete days goes on; None where that is not known.

    runs_out: the day on which all is expected to be used; by the burn, without a forecast. A part of a card draws on the whole
    card, so it says nothing about the card's day.
    """
    recent, term = figures.recent, figures.term
    # A part's burn does not say when the card runs out: the other parts draw on it as well.
    if figures.part or recent is None or term is None or recent.credits <= 0:
        return None
    days = (recent.days.day_after_last - recent.days.first_day).days
    begin = figures.until or figures.today
    if runs_out is None:
        lasts = int(max(figures.remaining, Decimal(0)) * days / recent.credits)
        # A tiny burn lasts for millennia; dates end in 9999.
        runs_out = begin + timedelta(days=min(lasts, (date.max - begin).days))
    short = max((term.day_after_last - runs_out).days, 0)
    used = recent.credits * short / days
    cost = None if figures.usd_per_credit is None else used * figures.usd_per_credit
    return Stake(max((runs_out - figures.today).days, 0), runs_out, used, cost)


def advice_at(level: int, stake: Stake | None, *, is_ahead: bool = False) -> str:
    """Return what to do at a level, by the table in docs/alerts.md. is_ahead: the level is expected, not passed."""
    if stake is None:
        # Without a burn nothing is known of time or money, so the level alone speaks.
        return next(words for least, words in UNKNOWN if level >= least)
    if level >= ALL_USED and not is_ahead:
        return f"Decide whether to buy more credits: {say_overage(stake, usd_short)} until the term ends. {OVERAGE}"
    if stake.credits <= 0:
        return LASTS
    if stake.usd is not None and stake.usd < LITTLE_USD:
        return f"Leave it: only {say_overage(stake, usd_short)} is at stake. {OVERAGE}"
    when = f"used up on {shown_day(stake.runs_out)}, {say_overage(stake, usd_short)} until the term ends"
    is_much = stake.usd is None or stake.usd >= MUCH_USD
    # An unknown price counts as a large sum: better a needless meeting than an unexpected bill.
    urgency = (stake.days <= AHEAD_DAYS) + (stake.days <= SOON_DAYS) + is_much
    return BY_URGENCY[urgency].format(when=when)


def say_overage(stake: Stake, write: Callable[[Decimal], str] = usd) -> str:
    """Return the cost of usage after running out, in credits if these have no price. write: how dollars are written."""
    if stake.usd is not None:
        return f"{write(stake.usd)} of overage"
    return f"{number(stake.credits, 0)} credits of overage"
