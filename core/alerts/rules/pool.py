"""The rules about a pool of credits: levels, pace, what is projected, what will expire. Pure functions over figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from core.alerts.rules.advice import ALL_USED, advice_at, say_overage, stake_of
from core.alerts.rules.model import Candidate
from core.alerts.rules.rule import Recovery, Rule
from core.answer import day as shown_day
from core.answer import figure, headline_of, number, percent, plain_number, usd, usd_exact, usd_short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.alerts.rules.advice import Stake
    from core.alerts.rules.model import Expected, Forecast, PoolMetrics, StoredAlert
    from core.alerts.rules.rule import Situation
    from core.answer import Figure
    from core.config import AlertSettings

# In a term's first days any usage is many times its plan; from here on the quotient means something. Our choice, no source.
MIN_ELAPSED_PERCENT, MIN_USED_PERCENT = 5, 10
# As many places as the warehouse keeps, so that a stored and a fresh percentage compare as equal.
STORED = Decimal("0.000001")
BUY_OR_SLOW = "Find what drives it (variance, usage by agent), then slow it down or plan for more credits."
USE_OR_ASK = "Use them, or ask for a rollover or a grace period before the term ends: what is left then is lost."


def truncate_percent(used_percent: Decimal) -> Decimal:
    """Return a percentage as stored and compared: rounded down to six places, so that rounding never reaches a level."""
    # 89.9999999% is not 90%: usage passes a level, rounding never does.
    return used_percent.quantize(STORED, ROUND_FLOOR)


def levels_passed(told: Iterable[int], current: Decimal, levels: Iterable[int]) -> list[int]:
    """Return the levels up to the current usage that were not yet sent for this pool, lowest first.

    current: percent of the pool used, above 100 when overdrawn. A level that was sent is not returned again while its alert
    lives; one set at or below the usage is returned once.
    """
    # The level itself counts as passed: at exactly 90% the alert of 90% is due.
    return sorted(level for level in {*levels} - {*told} if level <= current)


def pool_key(figures: PoolMetrics) -> str:
    """Return the term and what is granted in it: after a top-up the same level can alert again."""
    if figures.term is None:
        return ""
    # Granted, not the pool: the pool shrinks as grants expire, and that alone must not repeat an alert.
    return f"{figures.term.first_day}/{figures.term.day_after_last} of {plain_number(figures.granted)}"


def levels(figures: PoolMetrics, kept: Iterable[StoredAlert], wanted: Iterable[int]) -> list[Candidate]:
    """Return the passed levels, lowest first: those without a live alert, and the current state of those with one.

    A level with a live alert keeps that alert's term, whatever the pool is now.
    """
    if figures.used_percent is None or figures.term is None:
        return []
    current = truncate_percent(figures.used_percent)
    live = [one for one in kept if one.rule == "level" and one.is_live and not _is_over(one, figures.today)]
    standing = [_threshold_passed(figures, int(one.level))._replace(term=one.term) for one in live if int(one.level) <= current]
    return [
        *standing,
        *(_threshold_passed(figures, level) for level in levels_passed((int(one.level) for one in live), current, wanted)),
    ]


def _is_over(one: StoredAlert, today: date) -> bool:
    return one.term_end is not None and one.term_end <= today


def levels_fallen_below(figures: PoolMetrics, kept: Iterable[StoredAlert]) -> list[Candidate]:
    """Return findings for live levels that the usage is below again, lowest first: after a top-up or a correction.

    Each keeps its alert's own level and term, whatever the levels and the pool are now.
    """
    if figures.used_percent is None or figures.term is None:
        return []
    current = truncate_percent(figures.used_percent)
    fallen = [one for one in kept if one.rule == "level" and one.is_live and int(one.level) > current]
    return [fallen_below(figures, one) for one in sorted(fallen, key=lambda one: (int(one.level), one.term))]


def _threshold_passed(figures: PoolMetrics, level: int) -> Candidate:
    return Candidate(
        rule="level",
        level=str(level),
        term=pool_key(figures),
        headline=_level_headline(figures, level),
        figures=(*_pool_figures(figures), *_outlook_figures(figures)),
        sums=(*_usage_sum(figures), *_overage_sum(figures)),
        advice=advice_at(level, stake_of(figures)),
        why=f"wallet{figures.filters}",
        term_end=figures.term.day_after_last if figures.term else None,
    )


def _level_headline(figures: PoolMetrics, level: int) -> str:
    """Return when all is used and what that costs, then the level; only the level if the pool lasts or that is unknown."""
    ahead = _say_outlook(figures)
    gone = f", {percent(figures.elapsed_percent)} of the term elapsed" if figures.elapsed_percent is not None else ""
    used = f"used {_share(figures)}, past the level of {level}%{gone}"
    if not ahead:
        return f"{subject(figures)} {used}."
    brief = f"{subject(figures)} {ahead}; {percent(figures.used_percent or Decimal(0))} used"
    return headline_of(f"{subject(figures)} {ahead}; {used}.", f"{brief}, past the level of {level}%.", f"{brief}.")


def _say_outlook(figures: PoolMetrics) -> str:
    """Return when all is used up before the term ends, and what usage after that costs; empty if it lasts."""
    stake = _stake_within_term(figures)
    if stake is None or figures.term is None:
        return ""
    cost = say_overage(stake, usd_short)
    if figures.remaining <= 0:
        return f"is used up: {cost} until the term ends"
    early = (figures.term.day_after_last - stake.runs_out).days
    return f"runs out on {shown_day(stake.runs_out)}, {early} day{'s' * (early > 1)} early: {cost}"


def _stake_within_term(figures: PoolMetrics, runs_out: date | None = None) -> Stake | None:
    """Return what is at stake if all is used before the term ends; None if the pool lasts, or that is unknown."""
    stake = stake_of(figures, runs_out)
    is_bounded = figures.term is not None and figures.term.is_bounded
    return stake if stake and stake.credits > 0 and is_bounded else None


def _outlook_figures(figures: PoolMetrics, runs_out: date | None = None) -> tuple[Figure, ...]:
    stake = _stake_within_term(figures, runs_out)
    if stake is None or figures.term is None:
        return ()
    return (
        figure("depletion_day", stake.runs_out),
        figure("depletion_to_term_end_days", Decimal((figures.term.day_after_last - stake.runs_out).days)),
        figure("overage_credits", stake.credits),
        figure("overage_usd", stake.usd),
    )


def _overage_sum(figures: PoolMetrics, runs_out: date | None = None) -> tuple[str, ...]:
    stake = _stake_within_term(figures, runs_out)
    if stake is None or stake.usd is None or figures.usd_per_credit is None:
        return ()
    return (f"{number(stake.credits)} credits × {usd_exact(figures.usd_per_credit)} = {usd(stake.usd)} of overage",)


def fallen_below(figures: PoolMetrics, alert: StoredAlert) -> Candidate:
    """Return the finding that the usage is below an alert's level again."""
    return _threshold_passed(figures, int(alert.level))._replace(
        direction="down",
        figures=_pool_figures(figures),
        sums=_usage_sum(figures),
        term=alert.term,
        term_end=alert.term_end,
        headline=f"Recovered: {subject(figures, inside=True)} used {_share(figures)}, below the level of {alert.level}% again.",
        advice="A top-up or a correction took it back; no action is needed.",
    )


