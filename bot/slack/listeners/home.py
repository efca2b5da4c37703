"""What happens on the home page: it is opened, and its alerts are acknowledged and put off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.slack.blocks import SNOOZES, Home, NoAlerts, SlackMessage, elements, home_view, internal_error_text, one_line
from bot.slack.blocks.alert import SENTENCE_CHARACTERS
from bot.slack.listeners.questions import LOG, button_value
from bot.slack.origin import SlackOrigin, place_of
from bot.slack.permissions import RefusedError
from core.error_log import log_error
from core.errors import InputError, NothingImportedError
from core.language import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.async_app import AsyncAck

    from bot.slack.blocks import AlertBook, OpenAlert
    from bot.slack.client import SlackClient
    from bot.slack.listeners.questions import Body
    from bot.slack.permissions import Permissions
    from core.answer import Answer

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
        """Know how to ask, how to send, who may do what, and where alerts are kept."""
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
        """Note that a member has seen an alert."""
        await ack()
        place, alert = await self._resolve_alert(body)
        await asyncio.to_thread(self._book.acknowledge, alert.key, place.user, self._now())
        await self._tell(body, place, alert, "Acknowledged by ")

    async def snooze(self, ack: AsyncAck, body: Body) -> None:
        """Keep an alert quiet for a while."""
        await ack()
        place, alert = await self._resolve_alert(body)
        _, length = SNOOZES[body["actions"][0]["action_id"]]
        until = await asyncio.to_thread(self._book.snooze, alert.key, length, place.user, self._now())
        await self._tell(body, place, alert, f"Snoozed until {until:%-d %b %Y %H:%M} UTC by ")

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
        return Home(wallet, outlook=await self._outlook(place), alerts=alerts, undelivered=lost)

    async def _outlook(self, place: SlackOrigin) -> Answer | None:
        """Return when the pool runs out; None where that cannot be asked or not be said."""
        if OUTLOOK not in COMMANDS:
            return None
        try:
            return await self._asked(OUTLOOK, place)
        except InputError:
            return None

    async def _resolve_alert(self, body: Body) -> tuple[SlackOrigin, OpenAlert]:
        """Return who pressed and the alert that is meant. Raises: RefusedError; InputError, if it is open no more."""
        place = place_of(body) or SlackOrigin("")
        await self._rights.require(place, "acknowledge")
        alerts = {alert.key: alert for alert in await asyncio.to_thread(self._book.open_alerts)}
        alert = alerts.get(button_value(body))
        if alert is None:
            if "view" in body:
                await self._publish(place.user)
            raise InputError(GONE)
        return place, alert

    async def _tell(self, body: Body, place: SlackOrigin, alert: OpenAlert, said: str) -> None:
        """Renew the page on which the button was pressed; below a message, tell everyone who saw the alert."""
        if "view" in body:
            await self._publish(place.user)
        elif place.channel:
            about = one_line(alert.sentence, SENTENCE_CHARACTERS)
            block = elements.rich(elements.line(elements.words(said), elements.person(place.user), elements.words(f": {about}")))
            told = SlackMessage(f"{said}a colleague: {about}", (block,))
            await self._gateway.post(place.channel, told, place.thread or place.message)
