"""Handles the press of the button from `agentcost doctor --send`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks import came_back_message
from bot.slack.listeners.questions import button_value
from bot.slack.origin import place_of

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck

    from bot.slack.client import SlackClient
    from bot.slack.listeners.questions import Body, Listener


def hear_round_trip(gateway: SlackClient) -> Listener:
    """Return the listener, which replaces the message by a note that the press came back."""

    async def handle(ack: AsyncAck, body: Body) -> None:
        await ack()
        place = place_of(body)
        if place and place.channel and place.message:
            await gateway.update(place.channel, place.message, came_back_message(button_value(body)))

    return handle
