"""The service's part in delivering: it begins before the first round, however often that takes."""

import asyncio
from types import SimpleNamespace
from typing import Any

from bot.service.app import Service


class Sender:
    """Cannot begin the first time."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.service: Service | None = None

    async def begin(self) -> None:
        """Break once."""
        self.did.append("begin")
        if len(self.did) == 1:
            raise OSError("No space left on device")

    async def start_due(self) -> int:
        """End the service."""
        self.did.append("start")
        assert self.service
        self.service.stop()
        return 0

    async def drain(self) -> None:
        """Have nothing to wait for."""
        self.did.append("finish")


def test_a_beginning_that_breaks_is_tried_again_before_the_first_round() -> None:
    """What a killed sender had claimed is given back before anything is sent."""
    plan: Any = SimpleNamespace(port=None, config=SimpleNamespace(service=SimpleNamespace(poll_seconds=0.01)))
    sender: Any = Sender()
    sender.service = Service(plan)
    asyncio.run(sender.service._deliver(sender))
    assert sender.did == ["begin", "begin", "start", "finish"]
