"""The rules of alerts: arithmetic on measurements, no input or output."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.alerts.rules.daily import IMPORT
    from core.alerts.rules.pool import subject, write_expected
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "daily": "IMPORT",
            "pool": "subject write_expected",
        },
    )

__all__ = ["IMPORT", "subject", "write_expected"]
