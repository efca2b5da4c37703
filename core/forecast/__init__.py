"""Forecasts: daily credits in, simulated days out. The only room with floats and numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.forecast import summary
    from core.forecast.credits import credits_by_stretch
    from core.forecast.daily import MIN_DAYS, MIN_DAYS_FOR_RANGE, PATHS, DailySeries, daily_series
    from core.forecast.simulation import simulate
    from core.forecast.summary import DepletionForecast, ForecastSummary, GrantHolding, Range
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "credits": "credits_by_stretch",
            "daily": "DailySeries MIN_DAYS MIN_DAYS_FOR_RANGE PATHS daily_series",
            "simulation": "simulate",
            "summary": "DepletionForecast ForecastSummary GrantHolding Range",
        },
    )

__all__ = [
    "MIN_DAYS",
    "MIN_DAYS_FOR_RANGE",
    "PATHS",
    "DailySeries",
    "DepletionForecast",
    "ForecastSummary",
    "GrantHolding",
    "Range",
    "credits_by_stretch",
    "daily_series",
    "simulate",
    "summary",
]
