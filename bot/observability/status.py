"""How the service of this process fares, for commands that it runs for others; None in a process that is no service."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.observability.health import State

of_process: Callable[[], list[State]] | None = None
