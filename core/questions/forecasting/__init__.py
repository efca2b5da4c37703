"""Handlers of `forecast` and of what past forecasts came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.forecasting.facts import Foresight, foresight_of
    from core.questions.forecasting.forecast import depletion_figures
    from core.questions.forecasting.series import series_notes, series_of, why_no_range
    from core.questions.forecasting.threshold_forecast import outlook
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "facts": "Foresight foresight_of",
            "forecast": "depletion_figures",
            "series": "series_notes series_of why_no_range",
            "threshold_forecast": "outlook",
        },
    )

__all__ = ["Foresight", "depletion_figures", "foresight_of", "outlook", "series_notes", "series_of", "why_no_range"]
