"""What Slack sends, and what the app does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack.listeners.imports import Imported
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "imports": "Imported",
        },
    )

__all__ = ["Imported"]
