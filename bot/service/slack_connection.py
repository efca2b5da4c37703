"""Slack in the service: the app, how it asks, the alerts on its page, and its mailbox."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from bot import wiring
from bot.delivery import SlackMailbox, StoredAlerts
from bot.slack import Channels, Disclosure, SlackClient, UndeliveredError
from bot.slack.connection import CONNECTED, SlackRequests, SocketMode, create_app
from bot.slack_storage import StoredChannels
from core import audit_buffer
from core.config import connect_channel
from core.errors import ConfigError, NotUnderstoodError
from core.questions import ask
from core.warehouse import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    from bot.observability import Health, Metrics
    from bot.service.settings import ServicePlan
    from bot.slack import Asgi
    from bot.slack.listeners import Imported
    from core.answer import Answer
    from core.config import ChannelPlan, SlackRules, Team

CHECK_EVERY_SECONDS, SOCKET_MODE, CHANNELS = 60.0, "socket mode", "slack channels"
TO_DO = "agentcost doctor says what is wrong with tokens, scopes and ids; docs/slack.md where Slack shows them."
LOG = logging.getLogger("agentcost.slack")


class SlackConnection:
    """Slack, in Socket Mode or over HTTP."""

    def __init__(self, plan: ServicePlan, metrics: Metrics, health: Health, now: Callable[[], datetime]) -> None:
        """Connect to nothing yet. Raises: ConfigError, without settings of Slack."""
        if plan.slack is None:
            raise ConfigError(["Slack is not set up."])
        self._config_option, self._settings, self._metrics, self._now = plan.config_option, plan.slack, metrics, now
        self._health, self._last_event = health, "no event yet"
        self.is_http = plan.slack.app_token is None
        gateway = SlackClient(plan.slack)
        self._channels = channels = Channels(gateway, book=StoredChannels(wiring.open_for_writing))
        self.mailbox = SlackMailbox(gateway, Disclosure(gateway, channels, channels.with_current_ids(self._rules), self._teams))
        self._socket_url, self._check_token = gateway.socket_url, gateway.granted_scopes
        book = StoredAlerts(wiring.open_for_writing, self._zone)
        self._app = create_app(self._answer, plan.slack, self._rules, book, self._import, channels, self._connect)
        self.path = self._app.path
        self.asgi: Asgi = SlackRequests(self._app)

    async def run(self, stopping: asyncio.Event) -> None:
        """Take requests until the end, then finish open answers. Raises: ConfigError, where Slack refuses a token for good."""
        checking = asyncio.ensure_future(self._keep_checking())
        try:
            await self._take_requests(stopping)
        finally:
            checking.cancel()

    async def _take_requests(self, stopping: asyncio.Event) -> None:
        if self.is_http:
            await stopping.wait()
            await self._app.open_work.wait()
            return
        mode = SocketMode(self._app, self._socket_url, self._note_connection)
        ending = asyncio.ensure_future(_then(stopping, mode.stop))
        try:
            await mode.run(_connection_logger())
        finally:
            ending.cancel()

    def _note_connection(self, state: str) -> None:
        """Take down how Socket Mode stands."""
        if state == CONNECTED:
            self._health.succeeded(SOCKET_MODE, state)
        else:
            self._health.failed(SOCKET_MODE, state, TO_DO)

    async def _keep_checking(self) -> None:
        """Ask Slack once a minute whether it takes the bot's token; who asked nothing would not see that it is refused."""
        await self._channels.load()
        while True:
            try:
                await self._check_token()
            except UndeliveredError as refusal:
                self._metrics.place_failed("slack", refusal.reason)
                self._health.failed("slack", f"Slack refuses, or cannot be reached: {refusal.reason}", TO_DO)
            else:
                self._health.succeeded("slack", f"the token is accepted; {self._last_event}")
                await self._check_channels()
            await asyncio.sleep(CHECK_EVERY_SECONDS)

    async def _check_channels(self) -> None:
        """Ask Slack of every channel that app.yaml names, so that one that moves is known again; say which did."""
        named = await asyncio.to_thread(self._named_channels)
        for channel in named:
            with suppress(UndeliveredError):
                await self._channels.describe(channel)
        moved = {channel: self._channels.current_id(channel) for channel in named}
        said = "; ".join(f"{old} goes by {new} now" for old, new in moved.items() if old != new)
        if said:
            self._health.failed(CHANNELS, said, "Write the new id in app.yaml; until then messages for the old one go to the new")
        elif named:
            self._health.succeeded(CHANNELS)

    def _named_channels(self) -> list[str]:
        channels = (*self._rules().channels, *(channel for team in self._teams() for channel in team.channels))
        return list(dict.fromkeys(channels))

    def _answer(self, question: str, *, with_wallet: bool, who: str) -> Answer:
        self._last_event = f"last asked {self._now():%Y-%m-%dT%H:%M:%SZ}"
        audit_buffer.record(AuditEntry(self._now(), who, "asked", question, wiring.SLACK))
        began = time.perf_counter()
        with self._metrics.asking("slack"):
            context = wiring.context(self._config_option)
            try:
                answer = ask(question, context if with_wallet else context.without_wallet())
            except NotUnderstoodError:
                audit_buffer.record_miss(question, wiring.SLACK, context)
                raise
        LOG.info("answered in %.0f ms", 1000 * (time.perf_counter() - began))
        return answer

    def _import(self, paths: Sequence[Path], who: str) -> Imported:
        imported = wiring.import_shared(paths, who, self._config_option)
        self._metrics.file_came("imported")
        return imported

    def _connect(self, plan: ChannelPlan) -> None:
        connect_channel(wiring.config_path(self._config_option) or wiring.DEFAULT_CONFIG, plan)

    def _rules(self) -> SlackRules:
        return wiring.context(self._config_option).config.slack

    def _teams(self) -> Sequence[Team]:
        config = wiring.context(self._config_option).config
        return [team._replace(owner=team.owner or config.alerts.owner) for team in config.teams]

    def _zone(self) -> tzinfo:
        return wiring.context(self._config_option).config.zone


async def _then(event: asyncio.Event, do: Callable[[], None]) -> None:
    await event.wait()
    do()


def _connection_logger() -> Callable[[], None]:
    """Return what says, the first time, that Slack is connected."""
    said = asyncio.Event()

    def say() -> None:
        if not said.is_set():
            said.set()
            print("Slack's requests are taken in Socket Mode; Slack is connected.", flush=True)

    return say
