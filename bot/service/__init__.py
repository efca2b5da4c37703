"""`agentcost serve`: HTTP, Slack, scheduled jobs and the watched folder in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.service.control_socket import GREETING
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "control_socket": "GREETING",
        },
    )

__all__ = ["GREETING"]
