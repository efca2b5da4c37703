"""What has been seen already, for a while."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Hashable, Iterator


class Once:
    """Remembers keys for so many seconds; safe among the tasks of one event loop, and forgotten with the process."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet."""
        self._seconds = seconds
        self._clock = clock
        self._seen: dict[Hashable, float] = {}

    def is_first(self, key: Hashable) -> bool:
        """Whether the key is new; from now on it is not."""
        now = self._clock()
        self._forget_before(now - self._seconds)
        if key in self._seen:
            return False
        self._seen[key] = now
        return True

    @contextmanager
    def claim(self, key: Hashable) -> Iterator[bool]:
        """Give whether the key is new; it is new again if what is done under the claim fails."""
        is_first, done = self.is_first(key), False
        try:
            yield is_first
            done = True
        finally:
            if is_first and not done:
                self._seen.pop(key, None)

    def _forget_before(self, oldest: float) -> None:
        """Drop keys from the front: they stand in the order in which they were seen."""
        for key in [*self._old_keys(oldest)]:
            del self._seen[key]

    def _old_keys(self, oldest: float) -> Iterator[Hashable]:
        for key, seen in self._seen.items():
            if seen > oldest:
                return
            yield key


class Attempts:
    """What was tried for a key: at most one success, one attempt at a time, a failed one may be followed by another."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet."""
        self._tried, self._done = Once(seconds, clock), Once(seconds, clock)
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    def is_first(self, key: Hashable) -> bool:
        """Whether nothing was tried for the key yet; from now on something is."""
        return self._tried.is_first(key)

    @asynccontextmanager
    async def attempt(self, key: Hashable) -> AsyncIterator[bool]:
        """Give whether the key waits for a success, once no other attempt runs; it still does if the block raises."""
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn:
            with self._done.claim(key) as is_wanted:
                yield is_wanted
