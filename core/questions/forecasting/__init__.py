"""Handlers of `forecast` and of how past forecasts turned out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.forecasting.budget_outlook import known_outlook, spending_forecast
    from core.questions.forecasting.demand import DemandOutlook, months_said, seed_of
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "budget_outlook": "known_outlook spending_forecast",
            "demand": "DemandOutlook months_said seed_of",
        },
    )

__all__ = [
    "DemandOutlook",
    "known_outlook",
    "months_said",
    "seed_of",
    "spending_forecast",
]
