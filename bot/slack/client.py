"""Slack's Web API and response URLs: the only module that sends."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import ClientError, encode_basic_auth
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.installation import EXPIRED, RenewedToken, TokenError
from bot.slack.origin import DIRECT
from bot.slack.proxies import proxy_for
from bot.slack.retry import SERVER_ERROR, long_retries, reason_of, retry_after_of, scope_needed, short_retries, status_of
from core.errors import InputError, MachineError
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from slack_sdk.http_retry.async_handler import AsyncRetryHandler
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

    from bot.slack.blocks.elements import Block
    from bot.slack.blocks.message import SlackMessage
    from bot.slack.installation import Renew, TokenSource
    from bot.slack.origin import SlackOrigin
    from bot.slack.settings import SlackSettings

LOG = logging.getLogger("agentcost.slack")
BAD_BLOCKS, TAKEN, REFUSAL_CHARACTERS = "invalid_blocks", "ok", 60
BLOCKS_REFUSED = frozenset({BAD_BLOCKS, "invalid_blocks_format", "msg_blocks_too_long"})
MAY_NOT_POST = frozenset(
    {
        "cannot_reply_to_message",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "posting_to_general_channel_denied",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
    }
)
ORGANISATION = "E"
TOKEN_REFUSED = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
        "team_access_not_granted",
    }
)
TOO_LATE = frozenset({"expired_trigger_id", "invalid_trigger_id", "exchanged_trigger_id", "trigger_expired"})
VIEW_GONE = frozenset({"hash_conflict", "not_found", "view_not_found"})
OPEN_AGAIN = "Slack opens a form only within three seconds, and this one was late. Press the button again."
UNREACHABLE = (ClientError, TimeoutError)
HISTORY_PAGE = 200
ResultT = TypeVar("ResultT")


class UndeliveredError(MachineError):
    """Slack refused a message; `reason` is Slack's code for it, such as is_archived or token_revoked.

    retry_after_seconds: the delay that Slack asks for, if any. needed: the missing scope, if any.
    """

    def __init__(
        self, reason: str, *, is_unreached: bool = False, retry_after_seconds: float | None = None, needed: str | None = None
    ) -> None:
        """Say what Slack answered, or that it did not answer."""
        self.reason = reason
        self.needed = needed
        self.is_unreached = is_unreached
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"Slack refused the message: {reason}. Check the bot's token, its scopes and the channel.")


def words_for(refusal: UndeliveredError) -> str:
    """Return why a call failed, in our own words if we know the reason, else in Slack's."""
    return str(refusal.__cause__) if isinstance(refusal.__cause__, TokenError) else refusal.reason


class Person(NamedTuple):
    """Someone in Slack, with the attributes that decide permissions.

    teams: the workspaces that they are in. organisation: the Enterprise Grid organisation that they belong to, if any.
    """

    is_guest: bool
    is_stranger: bool
    teams: frozenset[str]
    organisation: str | None = None


class Installation(NamedTuple):
    """Where the app is installed: in a workspace, or in every workspace of an organisation. user: the app's own member id."""

    team: str
    organisation: str | None
    is_org_wide: bool
    user: str

    def is_home_of(self, person: Person, asked_in: str | None) -> bool:
        """Whether somebody belongs to the workspace, or to the organisation if the app is installed in all of it.

        asked_in: the workspace of the request according to Slack, which in an organisation is one of its own.
        """
        if person.is_stranger:
            return False
        if not self.is_org_wide:
            return self.team in person.teams
        return person.organisation == self.organisation if person.organisation else asked_in in person.teams


class ConversationInfo(NamedTuple):
    """A channel, with the attributes that decide who asks and reads there. is_shared: with another company, or invited to be.

    created: the second of its creation; 0 if Slack does not say. names: current and previous, the current one first.
    """

    is_archived: bool
    is_member: bool
    is_private: bool = False
    is_shared: bool = False
    id: str = ""
    names: tuple[str, ...] = ()
    created: int = 0
    creator: str = ""

    @property
    def name(self) -> str:
        """Its current name; empty if Slack does not say."""
        return next(iter(self.names), "")

    def is_same_as(self, before: ConversationInfo) -> bool:
        """Whether it is a channel that was known under another id: created by the same member in the same second."""
        is_as_old = bool(before.created) and (self.created, self.creator) == (before.created, before.creator)
        return is_as_old and before.name in self.names


