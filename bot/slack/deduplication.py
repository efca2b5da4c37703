"""Remembers what has been seen, for a while."""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Literal, Protocol
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping

Turn = Literal["first", "again", "taken"]
"""first: nobody had it. again: another process had begun with it and is gone. taken: somebody has it, or it is done."""


class Turns(Protocol):
    """Who does what comes in: each thing is done once, in whichever process it arrives.

    hold_seconds: how long an acknowledgement waits for its answer, where other processes take turns as well; 0 where none does.
    """

    hold_seconds: float

    async def take(self, key: Hashable, seconds: float) -> Turn:
        """Take a key, unless it was taken within so many seconds. Raises: MachineError, where nobody can tell."""

    async def give_back(self, key: Hashable) -> None:
        """Say that nothing came of it. Raises: MachineError."""

    def request(self) -> AbstractAsyncContextManager[None]:
        """Count what is taken in the block as done at its end; where the process ends before, another may do it again."""

    async def owe(self, told: str | None) -> None:
        """Leave the request to another process, should this one die before `finish`.

        told: what that one must know; None, once it must not answer any more. Raises: MachineError.
        """

    async def finish(self) -> None:
        """Count as done what was owed."""

    async def inherit(self) -> Mapping[str, str]:
        """Return what processes owe that are gone, by a name for it. Raises: MachineError."""

    def inherited(self, name: str) -> AbstractAsyncContextManager[None]:
        """Count what was inherited as done at the end of the block."""


class Once:
    """Remembers keys for so many seconds; safe among the tasks of one event loop, and forgotten with the process."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
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
                self.forget(key)

    def forget(self, key: Hashable) -> None:
        """Let a key be new again."""
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


class LocalTurns:
    """The turns of one process alone, forgotten with it."""

    hold_seconds = 0.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[float, Once] = {}

    async def take(self, key: Hashable, seconds: float) -> Turn:
        """Take a key, unless it was taken within so many seconds."""
        seen = self._seen.setdefault(seconds, Once(seconds, self._clock))
        return "first" if seen.is_first(key) else "taken"

    async def give_back(self, key: Hashable) -> None:
        """Say that nothing came of it."""
        for seen in self._seen.values():
            seen.forget(key)

    def request(self) -> AbstractAsyncContextManager[None]:
        """Do nothing: what is taken is done."""
        return nullcontext()

    async def owe(self, told: str | None) -> None:
        """Do nothing: there is nobody to leave it to."""

    async def finish(self) -> None:
        """Do nothing."""

    async def inherit(self) -> Mapping[str, str]:
        """Return nothing."""
        return {}

    def inherited(self, name: str) -> AbstractAsyncContextManager[None]:  # noqa: ARG002 - as the protocol has it
        """Do nothing."""
        return nullcontext()


@asynccontextmanager
async def turn_of(turns: Turns, key: Hashable, seconds: float) -> AsyncIterator[bool]:
    """Give whether it is this one's turn; it is somebody's again if what is done in the block fails."""
    is_ours = await turns.take(key, seconds) != "taken"
    try:
        yield is_ours
    except BaseException:
        if is_ours:
            await turns.give_back(key)
        raise


class Attempts:
    """What was tried for a key: at most one success, one attempt at a time, a failed one may be followed by another."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
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
