"""Slack's channels as the warehouse keeps them: what Slack said of each, and the ids that they went by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.slack import ConversationInfo
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from core.warehouse import Warehouse


class StoredChannels:
    """A `ChannelBook` over the warehouse."""

    def __init__(self, warehouse: Callable[[], AbstractContextManager[Warehouse]]) -> None:
        """Open nothing yet."""
        self._warehouse = warehouse

    def facts(self) -> Mapping[tuple[str, str], ConversationInfo]:
        """Return what Slack last said of each channel, by workspace and id. Raises: AgentcostError."""
        with self._warehouse() as warehouse:
            rows = warehouse.rows(queries.SlackChannelsKnownRow)
        return {
            (row.workspace, row.channel): ConversationInfo(
                row.is_archived,
                row.is_member,
                row.is_private,
                row.is_shared,
                row.channel,
                (row.name,) if row.name else (),
                row.created,
                row.creator,
            )
            for row in rows
        }

    def moves(self) -> Mapping[str, str]:
        """Return the id that each channel got instead of an earlier one. Raises: AgentcostError."""
        with self._warehouse() as warehouse:
            return {row.old_channel: row.new_channel for row in warehouse.rows(queries.SlackChannelMovesKnownRow)}

    def keep(self, workspace: str, told: ConversationInfo) -> None:
        """Keep what Slack says of a channel. Raises: AgentcostError."""
        with self._warehouse() as warehouse, warehouse.writing() as session:
            session.run(
                "keep_slack_channel",
                workspace=workspace,
                channel=told.id,
                called=told.name,
                created=told.created,
                creator=told.creator,
                is_archived=told.is_archived,
                is_member=told.is_member,
                is_private=told.is_private,
                is_shared=told.is_shared,
                now=datetime.now(UTC),
            )

    def keep_move(self, old: str, new: str) -> None:
        """Keep that a channel goes by another id; one that comes back to an earlier id goes by that. Raises: AgentcostError."""
        with self._warehouse() as warehouse, warehouse.writing() as session:
            session.run("forget_slack_channel_move", channel=new)
            session.run("keep_slack_channel_move", old_channel=old, new_channel=new, now=datetime.now(UTC))
