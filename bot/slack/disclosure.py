"""The one policy for where wallet figures may go, applied before answers and messages are sent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.slack.client import UndeliveredError
from core.config import MEMBER
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.slack.channels import Channels
    from bot.slack.client import SlackClient
    from bot.slack.origin import SlackOrigin
    from core.config import SlackRules, Team

SHARED, OUTSIDER = "shared_with_another_company", "member_is_a_guest"
WHY_HERE = (
    "This would appear in {channel}, which is shared with another company, so only you see it. To allow it there, "
    "write under slack.channels in app.yaml: {channel}: {{allow_shared: true}}."
)


class OutsiderError(UndeliveredError):
    """A member is a guest, or of another company, and gets nothing of ours."""


class Target(NamedTuple):
    """Where a message goes. reason: why it goes there and not where it was meant to, empty where it does."""

    channel: str
    reason: str = ""


class Disclosure:
    """Decides by what Slack says of a channel, and by what app.yaml allows there."""

    def __init__(
        self,
        gateway: SlackClient,
        channels: Channels,
        rules: Callable[[], SlackRules],
        teams: Callable[[], Sequence[Team]] = tuple,
    ) -> None:
        """Know how to ask Slack, and where to read rules and teams, anew each time and in a thread."""
        self._gateway = gateway
        self._channels = channels
        self._rules = rules
        self._teams = teams

    async def is_for_asker_alone(self, place: SlackOrigin, *, is_shared: bool) -> bool:
        """Return whether an answer from the wallet is kept from others where it was asked.

        is_shared: whether Slack's event says that the channel is shared with another company; if it does not, Slack is asked.
        """
        rules = await asyncio.to_thread(self._rules)
        if place.channel is None or rules.may_show_others(place.channel):
            return False
        if is_shared:
            return True
        try:
            return (await self._channels.describe(place.channel)).is_shared
        except UndeliveredError:
            known = self._channels.last_known(place.channel)
            return known is not None and known.is_shared

    async def find_target(self, channel: str, team: str) -> Target:
        """Return where an alert or digest of a team goes that is meant for a channel.

        In a channel that another company shares it goes only where app.yaml allows that, else it goes to the team's owner.
        What is meant for a member goes there directly. Raises: UndeliveredError, where Slack does not say, or nobody may have it.
        """
        if MEMBER.fullmatch(channel):
            return Target(await self._open_direct(channel))
        try:
            is_shared = (await self._channels.describe(channel)).is_shared
        except UndeliveredError:
            is_shared = None
            if not await self._may_show_others(channel):
                raise
        channel = self._channels.current_id(channel)
        if not is_shared or await self._may_show_others(channel):
            return Target(channel)
        owner = await self._find_owner(team)
        if owner is None:
            raise UndeliveredError(SHARED)
        return Target(owner, WHY_HERE.format(channel=channel))

    async def find_targets(self, channel: str) -> list[Target]:
        """Return where messages that are meant for a channel may have gone: there, and to the owners of its teams."""
        if MEMBER.fullmatch(channel):
            return [Target(await self._open_direct(channel))]
        with suppress(UndeliveredError):
            await self._channels.describe(channel)  # it may go by another id now
        current = self._channels.current_id(channel)
        found = [Target(current)]
        for team in await asyncio.to_thread(self._teams):
            if current in map(self._channels.current_id, team.channels):
                try:
                    found.append(await self.find_target(channel, team.name))
                except UndeliveredError:
                    continue
        return list(dict.fromkeys(found))

    def goes_by_several(self, channel: str) -> bool:
        """Whether a channel went by other ids before, under which messages for it may wait as well."""
        return self._channels.goes_by_several(channel)

    def forget(self, channel: str) -> None:
        """Ask Slack anew what a channel is."""
        self._channels.forget(channel)

    async def _may_show_others(self, channel: str) -> bool:
        return (await asyncio.to_thread(self._rules)).may_show_others(channel)

    async def _find_owner(self, team: str) -> str | None:
        """Return the member who owns a team's alerts, opened as a conversation; None without one who may have its figures."""
        owner = next((one.owner for one in await asyncio.to_thread(self._teams) if one.name == team), "")
        with suppress(OutsiderError):
            return await self._open_direct(owner) if MEMBER.fullmatch(owner) else None
        return None

    async def _open_direct(self, member: str) -> str:
        """Return the conversation with a member. Raises: OutsiderError, for a guest or somebody of another company."""
        person, home = await self._gateway.person(member), await self._gateway.installation()
        if not home.is_home_of(person, None) or person.is_guest:
            raise OutsiderError(OUTSIDER)
        return await self._gateway.direct(member)