def subject(figures: PoolMetrics, *, inside: bool = False) -> str:
    """Return whose credits a sentence is about; inside: not at its start."""
    named = figures.part or ("the wallet" if figures.card == "FlexCredits" else f"card {figures.card}")
    named = f"{named} of card {figures.card}" if figures.part and figures.card != "FlexCredits" else named
    return named if inside else named[0].upper() + named[1:]


def _share(figures: PoolMetrics) -> str:
    share = percent(figures.used_percent) if figures.used_percent is not None else "nothing"
    return f"{share} ({number(figures.used_of_pool, 0)} of {number(figures.pool, 0)} credits)"


def _pool_figures(figures: PoolMetrics) -> tuple[Figure, ...]:
    return (
        figure("used_percent", figures.used_percent),
        figure("used_credits", figures.used),
        figure("granted_credits", figures.granted),
        figure("pool_credits", figures.pool),
        figure("remaining_credits", figures.remaining),
        figure("overdrawn_credits", figures.overdrawn),
        figure("elapsed_percent", figures.elapsed_percent),
        figure("pace_percent", figures.pace_percent),
    )


def _usage_sum(figures: PoolMetrics) -> tuple[str, ...]:
    if figures.used_percent is None:
        return ()
    return (f"{number(figures.used_of_pool)} ÷ {number(figures.pool)} × 100 = {percent(figures.used_percent)} used",)


