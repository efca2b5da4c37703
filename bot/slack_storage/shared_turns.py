"""Who answers what Slack tells several replicas: the turns that they take in the database."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from core.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Hashable

    from bot.slack import Turn
    from core.warehouse import Claims

LOG = logging.getLogger("agentcost.slack")
HOLD_SECONDS = 2.0
"""Slack waits for three. Source: docs.slack.dev/interactivity/handling-user-interaction, acknowledgment response."""
LOOKS, LOOK_SECONDS = 20, 0.05
"""PostgreSQL sees within milliseconds that a process was killed, but not before the load balancer does."""
_taken_for_request: ContextVar[list[str] | None] = ContextVar("taken for the request", default=None)


class SharedTurns:
    """`Turns` over a database that several replicas share."""

    def __init__(self, claims: Claims, hold_seconds: float = HOLD_SECONDS) -> None:
        """Take nothing yet."""
        self._claims, self.hold_seconds = claims, hold_seconds

    async def take(self, key: Hashable, seconds: float) -> Turn:  # noqa: ARG002 - a day is longer than any of them
        """Take a key, unless it was taken within a day. One that somebody has just now is waited for, a second at most."""
        name = _name(key)
        for _ in range(LOOKS):
            taken = await asyncio.to_thread(self._claims.take, name)
            if taken != "busy":
                break
            await asyncio.sleep(LOOK_SECONDS)
        if taken in {"busy", "done"}:
            return "taken"
        ours = _taken_for_request.get()
        if ours is None:
            await asyncio.to_thread(self._claims.settle, [name])
        else:
            ours.append(name)
        return "first" if taken == "first" else "again"

    async def give_back(self, key: Hashable) -> None:
        """Say that nothing came of it."""
        name, ours = _name(key), _taken_for_request.get()
        if ours is not None and name in ours:
            ours.remove(name)
        await asyncio.to_thread(self._claims.give_back, [name])

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """Count what is taken in the block as done at its end."""
        ours: list[str] = []
        before = _taken_for_request.set(ours)
        try:
            yield
        finally:
            _taken_for_request.reset(before)
            if ours:
                await self._settle(ours)

    async def _settle(self, names: list[str]) -> None:
        try:
            await asyncio.to_thread(self._claims.settle, names)
        except MachineError as trouble:  # the answer is sent; only a repetition of the request would not be known
            LOG.warning("What was answered could not be written down: %s", trouble)


def _name(key: Hashable) -> str:
    """Return a name that says nothing of what it stands for."""
    return hashlib.sha256(repr(key).encode()).hexdigest()
