"""Whether the service is ready: it has the warehouse, or says since when it has not and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class Health:
    """Ready or not, and since when."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Be not ready yet."""
        self._now = now
        self._since = now()
        self.is_ready = False
        self._why = "the warehouse is being opened"
        self._parts: dict[str, dict[str, str]] = {}

    def ready(self) -> None:
        """Be ready from now on."""
        self.is_ready, self._since, self._why = True, self._now(), ""

    def not_ready(self, why: str) -> None:
        """Be not ready, since now unless it was so before."""
        if self.is_ready:
            self._since = self._now()
        self.is_ready, self._why = False, why

    def note(self, part: str, state: str) -> None:
        """Note how a part of the service stands since now; whether the service is ready does not hang on it."""
        self._parts[part] = {"status": state, "since": f"{self._now():%Y-%m-%dT%H:%M:%SZ}"}

    def to_json(self) -> dict[str, object]:
        """Return state, since when, and the reason, as JSON tells it, and the same of each part that was noted."""
        state = {"status": "ready" if self.is_ready else "not ready", "since": f"{self._since:%Y-%m-%dT%H:%M:%SZ}"}
        return {**state, **({"why": self._why} if self._why else {}), **self._parts}
