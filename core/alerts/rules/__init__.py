"""The rules of alerts: arithmetic on measurements, no input or output."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.alerts.rules.advice import ALL_USED
    from core.alerts.rules.daily import IMPORT
    from core.alerts.rules.model import Expected, Forecast, PoolMetrics
    from core.alerts.rules.pool import subject, write_expected
    from core.alerts.rules.state_machine import LIVE
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "advice": "ALL_USED",
            "daily": "IMPORT",
            "model": "Expected Forecast PoolMetrics",
            "pool": "subject write_expected",
            "state_machine": "LIVE",
        },
    )

__all__ = ["ALL_USED", "IMPORT", "LIVE", "Expected", "Forecast", "PoolMetrics", "subject", "write_expected"]
