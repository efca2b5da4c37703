"""Handles the Home page: it is opened, and its alerts are acknowledged and snoozed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.slack.blocks import (
    ALERT_DONE,
    SNOOZES,
    Home,
    NoAlerts,
    SlackMessage,
    chosen_snooze,
    done_message,
    elements,
    home_view,
    internal_error_text,
    moment,
    one_line,
    taken_message,
    unescape,
)
from bot.slack.blocks.alert import SENTENCE_CHARACTERS
from bot.slack.client import UndeliveredError
from bot.slack.listeners.questions import LOG, button_value
from bot.slack.origin import SlackOrigin, place_of
from bot.slack.permissions import RefusedError
from core.error_log import log_error
from core.errors import InputError, NothingImportedError
from core.language import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from slack_bolt.async_app import AsyncAck

    from bot.slack.blocks import AlertBook, AlertPost, Block, OpenAlert
    from bot.slack.client import SlackClient
    from bot.slack.listeners.questions import Body
    from bot.slack.permissions import Permissions
    from core.answer import Answer
    from core.digests import NextStep

    Asked = Callable[[str, SlackOrigin], Awaitable[Answer]]

WALLET, OUTLOOK = "wallet", "forecast"
ONLY_PRICES = "Questions about prices are open to you."
GONE = "This alert is closed or snoozed already."


class HomeListeners:
    """The callbacks of the home page and of alerts."""

    def __init__(
        self,
        asked: Asked,
        gateway: SlackClient,
        rights: Permissions,
        book: AlertBook | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Know how to ask, how to send, who may do what, and the store of alerts."""
        self._asked = asked
        self._gateway = gateway
        self._rights = rights
        self._book = book or NoAlerts()
        self._now = now

    async def publish_home(self, ack: AsyncAck, body: Body) -> None:
        """Publish the page of the member who opened it."""
        await ack()
        if body["event"].get("tab") == "home":
            await self._publish(body["event"]["user"])

    async def acknowledge(self, ack: AsyncAck, body: Body) -> None:
        """Record that a member looks after an alert; whoever presses later is shown who does."""
        await ack()
        place, alert = await self._resolve_alert(body, button_value(body))
        if not alert.acknowledged_by:
            await asyncio.to_thread(self._book.acknowledge, alert.key, place.user, self._now())
            taken = {one.key: one for one in await asyncio.to_thread(self._book.open_alerts)}.get(alert.key, alert)
            if taken.acknowledged_by == place.user:
                await self._tell(body, place, taken, _says_who_has_it(taken), place.user)
                return
            alert = taken
        await self._gateway.post_ephemeral(place, taken_message(alert))
        if alert.acknowledged_by and "view" not in body:
            await self._rewrite_pressed(body, place, alert, _says_who_has_it(alert), alert.acknowledged_by)

    async def snooze(self, ack: AsyncAck, body: Body) -> None:
        """Snooze an alert."""
        await ack()
        action = body["actions"][0]
        option = action.get("selected_option")
        key, length = chosen_snooze(unescape(option["value"])) if option else (button_value(body), SNOOZES[action["action_id"]])
        place, alert = await self._resolve_alert(body, key)
        until = await asyncio.to_thread(self._book.snooze, alert.key, length, place.user, self._now())
        until = until.astimezone(await asyncio.to_thread(self._book.zone))
        await self._tell(body, place, alert, f"snoozed this until {moment(until)}", place.user)

    async def _publish(self, user: str) -> None:
        await self._gateway.publish_view(user, home_view(await self._home(SlackOrigin(user))))

    async def _home(self, place: SlackOrigin) -> Home:
        try:
            wallet = await self._asked(WALLET, place)
        except NothingImportedError:
            return Home(is_empty=True)
        except InputError as error:
            return Home(instead=(str(error), *([ONLY_PRICES] if isinstance(error, RefusedError) else [])))
        except Exception as error:  # noqa: BLE001 - a page that says so is better than one that stays empty
            return Home(instead=(internal_error_text(log_error(error, LOG)),))
        alerts = await asyncio.to_thread(self._book.open_alerts)
        lost = await asyncio.to_thread(self._book.list_undelivered)
        outlook, steps = await self._outlook(place), await self._next_steps()
        return Home(wallet, outlook=outlook, alerts=alerts, undelivered=lost, steps=steps)

    async def _next_steps(self) -> Sequence[NextStep]:
        """Return the next steps; empty if they cannot be determined."""
        try:
            return await asyncio.to_thread(self._book.list_next_steps)
        except InputError:
            return ()

    async def _outlook(self, place: SlackOrigin) -> Answer | None:
        """Return when the pool runs out; None if that cannot be asked or answered."""
        if OUTLOOK not in COMMANDS:
            return None
        try:
            return await self._asked(OUTLOOK, place)
        except InputError:
            return None

    async def _resolve_alert(self, body: Body, key: str) -> tuple[SlackOrigin, OpenAlert]:
        """Return who pressed and which alert. Raises: RefusedError; InputError, if it is no longer open."""
        place = place_of(body) or SlackOrigin("")
        await self._rights.require(place, "acknowledge")
        alerts = {alert.key: alert for alert in await asyncio.to_thread(self._book.open_alerts)}
        alert = alerts.get(key)
        if alert is None:
            if "view" in body:
                await self._publish(place.user)
            raise InputError(GONE)
        return place, alert

    async def _tell(self, body: Body, place: SlackOrigin, alert: OpenAlert, done: str, by: str) -> None:
        """Update each message that reported the alert, for everyone, with who did what; refresh the page of the press.

        If Slack refuses one message, the others are still updated.
        """
        if "view" in body:
            await self._publish(place.user)
        else:
            await self._rewrite_pressed(body, place, alert, done, by)
        for post in await asyncio.to_thread(self._book.list_posts, alert.key):
            if (post.channel, post.timestamp) != (place.channel, place.message):
                await self._rewrite(post, alert, done, by)

    async def _rewrite_pressed(self, body: Body, place: SlackOrigin, alert: OpenAlert, done: str, by: str) -> None:
        if place.channel and place.message:
            message = done_message(_as_message(body.get("message", {}), alert), done, by)
            await self._gateway.update(place.channel, place.message, message)

    async def _rewrite(self, post: AlertPost, alert: OpenAlert, done: str, by: str) -> None:
        """Update a message in another channel with what was done, below its current content."""
        try:
            stands = await self._gateway.message(post.channel, post.timestamp)
            if stands is not None:
                await self._gateway.update(post.channel, post.timestamp, done_message(_as_message(stands, alert), done, by))
        except UndeliveredError as error:
            LOG.info("An alert's message could not be updated: %s", error.reason)


def _says_who_has_it(alert: OpenAlert) -> str:
    return f"has it since {moment(alert.acknowledged_at)}" if alert.acknowledged_at else "has it"


def _as_message(stands: Mapping[str, Any], alert: OpenAlert) -> SlackMessage:
    """Return a message's current state in Slack; if Slack returns it without blocks, the alert's sentence."""
    sentence = one_line(alert.sentence, SENTENCE_CHARACTERS)
    blocks = stands.get("blocks") or [elements.rich(elements.line(elements.words(sentence)))]
    return SlackMessage(unescape(str(stands.get("text") or sentence)), tuple(_as_sent(blocks)))


def _as_sent(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks as we send them: Slack returns them with ids of its own, except for those that we set."""
    return [{name: value for name, value in block.items() if name != "block_id" or value == ALERT_DONE} for block in blocks]
