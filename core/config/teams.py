"""Who gets notified: the `teams` section of app.yaml as values."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, Any, Literal

from core.config.alerts import A_LEVEL
from core.config.setting import ListOf, NamedValues, Setting, SettingGroup, Text
from core.records import NamedTuple
from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEMBER = re.compile(r"[UW][A-Z0-9]{2,}")
"""A Slack member id; any other text is a name."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERYONE = "everyone"

AddressKind = Literal["channel", "spreadsheet", "email"]


HOUR = "([01][0-9]|2[0-3]):[0-5][0-9]"
TEAM = SettingGroup(
    (
        Setting(
            "channels",
            ListOf(
                Setting(
                    "channel",
                    Text("^[CGDUW][A-Z0-9]{5,}$"),
                    "a conversation's id, such as C0123ABCDEF (in Slack, open its details and copy the id; names change), or a "
                    "member's, such as U012AB3CD, for a direct message",
                ),
                is_unique=True,
            ),
            "a list of ids of Slack conversations, or of members for direct messages, each named once",
        ),
        Setting(
            "spreadsheets",
            ListOf(
                Setting(
                    "spreadsheet",
                    Text("^[A-Za-z0-9_-]{20,}$"),
                    "a spreadsheet's id: the long word in its address, after /d/",
                ),
                is_unique=True,
            ),
            "a list of spreadsheet ids, each named once",
        ),
        Setting(
            "workspace",
            Text("^[TE][A-Z0-9]{5,}$"),
            "the Slack workspace of the team's channels, such as T012AB3CD; an organisation's where the app is installed in one",
            usual="the only one where the app is installed",
        ),
        Setting(
            "emails",
            ListOf(Setting("email", Text("^[^@\\s,<>]+@[^@\\s,<>]+\\.[^@\\s,<>]+$"), "an e-mail address"), is_unique=True),
            "a list of e-mail addresses, each named once; AGENTCOST_SMTP and AGENTCOST_MAIL_FROM say how mail leaves",
        ),
        Setting("org", Text(), "the org that the team watches, as the exports spell it", usual="all"),
        Setting(
            "departments",
            ListOf(Setting("department", Text(), "the name of a department"), is_unique=True),
            "a list of departments that the team watches, as the tags spell them",
            usual="all",
        ),
        Setting(
            "agents",
            ListOf(Setting("agent", Text(), "the name of an agent"), is_unique=True),
            "a list of agents that the team watches, by developer name",
            usual="all",
        ),
        Setting(
            "card",
            Text(),
            "the consumption card that the team watches, by its developer name",
            usual="every card with grants",
        ),
        Setting(
            "levels",
            ListOf(Setting("level", A_LEVEL, "a level is"), is_unique=True, minimum=1),
            "the team's own levels: a list of whole numbers from 1 to 200, each named once",
            usual="alerts.levels",
        ),
        Setting(
            "weekly_digest",
            Text(f"^({'|'.join(WEEKDAYS)}) {HOUR}$"),
            "when the weekly digest comes, in the team's time zone: a weekday and an hour, such as Mon 08:00",
        ),
        Setting(
            "monthly_digest",
            Text(f"^([1-9]|1[0-9]|2[0-8]) {HOUR}$"),
            "when the monthly digest comes: a day of the month from 1 to 28 and an hour, such as 1 08:00",
        ),
        Setting(
            "owner",
            Text(),
            "who looks after the team's alerts: a member's id such as U012AB3CD, who is then mentioned, or a name",
            usual="alerts.owner",
        ),
    )
)
TEAMS = NamedValues(
    Setting(
        "team",
        TEAM,
        "a team may have channels, workspace, spreadsheets, emails, org, departments, agents, card, levels, weekly_digest, "
        "monthly_digest and owner",
    )
)


class Hour(NamedTuple):
    """A time in a week or month, in the team's time zone. day: 0 (Monday) to 6 in a week, 1 to 28 in a month."""

    day: int
    at: time


class Address(NamedTuple):
    """A message's destination: a conversation or a spreadsheet by its id, or an e-mail address."""

    kind: AddressKind
    id: str


class Team(NamedTuple):
    """One team: its channels, what it watches, when it wants a digest; levels None for the general ones.

    watches: without a card, every card with grants. workspace: the Slack workspace of its channels; empty for the only one.
    """

    name: str
    channels: tuple[str, ...] = ()
    spreadsheets: tuple[str, ...] = ()
    watches: Scope = EVERYTHING
    levels: tuple[int, ...] | None = None
    weekly: Hour | None = None
    monthly: Hour | None = None
    owner: str = ""
    workspace: str = ""
    emails: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every channel of the team."""
        return (
            *(Address("channel", one) for one in self.channels),
            *(Address("spreadsheet", one) for one in self.spreadsheets),
            *(Address("email", one) for one in self.emails),
        )


def teams_of(raw: Mapping[str, Any]) -> tuple[Team, ...]:
    """Return the teams of a section that fits the schema, in order."""
    return tuple(_team(name, one) for name, one in raw.items())


def _team(name: str, raw: Mapping[str, Any]) -> Team:
    return Team(
        name=name,
        channels=tuple(raw.get("channels", ())),
        spreadsheets=tuple(raw.get("spreadsheets", ())),
        watches=Scope.from_json(raw)._replace(card=raw.get("card", "").replace(" ", "")),
        levels=tuple(sorted(raw["levels"])) if "levels" in raw else None,
        weekly=_hour(raw.get("weekly_digest", ""), WEEKDAYS),
        monthly=_hour(raw.get("monthly_digest", ""), ()),
        owner=raw.get("owner", ""),
        workspace=raw.get("workspace", ""),
        emails=tuple(raw.get("emails", ())),
    )


def _hour(text: str, names: tuple[str, ...]) -> Hour | None:
    day, _, at = text.partition(" ")
    return Hour(names.index(day) if names else int(day), time.fromisoformat(at)) if text else None


def watching(teams: Iterable[Team]) -> tuple[Team, ...]:
    """Return the teams to evaluate: those of app.yaml and, if none of them watches everything, one that does.

    The extra team has no channel: its alerts are in `alerts` and in App Home, so that nothing about the whole goes unseen.
    """
    known = tuple(teams)
    return known if any(team.watches == EVERYTHING for team in known) else (*known, Team(EVERYONE))
