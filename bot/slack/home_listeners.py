"""What happens on the home page: it is opened, and its alerts are acknowledged and put off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.logs import logged
from bot.slack import parts
from bot.slack.alerts import SNOOZES, NoAlerts
from bot.slack.faults import broken_text
from bot.slack.home import Home, home_view
from bot.slack.listeners import LOG, pressed
from bot.slack.message import Message
from bot.slack.place import Place, place_of
from bot.slack.plain import one_line
from bot.slack.rights import RefusedError
from core.errors import InputError, NothingImportedError
from core.questions.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.async_app import AsyncAck

    from bot.slack.alerts import AlertBook, OpenAlert
    from bot.slack.gateway import Gateway
    from bot.slack.listeners import Body
    from bot.slack.rights import Rights
    from core.answer import Answer

    Asked = Callable[[str, Place], Awaitable[Answer]]

WALLET, OUTLOOK = "wallet", "forecast"
SENTENCE_CHARACTERS = 300
ONLY_PRICES = "Questions about prices are open to you."
GONE = "This alert is closed or snoozed already."


class HomeListeners:
    """The callbacks of the home page and of alerts."""

    def __init__(
        self,
        asked: Asked,
        gateway: Gateway,
        rights: Rights,
        book: AlertBook | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Know how to ask, how to send, who may do what, and where alerts are kept."""
        self._asked = asked
        self._gateway = gateway
        self._rights = rights
        self._book = book or NoAlerts()
        self._now = now

    async def opened(self, ack: AsyncAck, body: Body) -> None:
        """Publish the page of the member who opened it."""
        await ack()
        if body["event"].get("tab") == "home":
            await self._publish(body["event"]["user"])

    async def acknowledge(self, ack: AsyncAck, body: Body) -> None:
        """Note that a member has seen an alert."""
        await ack()
        place, alert = await self._meant(body)
        await asyncio.to_thread(self._book.acknowledge, alert.key, place.user, self._now())
        await self._tell(body, place, alert, "Acknowledged by ")

    async def snooze(self, ack: AsyncAck, body: Body) -> None:
        """Keep an alert quiet for a while."""
        await ack()
        place, alert = await self._meant(body)
        _, length = SNOOZES[body["actions"][0]["action_id"]]
        until = await asyncio.to_thread(self._book.snooze, alert.key, length, place.user, self._now())
        await self._tell(body, place, alert, f"Snoozed until {until:%-d %b %Y %H:%M} UTC by ")

    async def _publish(self, user: str) -> None:
        await self._gateway.publish_view(user, home_view(await self._home(Place(user))))

    async def _home(self, place: Place) -> Home:
        try:
            wallet = await self._asked(WALLET, place)
        except NothingImportedError:
            return Home(is_empty=True)
        except InputError as error:
            return Home(instead=(str(error), *([ONLY_PRICES] if isinstance(error, RefusedError) else [])))
        except Exception as error:  # noqa: BLE001 - a page that says so is better than one that stays empty
            return Home(instead=(broken_text(logged(error, LOG)),))
        alerts = await asyncio.to_thread(self._book.open_alerts)
        lost = await asyncio.to_thread(self._book.undelivered)
        return Home(wallet, outlook=await self._outlook(place), alerts=alerts, undelivered=lost)

    async def _outlook(self, place: Place) -> Answer | None:
        """Return when the pool runs out; None where that cannot be asked or not be said."""
        if OUTLOOK not in COMMANDS:
            return None
        try:
            return await self._asked(OUTLOOK, place)
        except InputError:
            return None

    async def _meant(self, body: Body) -> tuple[Place, OpenAlert]:
        """Return who pressed and the alert that is meant. Raises: RefusedError; InputError, if it is open no more."""
        place = place_of(body) or Place("")
        await self._rights.require(place, "acknowledge")
        alerts = {alert.key: alert for alert in await asyncio.to_thread(self._book.open_alerts)}
        alert = alerts.get(pressed(body))
        if alert is None:
            if "view" in body:
                await self._publish(place.user)
            raise InputError(GONE)
        return place, alert

    async def _tell(self, body: Body, place: Place, alert: OpenAlert, said: str) -> None:
        """Renew the page on which the button was pressed; below a message, tell everyone who saw the alert."""
        if "view" in body:
            await self._publish(place.user)
        elif place.channel:
            about = one_line(alert.sentence, SENTENCE_CHARACTERS)
            block = parts.rich(parts.line(parts.words(said), parts.person(place.user), parts.words(f": {about}")))
            told = Message(f"{said}a colleague: {about}", (block,))
            await self._gateway.post(place.channel, told, place.thread or place.message)
