"""Who may do what in Slack: the `slack` section of app.yaml as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Right = Literal["wallet", "import", "acknowledge"]
LISTS = ("users", "user_groups", "channels")


class Allowed(NamedTuple):
    """Who has a right; ids, never names.

    channels: whoever asks there has it. guests, other_workspaces: whether these count as members do.
    is_open: whether every member has it where no one is named.
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


class SlackRules(NamedTuple):
    """The rights of a workspace's people.

    contact: whom a refusal says to ask; empty where nobody was named. max_bytes: the most that a shared file may have.
    shows_others: channels in which figures may stand though another company shares them.
    """

    contact: str = ""
    wallet: Allowed = Allowed()
    imports: Allowed = Allowed(is_open=False)
    acknowledge: Allowed = Allowed()
    max_bytes: int = 100 * 1024**2
    shows_others: tuple[str, ...] = ()

    def may_show_others(self, channel: str) -> bool:
        """Whether figures may stand in a channel that another company shares."""
        return self.wallet.other_workspaces or channel in self.shows_others

    def of(self, right: Right) -> Allowed:
        """Return who has a right."""
        return {"wallet": self.wallet, "import": self.imports, "acknowledge": self.acknowledge}[right]

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel that is named, once."""
        return tuple(dict.fromkeys((*self._every("channels"), *self.shows_others)))

    @property
    def user_groups(self) -> tuple[str, ...]:
        """Every user group that is named, once."""
        return self._every("user_groups")

    @property
    def users(self) -> tuple[str, ...]:
        """Every member who is named, once."""
        return self._every("users")

    def _every(self, kind: str) -> tuple[str, ...]:
        rules = (self.wallet, self.imports, self.acknowledge)
        return tuple(dict.fromkeys(one for rule in rules for one in getattr(rule, kind)))


def slack_rules(raw: Mapping[str, Any]) -> SlackRules:
    """Return the rules of a section that its schema has passed."""
    imports = raw.get("import", {})
    return SlackRules(
        raw.get("contact", ""),
        _read_allowed(raw.get("wallet", {}), is_open=True),
        _read_allowed(imports, is_open=False),
        _read_allowed(raw.get("acknowledge", {}), is_open=True),
        imports.get("max_bytes", SlackRules().max_bytes),
        tuple(channel for channel, said in raw.get("channels", {}).items() if said.get("allow_shared")),
    )


def _read_allowed(raw: Mapping[str, Any], *, is_open: bool) -> Allowed:
    lists = {name: tuple(raw.get(name, ())) for name in LISTS}
    return Allowed(**lists, guests=raw.get("guests", False), other_workspaces=raw.get("other_workspaces", False), is_open=is_open)
