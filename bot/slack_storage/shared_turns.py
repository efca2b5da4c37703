"""Which of several replicas answers a Slack request: the turns that they take in the database."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from core.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Hashable, Mapping

    from bot.slack import Turn
    from core.warehouse import Claims

P = ParamSpec("P")
Result = TypeVar("Result")
LOG = logging.getLogger("agentcost.slack")
HOLD_SECONDS = 2.0
"""Slack waits for three. Source: docs.slack.dev/interactivity/handling-user-interaction, acknowledgment response."""
THREADS = 4
"""Of their own: those of the event loop may all be at jobs that take minutes, while Slack waits for three seconds."""
LOOKS, LOOK_SECONDS = 20, 0.05
"""PostgreSQL sees within milliseconds that a process was killed, but not before the load balancer does."""


@dataclass
class _TakenOn:
    """What was taken on for a request, and whether another would do it if this process died."""

    names: list[str]
    is_owed: bool = False


_current: ContextVar[_TakenOn | None] = ContextVar("current request", default=None)


class SharedTurns:
    """`Turns` over a database that several replicas share."""

    def __init__(self, claims: Claims, hold_seconds: float = HOLD_SECONDS) -> None:
        """Take nothing yet."""
        self._claims, self.hold_seconds = claims, hold_seconds
        self._threads = ThreadPoolExecutor(THREADS, "turns")

    async def take(self, key: Hashable, seconds: float) -> Turn:  # noqa: ARG002 - a day is longer than any of them
        """Take a key, unless it was taken within a day. One that somebody has just now is waited for, a second at most."""
        name = _name(key)
        for _ in range(LOOKS):
            taken = await self._in_thread(self._claims.take, name)
            if taken != "busy":
                break
            await asyncio.sleep(LOOK_SECONDS)
        if taken in {"busy", "done"}:
            return "taken"
        request = _current.get()
        if request is None:
            await self._in_thread(self._claims.settle, [name])
        else:
            request.names.append(name)
        return "first" if taken == "first" else "again"

    async def give_back(self, key: Hashable) -> None:
        """Say that nothing came of it."""
        name, request = _name(key), _current.get()
        if request and name in request.names:
            request.names.remove(name)
        await self._in_thread(self._claims.give_back, [name])

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """Count what is taken in the block as done at its end, unless it is owed."""
        request = _TakenOn([])
        before = _current.set(request)
        try:
            yield
        finally:
            _current.reset(before)
            if not request.is_owed:
                await self._settle(request)

    async def owe(self, told: str | None) -> None:
        """Leave the request to another replica, should this one die before `finish`.

        told: what that one must know; None, once it must not answer any more. Raises: MachineError.
        """
        request = _current.get()
        if request and request.names:
            await self._in_thread(self._claims.owe, request.names[0], told)
            request.is_owed = True

    async def finish(self) -> None:
        """Count as done what was owed."""
        request = _current.get()
        if request and request.is_owed:
            await self._settle(request)

    async def inherit(self) -> Mapping[str, str]:
        """Return what replicas owe that are gone, by a name for it. Raises: MachineError."""
        return await self._in_thread(self._claims.inherit)

    @asynccontextmanager
    async def inherited(self, name: str) -> AsyncIterator[None]:
        """Count what was inherited as done at the end of the block."""
        request = _TakenOn([name], is_owed=True)
        before = _current.set(request)
        try:
            yield
        finally:
            _current.reset(before)
            await self._settle(request)

    async def _in_thread(self, what: Callable[P, Result], *with_: P.args, **more: P.kwargs) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(what, *with_, **more))

    async def _settle(self, request: _TakenOn) -> None:
        if not request.names:
            return
        try:
            await self._in_thread(self._claims.settle, request.names)
        except MachineError as trouble:  # the answer is sent; only a repetition of the request would not be known
            LOG.warning("What was answered could not be recorded: %s", trouble)


def _name(key: Hashable) -> str:
    """Return a name that says nothing of what it stands for."""
    return hashlib.sha256(repr(key).encode()).hexdigest()
