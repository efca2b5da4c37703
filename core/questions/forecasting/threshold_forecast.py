"""The forecaster's contribution to alerts and digests: when a card reaches a level, and how earlier forecasts turned out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.alerts import DigestOutlook
from core.alerts.rules import ALL_USED, Expected
from core.errors import InputError, NothingImportedError
from core.language import Question
from core.questions.forecasting.facts import foresight
from core.questions.forecasting.scorecard import scorecard

if TYPE_CHECKING:
    from datetime import date

    from core.alerts.rules import Forecast, PoolMetrics
    from core.context import Context
    from core.questions.forecasting.facts import Foresight
    from core.warehouse import Session


@dataclass(slots=True)
class _Forecaster:
    """Looks ahead once per card, within one evaluation of alerts."""

    session: Session
    context: Context
    seen: dict[str, Foresight | None]

    def __call__(self, figures: PoolMetrics, used_percent: int, /) -> Expected | None:
        if figures.card not in self.seen:
            self.seen[figures.card] = self._look_ahead(figures)
        seen = self.seen[figures.card]
        if seen is None or seen.fate is None or not seen.card_series.knows_range:
            return None
        fate = (seen.fate.early, seen.fate.day, seen.fate.late)
        return _expected_range(fate if used_percent == ALL_USED else _level(seen, used_percent), figures.today)

    def _look_ahead(self, figures: PoolMetrics) -> Foresight | None:
        """Return the outlook; None if numbers overflow, or if all imports were undone: no import may fail because of that."""
        then = replace(self.context, as_of=figures.today)
        try:
            return foresight(Question("forecast", card=figures.card), then, self.session)
        except (ArithmeticError, NothingImportedError):
            return None


def forecaster(session: Session, context: Context) -> Forecast:
    """Return the forecaster of when a card reaches a level, in the caller's transaction.

    100% used means that the grants are used up, as in `forecast`. None without the 8 weeks that a range needs, and if
    half of the futures never reach the level before the last grant ends.
    """
    return _Forecaster(session, context, {})


def outlook(session: Session, context: Context) -> DigestOutlook:
    """Return the digest's outlook for future days, and the accuracy of past forecasts."""
    return DigestOutlook(forecaster(session, context), scorecard_sentence)


def scorecard_sentence(_: Session, context: Context) -> str | None:
    """Return how accurate forecasts were, None while none is over. The scorecard reads committed data."""
    try:
        found = scorecard(Question("scorecard"), context)
    except InputError:
        return None
    return found.headline if found.figure("forecast_credits").value is not None else None


def _level(seen: Foresight, used_percent: int) -> tuple[date | None, date | None, date | None]:
    from core.forecast import summary  # noqa: PLC0415 - numpy is loaded by what simulates only

    paths = summary.simulate_course(seen.card_series, (seen.last_look - seen.first_day).days)
    return summary.find_reach_days(paths, seen.first_day, seen.holding, used_percent)


def _expected_range(days: tuple[date | None, date | None, date | None], today: date) -> Expected | None:
    """Return the range, with no date before today: those days are still coming in."""
    early, likely, late = days
    if early is None or likely is None:
        return None
    return Expected(max(early, today), max(likely, today), None if late is None else max(late, today))