class _WebClient(AsyncWebClient):
    """Slack's SDK, with the token of the workspace that the running task works for, renewed if Slack calls it expired."""

    tokens: TokenSource

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:  # noqa: ANN401 - as the SDK has it
        """Call a method; with the bot's token, unless the call brings its own, or the app's credentials.

        Raises: SlackApiError, TokenError.
        """
        credentials = options.pop("auth", None)
        if credentials:  # the SDK sends them in a form that aiohttp rejects
            said = encode_basic_auth(credentials["client_id"], credentials["client_secret"])
            return await super().api_call(api_method, **options, headers={"Authorization": said})
        given = [options.get(kind) for kind in ("params", "data", "json")]
        if any(isinstance(said, dict) and said.get("token") for said in given):
            return await super().api_call(api_method, **options)
        token = await self.tokens.current()
        try:
            return await super().api_call(api_method, **_sign(options, token))
        except SlackApiError as error:
            if reason_of(error) != EXPIRED or not await self.tokens.renew_refused(token):
                raise
        return await super().api_call(api_method, **_sign(options, await self.tokens.current()))


def _sign(options: Mapping[str, Any], token: str) -> dict[str, Any]:
    return {**options, "headers": {**(options.get("headers") or {}), "Authorization": f"Bearer {token}"}}


