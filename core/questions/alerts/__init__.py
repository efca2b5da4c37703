"""Handlers of `alerts` and `digests`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.alerts.alerts import answer_alerts
    from core.questions.alerts.digests import answer_digests
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "alerts": "answer_alerts",
            "digests": "answer_digests",
        },
    )

__all__ = ["answer_alerts", "answer_digests"]
