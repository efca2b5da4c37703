"""Who may do what in Slack: the `slack` section of app.yaml as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from core.config.setting import Flag, ListOf, NamedValues, Setting, SettingGroup, Text, Whole
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Right = Literal["wallet", "import", "acknowledge", "connect"]
LISTS = ("users", "user_groups", "channels")


A_CHANNEL = "^[CGD][A-Z0-9]{2,}$"
A_WORKSPACE = "^[TE][A-Z0-9]{5,}$"
OAUTH = SettingGroup(
    (
        Setting(
            "address",
            Text("^https?://[^/]+(/.*)?$"),
            "where people and Slack reach the service, such as https://agentcost.example.com",
            is_required=True,
        ),
        Setting(
            "workspaces",
            ListOf(
                Setting(
                    "workspace", Text(A_WORKSPACE), "a workspace's id such as T012AB3CD, or an organisation's such as E012AB3CD"
                ),
                is_unique=True,
                minimum=1,
            ),
            "ids of the workspaces and organisations where the app may be installed",
            is_required=True,
        ),
    )
)
MEMBERS = ListOf(
    Setting(
        "member", Text("^[UW][A-Z0-9]{2,}$"), "a member's id such as U012AB3CD (in Slack: the member's profile, Copy member ID)"
    )
)
GROUPS = ListOf(Setting("user group", Text("^S[A-Z0-9]{2,}$"), "a user group's id such as S012AB3CD"))
CHANNELS = ListOf(
    Setting("channel", Text(A_CHANNEL), "a channel's id such as C012AB3CD (in Slack: the channel's details, at the end)")
)


def _right(may: str, starters: tuple[str, str, str] = ("", "", "")) -> tuple[Setting, ...]:
    """Return the settings of a right. may: what it allows; starters: members, groups and channels in the starter file."""
    of_members, of_groups, of_channels = starters
    return (
        Setting(
            "users",
            MEMBERS,
            f"ids of members who may {may}",
            starter=of_members,
            remark="ids, not names" if all(starters) else "",
        ),
        Setting("user_groups", GROUPS, f"ids of user groups whose members may {may}", starter=of_groups),
        Setting(
            "channels",
            CHANNELS,
            f"ids of channels in which everyone may {may}",
            starter=of_channels,
            remark="everyone who asks in them",
        ),
        Setting(
            "guests",
            Flag(),
            f"whether guests are treated as members who may {may}",
            default=False,
            starter="false" if all(starters) else "",
        ),
        Setting(
            "other_workspaces",
            Flag(),
            f"whether people of other workspaces, in shared channels, are treated as members who may {may}",
            default=False,
            starter="false" if all(starters) else "",
            remark="people in channels shared through Slack Connect",
        ),
    )


IMPORT = SettingGroup(
    (
        *_right("import", ("", "[S012AB3CD]", "")),
        Setting(
            "max_bytes",
            Whole(1),
            "the most bytes that a shared file may have",
            100 * 1024**2,
            starter="104857600",
        ),
    )
)
SLACK = SettingGroup(
    (
        Setting(
            "contact",
            Text(max_length=200),
            "whom a refusal says to ask, in words such as Dana Roe in RevOps",
            starter="Dana Roe in RevOps",
            remark="whom a refusal says to ask",
        ),
        Setting(
            "wallet",
            SettingGroup(_right("ask about the wallet", ("[U012AB3CD]", "[S012AB3CD]", "[C012AB3CD]"))),
            "who gets wallet figures; with no one named, every member",
            remark="who gets wallet figures (default: every member, but no guest or other workspace)",
        ),
        Setting(
            "import",
            IMPORT,
            "who may import exports that they share; with no one named, nobody",
            remark="whose shared exports are imported (default: nobody's)",
        ),
        Setting(
            "acknowledge",
            SettingGroup(_right("acknowledge alerts", ("[U012AB3CD]", "", ""))),
            "who may acknowledge and snooze alerts; with no one named, every member",
            remark="who may acknowledge and snooze alerts (default: every member)",
        ),
        Setting(
            "connect",
            SettingGroup(_right("connect channels", ("[U012AB3CD]", "", ""))),
            "for whom `/agentcost connect` writes into app.yaml; with no one named, nobody, and the lines are shown, to be "
            "pasted",
            remark="for whom /agentcost connect writes into this file (default: nobody)",
        ),
        Setting(
            "channels",
            NamedValues(
                Setting(
                    "channel",
                    SettingGroup(
                        (
                            Setting(
                                "allow_shared",
                                Flag(),
                                "whether alerts, digests and wallet figures may appear in this channel though it is shared with "
                                "another company",
                                default=False,
                            ),
                        )
                    ),
                    "what holds in this channel",
                ),
                A_CHANNEL,
            ),
            "what holds in a channel, by its id such as C012AB3CD",
            starter="""
  C012AB3CD: {allow_shared: true} # alerts, digests and figures may appear there though another company shares it""",
            remark="what holds in a channel",
        ),
        Setting(
            "oauth",
            OAUTH,
            "several workspaces: where the app may be installed by whoever opens its page, /slack/install",
            starter="{address: https://agentcost.example.com, workspaces: [T012AB3CD, T045EF6GH]}",
            remark="several workspaces; docs/slack.md, Several workspaces",
        ),
    )
)


