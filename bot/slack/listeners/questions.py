"""Handles each request from Slack: acknowledge, ask, respond."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Protocol

from bot.slack.addressing import HeardQuestion, Remark, hear, own_ids, question_of
from bot.slack.blocks import (
    answer_message,
    how_message,
    input_message,
    internal_error_message,
    public_message,
    share_message,
    unescape,
)
from bot.slack.client import UndeliveredError
from bot.slack.deduplication import Attempts, LocalTurns, turn_of
from bot.slack.in_flight import HeldAck
from bot.slack.origin import DIRECT, place_of
from core.error_log import log_error
from core.errors import InputError, MachineError
from core.questions import find_wallet_use

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from slack_bolt.async_app import AsyncAck

    from bot.slack.blocks import SlackMessage
    from bot.slack.client import SlackClient
    from bot.slack.deduplication import Turns
    from bot.slack.disclosure import Disclosure
    from bot.slack.listeners.agent import AgentListeners
    from bot.slack.origin import SlackOrigin
    from bot.slack.permissions import Permissions
    from core.answer import Answer

    Body = Mapping[str, Any]
    Listener = Callable[[AsyncAck, Body], Awaitable[None]]

    class Ask(Protocol):
        """From a question's text, and the member who asks, to its answer; one that needs a missing wallet is an InputError."""

        def __call__(self, question: str, *, with_wallet: bool, who: str) -> Answer:
            """Return the answer. Raises: InputError, MachineError."""


LOG = logging.getLogger("agentcost.slack")
REMEMBERED_SECONDS, MESSAGES_SECONDS = 900.0, 86_400.0
WAITS_SECONDS = (0.2, 0.5, 1.0, 2.0)
ANSWERS_AT_ONCE = 2
HELP, CONNECT_WORD = "help", "connect"


def no_sheet(_: str | None) -> None:
    """Return None: answers link to no spreadsheet."""