class SlackClient:
    """Sends messages to their destination, in the richest form that Slack accepts, and asks Slack who people are."""

    def __init__(self, settings: SlackSettings) -> None:
        """Connect to nothing yet."""
        self._client = _client(settings, long_retries())
        self._at_once = _client(settings, short_retries())
        self._once = _client(settings, [])
        self._app_token = settings.app_token
        self._timeout_seconds = settings.timeout_seconds

    async def answer(self, place: SlackOrigin, message: SlackMessage) -> None:
        """Send an answer to where it was asked for: by the response URL to the asker alone, else to the thread.

        If the response URL is used up or expired, the asker gets the answer in the channel, visible to no one else,
        or as a last resort in a direct message.

        Raises: UndeliveredError.
        """
        if place.response_url is None:
            await self._post_or_tell(place, message)
        elif not await self._respond(place, message, {"response_type": "ephemeral", "replace_original": False}):
            await self._to_asker(place, message)

    async def _post_or_tell(self, place: SlackOrigin, message: SlackMessage) -> None:
        try:
            await self.post(place.channel or place.user, message, place.thread)
        except UndeliveredError as refusal:
            if refusal.reason not in MAY_NOT_POST:
                raise
            LOG.warning("The app may not post in %s (%s); only the asker sees the answer", place.channel, refusal.reason)
            await self._to_asker(place, message)

    async def share(self, place: SlackOrigin, message: SlackMessage) -> None:
        """Send a message to everyone in the channel of the question. Raises: UndeliveredError."""
        if not await self._respond(place, message, {"response_type": "in_channel", "replace_original": False}):
            await self.post(place.channel or place.user, message, place.thread)

    async def replace(self, place: SlackOrigin, message: SlackMessage) -> None:
        """Replace the message whose button was pressed; if that fails, leave it."""
        await self._respond(place, message, {"replace_original": True})

    async def post(self, channel: str, message: SlackMessage, thread: str | None = None) -> None:
        """Send a message to a channel or member, by id. Raises: UndeliveredError."""
        await _deliver(lambda payload: self._client.chat_postMessage(channel=channel, thread_ts=thread, **payload), message)

    async def post_noted(self, channel: str, message: SlackMessage) -> tuple[str, str]:
        """Send a message, and return its channel and its timestamp there. Raises: UndeliveredError."""
        told = await _call(self._at_once.chat_postMessage(channel=channel, **message.payload()))
        return str(told["channel"]), str(told["ts"])

    async def text_of(self, channel: str, timestamp: str) -> str | None:
        """Return the current text of a message; None if there is no such message. Raises: UndeliveredError."""
        stands = await self.message(channel, timestamp)
        return None if stands is None else str(stands["text"])

    async def message(self, channel: str, timestamp: str) -> Block | None:
        """Return the current state of a message; None if there is no such message. Raises: UndeliveredError."""
        told = await _call(
            self._at_once.conversations_history(channel=channel, oldest=timestamp, latest=timestamp, inclusive=True, limit=1)
        )
        return next((one for one in told["messages"] if one["ts"] == timestamp), None)

    async def post_once(self, channel: str, message: SlackMessage, metadata: Block) -> str:
        """Send a message with metadata, without any retry; return its timestamp.

        Raises: UndeliveredError; if Slack was not reached, it may have the message nevertheless.
        """
        told: dict[str, Any] = {"channel": channel, "metadata": metadata}
        try:
            answer = await _call(self._once.chat_postMessage(**told, **message.payload()))
        except UndeliveredError as refusal:
            if refusal.reason not in BLOCKS_REFUSED:
                raise
            answer = await _call(self._once.chat_postMessage(**told, **message.payload_of_text()))
        return str(answer["ts"])

    async def update(self, channel: str, timestamp: str, message: SlackMessage) -> None:
        """Replace one of our messages. Raises: UndeliveredError."""
        await _deliver(lambda payload: self._client.chat_update(channel=channel, ts=timestamp, **payload), message)

    async def history(self, channel: str, since: datetime) -> AsyncIterator[Block]:
        """Yield the messages of a channel since an instant, with their metadata, newest first. Raises: UndeliveredError."""
        cursor: str | None = ""
        while cursor is not None:
            page = await _call(
                self._once.conversations_history(
                    channel=channel,
                    oldest=f"{since.timestamp():.6f}",
                    include_all_metadata=True,
                    limit=HISTORY_PAGE,
                    cursor=cursor or None,
                )
            )
            for message in page["messages"]:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None

    async def suggest(self, channel: str, thread: str | None, title: str, prompts: list[dict[str, str]]) -> None:
        """Show prompts above the composer of a channel, or of one of its threads. Raises: UndeliveredError."""
        await _call(
            self._at_once.assistant_threads_setSuggestedPrompts(
                channel_id=channel, thread_ts=thread, title=title, prompts=prompts
            )
        )

    async def set_status(self, channel: str, thread: str, status: str) -> None:
        """Show what the app is doing in a thread; an empty status removes it. Raises: UndeliveredError."""
        await _call(self._once.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=status))

    async def set_title(self, channel: str, thread: str, title: str) -> None:
        """Set the title of a thread. Raises: UndeliveredError."""
        await _call(self._once.assistant_threads_setTitle(channel_id=channel, thread_ts=thread, title=title))

    async def open_view(self, trigger_id: str, view: Block) -> None:
        """Open a modal. Raises: InputError, if it is too late for Slack; UndeliveredError."""
        refusal = await _refusal(self._at_once.views_open(trigger_id=trigger_id, view=view))
        if refusal in TOO_LATE:
            raise InputError(OPEN_AGAIN)
        if refusal:
            raise UndeliveredError(refusal)

    async def update_view(self, view_id: str, view_hash: str, view: Block) -> None:
        """Replace an open modal; if it was changed or closed meanwhile, leave it."""
        refusal = await _refusal(self._at_once.views_update(view_id=view_id, hash=view_hash, view=view))
        if refusal and refusal not in VIEW_GONE:
            raise UndeliveredError(refusal)

    async def publish_view(self, user: str, view: Block) -> None:
        """Publish a member's App Home. Raises: UndeliveredError."""
        refusal = await _refusal(self._client.views_publish(user_id=user, view=view))
        if refusal:
            raise UndeliveredError(refusal)

    async def file(self, file_id: str) -> Block:
        """Return Slack's data about a file. Raises: UndeliveredError, with Slack's code, such as file_deleted."""
        told: Block = (await _call(self._client.files_info(file=file_id)))["file"]
        return told

    async def react(self, channel: str, timestamp: str, name: str) -> None:
        """Add a reaction to a message; if that fails, do without."""
        await self._attempt_decoration(self._at_once.reactions_add(channel=channel, timestamp=timestamp, name=name))

    async def unreact(self, channel: str, timestamp: str, name: str) -> None:
        """Remove one of the app's reactions; if that fails, leave it."""
        await self._attempt_decoration(self._at_once.reactions_remove(channel=channel, timestamp=timestamp, name=name))

    async def upload(self, path: Path, channel: str, thread: str | None) -> None:
        """Share a file in a channel or thread. Raises: UndeliveredError."""
        where = {"channel": channel, "thread_ts": thread}
        try:
            await _call(self._client.files_upload_v2(file=str(path), filename=path.name, title=path.name, **where))  # type: ignore[arg-type]  # as mypy reads the mapping
        except SlackRequestError as error:
            raise UndeliveredError("the upload failed") from error

    async def post_ephemeral(self, place: SlackOrigin, message: SlackMessage) -> None:
        """Send a message to the asker alone, wherever it was asked from. Raises: UndeliveredError."""
        is_alone = place.response_url or place.channel is None or place.channel.startswith(DIRECT)
        await (self.answer if is_alone else self._to_asker)(place, message)

    async def person(self, user: str) -> Person:
        """Return who someone is. Raises: UndeliveredError, if Slack does not say."""
        told = (await _call(self._at_once.users_info(user=user)))["user"]
        in_org = told.get("enterprise_user") or {}
        teams = frozenset(filter(None, (told.get("team_id"), *in_org.get("teams", ()))))
        is_guest = bool(told.get("is_restricted") or told.get("is_ultra_restricted"))
        organisation = in_org.get("enterprise_id") or told.get("enterprise_id")
        return Person(is_guest, bool(told.get("is_stranger")), teams, organisation)

    async def installation(self) -> Installation:
        """Return where the app is installed. Raises: UndeliveredError. Source: docs.slack.dev/enterprise, org-wide apps."""
        told = await _call(self._at_once.auth_test())
        team, organisation = str(told.get("team_id") or ""), told.get("enterprise_id")
        is_org_wide = bool(told.get("is_enterprise_install")) or team.startswith(ORGANISATION)
        return Installation(team, organisation or (team if is_org_wide else None), is_org_wide, str(told.get("user_id") or ""))

    async def has_answered(self, place: SlackOrigin, timestamp: str, own: frozenset[str]) -> bool:
        """Return whether our message follows one that asked: in its thread, or below it in a direct message.

        Raises: UndeliveredError.
        """
        channel, thread = place.channel or "", place.thread
        if thread is None:
            asked = self._at_once.conversations_history(channel=channel, oldest=timestamp, limit=HISTORY_PAGE)
        else:
            asked = self._at_once.conversations_replies(channel=channel, ts=thread, oldest=timestamp, limit=HISTORY_PAGE)
        told = await _call(asked)
        return any("bot_id" in one or one.get("user") in own for one in told["messages"] if one.get("ts") != timestamp)

    async def members(self, user_group: str, team: str | None = None) -> frozenset[str]:
        """Return the members of a user group, by id. Raises: UndeliveredError, if Slack does not say.

        team: the group's workspace, which Slack requires if the app is installed in a whole organisation.
        """
        told = await _call(self._at_once.usergroups_users_list(usergroup=user_group, team_id=team))
        return frozenset(told["users"])

    async def app_id(self) -> str | None:
        """Return the id of the app that the bot belongs to, None if Slack does not say. Raises: UndeliveredError."""
        bot = (await _call(self._at_once.auth_test())).get("bot_id")
        told = (await _call(self._at_once.bots_info(bot=bot)))["bot"] if bot else {}
        return told.get("app_id")

    async def is_token_refused(self) -> bool:
        """Return whether Slack permanently refuses the bot's token; False if Slack accepts it, or does not answer."""
        return await _refusal(self._once.auth_test()) in TOKEN_REFUSED

    async def granted_scopes(self) -> frozenset[str] | None:
        """Return the scopes of the bot's token, None if Slack does not list them.

        Raises: UndeliveredError. Source: docs.slack.dev/reference/scopes.
        """
        told = (await _call(self._at_once.auth_test())).headers.get("x-oauth-scopes")
        return None if told is None else frozenset(scope.strip() for scope in told.split(","))

    async def channel(self, channel: str) -> ConversationInfo:
        """Return Slack's data about a channel. Raises: UndeliveredError."""
        told = await _call(self._at_once.conversations_info(channel=channel))
        # Slack always says so; a stand-in that does not must not block every alert.
        return _conversation(told.get("channel") or {"id": channel})

    async def channels(self) -> AsyncIterator[ConversationInfo]:
        """Yield the channels that the app can see and that are not archived. Raises: UndeliveredError."""
        cursor: str | None = ""
        while cursor is not None:
            asked = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": HISTORY_PAGE}
            page = await _call(self._at_once.conversations_list(**asked, cursor=cursor or None))  # type: ignore[arg-type]  # as mypy reads the mapping
            for one in page["channels"]:
                yield _conversation(one)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None

    async def direct(self, user: str) -> str:
        """Return the id of the app's direct message channel with a member, opening it if needed. Raises: UndeliveredError."""
        return str((await _call(self._at_once.conversations_open(users=user)))["channel"]["id"])

    async def socket_url(self) -> str:
        """Return the address for Socket Mode, valid for one connection. Raises: UndeliveredError."""
        told = await _call(self._once.apps_connections_open(app_token=self._app_token or ""))
        return str(told["url"])

    async def _attempt_decoration(self, call: Awaitable[object]) -> None:
        refusal = await _refusal(call)
        if refusal:
            LOG.info("A reaction was not set: %s", refusal)

    async def _to_asker(self, place: SlackOrigin, message: SlackMessage) -> None:
        thread = None if place.begins_thread else place.thread
        where: dict[str, Any] = {"channel": place.channel or "", "user": place.user, "thread_ts": thread}
        try:
            await _deliver(lambda payload: self._client.chat_postEphemeral(**where, **payload), message)
        except UndeliveredError:
            await self.post(place.user, message)

    async def _respond(self, place: SlackOrigin, message: SlackMessage, manner: dict[str, Any]) -> bool:
        if place.response_url is None:
            return False
        manner = manner | ({"thread_ts": place.thread} if place.thread else {})
        refusal = await self._post_response(place.response_url, message.payload() | manner)
        if refusal in BLOCKS_REFUSED:
            refusal = await self._post_response(place.response_url, message.payload_of_text() | manner)
        if refusal:
            LOG.info("A response URL refused the answer: %s", refusal)
        return refusal is None

    async def _post_response(self, url: str, payload: Block) -> str | None:
        """Return why the response URL refused the message, None if it took it. Raises: UndeliveredError, if it did not answer.

        It refuses by its status, or by a body that is not "ok". Source: docs.slack.dev/interactivity/handling-user-interaction.
        """
        client = AsyncWebhookClient(url, timeout=self._timeout_seconds, retry_handlers=long_retries())
        client.proxy = proxy_for(url)
        told = await _call(client.send_dict(payload))
        return refusal_in(told.status_code, told.body or "")


