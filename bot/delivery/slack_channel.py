"""Slack's conversations as channels for alerts and digests: each message carries its key, and is found by it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from bot.delivery import dispatcher
from bot.slack import UndeliveredError
from bot.slack.blocks import elements, notification_message
from bot.slack.installation import working_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.slack import Disclosure, SlackClient, Target
    from bot.slack.blocks import SlackMessage
    from core.alerts import OutboxMessage
    from core.config import Address

EVENT_TYPE = "agentcost_message"
CLOCKS_DIFFER_BY = timedelta(hours=1)
GONE = "channel_not_found"
# How far apart one message may reach a conversation under two of its ids: twice the time that a message is retried.
QUEUED_WITHIN = timedelta(days=2)
FINAL = frozenset(
    {
        "as_user_not_supported",
        "ekm_access_denied",
        "member_is_a_guest",
        "is_archived",
        "message_limit_exceeded",
        "messages_tab_disabled",
        "msg_too_long",
        "no_text",
        "restricted_action",
        "restricted_action_read_only_channel",
        "team_access_not_granted",
    }
)
WHAT_TO_DO = {
    "channel_not_found": "there is no such conversation, or the app was not invited to it",
    "not_in_channel": "the app was not invited to this conversation",
    "is_archived": "the conversation is archived",
    "shared_with_another_company": (
        "the channel is shared with another company. Name a member's id as the team's owner, or allow it in app.yaml: "
        "slack.channels.CHANNEL.allow_shared"
    ),
    "not_installed": "the app is not installed in the team's workspace, or app.yaml does not say which: teams.TEAM.workspace",
    "member_is_a_guest": "the member is a guest, or of another company",
    "missing_scope": "the app lacks a scope; docs/slack.md says how to renew it from the manifest",
    "invalid_auth": "Slack refuses the bot's token",
    "token_revoked": "the bot's token was revoked",
    "token_expired": "the bot's token has expired",
    "account_inactive": "the bot's account was deactivated",
    "ratelimited": "Slack's rate limit is reached",
}


class SlackMailbox:
    """Posts messages to conversations and finds them there again."""

    delivers_batch = False

    def __init__(self, gateway: SlackClient, disclosure: Disclosure, workspace_of: Callable[[str], str] = lambda _: "") -> None:
        """Know how to send, and where figures may go.

        workspace_of: the workspace that a channel is in, where there are several; it runs in a thread.
        """
        self._workspace_of = workspace_of
        self._gateway = gateway
        self._disclosure = disclosure
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def find(self, message: OutboxMessage, since: datetime) -> str | None:
        """Return what Slack calls a message that carries the key; the clocks may differ by an hour."""
        return (await self.history(message.address, since)).get(message.key)

    async def history(self, address: Address, since: datetime) -> dict[str, str]:
        """Return what Slack calls each of our messages meant for a conversation, by the key that it carries.

        Those that went to an owner instead are looked for there.
        """
        with working_for(await asyncio.to_thread(self._workspace_of, address.id)):
            return await self._search(address, since)

    async def _search(self, address: Address, since: datetime) -> dict[str, str]:
        found: dict[str, str] = {}
        for target in await self._disclosure.find_targets(address.id):
            async for key, ts in self._carried(target.channel, since):
                found.setdefault(key, f"{target.channel} {ts}" if target.reason else ts)
        return found

    async def _carried(self, channel: str, since: datetime) -> AsyncIterator[tuple[str, str]]:
        """Give the keys that the messages of a conversation carry, and what Slack calls the messages, newest first."""
        try:
            async for one in self._gateway.history(channel, since - CLOCKS_DIFFER_BY):
                metadata = one.get("metadata") or {}
                key = (metadata.get("event_payload") or {}).get("key")
                if metadata.get("event_type") == EVENT_TYPE and key:
                    yield str(key), str(one["ts"])
        except UndeliveredError as trouble:
            raise _channel_error(trouble) from trouble

    async def put(self, message: OutboxMessage) -> str:
        """Post a message with its key, and return what Slack calls it, after the conversation where it went elsewhere."""
        try:
            with working_for(await asyncio.to_thread(self._workspace_of, message.address.id)):
                target = await self._disclosure.find_target(message.address.id, message.team)
                return await self._put_once(message, target)
        except UndeliveredError as trouble:
            if trouble.reason == GONE:
                with working_for(await asyncio.to_thread(self._workspace_of, message.address.id)):
                    self._disclosure.forget(message.address.id)  # it may have moved since
            raise _channel_error(trouble) from trouble

    async def _put_once(self, message: OutboxMessage, target: Target) -> str:
        """Post a message; where its conversation went by other ids, only if it did not come there under one of them.

        app.yaml may name both, and each is a place of its own to whoever sends.
        """
        turn = self._turns.setdefault(target.channel, asyncio.Lock())
        async with turn:
            if self._disclosure.goes_by_several(target.channel):
                found = await self.find(message, datetime.now(UTC) - QUEUED_WITHIN)
                if found:
                    return found
            metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": message.key}}
            ts = await self._gateway.post_once(target.channel, _told_why(notification_message(message), target), metadata)
        return f"{target.channel} {ts}" if target.reason else ts


def _told_why(message: SlackMessage, target: Target) -> SlackMessage:
    return message.with_header(target.reason, elements.context([target.reason])) if target.reason else message


def _channel_error(trouble: UndeliveredError) -> dispatcher.ChannelError:
    """Return Slack's refusal for the sender: what an invitation or a new token fixes is not final."""
    words = WHAT_TO_DO.get(trouble.reason)
    pause = None if trouble.retry_after_seconds is None else timedelta(seconds=trouble.retry_after_seconds)
    return dispatcher.ChannelError(
        f"{trouble.reason}: {words}" if words else trouble.reason, is_final=trouble.reason in FINAL, retry_after=pause
    )
