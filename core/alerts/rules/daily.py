"""The rules about days of use and of imports: spikes, token overhead, sandboxes, stale data. Pure functions over figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from core.alerts.rules.model import Candidate
from core.alerts.rules.pool import subject
from core.alerts.rules.rule import Recovery, Rule
from core.answer import day as shown_day
from core.answer import figure, number, percent, usd, write_numbers
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from core.alerts.rules.model import PoolMetrics
    from core.alerts.rules.rule import Situation
    from core.config import AlertSettings
    from core.wallet.ledger import Term

WEEK = 7
# Eight weeks give a weekday enough days for a median and still follow a new level; fewer than three have no middle.
WEEKS_BACK, MIN_WEEKDAYS = 8, 3
# Exports come late, so a week of days is checked; what is two weeks old is known by then, or no longer matters.
LOOKED_AT_DAYS, NEWS_FOR_DAYS = 7, 14
# 1 ÷ Φ⁻¹(3/4): the median absolute deviation times this is the standard deviation of normal data.
LIKE_A_STANDARD_DEVIATION = Decimal("1.4826")
# A card with the same usage each day has no deviation at all; 5% keeps a trifle from being infinitely far.
MIN_SPREAD = Decimal("0.05")
LOOK = "Check what ran that day: usage by agent and by action shows a loop or a new use."
SHORTEN = "Each further 10,000 tokens, or part of them, count as another action: shorten prompts and their grounding."
TEST_LESS = "Test with fewer runs or smaller sets; a sandbox action costs 16 credits where production costs 20."
IMPORT = "Import the newest export (agentcost import FILE), or find out why it did not arrive."


class Baseline(NamedTuple):
    """What a day's weekday predicts, and the usual deviation from that."""

    credits: Decimal
    deviation: Decimal


def usual(days: Mapping[date, Decimal], known: Term, day: date) -> Baseline | None:
    """Return what the eight weeks before a day predict for it; None with fewer than three known days of that weekday.

    The prediction is the median of the weekday; the deviation is the median distance of all those days from the
    median of their weekday, scaled to a standard deviation, and at least 5% of the prediction. Days without use are 0.
    """
    first = max(known.first_day, day - timedelta(days=1) * WEEK * WEEKS_BACK)
    before = [first + timedelta(days=1) * nth for nth in range((day - first).days)]
    by_weekday: dict[int, list[Decimal]] = {}
    for one in before:
        by_weekday.setdefault(one.weekday(), []).append(days.get(one, Decimal(0)))
    alike = by_weekday.get(day.weekday(), [])
    if len(alike) < MIN_WEEKDAYS:
        return None
    middle = {weekday: median(values) for weekday, values in by_weekday.items()}
    # Medians on both sides: one earlier spike must not hide the next one, as it would in a mean.
    distances = [abs(days.get(one, Decimal(0)) - middle[one.weekday()]) for one in before]
    predicted = middle[day.weekday()]
    return Baseline(predicted, max(median(distances) * LIKE_A_STANDARD_DEVIATION, predicted * MIN_SPREAD))


def spikes(figures: PoolMetrics, settings: AlertSettings, told: Collection[date] = ()) -> Iterator[Candidate]:
    """Yield the first day of each run of days far above what their weekdays predict, of the last seven complete days.

    Far is `spike_times` usual deviations and at least `min_usd` dollars; days two weeks old trigger nothing. Days already
    reported are yielded with current figures while they are far above.
    """
    if figures.complete is None:
        return
    for day in sorted(told):
        found = _spike_on(figures, settings, day)
        if found:
            yield _spike(figures, day, found)
    after_last = figures.complete.day_after_last
    for back in range(LOOKED_AT_DAYS, 0, -1):
        day = after_last - timedelta(days=1) * back
        # Old exports that come in late bring old spikes; nobody can act on those any more.
        if day < figures.complete.first_day or day <= figures.today - timedelta(days=1) * NEWS_FOR_DAYS:
            continue
        found = _spike_on(figures, settings, day)
        # A run of high days is one event: only its first day triggers an alert.
        if found and day not in told and not _spike_on(figures, settings, day - timedelta(days=1)):
            yield _spike(figures, day, found)


def _spike_on(figures: PoolMetrics, settings: AlertSettings, day: date) -> Baseline | None:
    """Return the usual value, if the day is a spike against it."""
    expected = usual(figures.days, figures.complete, day) if figures.complete else None
    if expected is None:
        return None
    above = figures.days.get(day, Decimal(0)) - expected.credits
    # Both tests: far in deviations alone would report trifles, far in dollars alone every growing card.
    is_far = above > settings.spike_times * expected.deviation and figures.exceeds_min_cost(above, settings.min_usd)
    return expected if is_far else None


def _spike(figures: PoolMetrics, day: date, expected: Baseline) -> Candidate:
    used = figures.days[day]
    above = used - expected.credits
    cost = figures.cost_on(day, above)
    worth = f", {usd(cost)} more" if cost is not None else ""
    return Candidate(
        rule="spike",
        level=str(day),
        term="",
        headline=f"{subject(figures)} used {number(used, 0)} credits on {day:%a} {shown_day(day)}, where "
        f"{number(expected.credits, 0)} are usual{worth}.",
        figures=(
            figure("spike_day", day),
            figure("spike_credits", used),
            figure("usual_credits", expected.credits),
            figure("spike_usd", cost),
        ),
        sums=(
            (
                f"{number(used)} − {number(expected.credits)} = {number(above)} credits above the median {day:%A} of the "
                f"{WEEKS_BACK} weeks before; the usual deviation is {number(expected.deviation)}"
            ),
        ),
        advice=LOOK,
        why=f"usage by agent from {day} to {day}{figures.filters}",
        term_end=day + timedelta(days=1) * NEWS_FOR_DAYS,
    )