class Allowed(NamedTuple):
    """Who has a right; ids, never names.

    channels: everyone who asks there has it. guests, other_workspaces: whether these count like members.
    is_open: whether every member has it if no one is named.
    """

    users: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    guests: bool = False
    other_workspaces: bool = False
    is_open: bool = True

    @property
    def is_for_members(self) -> bool:
        """Whether every member has it."""
        return self.is_open and not (self.users or self.user_groups or self.channels)


class SlackOAuth(NamedTuple):
    """Where the app may be installed: the service's address, and the allowed workspace and organisation ids."""

    address: str
    workspaces: tuple[str, ...]


class SlackRules(NamedTuple):
    """The rights of a workspace's people.

    contact: the person to ask, named in refusals; empty if not set. max_bytes: the maximum size of a shared file.
    shows_others: channels in which figures may appear even though they are shared with another company.
    oauth: where the app may be installed; None for only the workspace of its token.
    """

    contact: str = ""
    wallet: Allowed = Allowed()
    imports: Allowed = Allowed(is_open=False)
    acknowledge: Allowed = Allowed()
    max_bytes: int = IMPORT.default("max_bytes")
    shows_others: tuple[str, ...] = ()
    connect: Allowed = Allowed(is_open=False)
    oauth: SlackOAuth | None = None

    def may_show_others(self, channel: str) -> bool:
        """Whether figures may appear in a channel that is shared with another company."""
        return self.wallet.other_workspaces or channel in self.shows_others

    def of(self, right: Right) -> Allowed:
        """Return who has a right."""
        rights = {"wallet": self.wallet, "import": self.imports, "acknowledge": self.acknowledge, "connect": self.connect}
        return rights[right]

    def with_moves(self, moves: Mapping[str, str]) -> SlackRules:
        """Return the rules extended to the channels' current ids. moves: the current id, by each earlier one."""
        if not moves:
            return self
        return self._replace(
            wallet=_follow_moves(self.wallet, moves),
            imports=_follow_moves(self.imports, moves),
            acknowledge=_follow_moves(self.acknowledge, moves),
            connect=_follow_moves(self.connect, moves),
            shows_others=_with_current(self.shows_others, moves),
        )

    @property
    def channels(self) -> tuple[str, ...]:
        """Every named channel, once."""
        return tuple(dict.fromkeys((*self._every("channels"), *self.shows_others)))

    @property
    def user_groups(self) -> tuple[str, ...]:
        """Every named user group, once."""
        return self._every("user_groups")

    @property
    def users(self) -> tuple[str, ...]:
        """Every named member, once."""
        return self._every("users")

    def _every(self, kind: str) -> tuple[str, ...]:
        rules = (self.wallet, self.imports, self.acknowledge, self.connect)
        return tuple(dict.fromkeys(one for rule in rules for one in getattr(rule, kind)))


def _with_current(channels: Iterable[str], moves: Mapping[str, str]) -> tuple[str, ...]:
    """Return channels by their configured and their current ids, each once."""
    return tuple(dict.fromkeys(one for channel in channels for one in (channel, moves.get(channel, channel))))


def _follow_moves(allowed: Allowed, moves: Mapping[str, str]) -> Allowed:
    return allowed._replace(channels=_with_current(allowed.channels, moves))


def slack_rules(raw: Mapping[str, Any]) -> SlackRules:
    """Return the rules of a section that fits the schema."""
    imports = raw.get("import", {})
    return SlackRules(
        raw.get("contact", ""),
        _read_allowed(raw.get("wallet", {}), is_open=True),
        _read_allowed(imports, is_open=False),
        _read_allowed(raw.get("acknowledge", {}), is_open=True),
        imports.get("max_bytes", SlackRules().max_bytes),
        tuple(channel for channel, said in raw.get("channels", {}).items() if said.get("allow_shared")),
        _read_allowed(raw.get("connect", {}), is_open=False),
        SlackOAuth(raw["oauth"]["address"], tuple(raw["oauth"]["workspaces"])) if "oauth" in raw else None,
    )


def _read_allowed(raw: Mapping[str, Any], *, is_open: bool) -> Allowed:
    lists = {name: tuple(raw.get(name, ())) for name in LISTS}
    return Allowed(**lists, guests=raw.get("guests", False), other_workspaces=raw.get("other_workspaces", False), is_open=is_open)