def _conversation(told: Block) -> ConversationInfo:
    is_shared = bool(told.get("is_ext_shared") or told.get("is_pending_ext_shared") or told.get("pending_connected_team_ids"))
    is_private = bool(told.get("is_private") or told.get("is_im") or told.get("is_mpim"))
    names = tuple(filter(None, (told.get("name"), *(told.get("previous_names") or ()))))
    return ConversationInfo(
        bool(told.get("is_archived")),
        bool(told.get("is_member") or told.get("is_im")),
        is_private,
        is_shared,
        str(told.get("id") or ""),
        names,
        int(told.get("created") or 0),
        str(told.get("creator") or ""),
    )


def refusal_in(status: int, body: str) -> str | None:
    """Return why a response URL refused the message, as Slack's code if there is one; None if it took it."""
    try:
        told = json.loads(body)
    except ValueError:
        told = {"ok": not body.strip() or body.strip() == TAKEN, "error": body.strip()[:REFUSAL_CHARACTERS]}
    if status == HTTPStatus.BAD_REQUEST:
        return BAD_BLOCKS
    is_taken = status == HTTPStatus.OK and (told is True or (isinstance(told, dict) and told.get("ok", True) is True))
    return None if is_taken else str((isinstance(told, dict) and told.get("error")) or f"HTTP {status}")