def token_overhead(figures: PoolMetrics, settings: AlertSettings) -> Iterator[Candidate]:
    """Yield a finding if actions beyond the first of each event take too much of the last 28 complete days."""
    recent = figures.recent
    if recent is None or recent.credits <= 0:
        return
    share = recent.excess_credits / recent.credits * Decimal(100)
    if share >= settings.overhead_percent and figures.exceeds_min_cost(recent.excess_credits, settings.min_usd):
        cost = recent.excess_usd
        mostly = f", mostly {recent.most_expensive}" if recent.most_expensive else ""
        yield Candidate(
            rule="dear",
            level=f"{figures.today:%Y-%m}",
            term="",
            headline=f"{subject(figures)}: {percent(share)} of the credits{_cost_words(cost)} went into actions "
            f"beyond the first of an event{mostly}.",
            figures=(
                figure("excess_percent", share),
                figure("excess_credits", recent.excess_credits),
                figure("excess_usd", cost),
            ),
            sums=(_share_sum(recent.excess_credits, recent.credits, share, recent.days),),
            advice=write_numbers(SHORTEN),
            why=f"overhead last 28 days{figures.filters}",
        )


def sandbox_share(figures: PoolMetrics, settings: AlertSettings) -> Iterator[Candidate]:
    """Yield a finding if sandboxes take too much of the last 28 complete days."""
    recent = figures.recent
    if recent is None or recent.credits <= 0:
        return
    share = recent.sandbox_credits / recent.credits * Decimal(100)
    if share >= settings.sandbox_percent and figures.exceeds_min_cost(recent.sandbox_credits, settings.min_usd):
        cost = recent.sandbox_usd
        yield Candidate(
            rule="sandbox",
            level=f"{figures.today:%Y-%m}",
            term="",
            headline=f"{subject(figures)}: {percent(share)} of the last 28 days' credits{_cost_words(cost)} went into sandboxes.",
            figures=(
                figure("sandbox_percent", share),
                figure("sandbox_credits", recent.sandbox_credits),
                figure("sandbox_usd", cost),
            ),
            sums=(_share_sum(recent.sandbox_credits, recent.credits, share, recent.days),),
            advice=TEST_LESS,
            why=f"sandbox last 28 days{figures.filters}",
        )


def _cost_words(cost: Decimal | None) -> str:
    return f" ({usd(cost)})" if cost is not None else ""


def _share_sum(part: Decimal, whole: Decimal, share: Decimal, days: Term) -> str:
    last = days.day_after_last - timedelta(days=1)
    return f"{number(part)} ÷ {number(whole)} × 100 = {percent(share)}, {shown_day(days.first_day)} to {shown_day(last)}"


def stale(today: date, newer_on: date | None, ends_on: date | None, settings: AlertSettings) -> Iterator[Candidate]:
    """Yield a finding if no newer data came for too many days; a wallet that never held any is not stale.

    today, the day on which the last newer data came, and the day on which the data ends: days in the team's zone. Files with
    known rows, or older ones, bring nothing newer.
    """
    # Counted from when newer data came, not from where it ends: exports lag by design, a stop does not.
    days = (today - newer_on).days if newer_on else 0
    if newer_on and ends_on and days >= settings.stale_days:
        yield Candidate(
            rule="stale",
            level=str(newer_on),
            term="",
            headline=f"No newer data for {days} days: the data ends on {shown_day(ends_on)}, as it did on {shown_day(newer_on)}. "
            "Usage since then is unknown.",
            figures=(
                figure("days_without_newer_data", Decimal(days)),
                figure("newer_data_day", newer_on),
                figure("data_ends_on", ends_on),
            ),
            advice=IMPORT,
            why="wallet",
        )


def _find_spikes(now: Situation) -> Iterator[Candidate]:
    if now.figures is not None:
        told = {date.fromisoformat(one.level) for one in now.kept if one.rule == "spike" and one.is_live}
        yield from spikes(now.figures, now.settings, told)


RULES = (
    Rule(
        name="spike",
        severity=40,
        title="Spike",
        when="a complete day lies five usual deviations above what its weekday predicts, and is worth $100 more",
        how_often="once per run of such days",
        settings=("spike_times", "min_usd"),
        scope="part",
        concurrency="each",
        recovery=None,
        evaluate=_find_spikes,
    ),
    Rule(
        name="stale",
        severity=50,
        title="No data",
        when="no newer data came for four days: files with known rows, or older ones, do not count as newer",
        how_often="once per stop",
        settings=("stale_days",),
        scope="wallet",
        concurrency="one",
        recovery=lambda _figures: Recovery("data is coming in again"),
        evaluate=lambda now: stale(now.today, now.newer_on, now.ends_on, now.settings),
    ),
    Rule(
        name="dear",
        severity=70,
        title="Token overhead",
        when="10% of the last 28 complete days' credits, and $100, went into actions beyond the first of an event",
        how_often="one at a time, at most monthly",
        settings=("overhead_percent", "min_usd"),
        scope="part",
        concurrency="one",
        recovery=None,
        evaluate=lambda now: token_overhead(now.figures, now.settings) if now.figures else (),
    ),
    Rule(
        name="sandbox",
        severity=80,
        title="Sandboxes",
        when="20% of the last 28 complete days' credits, and $100, went into sandboxes",
        how_often="one at a time, at most monthly",
        settings=("sandbox_percent", "min_usd"),
        scope="part",
        concurrency="one",
        recovery=None,
        evaluate=lambda now: sandbox_share(now.figures, now.settings) if now.figures else (),
    ),
)
