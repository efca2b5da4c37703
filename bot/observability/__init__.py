"""What operators see: logs, health and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.observability import logs, status
    from bot.observability.formula_metrics import Formulas
    from bot.observability.health import Health, State, part_to_json
    from bot.observability.metrics import CONTENT_TYPE, Metrics, MetricState
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "formula_metrics": "Formulas",
            "health": "Health State part_to_json",
            "metrics": "CONTENT_TYPE MetricState Metrics",
        },
    )

__all__ = ["CONTENT_TYPE", "Formulas", "Health", "MetricState", "Metrics", "State", "logs", "part_to_json", "status"]
