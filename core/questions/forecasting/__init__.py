"""Handlers of `forecast` and of what past forecasts came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.forecasting.demand import DemandOutlook, months_said, seed_of
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "demand": "DemandOutlook months_said seed_of",
        },
    )

__all__ = ["DemandOutlook", "months_said", "seed_of"]