def pace(figures: PoolMetrics, settings: AlertSettings) -> Iterator[Candidate]:
    """Yield a finding if the pool is used too fast: from 5% of the term and 10% used on.

    Each month can alert again, so that a pool that recovered and later speeds up again is reported.
    """
    gone, used, found = figures.elapsed_percent, figures.used_percent, figures.pace_percent
    if gone is None or used is None or found is None:
        return
    if gone >= MIN_ELAPSED_PERCENT and used >= MIN_USED_PERCENT and found >= settings.pace_percent:
        yield Candidate(
            rule="pace",
            level=plain_number(settings.pace_percent),
            term=f"{pool_key(figures)} in {figures.today:%Y-%m}",
            headline=_pace_headline(figures, f"{percent(found)} of its plan", f"{percent(used)} used", percent(gone)),
            figures=(*_pool_figures(figures), *_outlook_figures(figures)),
            sums=(
                *_usage_sum(figures),
                *_overage_sum(figures),
                f"{percent(used)} used ÷ {percent(gone)} of the term elapsed × 100 = {percent(found)} pace",
            ),
            advice=BUY_OR_SLOW,
            why=f"wallet{figures.filters}",
            term_end=figures.term.day_after_last if figures.term else None,
        )


def _pace_headline(figures: PoolMetrics, pace_said: str, used: str, gone: str) -> str:
    ahead = _say_outlook(figures)
    if not ahead:
        return f"{subject(figures)} is running at {pace_said}: {used} with {gone} of the term elapsed."
    return headline_of(
        f"{subject(figures)} {ahead}; it is running at {pace_said}, {used} with {gone} of the term elapsed.",
        f"{subject(figures)} {ahead}; it is running at {pace_said}.",
    )


def find_projected(
    figures: PoolMetrics, settings: AlertSettings, wanted: Iterable[int], forecast: Forecast | None
) -> Iterator[Candidate]:
    """Yield the next level, if the forecast expects it within `projected_days`, and running out before the term ends."""
    if forecast is None or figures.used_percent is None or figures.term is None:
        return
    # 100% is always foreseen, whatever levels a team chose: running out is what costs overage.
    ahead = sorted(level for level in {*wanted, ALL_USED} if level > figures.used_percent)
    soon = figures.today + timedelta(days=settings.projected_days)
    for level in sorted({*ahead[:1], *({ALL_USED} & {*ahead})}):
        expected = forecast(figures, level)
        # Only the next level: those behind it follow from it and would be noise.
        is_near = level == ahead[0] and expected is not None and expected.likely <= soon
        # After the term the pool is another one, with levels of its own.
        in_term = expected is not None and expected.likely < figures.term.day_after_last
        if expected and in_term and (is_near or level == ALL_USED):
            yield _projected_candidate(figures, level, expected)


def _projected_candidate(figures: PoolMetrics, level: int, expected: Expected) -> Candidate:
    return Candidate(
        rule="projected",
        level=str(level),
        term=pool_key(figures),
        headline=_projected_headline(figures, level, expected),
        figures=(
            figure("level_expected_on", expected.likely),
            figure("level_expected_early", expected.early),
            figure("level_expected_late", expected.late),
            *_pool_figures(figures),
            *(_outlook_figures(figures, expected.likely) if level == ALL_USED else ()),
        ),
        sums=(*_usage_sum(figures), *(_overage_sum(figures, expected.likely) if level == ALL_USED else ())),
        advice=advice_at(level, stake_of(figures, expected.likely if level == ALL_USED else None), is_ahead=True),
        why=f"wallet{figures.filters}",
        term_end=figures.term.day_after_last if figures.term else None,
    )


def _projected_headline(figures: PoolMetrics, level: int, expected: Expected) -> str:
    stake = _stake_within_term(figures, expected.likely) if level == ALL_USED else None
    cost = f", {say_overage(stake, usd_short)} until the term ends" if stake else ""
    said = f"{subject(figures)}: {level}% expected {write_expected(expected)}"
    return headline_of(f"{said}{cost}.", f"{said}.")


