"""Who gets wallet figures, and what is said to those who do not."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.slack.connection.app import asgi, create_app
from core.config.slack import Allowed, SlackRules
from tests.fakes.slack.server import member
from tests.fakes.slack.workspace import JSON, Workspace, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from bot.slack.settings import SlackSettings
    from tests.fakes.asking import Ask
    from tests.fakes.slack.server import SlackServer

    Ruled = Callable[[Allowed], AbstractContextManager[Workspace]]

CONTACT = "Dana Roe in RevOps"
NAMED = "Wallet figures are open only to those, and in those channels, that app.yaml names. Please ask Dana Roe in RevOps."


@pytest.fixture
def ruled(slack: SlackServer, settings: SlackSettings, ask: Ask) -> Ruled:
    """The way to serve the app under a rule for wallet figures."""

    @contextmanager
    def serve(wallet: Allowed) -> Iterator[Workspace]:
        with served(asgi(create_app(ask, settings, lambda: SlackRules(CONTACT, wallet)))) as url:
            yield Workspace(slack, url, settings.signing_secret or "")

    return serve


@pytest.mark.parametrize(
    "wallet",
    [
        Allowed(),
        Allowed(users=("U0ASKER",)),
        Allowed(user_groups=("S0FIN",)),
        Allowed(channels=("C0TEAM",)),
    ],
    ids=["every member", "member", "user group", "channel"],
)
def test_who_may_read_the_wallet_gets_its_figures(ruled: Ruled, slack: SlackServer, wallet: Allowed) -> None:
    """A right is held by name, by user group, by the channel that is asked in, or by everyone where nobody is named."""
    slack.user_groups["S0FIN"] = ["U0ASKER"]
    with ruled(wallet) as workspace:
        workspace.slash("wallet")
        assert "credits" in slack.wait_for(1)[0].text.splitlines()[0]


@pytest.mark.parametrize(
    "wallet",
    [Allowed(users=("U0OTHER",)), Allowed(user_groups=("S0FIN",)), Allowed(channels=("C0OTHER",))],
    ids=["member", "user group", "channel"],
)
def test_who_may_not_is_told_whom_to_ask(ruled: Ruled, slack: SlackServer, wallet: Allowed) -> None:
    """A refusal holds no figure, is for the asker alone, and names whom to ask."""
    slack.user_groups["S0FIN"] = ["U0OTHER"]
    with ruled(wallet) as workspace:
        workspace.slash("wallet")
        [sent] = slack.wait_for(1)
    assert (sent.text, sent.body["response_type"]) == (NAMED, "ephemeral")


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (member(is_restricted=True), "guests"),
        (member(is_ultra_restricted=True), "guests"),
        (member(team_id="T0THEM"), "people of other workspaces"),
        (member(is_stranger=True), "people of other workspaces"),
    ],
    ids=["guest", "guest of one channel", "other workspace", "stranger"],
)
def test_outsiders_get_no_wallet_figures(ruled: Ruled, slack: SlackServer, person: dict[str, object], reason: str) -> None:
    """Guests and people of other workspaces are refused even where every member is allowed, and in a listed channel."""
    slack.people["U0ASKER"] = person
    with ruled(Allowed(channels=("C0TEAM",))) as workspace:
        workspace.slash("wallet")
        assert slack.wait_for(1)[0].text == f"Wallet figures are not open to {reason}. Please ask {CONTACT}."


@pytest.mark.parametrize(
    ("wallet", "person"),
    [
        (Allowed(guests=True), member(is_restricted=True)),
        (Allowed(other_workspaces=True), member(team_id="T0THEM")),
        (Allowed(users=("U0ASKER",)), member(is_restricted=True)),
        (Allowed(), member(team_id="T0GRID", enterprise_user={"teams": ["T0TEAM", "T0GRID"]})),
    ],
    ids=["guests", "other workspaces", "guest by name", "member of the same organisation"],
)
def test_outsiders_may_be_allowed(ruled: Ruled, slack: SlackServer, wallet: Allowed, person: dict[str, object]) -> None:
    """app.yaml lets them in as a kind, or by name; someone who belongs to the workspace too is no outsider."""
    slack.people["U0ASKER"] = person
    with ruled(wallet) as workspace:
        workspace.slash("wallet")
        assert "credits" in slack.wait_for(1)[0].text.splitlines()[0]


def test_prices_are_free_for_all(ruled: Ruled, slack: SlackServer) -> None:
    """A question about prices is answered to anyone, and Slack is not even asked who it is."""
    with ruled(Allowed(users=("U0OTHER",))) as workspace:
        workspace.slash("breakeven 200 users")
        slack.wait_for(1)
    assert (slack.sent[0].text[:22], slack.calls) == ("200 seats cost $25,000", [])


def test_question_that_can_do_without_the_wallet_is_answered_without(ruled: Ruled, slack: SlackServer) -> None:
    """`breakeven` adds the wallet's own use for those who may see it; others get the prices alone."""
    with ruled(Allowed(users=("U0ASKER",))) as workspace:
        workspace.slash("breakeven")
        slack.wait_for(1)
        workspace.slash("breakeven", user="U0OTHER")
        texts = [sent.text for sent in slack.wait_for(2)]
    assert ["users for 23.66% of the credits" in text for text in texts] == [True, False]


