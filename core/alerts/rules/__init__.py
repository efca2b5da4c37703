"""The rules of alerts: arithmetic on measurements, no input or output."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.alerts.rules.advice import ALL_USED, advice_at, stake_of
    from core.alerts.rules.daily import IMPORT
    from core.alerts.rules.model import LIVE, Expected, Forecast, PoolMetrics
    from core.alerts.rules.pool import subject, write_expected
    from core.alerts.rules.registry import RULES
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "advice": "ALL_USED advice_at stake_of",
            "daily": "IMPORT",
            "model": "Expected Forecast LIVE PoolMetrics",
            "registry": "RULES",
            "pool": "subject write_expected",
        },
    )

__all__ = [
    "ALL_USED",
    "IMPORT",
    "LIVE",
    "RULES",
    "Expected",
    "Forecast",
    "PoolMetrics",
    "advice_at",
    "stake_of",
    "subject",
    "write_expected",
]
