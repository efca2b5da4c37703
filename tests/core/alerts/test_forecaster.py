"""The forecast in alerts and digests: the day on which a level is reached, or nothing where that is unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core.alerts.measurements import figures_of
from core.config.loader import GrantInput
from core.questions.forecasting.threshold_forecast import forecaster, scorecard_sentence
from core.scope import Scope

if TYPE_CHECKING:
    from core.alerts.rules.model import Expected
    from tests.fakes.small_wallet import SmallWallet

TODAY = date(2026, 10, 1)
FIRST, A_DAY, DAYS = date(2026, 7, 6), 1_000, 84
GRANT = GrantInput(Decimal(120_000), date(2026, 7, 1), date(2027, 7, 1))


def expected(small: SmallWallet, used_percent: int) -> Expected | None:
    """Return when the wallet will have used a share of its grant."""
    context = small.context(TODAY)
    with small.warehouse.reading() as session:
        figures = figures_of(session, context, "FlexCredits", Scope())
        assert figures is not None
        return forecaster(session, context)(figures, used_percent)


def test_a_steady_wallet_reaches_a_level_on_the_day_of_its_sum(small: SmallWallet) -> None:
    """1,000 credits a day: 84,000 are used from 6 July to 27 September, so 90%, 108,000, is reached on the 24th day after."""
    small.grants_said(GRANT).days_of_use(FIRST, *[A_DAY] * DAYS)
    found = expected(small, 90)
    assert found is not None
    assert abs((found.likely - date(2026, 10, 21)).days) <= 1
    assert (found.early <= found.likely, found.late is not None) == (True, True)


def test_all_used_is_the_day_on_which_the_forecast_runs_out(small: SmallWallet) -> None:
    """The alert, the digest and `forecast` name the same day."""
    small.grants_said(GRANT).days_of_use(FIRST, *[A_DAY] * DAYS)
    found, asked = expected(small, 100), small.ask("forecast", TODAY)
    assert found is not None
    assert (found.early, found.likely, found.late) == tuple(
        asked.figure(key).value for key in ("depletion_day_early", "depletion_day", "depletion_day_late")
    )


def test_a_level_that_the_term_does_not_reach_is_not_expected(small: SmallWallet) -> None:
    """Ten times as many credits last beyond the term."""
    small.grants_said(GRANT._replace(credits=Decimal(1_200_000))).days_of_use(FIRST, *[A_DAY] * DAYS)
    assert expected(small, 90) is None


def test_less_than_eight_weeks_foresee_nothing(small: SmallWallet) -> None:
    """Without a range there is no earliest and no latest day."""
    small.grants_said(GRANT).days_of_use(date(2026, 8, 24), *[A_DAY] * 35)
    assert expected(small, 90) is None


def test_the_scorecard_is_silent_until_a_forecast_is_over(small: SmallWallet) -> None:
    """A new forecast has no score; a week later it has one."""
    small.grants_said(GRANT).days_of_use(FIRST, *[A_DAY] * DAYS)
    small.ask("forecast", TODAY)
    with small.warehouse.reading() as session:
        before = scorecard_sentence(session, small.context(TODAY))
    small.days_of_use(date(2026, 9, 28), *[A_DAY] * 20)
    with small.warehouse.reading() as session:
        after = scorecard_sentence(session, small.context(date(2026, 10, 20)))
    assert (before, after is not None and "the forecast was" in after) == (None, True)
