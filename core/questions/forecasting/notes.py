"""What accompanies a forecast: how it was reached, and its caveats."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Note, group_digits, number, percent, usd, usd_exact
from core.answer import day as shown_day
from core.forecast import PATHS
from core.questions.forecasting.facts import FARTHEST, USUAL_DAYS_BETWEEN
from core.questions.forecasting.series import series_notes
from core.questions.wallet import balance
from core.wallet.usage import DayRange, slices

if TYPE_CHECKING:
    from core.context import Context
    from core.forecast import DepletionForecast, ForecastSummary
    from core.questions.forecasting.facts import Foresight

RECENT_DAYS = 28
ONLY_WHAT_WAS = (
    "The past continues: its weekday pattern, its level, its growth for some weeks, and errors as large as this forecast's own "
    "past ones. Future launches, campaigns and price changes are not included."
)
A_RANGE = "Low to high holds the middle 80% of the simulated futures; docs/forecast.md says how often that came true."


def sums(seen: Foresight) -> list[str]:
    """Return the arithmetic as sentences."""
    if seen.ahead is None:
        return []
    grants = _grants(seen, seen.fate) if seen.fate and seen.wallet.part.is_whole_card else []
    return [_rests_on(seen), *_ranges(seen, seen.ahead), *grants]


def _rests_on(seen: Foresight) -> str:
    days = DayRange(seen.series.first_day, seen.first_day)
    recent = Decimal(round(sum(seen.series.credits[-RECENT_DAYS:])))
    return f"{days.days} complete days ({days}), the last {min(days.days, RECENT_DAYS)} of them {number(recent)} credits"


def _ranges(seen: Foresight, ahead: ForecastSummary) -> list[str]:
    days = DayRange(seen.first_day_ahead, seen.first_day_ahead + timedelta(days=1) * RECENT_DAYS)
    said = ahead.next_28_days
    lines = [f"Half of {group_digits(PATHS)} simulated futures use {number(said.middle)} credits or less in 28 days ({days})"]
    if seen.knows_range:
        lines.append(f"One in ten uses less than {number(said.low)}, one in ten more than {number(said.high)}")
    return lines


def _grants(seen: Foresight, fate: DepletionForecast) -> list[str]:
    left = f"{number(seen.pool.left)} credits left as {shown_day(seen.first_day)} begins"
    lines = [
        f"{left}; {group_digits(fate.depleted)} of {group_digits(PATHS)} futures use them up before {shown_day(seen.last_look)}"
    ]
    if fate.depleted_in_term is not None and seen.term_end and seen.knows_range:
        chance = percent(Decimal(100) * fate.depleted_in_term / PATHS)
        lines.append(
            f"{group_digits(fate.depleted_in_term)} ÷ {group_digits(PATHS)} × 100 = {chance} before the term ends, "
            f"{shown_day(seen.term_end)}"
        )
    if fate.unused and seen.unused_usd:
        unused, cost, price = fate.unused.middle, usd(seen.unused_usd.middle), seen.price_of_unused
        at = "at what their grants cost" if price is None else f"× {usd_exact(price)}"
        lines.append(f"{number(unused)} credits unused at the term's end {at} = {cost}")
    return lines if seen.knows_range else lines[2:]


def notes(seen: Foresight, context: Context, kept: str) -> list[Note]:
    """Return the caveats. kept: why the forecast was not kept for the scorecard; empty if it was."""
    found = [
        *slices.empty_card_notes(seen.wallet.extent),
        *_between_notes(seen),
        *series_notes(seen.series),
        *_card_notes(seen),
        *_late_notes(seen),
    ]
    found += balance.part_notes(seen.wallet)
    if seen.ahead is None:
        return found
    found += [Note("assumption", ONLY_WHAT_WAS), *([Note("assumption", A_RANGE)] if seen.knows_range else [])]
    found += [*_grant_notes(seen), *balance.drawdown_notes(seen.wallet, context), _seed_note(seen)]
    return [*found, Note("warning", kept)] if kept else found


def _between_notes(seen: Foresight) -> list[Note]:
    """Return a note if days between the last complete one and the day asked are also estimated."""
    if seen.between is None or not seen.days_between:
        return []
    said, days = seen.between, DayRange(seen.first_day, seen.first_day_ahead)
    around = f" ({number(said.low)}–{number(said.high)})" if seen.knows_range else ""
    ahead = f"what is ahead begins on {shown_day(seen.first_day_ahead)}"
    text = f"The days up to the one asked, {days}, are not complete and are estimated: {number(said.middle)} credits{around}"
    return [Note("assumption" if seen.days_between <= USUAL_DAYS_BETWEEN else "warning", f"{text}; {ahead}.", "")]


def _card_notes(seen: Foresight) -> list[Note]:
    """Return why the whole card has no range when the part asked for would have one."""
    return [] if seen.card_series.knows_range or not seen.series.knows_range else series_notes(seen.card_series)


def _late_notes(seen: Foresight) -> list[Note]:
    text = f"Only complete days count, those before {shown_day(seen.first_day)}; later rows may still grow and are left out."
    return [Note("assumption", text), *balance.stale_notes(seen.wallet)]


def _grant_notes(seen: Foresight) -> list[Note]:
    facts = seen.wallet
    if not facts.knows_grants:
        return [Note("warning", balance.NO_GRANTS, balance.NO_GRANTS_IN_BRIEF)]
    found = []
    if seen.used_up_since:
        text = f"Since {shown_day(seen.used_up_since)} no grant has anything left; overage is billed in arrears."
        found.append(Note("warning", text, ""))
    if seen.fate and seen.fate.depleted < PATHS // 2:
        until = shown_day(seen.last_look)
        far = " (two years, the longest horizon)" if seen.last_look == seen.first_day + FARTHEST else ""
        found.append(Note("assumption", f"Most futures do not use the credits up by {until}{far}: no day is given for it."))
    coming = [grant for grant in facts.grants if grant.first_day >= seen.first_day]
    if coming:
        grants = "1 grant that begins later is" if len(coming) == 1 else f"{len(coming)} grants that begin later are"
        found.append(Note("assumption", f"{grants} counted from the first day on."))
    if not facts.part.is_whole_card:
        text = "The day the credits run out and what is unused are the whole card's: grants are not divided. Ask: forecast."
        found.append(Note("assumption", text))
    return found


def _seed_note(seen: Foresight) -> Note:
    own = " from the data; say for example `seed 7` for another draw" if seen.seed == seen.series.seed else ""
    return Note("assumption", f"{group_digits(PATHS)} futures drawn with seed {seen.seed}{own}.")
