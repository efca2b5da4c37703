"""The Slack app: which callback handles what, and which requests are accepted at all."""

from __future__ import annotations

import json
import logging
import re
import secrets
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.addressing import own_ids
from bot.slack.blocks import ACKNOWLEDGE, ADD_ROW, BEGIN, CALLBACK, CONNECT, REMOVE_ROW, ROUND_TRIP, SHORTCUT, SNOOZE, SNOOZES
from bot.slack.channels import CHANGES, Channels
from bot.slack.client import SlackClient
from bot.slack.deduplication import LocalTurns, Once, Turns
from bot.slack.disclosure import Disclosure
from bot.slack.in_flight import InFlight, finishing, hold_ack
from bot.slack.installation import current_workspace, work_for, working_for
from bot.slack.listeners import (
    LEARN,
    AgentListeners,
    ConnectListeners,
    HomeListeners,
    ImportListeners,
    Listeners,
    ScenarioListeners,
    hear_round_trip,
)
from bot.slack.permissions import Permissions
from core.config import SlackRules
from core.error_log import log_error, request
from core.errors import InputError, MachineError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping, Sequence
    from pathlib import Path

    from slack_bolt.async_app import AsyncBoltContext
    from slack_bolt.request.async_request import AsyncBoltRequest

    from bot.slack.blocks import AlertBook
    from bot.slack.in_flight import Asgi, Receive, Scope, Send
    from bot.slack.installation import Installations
    from bot.slack.listeners import Ask, Body, ConnectChannel, Imported, ImportFiles, Listener
    from bot.slack.settings import SlackSettings
    from core.config import ChannelPlan, Team

    Failed = Callable[[Exception, Body], Awaitable[None]]
    Next = Callable[[], Awaitable[BoltResponse]]

ASK_ACTION = re.compile(r"^ask(?:_\d+)?$")
SNOOZE_ACTION = re.compile(rf"^(?:{'|'.join((SNOOZE, *SNOOZES))})$")
ROWS_ACTION = re.compile(rf"^(?:{ADD_ROW}|{REMOVE_ROW})$")
SIGNATURE_SECONDS, DELIVERY_SECONDS = 601.0, 3_700.0
ACK_SECONDS = 60
SOCKET_MODE, QUESTIONS = "socket_mode", ("app_mention", "message")
UNINSTALLED = ("app_uninstalled", "tokens_revoked")
NOT_INSTALLED_HERE = {
    "response_type": "ephemeral",
    "text": "agentcost is not installed in this workspace, or not allowed in it. Ask whoever runs agentcost.",
}
LOG = logging.getLogger("agentcost.slack")


async def _answer_nothing(_: Body) -> None:
    """Answer nothing: an app without question listeners owes no answers."""


