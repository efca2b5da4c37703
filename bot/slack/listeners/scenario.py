"""Handles the scenario form: it opens, grows and shrinks, and is submitted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.slack.blocks import copyable_message, scenario_form, unescape
from bot.slack.origin import metadata_of, place_of
from core.errors import QuestionError
from core.language import read

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.async_app import AsyncAck

    from bot.slack.blocks import SlackMessage
    from bot.slack.client import SlackClient
    from bot.slack.listeners.questions import Body
    from bot.slack.origin import SlackOrigin
    from bot.slack.settings import SlackSettings
    from core.answer import Answer


class ScenarioListeners:
    """The callbacks of the form."""

    def __init__(
        self, asked: Callable[[str, SlackOrigin | None], Awaitable[Answer]], gateway: SlackClient, settings: SlackSettings
    ) -> None:
        """Know how to ask, how to send, and the buttons of answers."""
        self._asked = asked
        self._gateway = gateway
        self._settings = settings

    async def change(self, ack: AsyncAck, body: Body) -> None:
        """Open the form, filled with the values of the question on the button."""
        await ack()
        values = scenario_form.values_of(read(unescape(body["actions"][0]["value"])))
        await self._open(body, values)

    async def begin(self, ack: AsyncAck, body: Body) -> None:
        """Open the form, empty."""
        await ack()
        await self._open(body, {})

    async def resize(self, ack: AsyncAck, body: Body) -> None:
        """Show one more row of the mix, or one fewer; the filled-in values stay."""
        await ack()
        view = body["view"]
        rows = scenario_form.rows_in(view) + (1 if body["actions"][0]["action_id"] == scenario_form.ADD_ROW else -1)
        await self._gateway.update_view(
            view["id"], view["hash"], scenario_form.form(scenario_form.values_in(view), rows, view["private_metadata"])
        )

    async def submit(self, ack: AsyncAck, body: Body) -> None:
        """Answer the form's question, or point to the invalid field."""
        asked = scenario_form.scenario(scenario_form.values_in(body["view"]))
        try:
            await asyncio.to_thread(read, asked.text)
        except QuestionError as error:
            await ack(response_action="errors", errors=scenario_form.field_errors(error, asked))
            return
        await ack()
        place = place_of(body)
        if place:
            await self._gateway.answer(place, self._message(await self._asked(asked.text, place)))

    def _message(self, answer: Answer) -> SlackMessage:
        return copyable_message(answer, self._settings.command, self._settings.sheet_url)

    async def _open(self, body: Body, values: dict[str, str]) -> None:
        rows = len(scenario_form.rows_of(values))
        await self._gateway.open_view(body["trigger_id"], scenario_form.form(values, rows, metadata_of(place_of(body))))
