"""Limits per caller: requests per minute, bytes per body, questions per call."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

from core.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_QUESTIONS = 1_000
MAX_BODY_BYTES = 1024 * 1024
MAX_CALLERS = 10_000
SECONDS_IN_MINUTE = 60.0


class Limits(Protocol):
    """How many requests each caller has left."""

    async def take(self, caller: str, per_minute: int) -> float:
        """Take a request and return 0, or take none and return the seconds until one is available again."""


class RateLimit:
    """How many requests each caller has left: a minute's worth at once, refilled evenly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start without callers; beyond MOST_CALLERS the longest unseen are forgotten, whose limits are full again by then."""
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_seconds(self, caller: str, per_minute: int) -> float:
        """Take a request and return 0, or take none and return the seconds until one is available again."""
        now = self._clock()
        left, seen = self._left.get(caller, (float(per_minute), now))
        left = min(float(per_minute), left + (now - seen) * per_minute / SECONDS_IN_MINUTE)
        self._left[caller] = (left - 1 if left >= 1 else left, now)
        self._left.move_to_end(caller)
        if len(self._left) > MAX_CALLERS:
            self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) * SECONDS_IN_MINUTE / per_minute

    async def take(self, caller: str, per_minute: int) -> float:
        """Return the result of `wait_seconds`."""
        return self.wait_seconds(caller, per_minute)


class LimitsOfReplicas(RateLimit):
    """The same limit across several services, by their shared count; by this one's own count if that cannot be reached."""

    def __init__(self, shared: Callable[[str, int], float]) -> None:
        """shared: blocks on a database; it raises MachineError."""
        super().__init__()
        self._shared = shared

    async def take(self, caller: str, per_minute: int) -> float:
        """Take a request and return 0, or take none and return the seconds until one is available again."""
        try:
            return await asyncio.to_thread(self._shared, caller, per_minute)
        except MachineError:
            return self.wait_seconds(caller, per_minute)