class SlackApp(AsyncApp):
    """Bolt's app, which also knows its open work and where Slack's requests arrive."""

    def __init__(self, settings: SlackSettings, installations: Installations | None, turns: Turns) -> None:
        """Connect to nothing yet. installations: where it is installed, if in several workspaces. turns: who does what."""
        super().__init__(
            before_authorize=find_installation(installations) if installations else None,
            signing_secret=settings.signing_secret or secrets.token_hex(32),
            client=AsyncWebClient(base_url=settings.api_url),
            authorize=_static_authorization(settings.bot_token),
            ignoring_self_events_enabled=False,
            raise_error_for_unhandled_request=True,
        )
        self.open_work = InFlight()
        self.turns = turns
        self.answer_owed: Callable[[Body], Awaitable[None]] = _answer_nothing
        self.path = settings.path
        self._heard: list[tuple[str, Any]] = []

    def wait_for_acknowledgements(self) -> None:
        """Let Bolt wait for each listener's acknowledgement, which always comes.

        After three seconds of its own it would tell Slack that all is well, though nothing was acknowledged, and drop the
        answer that comes with a later acknowledgement.
        """
        for listener in self._async_listeners:
            listener.ack_timeout = ACK_SECONDS

    def listeners_of(self, kind: str) -> list[Any]:
        """Return the listeners of a kind, event, command or shortcut, in the order of registration."""
        return [what for heard, what in self._heard if heard == kind]

    def event(self, event: Any, *more: Any, **options: Any) -> Any:  # noqa: ANN401 - as Bolt has it
        """Listen to an event."""
        self._heard.append(("event", event))
        return super().event(event, *more, **options)

    def command(self, command: Any, *more: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
        """Listen to a slash command."""
        self._heard.append(("command", command))
        return super().command(command, *more, **options)

    def global_shortcut(self, callback_id: Any, *more: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
        """Listen to a global shortcut of Slack."""
        self._heard.append(("shortcut", callback_id))
        return super().global_shortcut(callback_id, *more, **options)


def no_imports(_: Sequence[Path], __: str) -> Imported:
    """Import nothing. Raises: InputError, always."""
    raise InputError("This app imports no files. Import them where the service runs: agentcost import FILE.")


def no_connecting(_: ChannelPlan) -> None:
    """Connect nothing. Raises: InputError, always."""
    raise InputError("This app writes no settings.")


def create_app(  # noqa: PLR0913, PLR0917 - what the app rests on, most of it optional
    ask: Ask,
    settings: SlackSettings,
    rules: Callable[[], SlackRules] = SlackRules,
    alerts: AlertBook | None = None,
    import_files: ImportFiles = no_imports,
    channels: Channels | None = None,
    connect: ConnectChannel = no_connecting,
    installations: Installations | None = None,
    teams: Callable[[], Sequence[Team]] = tuple,
    learn_files: ImportFiles = no_imports,
    turns: Turns | None = None,
) -> SlackApp:
    """Return the app, with every listener registered; it has connected to nothing yet.

    ask: from a question's text to its answer; it runs in a thread, so that no acknowledgement waits for it.
    rules: who may do what, read again for each question that depends on it; in a thread as well.
    alerts: the store of open alerts; without a book there are none.
    connect: sends a team's alerts to a channel from now on; it runs in a thread.
    channels: the known channels, also used by others; the app keeps them current by the events that it receives.
    import_files: takes files on the disk, and who shared them, into the wallet; it runs in a thread, one import at a time.
    learn_files: takes a file of unknown columns as proposed, likewise.
    installations: where the app is installed, if in several workspaces.
    teams: which channels belong to which team, read again like the rules.
    turns: decides who handles what, if several processes listen to Slack; None if this is the only one.
    """
    turns = turns or LocalTurns()
    app = SlackApp(settings, installations, turns)
    app.middleware(reject_replays(turns))
    gateway = SlackClient(settings)
    known = channels or Channels(gateway)
    rules = known.with_current_ids(rules)
    rights = Permissions(gateway, rules)
    connecting = ConnectListeners(gateway, rights, connect)
    agent = AgentListeners(gateway, rights, known, teams)
    listeners = Listeners(
        ask, gateway, rights, Disclosure(gateway, known, rules), settings.sheet_for, connecting.begin, agent, turns
    )
    app.answer_owed = listeners.answer_owed
    imports = ImportListeners(settings, gateway, rights, import_files, learn_files, listeners.report_failure_at, turns)
    register(app, listeners, ScenarioListeners(listeners.answer, gateway, settings), settings.command)
    guarded = partial(with_error_handling, listeners.report_failure, app)
    app.view(CONNECT)(guarded(connecting.submit))
    app.action(ROUND_TRIP)(guarded(hear_round_trip(gateway)))
    register_home(app, guarded, HomeListeners(listeners.answer, gateway, rights, alerts), agent)
    register_messages(app, guarded, listeners, imports)
    register_changes(app, guarded, known)
    if installations:
        register_uninstallation(app, guarded, gateway, installations)
    app.wait_for_acknowledgements()
    return app


def register(app: SlackApp, listeners: Listeners, forms: ScenarioListeners, command: str) -> None:
    """Register the callbacks of the app."""
    guarded = partial(with_error_handling, listeners.report_failure, app)
    app.command(command)(guarded(listeners.command))
    app.action(ASK_ACTION)(guarded(listeners.ask_again))
    for action, listener in listeners.of_buttons().items():
        app.action(action)(guarded(listener))
    app.action("change")(guarded(listeners.for_readers(forms.change)))
    app.global_shortcut(SHORTCUT)(guarded(forms.begin))
    app.action(BEGIN)(guarded(forms.begin))
    app.action(ROWS_ACTION)(guarded(forms.resize))
    app.view(CALLBACK)(guarded(forms.submit))
    app.event("app_mention")(guarded(listeners.mention))
    app.action("sheet")(guarded(acknowledge))
    app.error(ack_unhandled(listeners.report_failure))


def register_home(app: SlackApp, guarded: Callable[[Listener], Listener], home: HomeListeners, agent: AgentListeners) -> None:
    """Register the callbacks of the Home page, of alerts, and of the agent view, which is the app's other tab."""

    async def open_tab(ack: AsyncAck, body: Body) -> None:
        is_conversation = body["event"].get("tab") == "messages"
        await (agent.begin if is_conversation else home.publish_home)(ack, body)

    app.event("app_home_opened")(guarded(open_tab))
    for kind in ("app_context_changed", "assistant_thread_started", "assistant_thread_context_changed"):
        app.event(kind)(guarded(agent.begin))
    app.action(ACKNOWLEDGE)(guarded(home.acknowledge))
    app.action(SNOOZE_ACTION)(guarded(home.snooze))


def register_messages(
    app: SlackApp, guarded: Callable[[Listener], Listener], listeners: Listeners, imports: ImportListeners
) -> None:
    """Register the callbacks of direct messages, and of the files in them or in channels."""

    async def message(ack: AsyncAck, body: Body) -> None:
        event = body["event"]
        brings_files = event.get("channel_type") == "im" and event.get("files") and event.get("subtype") == "file_share"
        await (imports.message if brings_files else listeners.message)(ack, body)

    app.event("message")(guarded(message))
    app.event("file_shared")(guarded(imports.import_shared))
    app.action(LEARN)(guarded(imports.learn))


def register_changes(app: SlackApp, guarded: Callable[[Listener], Listener], channels: Channels) -> None:
    """Register the events that put the known state of channels in doubt."""

    async def change(ack: AsyncAck, body: Body) -> None:
        await ack()
        await channels.hear(body["event"], own_ids(body))

    for kind in CHANGES:
        app.event(kind)(guarded(change))


def register_uninstallation(
    app: SlackApp, guarded: Callable[[Listener], Listener], gateway: SlackClient, installations: Installations
) -> None:
    """Register the event that the app was removed from a workspace."""

    async def forget(ack: AsyncAck, body: Body) -> None:
        """Forget the installation, unless Slack accepts its token: then it was installed again."""
        await ack()
        workspace = await installations.find(*_candidates(body))
        if workspace:
            with working_for(workspace):
                if await gateway.is_token_refused():
                    await installations.uninstall(workspace)
                    LOG.warning("The app was uninstalled from %s", workspace)

    for kind in UNINSTALLED:
        app.event(kind)(guarded(forget))


def find_installation(installations: Installations) -> Callable[[AsyncBoltRequest, Next], Awaitable[BoltResponse]]:
    """Return middleware that selects the workspace of a request; requests from elsewhere are stopped."""
    elsewhere = Once(DELIVERY_SECONDS)

    async def find(req: AsyncBoltRequest, next_: Next) -> BoltResponse:
        if (req.body.get("event") or {}).get("type") in UNINSTALLED or req.body.get("type") == "url_verification":
            return await next_()
        asked = (req.context.enterprise_id if req.context.is_enterprise_install else req.context.team_id, *_candidates(req.body))
        workspace = await installations.find(*asked)
        if workspace is None:
            if elsewhere.is_first(asked):
                LOG.warning("A request came from %s, where the app is not installed, or which app.yaml does not name", asked[0])
            told = json.dumps(NOT_INSTALLED_HERE) if "command" in req.body else ""
            return BoltResponse(status=HTTPStatus.OK, body=told, headers={"content-type": "application/json"} if told else {})
        work_for(workspace)
        return await next_()

    return find


def _candidates(body: Body) -> tuple[str | None, ...]:
    """Return the workspaces and organisations that a request names, the likeliest first."""
    authorized = [one for one in body.get("authorizations") or () if isinstance(one, dict)]
    return (
        *(one.get("enterprise_id") if one.get("is_enterprise_install") else one.get("team_id") for one in authorized),
        body.get("team_id"),
        body.get("enterprise_id"),
        *(one.get("enterprise_id") for one in authorized),
        *(told.get("id") for name in ("team", "enterprise") if isinstance(told := body.get(name), dict)),
    )


async def acknowledge(ack: AsyncAck, _: Body) -> None:
    """Acknowledge what needs no answer: Slack has opened the link itself."""
    await ack()


def ack_unhandled(failed: Failed) -> Callable[[Exception, Body], Awaitable[BoltResponse | None]]:
    """Return the error handler that accepts requests without a listener, such as an event added in Slack's settings.

    Without an acknowledgement Slack would send it again and again.
    """

    async def handle(error: Exception, body: Body) -> BoltResponse | None:
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=HTTPStatus.OK)
        await failed(error, body)
        return None

    return handle


def with_error_handling(failed: Failed, app: SlackApp, listener: Listener) -> Listener:
    """Return the listener, counted as open work, with its errors reported by `failed` and always an acknowledgement.

    If several processes listen to Slack, the acknowledgement waits for the answer: see `HeldAck`.

    Bolt has an error handler too, but loses the acknowledgement of a listener that fails within ten milliseconds
    of it: Slack then waits three seconds and shows an error of its own.
    """

    async def run(ack: AsyncAck, body: Body) -> None:
        if app.turns.hold_seconds:
            async with hold_ack(ack, app.turns.hold_seconds, partial(owe_answer, app.turns, body)) as held:
                await handle(cast("AsyncAck", held), body)
            await app.turns.finish()
        else:
            await handle(ack, body)
            if ack.response is None:
                await ack()

    async def handle(ack: AsyncAck, body: Body) -> None:
        with app.open_work.track(), request():
            try:
                await listener(ack, body)
            except Exception as error:  # noqa: BLE001 - the one place where anything that fails is told and logged
                if ack.response is None:
                    await ack()
                await failed(error, body)

    return run


def asgi(app: SlackApp) -> Asgi:
    """Return the app as an ASGI application that accepts Slack's requests, and ends only when its answers are sent.

    Under a parent that handles the lifespan itself, await `app.open_work.finished()` at the end.
    """
    return finishing(SlackRequests(app), app.open_work)


async def owe_answer(turns: Turns, body: Body) -> None:
    """Leave a question to another replica, in case this one dies after acknowledging and before answering it.

    Raises: MachineError, if that fails; then it is better not acknowledged, and Slack reports that to the asker.
    """
    if "command" in body or (body.get("event") or {}).get("type") in QUESTIONS:
        try:
            await turns.owe(json.dumps({"workspace": current_workspace(), "body": body}))
        except MachineError as trouble:
            LOG.warning("A question is not acknowledged, because no other replica would answer it: %s", trouble)
            raise


async def answer_inherited(app: SlackApp) -> None:
    """Answer what replicas that are gone still owe. Raises: MachineError."""
    for name, told in (await app.turns.inherit()).items():
        owed = json.loads(told)
        with working_for(owed["workspace"]), app.open_work.track(), request():
            async with app.turns.inherited(name):
                await app.answer_owed(owed["body"])


class SlackRequests:
    """Accepts Slack's requests over HTTP, as an ASGI application: what Bolt cannot read is refused, with one line in the log."""

    def __init__(self, app: SlackApp) -> None:
        """Receive nothing yet."""
        self._bolt, self._turns = AsyncSlackRequestHandler(app, path=app.path), app.turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        has_begun = False

        async def send_noted(event: MutableMapping[str, Any]) -> None:
            nonlocal has_begun
            has_begun = True
            await send(event)

        try:
            async with self._turns.request():
                await self._bolt(scope, receive, send_noted)
        except Exception as error:  # noqa: BLE001 - a request that nobody can read comes from anybody
            with request():
                log_error(error, LOG)
            if not has_begun:
                await send({"type": "http.response.start", "status": HTTPStatus.BAD_REQUEST, "headers": []})
                await send({"type": "http.response.body", "body": b""})


def reject_replays(turns: Turns) -> Callable[[AsyncBoltRequest, Next], Awaitable[BoltResponse]]:
    """Return middleware that handles every request once.

    A signature stays valid for five minutes on either side of its time, so a signed request seen before is
    refused. Slack repeats events, over HTTP perhaps with the same signature, and over Socket Mode everything without an
    acknowledgement; a repetition is acknowledged and stopped. If several processes listen to Slack and it is unknown
    what the others received, nothing is accepted: 503. Source: docs.slack.dev/apis/events-api, retries.
    """

    async def refuse_replays(req: AsyncBoltRequest, next_: Next) -> BoltResponse:
        delivery = req.body.get("event_id") or (req.mode == SOCKET_MODE and req.body.get("trigger_id"))
        signature = ("signature", req.headers.get("x-slack-signature", [""])[0])
        try:
            if req.mode != SOCKET_MODE and await turns.take(signature, SIGNATURE_SECONDS) == "taken":
                is_repetition = "event" in req.body and "x-slack-retry-num" in req.headers
                return BoltResponse(status=HTTPStatus.OK if is_repetition else HTTPStatus.UNAUTHORIZED)
            if delivery and await turns.take(("delivery", delivery), DELIVERY_SECONDS) == "taken":
                return BoltResponse(status=HTTPStatus.OK)
        except MachineError as trouble:
            LOG.warning("A request from Slack is left to another replica: %s", trouble)
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if turns.hold_seconds and "event" in req.body:
            req.context["ack"] = AckOfListener()
        return await next_()

    return refuse_replays


class AckOfListener(AsyncAck):
    """An acknowledgement of an event by the listener: Bolt's own, sent before any listener runs, is suppressed."""

    def __init__(self) -> None:
        """Wait for Bolt's own."""
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt says no types there
        self._is_bolts = True

    async def __call__(self, *said: Any, **more: Any) -> BoltResponse:  # noqa: ANN401 - as Bolt has it
        """Acknowledge, unless this is Bolt's own acknowledgement."""
        if self._is_bolts:
            self._is_bolts = False
            return BoltResponse(status=HTTPStatus.OK)
        return await super().__call__(*said, **more)


def _static_authorization(bot_token: str) -> Callable[[AsyncBoltContext], Awaitable[AuthorizeResult]]:
    """Return an authorization without a call to Slack, so that acknowledgements do not depend on its Web API."""

    async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=context.enterprise_id, team_id=context.team_id, bot_token=bot_token)

    return authorize
