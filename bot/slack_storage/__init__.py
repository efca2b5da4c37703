"""What the warehouse keeps for Slack: channels by id, and secrets that Slack renews, encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack_storage.channel_records import StoredChannels
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(__name__, {"channel_records": "StoredChannels"})

__all__ = ["StoredChannels"]
