"""How the service begins to deliver: before the first round, however many attempts that takes."""

import asyncio
from types import SimpleNamespace
from typing import Any

from bot.service.app import Service


class Sender:
    """A sender that cannot begin the first time."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.service: Service | None = None

    async def begin(self) -> None:
        """Fail once."""
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
    """The claims of a killed sender are released before anything is sent."""
    plan: Any = SimpleNamespace(port=None, config=SimpleNamespace(service=SimpleNamespace(poll_seconds=0.01)))
    sender: Any = Sender()
    sender.service = Service(plan)
    asyncio.run(sender.service._deliver(sender))
    assert sender.did == ["begin", "begin", "start", "finish"]
