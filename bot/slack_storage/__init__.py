"""What the warehouse keeps for Slack: channels by id, and secrets that Slack renews, encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack_storage.channel_records import StoredChannels
    from bot.slack_storage.installation_records import StoredInstallations, StoredToken
    from bot.slack_storage.sealing import Sealer, sealer_in
    from bot.slack_storage.shared_turns import SharedTurns
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "channel_records": "StoredChannels",
            "installation_records": "StoredInstallations StoredToken",
            "sealing": "Sealer sealer_in",
            "shared_turns": "SharedTurns",
        },
    )

__all__ = ["Sealer", "SharedTurns", "StoredChannels", "StoredInstallations", "StoredToken", "sealer_in"]
