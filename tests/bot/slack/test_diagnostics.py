"""`agentcost doctor` and Slack: every problem at once, no secret shown."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.cli.main import main
from bot.manifest import build_described_app, scopes
from bot.slack.diagnostics import problems
from core.config.slack import Allowed, SlackRules
from tests.fakes.slack.socket import SlackSocket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.slack.server import SlackServer

NEEDED = [scope.name for scope in scopes(build_described_app())]
RULES = SlackRules(wallet=Allowed(("U0ASKER",), ("S0FIN",), ("C0TEAM",)))
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def variables(slack: SlackServer) -> Iterator[dict[str, str]]:
    """The variables of an app that is set up well, in a workspace that has all that app.yaml names."""
    slack.scopes = set(NEEDED)
    slack.user_groups["S0FIN"] = ["U0ASKER"]
    with SlackSocket() as socket:
        slack.socket = socket
        yield {
            "SLACK_BOT_TOKEN": slack.token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{slack.url}/api/",
        }


def found(variables: dict[str, str], rules: SlackRules = RULES) -> list[str]:
    """Return what is found wrong."""
    return asyncio.run(problems(variables, rules, lambda: NEEDED))


def test_what_is_set_up_well_has_no_problem(variables: dict[str, str]) -> None:
    """Tokens, scopes, secret, channels, user groups and members are as they should be."""
    assert found(variables) == []


def test_without_slack_there_is_nothing_to_check() -> None:
    """Who does not use Slack is not bothered with it."""
    assert found({}) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "", "SLACK_BOT_TOKEN is not set"),
        ("SLACK_BOT_TOKEN", "xoxb-revoked", "Slack refuses SLACK_BOT_TOKEN: invalid_auth"),
        ("SLACK_BOT_TOKEN", "xoxp-somebody", "SLACK_BOT_TOKEN does not look right: a bot token begins with xoxb-"),
        ("SLACK_APP_TOKEN", "xapp-revoked", "Slack refuses SLACK_APP_TOKEN: invalid_auth"),
        ("SLACK_APP_TOKEN", "xoxb-mistaken", "SLACK_APP_TOKEN does not look right: an app token begins with xapp-"),
        ("SLACK_SIGNING_SECRET", SECRET[:-1], "SLACK_SIGNING_SECRET does not look right: a signing secret is 32"),
        ("SLACK_API_URL", "http://127.0.0.1:9/api/", "Slack is not reached (ClientConnectorError)"),
    ],
)
def test_wrong_variable_is_named_and_not_shown(variables: dict[str, str], name: str, value: str, said: str) -> None:
    """Each sentence says which variable, what is wrong and where Slack shows the right one, and never the value."""
    told = "\n".join(found(variables | {name: value}))
    assert (said in told, bool(value) and value in told) == (True, False)


def test_neither_way_in_is_a_problem(variables: dict[str, str]) -> None:
    """Without an app token there is no Socket Mode, without a signing secret no HTTP."""
    told = found({name: value for name, value in variables.items() if name in {"SLACK_BOT_TOKEN", "SLACK_API_URL"}})
    assert [sentence[:24] for sentence in told] == ["Neither SLACK_APP_TOKEN "]


def test_missing_scopes_are_named(variables: dict[str, str], slack: SlackServer) -> None:
    """What the manifest asks for and the token does not have."""
    slack.scopes -= {"users:read", "im:history"}
    assert found(variables)[0].startswith("The bot lacks the scopes im:history, users:read: ")


@pytest.mark.parametrize(
    ("channel", "said"),
    [("C0GONE", "there is no such channel"), ("C0OLD", "it is archived"), ("C0OTHER", "the app is not in it. Invite it there")],
)
def test_channel_that_cannot_be_used_is_named(variables: dict[str, str], slack: SlackServer, channel: str, said: str) -> None:
    """A channel of app.yaml must be there, be alive, and have the app in it."""
    slack.channels |= {"C0OLD", "C0OTHER"}
    slack.archived.add("C0OLD")
    [told] = found(variables, SlackRules(wallet=Allowed(channels=("C0TEAM", channel))))
    assert f"app.yaml names the channel {channel}: {said}" in told


def test_unknown_people_are_named(variables: dict[str, str]) -> None:
    """So must members and user groups."""
    told = found(variables, SlackRules(wallet=Allowed(("U0GONE",), ("S0GONE",))))
    assert [sentence.partition(";")[0] for sentence in told] == [
        "app.yaml names the user group S0GONE: there is no such user group",
        "app.yaml names the member U0GONE: there is no such member",
    ]
    assert len(told) == 2


def test_everything_is_told_at_once(variables: dict[str, str], slack: SlackServer) -> None:
    """One run names every problem."""
    slack.scopes.clear()
    told = found(variables | {"SLACK_APP_TOKEN": "xapp-revoked"}, SlackRules(wallet=Allowed(channels=("C0GONE",))))
    assert len(told) == 3


def test_command_line_says_that_slack_is_well_and_nothing_else(
    variables: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """`agentcost doctor` ends with one sentence and no warning of a library's."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    status = main(["doctor"])
    printed = capfd.readouterr()
    assert (status, printed.err, caplog.records, "Slack takes every token, scope and id." in printed.out) == (0, "", [], True)
