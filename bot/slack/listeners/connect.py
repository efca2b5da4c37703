"""Handles `/agentcost connect`: a form opens, and its content is written into app.yaml, or shown for pasting."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.slack.blocks import connect_form, connected_message, paste_message, plan_in
from bot.slack.origin import DIRECT, metadata_of, place_of
from core.config import lines_for
from core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt.async_app import AsyncAck

    from bot.slack.client import SlackClient
    from bot.slack.listeners.questions import Body
    from bot.slack.permissions import Permissions
    from core.config import ChannelPlan

    ConnectChannel = Callable[[ChannelPlan], None]

NO_CHANNEL = "Type it in the channel that you want to connect: /agentcost connect."
NO_TEAM = "Give the team a name."


class ConnectListeners:
    """The callbacks of the form."""

    def __init__(self, gateway: SlackClient, rights: Permissions, connect: ConnectChannel) -> None:
        """Know how to send, who may connect, and how to write."""
        self._gateway = gateway
        self._rights = rights
        self._connect = connect

    async def begin(self, body: Body) -> None:
        """Open the form for the channel in which it was typed. Raises: InputError, outside of one."""
        place = place_of(body)
        if place is None or place.channel is None or place.channel.startswith(DIRECT):
            raise InputError(NO_CHANNEL)
        name = str(body.get("channel_name") or "")
        team = "" if name in {"", "privategroup", "directmessage"} else name
        await self._gateway.open_view(body["trigger_id"], connect_form(team, metadata_of(place)))

    async def submit(self, ack: AsyncAck, body: Body) -> None:
        """Write the form's content if that is allowed, else show the lines."""
        place = place_of(body)
        if place is None or place.channel is None:
            await ack()
            return
        plan = plan_in(body["view"], place.channel)
        if not plan.team:
            await ack(response_action="errors", errors={"team": NO_TEAM})
            return
        await ack()
        try:
            await self._rights.require(place, "connect")
            await asyncio.to_thread(self._connect, plan)
        except InputError as error:
            message = paste_message(str(error), lines_for(plan))
        else:
            message = connected_message(lines_for(plan), has_digest=bool(plan.weekly))
        await self._gateway.post_ephemeral(place, message)