@pytest.mark.parametrize("text", ["wallet", "usage by agent", "recommend"])
def test_refusal_to_a_mention_is_seen_by_the_asker_alone(ruled: Ruled, slack: SlackServer, text: str) -> None:
    """Nobody in the channel sees that someone was refused."""
    with ruled(Allowed(users=("U0OTHER",))) as workspace:
        workspace.mention(text)
        [sent] = slack.wait_for(1)
    assert (sent.to, sent.body["user"], sent.text) == ("chat.postEphemeral", "U0ASKER", NAMED)


@pytest.mark.parametrize("label", ["How?", "Change"])
def test_button_under_a_shared_answer_is_refused_to_others(ruled: Ruled, slack: SlackServer, label: str) -> None:
    """What someone shared may be read; to ask more of the wallet needs the right."""
    with ruled(Allowed(users=("U0OTHER",))) as workspace:
        workspace.mention("recommend", user="U0OTHER")
        [answer] = slack.wait_for(1)
        workspace.press(label, answer)
        refused = slack.wait_for(2)[1]
    assert (refused.text, refused.body["response_type"], slack.views) == (NAMED, "ephemeral", [])


def test_who_may_read_the_wallet_may_share_it(ruled: Ruled, slack: SlackServer) -> None:
    """To share what was answered in private is the decision of whoever may ask for it."""
    with ruled(Allowed(users=("U0ASKER",))) as workspace:
        workspace.slash("wallet")
        workspace.press("Share here", slack.wait_for(1)[0])
        assert slack.wait_for(2)[1].body["response_type"] == "in_channel"


@pytest.mark.parametrize(
    ("wallet", "text", "to"),
    [
        (Allowed(), "wallet", "chat.postEphemeral"),
        (Allowed(), "breakeven 200 users", "chat.postMessage"),
        (Allowed(other_workspaces=True), "wallet", "chat.postMessage"),
    ],
    ids=["figures", "prices", "figures, allowed"],
)
def test_figures_asked_in_a_channel_with_others_go_to_the_asker_alone(
    ruled: Ruled, slack: SlackServer, wallet: Allowed, text: str, to: str
) -> None:
    """In a channel of several workspaces a mention does not show them wallet figures; the asker may still share."""
    slack.shared_with_others.add("C0TEAM")
    with ruled(wallet) as workspace:
        workspace.mention(text)
        [sent] = slack.wait_for(1)
    assert (sent.to, "Share here" in sent.buttons()) == (to, to == "chat.postEphemeral")


@pytest.mark.parametrize("text", ["usage by day agent Nobody", "wallet department Finanz", "forecast as of 2020-01-01"])
def test_why_the_wallet_says_nothing_goes_to_the_asker_alone_too(ruled: Ruled, slack: SlackServer, text: str) -> None:
    """The sentence names what is in the exports, so other workspaces do not read it."""
    slack.shared_with_others.add("C0TEAM")
    with ruled(Allowed()) as workspace:
        workspace.mention(text)
        [sent] = slack.wait_for(1)
    assert sent.to == "chat.postEphemeral"


