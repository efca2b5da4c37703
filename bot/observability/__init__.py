"""What operators see: logs, health and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.observability import logs
    from bot.observability.formula_metrics import Formulas
    from bot.observability.health import Health
    from bot.observability.metrics import CONTENT_TYPE, Metrics, MetricState
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "formula_metrics": "Formulas",
            "health": "Health",
            "metrics": "CONTENT_TYPE MetricState Metrics",
        },
    )

__all__ = ["CONTENT_TYPE", "Formulas", "Health", "MetricState", "Metrics", "logs"]
