"""Slack's Web API and response URLs: the one place that sends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.retry import SERVER_ERROR, long_retries, reason_of, retry_after_of, short_retries, status_of
from core.errors import InputError, MachineError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    from slack_sdk.http_retry.async_handler import AsyncRetryHandler

    from bot.slack.blocks.elements import Block
    from bot.slack.blocks.message import SlackMessage
    from bot.slack.origin import SlackOrigin
    from bot.slack.settings import SlackSettings

LOG = logging.getLogger("agentcost.slack")
OK, BAD_REQUEST = 200, 400
BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
TOO_LATE = frozenset({"expired_trigger_id", "invalid_trigger_id", "exchanged_trigger_id", "trigger_expired"})
VIEW_GONE = frozenset({"hash_conflict", "not_found", "view_not_found"})
OPEN_AGAIN = "Slack opens a form only within three seconds, and this one came later. Press the button again."
UNREACHABLE = (ClientError, TimeoutError)
DIRECT = "D"
HISTORY_PAGE = 200
Told = TypeVar("Told")


class UndeliveredError(MachineError):
    """Slack did not take a message; `reason` is Slack's word for it, such as is_archived or token_revoked.

    retry_after_seconds: how long Slack asks to be left alone, where it does.
    """

    def __init__(self, reason: str, *, is_unreached: bool = False, retry_after_seconds: float | None = None) -> None:
        """Say what Slack answered, or that it did not."""
        self.reason = reason
        self.is_unreached = is_unreached
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"Slack did not take the message: {reason}. Check the bot's token, its scopes and the channel.")


class Person(NamedTuple):
    """Someone in Slack, as far as rights depend on it."""

    is_guest: bool
    is_of_other_workspace: bool


class ConversationInfo(NamedTuple):
    """A conversation, as far as it matters whether we can be asked there."""

    is_archived: bool
    is_member: bool


class SlackClient:
    """Sends messages to where they belong, in the richest form that Slack takes, and asks Slack who people are."""

    def __init__(self, settings: SlackSettings) -> None:
        """Connect to nothing yet."""
        self._client = _client(settings, long_retries())
        self._at_once = _client(settings, short_retries())
        self._once = _client(settings, [])
        self._app_token = settings.app_token
        self._timeout_seconds = settings.timeout_seconds

    async def answer(self, place: SlackOrigin, message: SlackMessage) -> None:
        """Send an answer to where it was asked for: by the response URL to the asker alone, else to the thread.

        Where the response URL is used up or expired, the asker gets the answer in the channel, seen by no one else,
        or at last as a direct message.

        Raises: UndeliveredError.
        """
        if place.response_url is None:
            await self.post(place.channel or place.user, message, place.thread)
        elif not await self._respond(place, message, {"response_type": "ephemeral", "replace_original": False}):
            await self._to_asker(place, message)

    async def share(self, place: SlackOrigin, message: SlackMessage) -> None:
        """Send a message to everyone in the place's channel. Raises: UndeliveredError."""
        if not await self._respond(place, message, {"response_type": "in_channel", "replace_original": False}):
            await self.post(place.channel or place.user, message, place.thread)

    async def replace(self, place: SlackOrigin, message: SlackMessage) -> None:
        """Put a message in the place of the one whose button was pressed; where that cannot be, leave it."""
        await self._respond(place, message, {"replace_original": True})

    async def post(self, channel: str, message: SlackMessage, thread: str | None = None) -> None:
        """Send a message to a conversation or member, by id. Raises: UndeliveredError."""
        await _deliver(lambda payload: self._client.chat_postMessage(channel=channel, thread_ts=thread, **payload), message)

    async def post_once(self, channel: str, message: SlackMessage, metadata: Block) -> str:
        """Send a message with metadata, and not again whatever happens; return what Slack calls it.

        Raises: UndeliveredError; where Slack was not reached, it may have the message all the same.
        """
        told: dict[str, Any] = {"channel": channel, "metadata": metadata}
        try:
            answer = await _call(self._once.chat_postMessage(**told, **message.payload()))
        except UndeliveredError as refusal:
            if refusal.reason not in BLOCKS_REFUSED:
                raise
            answer = await _call(self._once.chat_postMessage(**told, **message.payload_of_text()))
        return str(answer["ts"])

    async def history(self, channel: str, since: datetime) -> AsyncIterator[Block]:
        """Give the messages of a conversation since an instant, with their metadata, newest first. Raises: UndeliveredError."""
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

    async def open_view(self, trigger_id: str, view: Block) -> None:
        """Open a modal. Raises: InputError, if it comes too late for Slack; UndeliveredError."""
        refusal = await _refusal(self._at_once.views_open(trigger_id=trigger_id, view=view))
        if refusal in TOO_LATE:
            raise InputError(OPEN_AGAIN)
        if refusal:
            raise UndeliveredError(refusal)

    async def update_view(self, view_id: str, view_hash: str, view: Block) -> None:
        """Put a modal in the place of an open one; where that was changed or closed meanwhile, leave it."""
        refusal = await _refusal(self._at_once.views_update(view_id=view_id, hash=view_hash, view=view))
        if refusal and refusal not in VIEW_GONE:
            raise UndeliveredError(refusal)

    async def publish_view(self, user: str, view: Block) -> None:
        """Put a page into a member's App Home. Raises: UndeliveredError."""
        refusal = await _refusal(self._client.views_publish(user_id=user, view=view))
        if refusal:
            raise UndeliveredError(refusal)

    async def file(self, file_id: str) -> Block:
        """Return what Slack tells of a file. Raises: UndeliveredError, with Slack's word, such as file_deleted."""
        told: Block = (await _call(self._client.files_info(file=file_id)))["file"]
        return told

    async def react(self, channel: str, timestamp: str, name: str) -> None:
        """Put a reaction below a message; where that cannot be, do without."""
        await self._attempt_decoration(self._at_once.reactions_add(channel=channel, timestamp=timestamp, name=name))

    async def unreact(self, channel: str, timestamp: str, name: str) -> None:
        """Take a reaction of the app's away; where that cannot be, leave it."""
        await self._attempt_decoration(self._at_once.reactions_remove(channel=channel, timestamp=timestamp, name=name))

    async def upload(self, path: Path, channel: str, thread: str | None) -> None:
        """Share a file in a conversation or thread. Raises: UndeliveredError."""
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
        home = await _call(self._at_once.auth_test())
        teams = {told.get("team_id"), *told.get("enterprise_user", {}).get("teams", ())}
        is_guest = bool(told.get("is_restricted") or told.get("is_ultra_restricted"))
        return Person(is_guest, bool(told.get("is_stranger")) or home["team_id"] not in teams)

    async def members(self, user_group: str) -> frozenset[str]:
        """Return the members of a user group, by id. Raises: UndeliveredError, if Slack does not say."""
        told = await _call(self._at_once.usergroups_users_list(usergroup=user_group))
        return frozenset(told["users"])

    async def granted_scopes(self) -> frozenset[str]:
        """Return the scopes of the bot's token. Raises: UndeliveredError. Source: docs.slack.dev/reference/scopes."""
        told = await _call(self._at_once.auth_test())
        return frozenset(scope.strip() for scope in told.headers.get("x-oauth-scopes", "").split(","))

    async def channel(self, channel: str) -> ConversationInfo:
        """Return what Slack says of a conversation. Raises: UndeliveredError."""
        told = (await _call(self._at_once.conversations_info(channel=channel)))["channel"]
        return ConversationInfo(bool(told.get("is_archived")), bool(told.get("is_member") or told.get("is_im")))

    async def socket_url(self) -> str:
        """Return where Socket Mode connects to, good for one connection. Raises: UndeliveredError."""
        told = await _call(self._at_once.apps_connections_open(app_token=self._app_token or ""))
        return str(told["url"])

    async def _attempt_decoration(self, call: Awaitable[object]) -> None:
        refusal = await _refusal(call)
        if refusal:
            LOG.info("A reaction was not set: %s", refusal)

    async def _to_asker(self, place: SlackOrigin, message: SlackMessage) -> None:
        where: dict[str, Any] = {"channel": place.channel or "", "user": place.user, "thread_ts": place.thread}
        try:
            await _deliver(lambda payload: self._client.chat_postEphemeral(**where, **payload), message)
        except UndeliveredError:
            await self.post(place.user, message)

    async def _respond(self, place: SlackOrigin, message: SlackMessage, manner: dict[str, Any]) -> bool:
        if place.response_url is None:
            return False
        manner = manner | ({"thread_ts": place.thread} if place.thread else {})
        status = await self._post_response(place.response_url, message.payload() | manner)
        if status == BAD_REQUEST:
            status = await self._post_response(place.response_url, message.payload_of_text() | manner)
        return status == OK

    async def _post_response(self, url: str, payload: Block) -> int:
        """Return the status that the response URL answered with. Raises: UndeliveredError, if it did not answer."""
        client = AsyncWebhookClient(url, timeout=self._timeout_seconds, retry_handlers=long_retries())
        return (await _call(client.send_dict(payload))).status_code


