"""Slack in the service: the app, its questions, the alerts on its page, and its channel."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING

from bot import locations, wiring
from bot.delivery import SlackMailbox, StoredAlerts
from bot.slack import Channels, Disclosure, SlackClient, UndeliveredError, words_for
from bot.slack.connection import (
    CONNECTED,
    INSTALL_PATH,
    SlackRequests,
    SocketMode,
    answer_inherited,
    create_app,
    create_oauth_flow,
    install_steps,
    make_round_trip,
)
from bot.slack.installation import RenewedTokens, current_workspace, working_for
from bot.slack_storage import StoredChannels
from core import audit_buffer
from core.config import MEMBER, connect_channel
from core.digests import list_next_steps
from core.errors import AgentcostError, ConfigError, InputError, NotUnderstoodError
from core.questions import ask
from core.warehouse import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import datetime, tzinfo
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from bot.observability import Health, Metrics
    from bot.service.settings import ServicePlan
    from bot.slack import Asgi, SlackSettings
    from bot.slack.connection import Installing
    from bot.slack.listeners import Imported
    from core.answer import Answer
    from core.config import ChannelPlan, SlackRules, Team
    from core.digests import NextStep

    InstallStep = Callable[[Request], Awaitable[Response]]

CHECK_EVERY_SECONDS, INHERIT_SECONDS, SOCKET_MODE, CHANNELS, TOKENS = 60.0, 2.0, "socket mode", "slack channels", "slack tokens"
RENEW_BY_HAND = (
    "The token holds until it expires, twelve hours after it was made. If this persists: install the app again under OAuth & "
    "Permissions, put both new tokens into SLACK_BOT_TOKEN and SLACK_REFRESH_TOKEN, and restart agentcost serve."
)
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
        self._loop: asyncio.AbstractEventLoop | None = None
        self._trips: set[Future[bool]] = set()
        self.is_http = plan.slack.app_token is None
        gateway = SlackClient(plan.slack)
        self._channels = channels = Channels(gateway, book=StoredChannels(wiring.open_for_writing))
        disclosure = Disclosure(gateway, channels, channels.with_current_ids(self._rules), self._teams)
        self._installations = plan.installing.installations if plan.installing else None
        self.mailbox = SlackMailbox(gateway, disclosure, self._workspace_of)
        self._socket_url, self._check_token = gateway.socket_url, gateway.granted_scopes
        book = StoredAlerts(wiring.open_for_writing, self._zone, self._next_steps)
        self._app = create_app(
            self._answer,
            plan.slack,
            self._rules,
            book,
            self._import,
            channels,
            self._connect,
            self._installations,
            self._teams,
            self._learn,
            wiring.slack_turns(),
        )
        self.path = self._app.path
        self.install_steps = self._steps(plan.slack, plan.installing) if plan.installing else {}
        self.asgi: Asgi = SlackRequests(self._app)

    def _steps(self, settings: SlackSettings, installing: Installing) -> Mapping[str, InstallStep]:
        from bot.manifest import scopes  # noqa: PLC0415 - only where the app is installed in several workspaces

        return install_steps(create_oauth_flow(settings, [scope.name for scope in scopes(self._app)], installing))

    async def run(self, stopping: asyncio.Event) -> None:
        """Accept requests until the end, then finish open answers. Raises: ConfigError, if Slack permanently refuses a token."""
        self._loop = asyncio.get_running_loop()
        aside = [asyncio.ensure_future(self._keep_checking()), asyncio.ensure_future(self._keep_inheriting())]
        try:
            await self._take_requests(stopping)
        finally:
            for one in aside:
                one.cancel()
            for trip in self._trips:
                trip.cancel()

    def make_round_trip(self, target: str, posted: Callable[[str], None]) -> bool:
        """Post a message, and return whether its button came back; for a thread that waits for it.

        posted: called with the channel once Slack has the message. Raises: InputError, with several workspaces.
        """
        if self._loop is None or self._installations:
            raise InputError("With slack.oauth, several workspaces, try it from one of them: /agentcost help.")
        trip = make_round_trip(self._settings, target, listens=False, posted=posted)
        running = asyncio.run_coroutine_threadsafe(trip, self._loop)
        self._trips.add(running)
        try:
            return running.result()
        except CancelledError:  # the service ends
            return False
        finally:
            self._trips.discard(running)

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
        """Record the state of Socket Mode."""
        if state == CONNECTED:
            self._health.succeeded(SOCKET_MODE, state)
        else:
            self._health.failed(SOCKET_MODE, state, TO_DO)

    async def _keep_inheriting(self) -> None:
        """Answer what killed replicas still owe."""
        while self._app.turns.hold_seconds:
            await asyncio.sleep(INHERIT_SECONDS)
            try:
                await answer_inherited(self._app)
            except AgentcostError as trouble:
                LOG.info("Cannot read which answers other replicas still owe: %s", trouble)

    async def _keep_checking(self) -> None:
        """Check once a minute whether Slack accepts the bot's token; without calls a refusal would go unnoticed."""
        await self._channels.load()
        while True:
            moved, troubles, workspaces = [], [], await self._list_workspaces()
            for workspace in workspaces:
                with working_for(workspace):
                    trouble = await self._check_workspace()
                    troubles += [f"{workspace}: {trouble}" if workspace else trouble] if trouble else []
                    moved += [] if trouble else await self._find_moved_channels()
            self._note_workspaces(workspaces, troubles)
            self._note_moved(moved)
            self._check_renewal()
            await asyncio.sleep(CHECK_EVERY_SECONDS)

    async def _list_workspaces(self) -> Sequence[str]:
        """Return the workspaces where the app is installed; where there is but one, it has no name."""
        if self._installations is None:
            return [""]
        try:
            return await self._installations.list_installed()
        except AgentcostError as trouble:
            LOG.info("Where the app is installed is not known yet: %s", trouble)
            return []

    async def _check_workspace(self) -> str:
        """Return why Slack rejects the token; empty if it accepts it."""
        try:
            await self._check_token()
        except UndeliveredError as refusal:
            self._metrics.place_failed("slack", refusal.reason)
            return f"Slack refuses, or cannot be reached: {words_for(refusal)}"
        return ""

    def _note_workspaces(self, workspaces: Sequence[str], troubles: Sequence[str]) -> None:
        """Record whether Slack accepts the token of each workspace."""
        if not workspaces:
            page = f"Open {INSTALL_PATH} of the service's address"
            self._health.failed("slack", "the app is installed in no workspace, as far as is known", page)
        elif troubles:
            self._health.failed("slack", "; ".join(troubles), TO_DO)
        else:
            said = "the token is accepted" if workspaces == [""] else f"the tokens of {', '.join(workspaces)} are accepted"
            self._health.succeeded("slack", f"{said}; {self._last_event}")

    def _check_renewal(self) -> None:
        """Say whether tokens that expire are renewed."""
        if isinstance(self._settings.tokens, RenewedTokens):
            troubles = self._settings.tokens.trouble
            if troubles:
                said = "; ".join(f"{workspace}: {why}" if workspace else why for workspace, why in sorted(troubles.items()))
                self._health.failed(TOKENS, said, RENEW_BY_HAND)
            else:
                self._health.succeeded(TOKENS)

    async def _find_moved_channels(self) -> list[str]:
        """Ask Slack about every channel in app.yaml, so that a moved one is recognised; return notes on those."""
        named = await asyncio.to_thread(self._list_named_channels)
        for channel in named:
            with suppress(UndeliveredError):
                await self._channels.describe(channel)
        now = {channel: self._channels.current_id(channel) for channel in named}
        return [f"{old} goes by {new} now" for old, new in now.items() if old != new]

    def _note_moved(self, moved: Sequence[str]) -> None:
        """Record which channels have another id than in app.yaml."""
        if moved:
            write = "Write the new id in app.yaml; until then messages for the old one go to the new"
            self._health.failed(CHANNELS, "; ".join(dict.fromkeys(moved)), write)
        else:
            self._health.succeeded(CHANNELS)

    def _list_named_channels(self) -> list[str]:
        """Return the channels that app.yaml names, of the workspace that the running task works for."""
        channels = [*self._rules().channels, *(channel for team in self._teams() for channel in team.channels)]
        here = current_workspace()
        named = [channel for channel in dict.fromkeys(channels) if not MEMBER.fullmatch(channel)]
        return [channel for channel in named if not here or self._workspace_of(channel) == here]

    def _workspace_of(self, channel: str) -> str:
        """Return the workspace of a channel: what its team says, else the only one; empty where that leaves several."""
        if self._installations is None:
            return ""
        said = {team.workspace for team in self._teams() if channel in team.channels and team.workspace}
        found = said or {*self._installations.read_installed()}
        return found.pop() if len(found) == 1 else ""

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
        self._metrics.file_came("refused" if imported.is_proposal else "imported")
        return imported

    def _learn(self, paths: Sequence[Path], who: str) -> Imported:
        imported = wiring.learn_shared(paths, who, self._config_option)
        self._metrics.file_came("imported")
        return imported

    def _connect(self, plan: ChannelPlan) -> None:
        connect_channel(locations.config_path(self._config_option) or locations.DEFAULT_CONFIG, plan)

    def _rules(self) -> SlackRules:
        return wiring.context(self._config_option).config.slack

    def _teams(self) -> Sequence[Team]:
        config = wiring.context(self._config_option).config
        return [team._replace(owner=team.owner or config.alerts.owner) for team in config.teams]

    def _next_steps(self) -> Sequence[NextStep]:
        return list_next_steps(wiring.context(self._config_option))

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
            print("Slack is connected in Socket Mode.", flush=True)

    return say