async def _deliver(send: Callable[[Block], Awaitable[object]], message: SlackMessage) -> None:
    """Send a message, as text if Slack refuses its blocks. Raises: UndeliveredError."""
    try:
        await _call(send(message.payload()))
    except UndeliveredError as refusal:
        if refusal.reason not in BLOCKS_REFUSED:
            raise
        await _call(send(message.payload_of_text()))


async def _refusal(call: Awaitable[object]) -> str | None:
    """Return Slack's code for why it refused the call, or why Slack was not reached; None if it succeeded."""
    try:
        await _call(call)
    except UndeliveredError as error:
        return error.reason
    return None


async def _call(call: Awaitable[ResultT]) -> ResultT:
    """Return Slack's response. Raises: UndeliveredError, with Slack's code, or why Slack was not reached."""
    try:
        return await call
    except SlackApiError as error:
        is_unreached, pause = status_of(error) >= SERVER_ERROR, retry_after_of(error)
        needed = scope_needed(error)
        raise UndeliveredError(reason_of(error), is_unreached=is_unreached, retry_after_seconds=pause, needed=needed) from error
    except TokenError as error:
        raise UndeliveredError(error.reason) from error
    except UNREACHABLE as error:
        raise UndeliveredError(type(error).__name__, is_unreached=True) from error