async def _deliver(send: Callable[[Block], Awaitable[object]], message: SlackMessage) -> None:
    refusal = await _refusal(send(message.payload()))
    if refusal in BLOCKS_REFUSED:
        refusal = await _refusal(send(message.payload_of_text()))
    if refusal:
        raise UndeliveredError(refusal)


async def _refusal(call: Awaitable[object]) -> str | None:
    """Return Slack's word for why it did not do what was asked, or how it could not be reached; None if it did it."""
    try:
        await _call(call)
    except UndeliveredError as error:
        return error.reason
    return None


async def _call(call: Awaitable[Told]) -> Told:
    """Return what Slack answered. Raises: UndeliveredError, with Slack's word for why not, or how it was not reached."""
    try:
        return await call
    except SlackApiError as error:
        is_unreached, pause = status_of(error) >= SERVER_ERROR, retry_after_of(error)
        raise UndeliveredError(reason_of(error), is_unreached=is_unreached, retry_after_seconds=pause) from error
    except UNREACHABLE as error:
        raise UndeliveredError(type(error).__name__, is_unreached=True) from error


def _client(settings: SlackSettings, retries: list[AsyncRetryHandler]) -> AsyncWebClient:
    return AsyncWebClient(settings.bot_token, base_url=settings.api_url, timeout=settings.timeout_seconds, retry_handlers=retries)
