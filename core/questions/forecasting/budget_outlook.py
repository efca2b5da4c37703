"""The expected total of a budget's period: its usage so far, plus the simulated days to its end at each day's cost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from core.alerts import SpendingOutlook, spending_in
from core.forecast import MIN_DAYS
from core.questions.forecasting.series import series_in, why_no_range
from core.wallet.ledger import PoolUsage, draw_down
from core.wallet.usage import DayRange, DayRates, usd_of

if TYPE_CHECKING:
    from datetime import date

    from core.alerts import BudgetUse
    from core.config import Drawdown
    from core.context import Context
    from core.forecast import DailySeries

CENTS, WHOLE = 100, 1


def spending_forecast(context: Context) -> SpendingForecaster:
    """Return the forecaster for budgets, with the settings of a context."""
    return SpendingForecaster(context.config.wallet.drawdown)


class SpendingForecaster:
    """Looks ahead to the end of a budget's period; see `core.alerts.SpendingForecast`."""

    def __init__(self, order: Drawdown) -> None:
        """Keep the order in which grants are drawn, which decides what future days cost."""
        self._order = order

    def __call__(self, use: BudgetUse, /) -> SpendingOutlook:
        """Return the median and the range of the simulated futures, how many of them exceed the budget, and when."""
        series = series_in(use.view.facts)
        if series.day_after_last >= use.period.day_after_last:
            return known_outlook(use)
        if not series.is_enough:
            return SpendingOutlook(
                over_on=use.over_since, lacks=f"{series.days} of {MIN_DAYS} complete days: too few for a forecast"
            )
        return self._simulated(use, series)

    def _simulated(self, use: BudgetUse, series: DailySeries) -> SpendingOutlook:
        from core.forecast import spending, summary  # noqa: PLC0415 - numpy is loaded by what simulates only

        first, after_last = series.day_after_last, use.period.day_after_last
        begin = max(first, use.period.first_day)
        complete = DayRange(use.period.first_day, begin)
        paths = summary.simulate_course(series, (after_last - first).days)[:, (begin - first).days :]
        found = spending.spend(
            paths,
            self._prices(use, first, DayRange(begin, after_last)),
            before=spending_in(use.budget, use.view, complete),
            least=use.spending,
            limit=use.amount,
            parts=CENTS if use.budget.unit == "usd" else WHOLE,
        )
        chance = Decimal(100) if use.is_over else Decimal(100) * found.over / found.paths
        over_on = use.over_since
        if over_on is None and found.over_after is not None and found.middle > use.amount:
            over_on = max(begin + timedelta(days=found.over_after), use.day)
        why = why_no_range(series)
        if why:
            return SpendingOutlook(found.middle, chance_over_percent=chance if use.is_over else None, over_on=over_on, lacks=why)
        return SpendingOutlook(found.middle, found.low, found.high, chance, over_on)

    def _prices(self, use: BudgetUse, first_unknown: date, days: DayRange) -> list[Decimal]:
        """Return what a credit will cost on each of the days, based on the grants left if the card's burn rate continues.

        first_unknown: the first day without complete data. In credits every price is 1.
        """
        facts = use.view.facts
        if use.budget.unit == "credits" or facts.rates is None:
            return [Decimal(1)] * days.days
        burn = max(facts.card_burn.per_day, Decimal(0)) if facts.card_burn else Decimal(0)
        known = PoolUsage(
            {row.day: row.card_credits for row in facts.rows if row.day < first_unknown}
            # A dormant card draws its next credit from the same grant as an active one.
            | {
                first_unknown + timedelta(days=nth): burn or Decimal(1)
                for nth in range((days.day_after_last - first_unknown).days)
            }
        )
        pool = draw_down(facts.grants, known, days.day_after_last, self._order)
        rates = DayRates(facts.rates.prices, pool.by_day())
        return [usd_of(rates.rate(days.first_day + timedelta(days=nth))) for nth in range(days.days)]


def known_outlook(use: BudgetUse) -> SpendingOutlook:
    """Return the outlook of a period that is over, or whose days are all known: its total is what was spent."""
    chance = Decimal(100) if use.is_over else Decimal(0)
    return SpendingOutlook(use.spending, use.spending, use.spending, chance, use.over_since)