def write_expected(expected: Expected) -> str:
    """Return 14 Mar 2027, between 11 Mar 2027 and 19 Mar 2027; an open end says so, a range of one day is that day."""
    if expected.early == expected.late:
        return shown_day(expected.likely)
    until = f"and {shown_day(expected.late)}" if expected.late else "and later than can be foreseen"
    return f"{shown_day(expected.likely)}, between {shown_day(expected.early)} {until}"


def find_expiring(figures: PoolMetrics, settings: AlertSettings) -> Iterator[Candidate]:
    """Yield what will expire unused at each term end that is near enough, if it is worth it."""
    for end, left in sorted(figures.expiring.items()):
        days_left = (end - figures.today).days
        # The nearest setting names the alert: at 5 days left it is that of 7 days, not that of 30 once more.
        near = [days for days in settings.unused_days if 0 < days_left <= days]
        if near and figures.exceeds_min_cost(left, settings.min_usd):
            yield _expiring_candidate(figures, end, left, min(near))


def _expiring_candidate(figures: PoolMetrics, end: date, left: Decimal, days: int) -> Candidate:
    cost = figures.expiring_usd.get(end)
    # Free credits are worth reporting too, but not as $0.00.
    worth = "" if cost is None else f", {usd(cost)}," if cost else ", free ones,"
    return Candidate(
        rule="unused",
        level=str(days),
        term=str(end),
        headline=f"{subject(figures)}: {number(left, 0)} credits{worth} will expire unused before {shown_day(end)}.",
        figures=(figure("expiring_credits", left), figure("expiring_usd", cost), figure("term_end", end)),
        sums=(f"{number(left)} credits × {usd_exact(cost / left)} = {usd(cost)}",) if cost is not None else (),
        advice=USE_OR_ASK,
        why=f"wallet{figures.filters}",
        term_end=end,
    )


def _find_levels(now: Situation) -> Iterator[Candidate]:
    if now.figures is not None:
        yield from levels(now.figures, now.kept, now.levels)
        yield from levels_fallen_below(now.figures, now.kept)


def _say_pace_recovered(figures: PoolMetrics | None) -> Recovery:
    if figures is None or figures.pace_percent is None:
        return Recovery("the pace is no longer above its plan")
    words = f"{subject(figures, inside=True)} is running at {percent(figures.pace_percent)} of its plan"
    return Recovery(words, (figure("pace_percent", figures.pace_percent),))


RULES = (
    Rule(
        name="level",
        severity=10,
        title="Credits used",
        when="the use passes a level, 50, 75 and 90% of the [pool](wallet.md#grants-and-balance) (`alerts.levels`, or the "
        "team's own)",
        how_often="once per level, term and size of the pool",
        settings=("levels",),
        scope="part",
        concurrency="ladder",
        recovery=lambda _figures: Recovery("the use lies below the level again"),
        evaluate=_find_levels,
    ),
    Rule(
        name="projected",
        severity=20,
        title="Expected",
        when="the [forecast](forecast.md) expects the next level within 14 days, or 100% later in the term; from eight weeks on",
        how_often="once per level, term and size of the pool",
        settings=("levels", "projected_days"),
        scope="card",
        concurrency="each",
        recovery=None,
        needs_forecast=True,
        evaluate=lambda now: find_projected(now.figures, now.settings, now.levels, now.forecast) if now.figures else (),
    ),
    Rule(
        name="pace",
        severity=30,
        title="Pace",
        when="the pool is used at 150% of its plan or faster; from 5% of the term and 10% used on",
        how_often="one at a time, at most monthly",
        settings=("pace_percent",),
        scope="card",
        concurrency="one",
        recovery=_say_pace_recovered,
        evaluate=lambda now: pace(now.figures, now.settings) if now.figures else (),
    ),
    Rule(
        name="unused",
        severity=60,
        title="Credits will expire",
        when="credits worth $100 will expire if the burn continues",
        how_often="30 and 7 days before a term's end",
        settings=("unused_days", "min_usd"),
        scope="card",
        concurrency="each",
        recovery=None,
        evaluate=lambda now: find_expiring(now.figures, now.settings) if now.figures else (),
    ),
)
