"""The running callbacks, so that the app can stop, or be killed, without losing an answer."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, MutableMapping

    from slack_bolt.async_app import AsyncAck

    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

FINISH_SECONDS = 10.0
LATE_SECONDS = 1.0
"""How much longer Slack waits for an acknowledgement than we hold one; what comes with it later, Slack shows to nobody."""


class InFlight:
    """Tasks that have begun and not ended."""

    def __init__(self) -> None:
        """Begin with none."""
        self._tasks: set[asyncio.Task[Any]] = set()

    @contextmanager
    def track(self) -> Iterator[None]:
        """Count the running task as open until the end of the block."""
        task = asyncio.current_task()
        if task:
            self._tasks.add(task)
        try:
            yield
        finally:
            if task:
                self._tasks.discard(task)

    async def wait(self, seconds: float = FINISH_SECONDS) -> bool:
        """Wait for what is open, at most so long; return whether all of it ended."""
        if not self._tasks:
            return True
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        return not late


class HeldAck:
    """An acknowledgement that waits for the answer, for a while.

    A process that is killed before has acknowledged nothing, so the load balancer, or Slack, turns to another.
    """

    def __init__(self, ack: AsyncAck, seconds: float, late: Callable[[], Awaitable[None]]) -> None:
        """Hold Bolt's own, so many seconds. late: what is done before it is sent without the answer."""
        self._ack, self._seconds, self._late = ack, seconds, late
        self._ending, self._clock = asyncio.Lock(), asyncio.get_running_loop().time
        self._began = self._clock()

    @property
    def response(self) -> object:
        """What was sent; None so far."""
        return self._ack.response

    async def __call__(self, *said: Any, **more: Any) -> None:  # noqa: ANN401 - as Bolt has it
        """Acknowledge: at once where something is said, else with the answer."""
        if said or more:
            await self._ack(*said, **more)

    async def answer(self, told: Mapping[str, Any]) -> bool:
        """Answer a slash command by its acknowledgement, and return whether that was still to be sent, and in time.

        Once the answer is being left to others, should this process die, it is too late: they would give it as well.
        """
        async with self._ending:
            is_late = self._clock() > self._began + self._seconds + LATE_SECONDS
            if self._ack.response is not None or is_late:
                return False
            await self._ack({"response_type": "ephemeral", **told})
            return True

    async def end(self) -> None:
        """Acknowledge, unless that was done."""
        if self._ack.response is None:
            await self._ack()

    async def end_late(self) -> None:
        """Acknowledge without the answer once it was held long enough, unless that was done."""
        await asyncio.sleep(self._seconds)
        async with self._ending:
            if self._ack.response is None:
                await self._late()
                await self.end()


@asynccontextmanager
async def hold_ack(ack: AsyncAck, seconds: float, late: Callable[[], Awaitable[None]]) -> AsyncIterator[HeldAck]:
    """Give an acknowledgement that waits until the end of the block, so many seconds at most.

    late: what is done before it is sent without the answer.
    """
    held = HeldAck(ack, seconds, late)
    waiting = asyncio.ensure_future(held.end_late())
    try:
        yield held
    finally:
        if ack.response is None:
            waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await held.end()


def finishing(application: Asgi, work: InFlight) -> Asgi:
    """Return the ASGI application, with its shutdown held until open work has ended."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await application(scope, receive, send)
            return
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await work.wait()
        await send({"type": "lifespan.shutdown.complete"})

    return serve
