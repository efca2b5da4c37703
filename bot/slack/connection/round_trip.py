"""A round trip through Slack: a message is posted, somebody presses its button, and the press comes back to agentcost."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING, Any

from slack_bolt.response import BoltResponse

from bot.slack.blocks import ROUND_TRIP, came_back_message, round_trip_message
from bot.slack.client import SlackClient
from bot.slack.connection.app import SlackApp, with_error_handling
from bot.slack.connection.socket_mode import SocketMode
from bot.slack.deduplication import LocalTurns
from bot.slack.listeners import hear_round_trip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.slack.settings import SlackSettings

LOG = logging.getLogger("agentcost.slack")
LOOK_SECONDS = 1.0
NOT_OURS = 404
ROUND_TRIP_SECONDS = 120.0


async def make_round_trip(settings: SlackSettings, target: str, *, listens: bool, posted: Callable[[str], None]) -> bool:
    """Post the message to a channel or member, and return whether the press came back within two minutes.

    listens: whether to listen for the press here, in Socket Mode; a running service receives it otherwise.
    posted: called with the channel once Slack has the message. Raises: UndeliveredError, ConfigError.
    """
    gateway, mark = SlackClient(settings), secrets.token_hex(3)
    mode = SocketMode(_listening_app(settings, gateway), gateway.socket_url) if listens else None
    connected = asyncio.Event()
    hearing = asyncio.ensure_future(mode.run(connected.set)) if mode else None
    try:
        if hearing:
            await asyncio.wait([hearing, asyncio.ensure_future(connected.wait())], return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                hearing.result()
        channel, timestamp = await gateway.post_noted(target, round_trip_message(mark))
        posted(channel)
        return await _came_back(gateway, channel, timestamp, mark)
    finally:
        if mode and hearing:
            mode.stop()
            await hearing


def _listening_app(settings: SlackSettings, gateway: SlackClient) -> SlackApp:
    app = SlackApp(settings, None, LocalTurns())
    app.action(ROUND_TRIP)(with_error_handling(_go_on, app, hear_round_trip(gateway)))

    async def leave(error: Exception) -> BoltResponse:  # noqa: ARG001 - Bolt hands over what it finds by this name
        """Leave everything else to Slack, which sends it again to the service."""
        return BoltResponse(status=NOT_OURS)

    app.error(leave)
    return app


async def _go_on(error: Exception, _: Mapping[str, Any]) -> None:
    """Keep listening if a press could not be answered: the next one may be."""
    LOG.info("A press was not answered: %s", type(error).__name__)


async def _came_back(gateway: SlackClient, channel: str, timestamp: str, mark: str) -> bool:
    expected = came_back_message(mark).payload_of_text()["text"]
    for _ in range(int(ROUND_TRIP_SECONDS / LOOK_SECONDS)):
        if await gateway.text_of(channel, timestamp) == expected:
            return True
        await asyncio.sleep(LOOK_SECONDS)
    return False
