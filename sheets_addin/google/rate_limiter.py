"""Keeps within Google's quotas: requests a minute for one account and for a whole project, reads and writes separately."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Literal

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Kind = Literal["read", "write"]
WINDOW_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.05
PROJECT = ""


class Quota(NamedTuple):
    """The requests of one kind within any minute. Source: developers.google.com/workspace/sheets/api/limits, read 2026-11-21."""

    per_user: int = 60
    per_project: int = 300


class RateLimiter:
    """Turns to send a request, granted as soon as the quota allows; thread-safe.

    A request counts from when it is sent until a minute after its response arrived: Google counts it somewhere between the two,
    so that slow and quick requests together never exceed what Google counts.
    """

    def __init__(
        self,
        quota: Quota = Quota(),  # noqa: B008 - a value that never changes
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._quota, self._clock, self._sleep = quota, clock, sleep
        self._lock = Lock()
        self._answered: defaultdict[tuple[Kind, str], deque[float]] = defaultdict(deque)
        self._under_way: defaultdict[tuple[Kind, str], int] = defaultdict(int)

    @contextmanager
    def turn(self, kind: Kind, user: str) -> Iterator[None]:
        """Wait until one more request of that kind may be sent for that user; send it inside."""
        counters = ((kind, user), (kind, PROJECT))
        while (pause := self._take_or_wait(counters)) is not None:
            self._sleep(pause)
        try:
            yield
        finally:
            with self._lock:
                for counter in counters:
                    self._under_way[counter] -= 1
                    self._answered[counter].append(self._clock())

    def _take_or_wait(self, counters: tuple[tuple[Kind, str], ...]) -> float | None:
        """Take a turn and return None; if there is none, return the seconds until the next check."""
        with self._lock:
            now = self._clock()
            pauses = [self._pause(counter, now) for counter in counters]
            if any(pauses):
                return max(pauses)
            for counter in counters:
                self._under_way[counter] += 1
            return None

    def _pause(self, counter: tuple[Kind, str], now: float) -> float:
        answered = self._answered[counter]
        while answered and answered[0] + WINDOW_SECONDS <= now:
            answered.popleft()
        limit = self._quota.per_project if counter[1] == PROJECT else self._quota.per_user
        if len(answered) + self._under_way[counter] < limit:
            return 0.0
        return max(answered[0] + WINDOW_SECONDS - now if answered else 0.0, LOOK_AGAIN_SECONDS)