class Listeners:
    """The callbacks; beside the request they only know how to ask and how to send."""

    def __init__(  # noqa: PLR0913, PLR0917 - how to ask, to send and to decide, and what answers link to
        self,
        ask: Ask,
        gateway: SlackClient,
        rights: Permissions,
        disclosure: Disclosure,
        sheet_for: Callable[[str | None], str | None] = no_sheet,
        connect: Callable[[Body], Awaitable[None]] | None = None,
        agent: AgentListeners | None = None,
        turns: Turns | None = None,
    ) -> None:
        """sheet_for: the spreadsheet that answers in a channel link to. agent: the additions to answers in direct messages.

        turns: decides who answers what, if several processes listen to Slack.
        """
        self._agent = agent
        self._ask = ask
        self._gateway = gateway
        self._rights = rights
        self._disclosure = disclosure
        self._sheet_for = sheet_for
        self._connect = connect
        self._began = time.time()
        self._turn_of_processes = turns or LocalTurns()
        self._attempts = Attempts(MESSAGES_SECONDS)
        self._turns = asyncio.Semaphore(ANSWERS_AT_ONCE)

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """Answer a slash command, to the asker alone; `connect` opens the form for the channel."""
        await ack()
        place = place_of(body)
        if self._connect and body.get("text", "").strip().lower() == CONNECT_WORD:
            await self._connect(body)
            return
        if isinstance(ack, HeldAck):
            told = await self._answer_or_failure(body)
            if not await ack.answer(told.payload()):
                await self._send_owed(place, told)
            return
        await self._answer(place, answer_message(await self.answer(question_of(body.get("text", "")), place), self._sheet(place)))

    async def answer_owed(self, body: Body) -> None:
        """Answer a question that another replica acknowledged before it died."""
        if "command" in body:
            await self._send_owed(place_of(body), await self._answer_or_failure(body))
            return
        try:
            await self._hear(body)
        except Exception as error:  # noqa: BLE001 - as with every listener, in the one place where errors of inherited ones are told
            await self.report_failure(error, body)

    async def _answer_or_failure(self, body: Body) -> SlackMessage:
        """Return the answer to a slash command, or the error message for the asker."""
        place = place_of(body)
        try:
            return answer_message(await self.answer(question_of(body.get("text", "")), place), self._sheet(place))
        except Exception as error:  # noqa: BLE001 - told in the place of the answer, for both come by one way
            return failure_message(error)

    async def _send_owed(self, place: SlackOrigin | None, told: SlackMessage) -> None:
        """Send a late answer once no other replica will: one that is cut off leaves it to whoever takes it over."""
        for wait in WAITS_SECONDS:
            try:
                await self._turn_of_processes.owe(None)
            except MachineError as trouble:
                LOG.warning("A late answer waits, or is left to another replica: %s", trouble)
                await asyncio.sleep(wait)
            else:
                await self._answer(place, told)
                return

    def of_buttons(self) -> Mapping[str, Listener]:
        """Return the listener of each button under an answer, by the button's action."""
        return {"how": self.how, "share": self.share}

    async def ask_again(self, ack: AsyncAck, body: Body) -> None:
        """Answer the question on a button, to the one who pressed it."""
        await ack()
        place = place_of(body)
        await self._answer(place, answer_message(await self.answer(button_value(body), place), self._sheet(place)))

    async def how(self, ack: AsyncAck, body: Body) -> None:
        """Explain an answer to the one who pressed."""
        await ack()
        place = place_of(body)
        await self._answer(place, how_message(await self.answer(button_value(body), place)))

    async def share(self, ack: AsyncAck, body: Body) -> None:
        """Post an answer to the channel, once, and remove the button."""
        await ack()
        place = place_of(body)
        if place is None:
            return
        key = ("share", place.user, place.channel, place.message)
        async with turn_of(self._turn_of_processes, key, REMEMBERED_SECONDS) as is_ours:
            if is_ours:
                answer = await self.answer(button_value(body), place)
                await self._gateway.share(place, share_message(answer, place.user, self._sheet(place)))
                await self._gateway.replace(place, public_message(answer, self._sheet(place)))

    async def mention(self, ack: AsyncAck, body: Body) -> None:
        """Answer a mention in its thread."""
        await ack()
        await self._hear(body)

    async def message(self, ack: AsyncAck, body: Body) -> None:
        """Answer a direct message; ignore other messages."""
        await ack()
        await self._hear(body)

    async def report_failure(self, error: Exception, body: Body) -> None:
        """Tell the asker what went wrong: an input error in its own words, anything else with a reference."""
        await self.report_failure_at(error, place_of(body))

    async def report_failure_at(self, error: Exception, place: SlackOrigin | None) -> None:
        """Tell only the asker what went wrong: only successful answers are public."""
        told = failure_message(error)
        if place is None or isinstance(error, UndeliveredError):
            return
        try:
            await self._gateway.post_ephemeral(place, told)
        except UndeliveredError as undelivered:
            LOG.warning("An apology was not delivered: %s", undelivered.reason)

    async def answer(self, question: str, place: SlackOrigin | None) -> Answer:
        """Return the answer to a question, help without one; the wallet is open to those who may read it.

        Only a few are computed at a time, so that acknowledgements find the processor free. Raises: RefusedError.
        """
        with_wallet = await self.may_read_wallet(question, place)
        async with self._turns:
            who = place.user if place else ""
            return await asyncio.to_thread(self._ask, question or HELP, with_wallet=with_wallet, who=who)

    async def may_read_wallet(self, question: str, place: SlackOrigin | None) -> bool:
        """Return whether the answer may read the wallet. Raises: RefusedError, if it has to but may not."""
        use = await asyncio.to_thread(find_wallet_use, question)
        if use == "unread" or place is None:
            return False
        if use == "needed":
            await self._rights.require(place, "wallet")
            return True
        return await self._rights.refusal(place, "wallet") is None

    def for_readers(self, listener: Listener) -> Listener:
        """Return the listener to a pressed button, restricted to those who may read what the question reads."""

        async def handle(ack: AsyncAck, body: Body) -> None:
            await ack()
            await self.may_read_wallet(button_value(body), place_of(body))
            await listener(ack, body)

        return handle

    async def _hear(self, body: Body) -> None:
        """Answer a message's question, once; an edited message only if no answer was given before.

        Slack delivers twice, at times under another event id. Source: slackapi/node-slack-sdk#2141; edits: bolt-js#960.
        """
        own = own_ids(body) or await self._rights.own_ids()
        heard = await asyncio.to_thread(hear, body, own)
        if isinstance(heard, Remark):
            if heard.reaction and heard.place.channel:
                key = ("remark", heard.place.channel, heard.timestamp)
                if await self._turn_of_processes.take(key, MESSAGES_SECONDS) != "taken":
                    await self._gateway.react(heard.place.channel, heard.timestamp, heard.reaction)
        elif heard and (turn := await self._turn_of_processes.take((heard.key, heard.edit), MESSAGES_SECONDS)) != "taken":
            may_be_answered = self._attempts.is_first(heard.key) and (heard.edit or turn == "again")
            if may_be_answered and await self._was_answered_earlier(heard, own):
                return
            async with self._attempts.attempt(heard.key) as is_wanted:
                if is_wanted:
                    await self._answer_heard(heard, body)

    async def _answer_heard(self, heard: HeardQuestion, body: Body) -> None:
        """Answer a message; in a thread of the agent view also report errors, which nobody else reads there."""
        place = heard.place
        if self._agent is None or not (place.channel or "").startswith(DIRECT):
            await self._answer_publicly(heard, body)
            return
        place = self._agent.place_of_answer(place, heard.key[1] if heard.key else None)
        async with self._agent.answering(place, heard.text):
            try:
                await self._answer_publicly(heard._replace(place=place), body)
            except InputError as error:
                if place.thread is None:
                    raise
                await self._answer(place, input_message(error))

    async def _was_answered_earlier(self, heard: HeardQuestion, own: frozenset[str]) -> bool:
        """Return whether a message that another process may have handled was answered: an edited one, or one it had started."""
        timestamp = heard.key[1] if heard.key else ""
        try:
            return await self._gateway.has_answered(heard.place, timestamp, own)
        except UndeliveredError as error:
            LOG.info("Slack did not say whether an edited message was answered: %s", error.reason)
            return float(timestamp) < self._began

    async def _answer_publicly(self, heard: HeardQuestion, body: Body) -> None:
        """Answer where everyone sees it; wallet answers in a channel with other workspaces go to the asker alone.

        So does the reason for a refusal, because it names what is in the wallet.
        """
        place, question = heard.place, heard.text
        if await self._is_for_asker_alone(place, question, is_shared=bool(body.get("is_ext_shared_channel"))):
            try:
                told = answer_message(await self.answer(question, place), self._sheet(place))
            except InputError as error:
                told = input_message(error)
            await self._gateway.post_ephemeral(place, told)
        else:
            await self._answer(place, public_message(await self.answer(question, place), self._sheet(place)))

    async def _is_for_asker_alone(self, place: SlackOrigin, question: str, *, is_shared: bool) -> bool:
        use = await asyncio.to_thread(find_wallet_use, question)
        return use != "unread" and await self._disclosure.is_for_asker_alone(place, is_shared=is_shared)

    async def _answer(self, place: SlackOrigin | None, message: SlackMessage) -> None:
        if place:
            await self._gateway.answer(place, message)

    def _sheet(self, place: SlackOrigin | None) -> str | None:
        return self._sheet_for(place.channel if place else None)


def failure_message(error: Exception) -> SlackMessage:
    """Return the error message for the asker: an input error in its own words, anything else with a reference."""
    return input_message(error) if isinstance(error, InputError) else internal_error_message(log_error(error, LOG))


def button_value(body: Body) -> str:
    """Return the value of the button that was pressed."""
    return unescape(body["actions"][0]["value"])