def token_renewal(settings: SlackSettings, client_id: str, client_secret: str) -> Renew:
    """Return a function that gets a new token from Slack for a refresh token, asking once. Raises, when called: UndeliveredError.

    Source: docs.slack.dev/authentication/using-token-rotation.
    """
    once = _client(settings, [])

    async def renew(refresh_token: str) -> RenewedToken:
        told = await _call(
            once.oauth_v2_access(
                client_id=client_id, client_secret=client_secret, grant_type="refresh_token", refresh_token=refresh_token
            )
        )
        try:
            return RenewedToken(str(told["access_token"]), str(told["refresh_token"]), float(told["expires_in"]))
        except (KeyError, TypeError, ValueError) as trouble:
            raise UndeliveredError("no token in Slack's answer") from trouble

    return renew


def oauth_client(settings: SlackSettings) -> AsyncWebClient:
    """Return the client with which an installation calls Slack."""
    return _client(settings, [])


async def withdraw_token(settings: SlackSettings, token: str) -> None:
    """Revoke a token at Slack; if that fails, it is forgotten nevertheless."""
    once = _client(settings, [])
    refusal = await _refusal(once.auth_revoke(token=token))
    if refusal:
        LOG.warning("A token was not revoked: %s", refusal)


def _client(settings: SlackSettings, retries: list[AsyncRetryHandler]) -> AsyncWebClient:
    client = _WebClient(base_url=settings.api_url, timeout=settings.timeout_seconds, retry_handlers=retries)
    client.tokens = settings.token_source
    client.proxy = proxy_for(settings.api_url)  # the SDK reads proxy variables itself, but not NO_PROXY
    return client
