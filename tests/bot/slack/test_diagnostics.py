"""`agentcost doctor` and Slack: every problem at once, no secret shown."""

from __future__ import annotations

import asyncio
import gc
import threading
from typing import TYPE_CHECKING

import pytest

from bot.cli.main import main
from bot.manifest import build_described_app, scopes
from bot.slack.diagnostics import SlackCheck, examine
from core.config.slack import Allowed, SlackRules
from core.config.teams import Team
from tests.fakes.slack.socket import SlackSocket, SocketWorkspace

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


def check(variables: dict[str, str], rules: SlackRules = RULES, *teams: Team) -> SlackCheck:
    """Return what became of the check."""
    return asyncio.run(examine(variables, rules, lambda: NEEDED, teams))


def found(variables: dict[str, str], rules: SlackRules = RULES, *teams: Team) -> list[str]:
    """Return what is found wrong."""
    return list(check(variables, rules, *teams).problems)


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
    """`agentcost doctor` says what it found and what it did not check, with no warning of a library's."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    status = main(["doctor"])
    printed = capfd.readouterr()
    assert (status, printed.err, caplog.records, "the Slack checks passed." in printed.out) == (0, "", [], True)


def test_channels_of_teams_are_looked_at(variables: dict[str, str], slack: SlackServer) -> None:
    """They get the alerts and digests: one that is not there is no detail."""
    slack.channels.add("C0OTHER")
    told = found(variables, RULES, Team("Service", channels=("C0NOSUCH01", "C0OTHER")))
    assert ["C0NOSUCH01: there is no such channel" in told[0], "C0OTHER: the app is not in it" in told[1]] == [True, True]


@pytest.mark.parametrize(
    ("owner", "said"), [("U0GONE", ["app.yaml names the member U0GONE: there is no such member"]), ("Kim", [])]
)
def test_owner_who_is_named_by_id_is_looked_for(variables: dict[str, str], owner: str, said: list[str]) -> None:
    """A name is anybody's; an id is somebody's."""
    told = found(variables, RULES, Team("Service", owner=owner))
    assert [sentence.partition(";")[0] for sentence in told] == said


def test_team_that_is_told_directly_is_looked_for_as_a_member(variables: dict[str, str]) -> None:
    """A member's id among a team's channels is one of a person, and no channel that is missing."""
    checked = check(variables, RULES, Team("Service", channels=("U0OTHER",)), Team("Sales", channels=("U0GONE",)))
    assert "the member U0OTHER is there" in checked.facts
    assert [problem.partition(";")[0] for problem in checked.problems] == [
        "app.yaml names the member U0GONE: there is no such member"
    ]


def test_team_channel_that_another_company_shares_needs_a_decision(variables: dict[str, str], slack: SlackServer) -> None:
    """Before the first alert does not arrive where it is looked for."""
    slack.shared_with_others.add("C0TEAM")
    told = found(variables, RULES, Team("Service", channels=("C0TEAM",)))
    assert ["slack.channels.C0TEAM.allow_shared: true" in sentence for sentence in told] == [True]
    assert found(variables, SlackRules(shows_others=("C0TEAM",)), Team("Service", channels=("C0TEAM",))) == []
    assert found(variables, RULES, Team("Service", channels=("C0TEAM",), owner="U0OTHER")) == []


def test_tokens_of_two_apps_are_told_apart(variables: dict[str, str], slack: SlackServer) -> None:
    """Each is taken by itself: the connection is another app's, and nothing that is typed arrives."""
    slack.app_token = "xapp-1-A0OTHER-123-abc"
    told = found(variables | {"SLACK_APP_TOKEN": slack.app_token})
    assert told == [
        "SLACK_APP_TOKEN is of the app A0OTHER and SLACK_BOT_TOKEN of the app A0TEST: take both from one app's settings."
    ]
    slack.app_id = "A0OTHER"
    checked = check(variables | {"SLACK_APP_TOKEN": slack.app_token})
    assert (checked.problems, "both tokens are of the app A0OTHER" in checked.facts) == ([], True)


def test_rotated_token_is_refused_with_the_reason(variables: dict[str, str], slack: SlackServer) -> None:
    """It works today and not tomorrow."""
    slack.token = "xoxe.xoxb-1-abc"
    [told] = found(variables | {"SLACK_BOT_TOKEN": slack.token})
    assert ("expires after twelve hours" in told, "xoxe.xoxb-1-abc" in told) == (True, False)


def test_what_is_found_and_what_nobody_checked_is_said(variables: dict[str, str], slack: SlackServer) -> None:
    """OK: is no proof: the secret and the way back are shown by a round trip only."""
    slack.shared_with_others.add("C0TEAM")
    checked = check(variables)
    assert "C0TEAM is public, shared with another company, and the app is in it" in checked.facts
    assert [sentence.partition(":")[0].partition(";")[0] for sentence in checked.unchecked] == [
        "whether both tokens are of one app",
        "whether SLACK_SIGNING_SECRET is this app's",
        "whether Slack's requests reach agentcost serve",
    ]


@pytest.mark.parametrize("is_pressed", [True, False])
def test_round_trip_shows_that_presses_come_back(
    variables: dict[str, str],
    slack: SlackServer,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    *,
    is_pressed: bool,
) -> None:
    """`doctor --send` posts a message; its button, pressed, proves posting, interactivity and the connection at once."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("bot.slack.connection.round_trip.ROUND_TRIP_SECONDS", 5.0 if is_pressed else 0.3)
    monkeypatch.setattr("bot.slack.connection.round_trip.LOOK_SECONDS", 0.05)
    assert slack.socket is not None
    status: list[int] = []
    doctor = threading.Thread(target=lambda: status.append(main(["doctor", "--send", "C0TEAM"])))
    doctor.start()
    [sent] = slack.wait_for(1)
    if is_pressed:
        SocketWorkspace(slack, "", "unused", socket=slack.socket).press("Send it back", sent)
    doctor.join()
    printed = capfd.readouterr()
    assert (status, "It came back" in printed.out, "did not come back" in printed.err) == (
        [0 if is_pressed else 2],
        is_pressed,
        not is_pressed,
    )


def test_press_that_slack_does_not_take_is_no_traceback(
    variables: dict[str, str],
    slack: SlackServer,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where the message cannot be rewritten, doctor goes on listening; the next press may be taken."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("bot.slack.connection.round_trip.LOOK_SECONDS", 0.05)
    assert slack.socket is not None
    status: list[int] = []
    doctor = threading.Thread(target=lambda: status.append(main(["doctor", "--send", "C0TEAM"])))
    doctor.start()
    [sent] = slack.wait_for(1)
    person = SocketWorkspace(slack, "", "unused", socket=slack.socket)
    person.press("Send it back", sent, channel="D0ASKER")
    person.press("Send it back", sent)
    doctor.join()
    gc.collect()  # so that nothing is told of a task's error after the test
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert (status, "It came back" in capfd.readouterr().out, told) == ([0], True, [])


def test_round_trip_needs_somewhere_to_go(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without a team's channel somebody must say where."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main(["doctor", "--send"]) == 2
    assert "Say where to send it" in capfd.readouterr().err
