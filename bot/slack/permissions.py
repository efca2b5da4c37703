"""Who may do what: the rules of app.yaml, checked against what Slack says about somebody."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from bot.slack.channels import REMEMBERED_SECONDS
from bot.slack.client import TOKEN_REFUSED, UndeliveredError
from bot.slack.installation import current_workspace
from core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.slack.client import SlackClient
    from bot.slack.origin import SlackOrigin
    from core.config import Allowed, Right, SlackRules

LOG = logging.getLogger("agentcost.slack")
SUBJECTS: dict[Right, str] = {
    "wallet": "Wallet figures are",
    "import": "Importing exports is",
    "acknowledge": "Acknowledging alerts is",
    "connect": "Writing into app.yaml from Slack is",
}
HOME = "auth.test"
NOBODY_NAMED = "whoever runs agentcost here"


class RefusedError(InputError):
    """Somebody asked for what is not open to them; only they see this."""


class Permissions:
    """The rules in force and what Slack said of people lately."""

    def __init__(
        self, gateway: SlackClient, rules: Callable[[], SlackRules], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Know nobody yet; the rules are read anew each time, so that a change holds at once."""
        self._gateway = gateway
        self._rules = rules
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, Any]] = {}

    async def rules(self) -> SlackRules:
        """Return the rules in force."""
        return await asyncio.to_thread(self._rules)

    async def require(self, place: SlackOrigin, right: Right) -> None:
        """Return where a right is held. Raises: RefusedError, in the words of `refusal`."""
        refused = await self.refusal(place, right)
        if refused:
            raise RefusedError(refused)

    async def refusal(self, place: SlackOrigin, right: Right) -> str | None:
        """Return why somebody has no right where they ask, and whom to ask about it; None if they have it.

        Where Slack does not say who somebody is, nothing is open to them.
        """
        rules = await self.rules()
        contact = rules.contact or NOBODY_NAMED
        try:
            reason = await self._reason(place, rules.of(right))
        except UndeliveredError as error:
            LOG.warning("Slack did not say who somebody is: %s", error.reason)
            reason = f"not open while Slack does not say who you are; {remedy_of(error)}"
        return f"{SUBJECTS[right]} {reason}. Please ask {contact}." if reason else None

    async def _reason(self, place: SlackOrigin, allowed: Allowed) -> str | None:
        if place.user in allowed.users:
            return None
        person = await self._cached(place.user, self._gateway.person)
        home = await self._cached(HOME, lambda _: self._gateway.installation())
        if not home.is_home_of(person, place.team) and not allowed.other_workspaces:
            return "not open to people of other workspaces"
        if person.is_guest and not allowed.guests:
            return "not open to guests"
        if allowed.is_for_members or place.channel in allowed.channels:
            return None
        # Of an organisation's workspaces each is asked. Source: docs.slack.dev/reference/methods/usergroups.users.list
        teams = dict.fromkeys(filter(None, (place.team, *sorted(person.teams)))) if home.is_org_wide else (None,)
        if await self._is_in(allowed.user_groups, place.user, tuple(teams)):
            return None
        return "open only to those, and in those channels, that app.yaml names"

    async def _is_in(self, user_groups: tuple[str, ...], user: str, teams: tuple[str | None, ...]) -> bool:
        """Whether somebody is in a user group of one of the workspaces. Raises: UndeliveredError, where none tells of a group."""
        for group in user_groups:
            untold = 0
            for team in teams:
                try:
                    if user in await self._cached(f"{group} {team or ''}", self._members_in(team)):
                        return True
                except UndeliveredError:
                    untold += 1
                    if untold == len(teams):
                        raise
        return False

    def _members_in(self, team: str | None) -> Callable[[str], Awaitable[frozenset[str]]]:
        """Return what asks for the members of a user group, by the key under which they are kept: its id, then the workspace."""
        return lambda key: self._gateway.members(key.partition(" ")[0], team)

    async def _cached(self, key: str, ask: Callable[[str], Awaitable[Any]]) -> Any:  # noqa: ANN401 - a person or a group's members
        here = current_workspace(), key
        told, what = self._known.get(here, (None, None))
        if told is None or self._clock() - told > REMEMBERED_SECONDS:
            what = await ask(key)
            self._known[here] = (self._clock(), what)
        return what

    async def own_ids(self) -> frozenset[str]:
        """Return the app's own member id; none while Slack does not say."""
        try:
            return frozenset({(await self._cached(HOME, lambda _: self._gateway.installation())).user})
        except UndeliveredError as error:
            LOG.warning("Slack did not say who the app is: %s", error.reason)
            return frozenset()


def remedy_of(error: UndeliveredError) -> str:
    """Return what helps where Slack does not say something: an admin, or time."""
    if error.reason == "missing_scope":
        return f"the app lacks the scope {error.needed or 'for it'}: it must be added and the app installed again"
    if error.reason in TOKEN_REFUSED:
        return f"Slack refuses the app's token ({error.reason}): the app must be installed again"
    return "try again in a minute"
