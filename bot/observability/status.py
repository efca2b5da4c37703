"""What this process's service reports and does for commands that it runs for others; None in a process that is not a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.observability.health import State

of_process: Callable[[], list[State]] | None = None
round_trip: Callable[[str, Callable[[str], None]], bool] | None = None
"""Posts a message to a channel or member with the service's own tokens, says where, and returns whether its button came back."""
