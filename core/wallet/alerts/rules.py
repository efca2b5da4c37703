"""The rules about a pool of credits: levels, pace, what is projected, what will expire. Pure functions over figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from core.answer import plain_number
from core.display import day as shown_day
from core.display import number, percent, usd, usd_exact
from core.figures import figure
from core.wallet.alerts.figures import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.answer import Figure
    from core.wallet.alerts.decision import Kept
    from core.wallet.alerts.figures import Expected, Figures, Forecast
    from core.wallet.alerts.settings import AlertSettings

LEAST_ELAPSED_PERCENT, LEAST_USED_PERCENT = 5, 10
ALL_USED = 100
STORED = Decimal("0.000001")
REVIEW = "Mid-period review: is consumption on plan? Look at the pace and at what moved."
FORECAST_AGAIN = "Forecast again: are more credits needed before the term ends?"
ESCALATE = (
    "Escalate, and decide on more credits now. Nothing stops at 100 %: overage is billed in arrears; "
    "others read this level as a guard against interruption."
)
TO_DO = ((90, ESCALATE), (75, FORECAST_AGAIN), (0, REVIEW))
BUY_OR_SLOW = "Find what drives it (variance, usage by agent), then slow it down or plan for more credits."
USE_OR_ASK = "Use them, or ask for a rollover or a grace period before the term ends: what is left then is lost."


def stored_percent(used_percent: Decimal) -> Decimal:
    """Return a percentage as it is kept and compared: rounded down to six places, so that no level is reached by rounding."""
    return used_percent.quantize(STORED, ROUND_FLOOR)


def levels_passed(previous: Decimal, current: Decimal, levels: Iterable[int]) -> list[int]:
    """Return the levels in (previous, current], lowest first.

    previous, current: percent of the pool used, 0 at first sight, above 100 when overdrawn. A level once
    passed is not returned again while the use stays above it; falling returns none: a corrected export is not news.
    """
    return sorted(level for level in levels if previous < level <= current)


def what_to_do_at(level: int) -> str:
    """Return what a level asks for: under 75 a review, from 75 a new forecast, from 90 to escalate."""
    return next(todo for least, todo in TO_DO if level >= least)


def pool_of(figures: Figures) -> str:
    """Return the term and what is granted in it: after a top-up the same level is another occasion."""
    if figures.term is None:
        return ""
    return f"{figures.term.first_day}/{figures.term.day_after_last} of {plain_number(figures.granted)}"


def levels(figures: Figures, previous: Decimal, wanted: Iterable[int]) -> list[Finding]:
    """Return the levels that the use passed since `previous`, lowest first, of which the highest is told."""
    if figures.used_percent is None or figures.term is None:
        return []
    up = levels_passed(previous, stored_percent(figures.used_percent), wanted)
    return [_passed(figures, level)._replace(is_sent=level == up[-1]) for level in up]


def levels_fallen_below(figures: Figures, kept: Iterable[Kept]) -> list[Finding]:
    """Return that the use lies below levels whose alerts live, lowest first: a top-up or a correction took it back.

    Each is of its alert's own level and term, whatever the levels and the pool are now.
    """
    if figures.used_percent is None or figures.term is None:
        return []
    current = stored_percent(figures.used_percent)
    fallen = [one for one in kept if one.rule == "level" and one.is_live and int(one.level) > current]
    return [_fallen(figures, one) for one in sorted(fallen, key=lambda one: (int(one.level), one.term))]


def _passed(figures: Figures, level: int) -> Finding:
    gone = f", {percent(figures.elapsed_percent)} of the term gone" if figures.elapsed_percent is not None else ""
    return Finding(
        rule="level",
        level=str(level),
        term=pool_of(figures),
        headline=f"{subject(figures)} used {_share(figures)}, past the level of {level} %{gone}.",
        figures=_pool_figures(figures),
        sums=_used_sum(figures),
        advice=what_to_do_at(level),
        why=f"wallet{figures.filters}",
        term_end=figures.term.day_after_last if figures.term else None,
    )


def _fallen(figures: Figures, alert: Kept) -> Finding:
    return _passed(figures, int(alert.level))._replace(
        direction="down",
        term=alert.term,
        term_end=alert.term_end,
        headline=f"Recovered: {subject(figures, inside=True)} used {_share(figures)}, below the level of {alert.level} % again.",
        advice="A top-up or a correction took it back; nothing is to be done.",
    )


def subject(figures: Figures, *, inside: bool = False) -> str:
    """Return whose credits a sentence is about; inside: not at its beginning."""
    named = figures.part or ("the wallet" if figures.card == "FlexCredits" else f"card {figures.card}")
    named = f"{named} of card {figures.card}" if figures.part and figures.card != "FlexCredits" else named
    return named if inside else named[0].upper() + named[1:]


def _share(figures: Figures) -> str:
    share = percent(figures.used_percent) if figures.used_percent is not None else "nothing"
    return f"{share} ({number(figures.used_of_pool, 0)} of {number(figures.pool, 0)} credits)"


def _pool_figures(figures: Figures) -> tuple[Figure, ...]:
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


def _used_sum(figures: Figures) -> tuple[str, ...]:
    if figures.used_percent is None:
        return ()
    return (f"{number(figures.used_of_pool)} ÷ {number(figures.pool)} × 100 = {percent(figures.used_percent)} used",)


def pace(figures: Figures, settings: AlertSettings) -> Iterator[Finding]:
    """Yield that the pool goes too fast: from 5 % of the term and 10 % used on, for a whole card only.

    Each month is another occasion, so that a pool that recovered and goes too fast again later is news.
    """
    gone, used, found = figures.elapsed_percent, figures.used_percent, figures.pace_percent
    if figures.part or gone is None or used is None or found is None:
        return
    if gone >= LEAST_ELAPSED_PERCENT and used >= LEAST_USED_PERCENT and found >= settings.pace_percent:
        yield Finding(
            rule="pace",
            level=plain_number(settings.pace_percent),
            term=f"{pool_of(figures)} in {figures.today:%Y-%m}",
            headline=f"{subject(figures)} goes at {percent(found)} of its plan: {percent(used)} used with {percent(gone)} "
            "of the term gone.",
            figures=_pool_figures(figures),
            sums=(*_used_sum(figures), f"{percent(used)} used ÷ {percent(gone)} of the term gone × 100 = {percent(found)} pace"),
            advice=BUY_OR_SLOW,
            why=f"wallet{figures.filters}",
            term_end=figures.term.day_after_last if figures.term else None,
        )


def projected(figures: Figures, settings: AlertSettings, wanted: Iterable[int], forecast: Forecast | None) -> Iterator[Finding]:
    """Yield the next level, if the forecast expects it within `projected_days`, and running out before the term ends."""
    if forecast is None or figures.part or figures.used_percent is None or figures.term is None:
        return
    ahead = sorted(level for level in {*wanted, ALL_USED} if level > figures.used_percent)
    for level in ahead[:1]:
        expected = forecast(figures, level)
        soon = min(figures.today + timedelta(days=settings.projected_days), figures.term.day_after_last - timedelta(days=1))
        if expected and expected.likely <= soon:
            yield _projected(figures, level, expected)
    if ALL_USED in ahead[1:]:
        expected = forecast(figures, ALL_USED)
        if expected and expected.likely < figures.term.day_after_last:
            yield _projected(figures, ALL_USED, expected)


def _projected(figures: Figures, level: int, expected: Expected) -> Finding:
    return Finding(
        rule="projected",
        level=str(level),
        term=pool_of(figures),
        headline=f"{subject(figures)}: {level} % expected {expected_words(expected)}.",
        figures=(
            figure("level_expected_on", expected.likely),
            figure("level_expected_early", expected.early),
            figure("level_expected_late", expected.late),
            *_pool_figures(figures),
        ),
        sums=_used_sum(figures),
        advice=FORECAST_AGAIN if level < ALL_USED else ESCALATE,
        why=f"wallet{figures.filters}",
        term_end=figures.term.day_after_last if figures.term else None,
    )


def expected_words(expected: Expected) -> str:
    """Return 14 Mar 2027, between 11 Mar 2027 and 19 Mar 2027; an open end says so."""
    until = f"and {shown_day(expected.late)}" if expected.late else "and later than can be foreseen"
    return f"{shown_day(expected.likely)}, between {shown_day(expected.early)} {until}"


def unused(figures: Figures, settings: AlertSettings) -> Iterator[Finding]:
    """Yield what will expire unused at each term end that is near enough, if it is worth it; for a whole card only."""
    for end, left in sorted(figures.expiring.items()):
        days_left = (end - figures.today).days
        near = [days for days in settings.unused_days if 0 < days_left <= days]
        if near and not figures.part and figures.is_worth(left, settings.least_usd):
            yield _unused(figures, end, left, min(near))


def _unused(figures: Figures, end: date, left: Decimal, days: int) -> Finding:
    cost = figures.expiring_usd.get(end)
    worth = "" if cost is None else f", {usd(cost)}" if cost else ", free ones"
    return Finding(
        rule="unused",
        level=str(days),
        term=str(end),
        headline=f"{subject(figures)}: {number(left, 0)} credits{worth}, will expire unused before {shown_day(end)}.",
        figures=(figure("expiring_credits", left), figure("expiring_usd", cost), figure("term_end", end)),
        sums=(f"{number(left)} credits × {usd_exact(cost / left)} = {usd(cost)}",) if cost is not None else (),
        advice=USE_OR_ASK,
        why=f"wallet{figures.filters}",
        term_end=end,
    )