def test_nothing_is_open_while_slack_does_not_say_who_asks(ruled: Ruled, slack: SlackServer) -> None:
    """Without the scope for it, or when Slack is in trouble, the wallet stays closed."""
    slack.people.clear()
    with ruled(Allowed()) as workspace:
        workspace.slash("wallet")
        [sent] = slack.wait_for(1)
    assert sent.text.startswith("Wallet figures are not open while Slack does not say who you are")


def test_slack_is_asked_once_who_somebody_is(ruled: Ruled, slack: SlackServer) -> None:
    """Who a person is, is remembered for some minutes."""
    with ruled(Allowed()) as workspace:
        for count in (1, 2):
            workspace.slash("wallet")
            slack.wait_for(count)
    assert slack.calls.count("users.info") == 1


def test_channel_that_slack_s_event_does_not_call_shared_is_asked_about(ruled: Ruled, slack: SlackServer) -> None:
    """The flag of the event is not always there; what conversations.info says holds as well."""
    slack.shared_with_others.add("C0TEAM")
    with ruled(Allowed()) as workspace:
        event = {"type": "app_mention", "text": "<@U0BOT> wallet", "user": "U0ASKER", "channel": "C0TEAM", "ts": "1.1"}
        body = {"type": "event_callback", "team_id": "T0TEAM", "event_id": "Ev9", "event": event}
        workspace.post(*workspace.signed(json.dumps(body), JSON))
        [sent] = slack.wait_for(1)
    assert sent.to == "chat.postEphemeral"


ORG = {"team_id": "E0ORG", "enterprise_id": "E0ORG", "is_enterprise_install": True}


@pytest.mark.parametrize(
    ("person", "is_refused"),
    [
        (member(team_id="T0A", enterprise_user={"enterprise_id": "E0ORG", "teams": ["T0A"]}), False),
        (member(team_id="T0A", enterprise_id="E0ORG"), False),
        (member(team_id="T0TEAM"), False),
        (member(team_id="T0A", enterprise_user={"enterprise_id": "E0THEM", "teams": ["T0A"]}), True),
        (member(team_id="T0THEM"), True),
        (member(team_id="T0TEAM", is_stranger=True), True),
    ],
)
def test_members_of_the_organisation_are_members_where_the_app_is_installed_in_it(
    ruled: Ruled, slack: SlackServer, person: dict[str, object], *, is_refused: bool
) -> None:
    """In Enterprise Grid auth.test names the organisation where it names the workspace else."""
    slack.installed_in = ORG
    slack.people["U0ASKER"] = person
    with ruled(Allowed()) as workspace:
        workspace.slash("wallet")
        assert ("other workspaces" in slack.wait_for(1)[0].text) == is_refused


@pytest.mark.parametrize(("teams", "is_refused"), [(["T0A", "T0B"], False), (["T0A"], True)])
def test_user_groups_of_an_organisation_are_asked_for_by_workspace(
    ruled: Ruled, slack: SlackServer, teams: list[str], *, is_refused: bool
) -> None:
    """Slack wants to know which one; somebody is in a group of any workspace of theirs, wherever they ask."""
    slack.installed_in = ORG
    slack.people["U0ASKER"] = member(team_id="T0A", enterprise_user={"enterprise_id": "E0ORG", "teams": teams})
    slack.user_groups["S0FIN"], slack.teams_of_groups = ["U0ASKER"], {"T0B"}
    with ruled(Allowed(user_groups=("S0FIN",))) as workspace:
        workspace.slash("wallet")
        assert ("Please ask" in slack.wait_for(1)[0].text) == is_refused


@pytest.mark.parametrize(("method", "scope"), [("users.info", "users:read"), ("usergroups.users.list", "usergroups:read")])
def test_missing_scope_is_named(ruled: Ruled, slack: SlackServer, method: str, scope: str) -> None:
    """It stays missing until an admin acts: to try again in a minute is no advice."""
    slack.lacks[method] = scope
    with ruled(Allowed(user_groups=("S0FIN",))) as workspace:
        workspace.slash("wallet")
        told = slack.wait_for(1)[0].text
    assert (f"lacks the scope {scope}" in told, "minute" in told) == (True, False)
