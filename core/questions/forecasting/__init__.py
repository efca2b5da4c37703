"""Handlers of `forecast` and of what past forecasts came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.forecasting.budget_outlook import known_outlook, spending_forecast
    from core.questions.forecasting.demand import DemandOutlook, months_after, months_said, seed_of
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "demand": "DemandOutlook months_after months_said seed_of",
            "budget_outlook": "spending_forecast known_outlook",
        },
    )

__all__ = ["DemandOutlook", "known_outlook", "months_after", "months_said", "seed_of", "spending_forecast"]
