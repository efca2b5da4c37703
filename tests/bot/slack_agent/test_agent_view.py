"""Slack's agent view: what is suggested where, what shows while an answer is worked out, and nothing lost without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.slack.connection.app import asgi, create_app
from bot.slack.listeners.agent import ABOUT_PRICES, ABOUT_THE_WALLET, STATUS, channel_in
from core.config.slack import Allowed, SlackRules
from core.config.teams import Team
from core.language import read
from core.scope import Scope
from tests.fakes.slack.workspace import ASKER, DIRECT, Workspace, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.slack.listeners.questions import Ask
    from bot.slack.settings import SlackSettings
    from tests.fakes.slack.server import SlackServer

SECRET = "signing-secret-of-the-test"
TEAMS = (
    Team("Service", channels=("C0SERVICE",), watches=Scope(departments=("Service, 7 North",))),
    Team("Everything", channels=("C0ALL01",)),
    Team("Quoted", channels=("C0QUOTED",), watches=Scope(agents=('The "new" one',))),
)


@pytest.fixture
def agent(slack: SlackServer, settings: SlackSettings, ask: Ask) -> Iterator[Workspace]:
    """A workspace whose app has an agent view, and teams with channels."""
    with served(asgi(create_app(ask, settings, teams=lambda: TEAMS))) as url:
        yield Workspace(slack, url, SECRET)


def asked(slack: SlackServer, count: int = 1) -> list[str]:
    """Return what the latest prompts ask, once so many were shown."""
    slack.wait_until(lambda: len(slack.agent.prompts) >= count)
    return [prompt["message"] for prompt in slack.agent.prompts[-1]["prompts"]]


def test_opening_the_conversation_suggests_what_to_ask(agent: Workspace, slack: SlackServer) -> None:
    """With the wallet right, of the wallet; each prompt is a question that is answered."""
    agent.open_home(tab="messages")
    assert asked(slack) == [prompt.message for prompt in ABOUT_THE_WALLET]
    assert (slack.agent.prompts[0]["channel_id"], "thread_ts" in slack.agent.prompts[0]) == (DIRECT, False)


@pytest.mark.parametrize("prompt", [*ABOUT_PRICES, *ABOUT_THE_WALLET], ids=lambda prompt: prompt.message)
def test_prompts_are_questions(prompt: tuple[str, str]) -> None:
    """What is suggested is understood, and fits on a button."""
    assert (
        read(prompt[1]).command in {"compare", "breakeven", "price", "help", "wallet", "forecast", "usage"},
        len(prompt[0]) < 40,
    ) == (
        True,
        True,
    )


def test_without_the_right_only_prices_are_suggested(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """The same gate: a prompt does not offer what would be refused."""
    rules = SlackRules(wallet=Allowed(("U0OTHER",)))
    with served(asgi(create_app(ask, settings, lambda: rules, teams=lambda: TEAMS))) as url:
        Workspace(slack, url, SECRET).open_home(tab="messages")
        assert asked(slack) == [prompt.message for prompt in ABOUT_PRICES]


@pytest.mark.parametrize(
    "context",
    [{"entities": [{"type": "slack#/types/channel_id", "value": "C0SERVICE"}]}, {"channel_id": "C0SERVICE"}],
    ids=["agent view", "the view before"],
)
def test_in_a_team_s_channel_the_team_s_part_comes_first(
    agent: Workspace, slack: SlackServer, context: dict[str, object]
) -> None:
    """Slack says which channel somebody looks at; the questions name what its team watches, quoted where need be."""
    agent.event({"type": "app_context_changed", "user": ASKER, "channel": DIRECT, "context": context})
    first, second, *_ = asked(slack)
    assert [read(first).department, read(second).department, read(second).command] == ["Service, 7 North"] * 2 + ["variance"]


def test_part_that_no_question_can_name_is_not_suggested(agent: Workspace, slack: SlackServer) -> None:
    """A name with quotation marks in it."""
    agent.event({"type": "app_context_changed", "user": ASKER, "channel": DIRECT, "context": {"channel_id": "C0QUOTED"}})
    assert asked(slack) == [prompt.message for prompt in ABOUT_THE_WALLET]


def test_threads_that_slack_begins_are_served_too(agent: Workspace, slack: SlackServer) -> None:
    """Apps made earlier have the view before: `assistant_thread_started`, and its context as somebody walks on."""
    thread = {"user_id": ASKER, "channel_id": DIRECT, "thread_ts": "1.1", "context": {"channel_id": "C0ALL01"}}
    agent.event({"type": "assistant_thread_started", "assistant_thread": thread})
    assert asked(slack) == [prompt.message for prompt in ABOUT_THE_WALLET]
    agent.event(
        {"type": "assistant_thread_context_changed", "assistant_thread": {**thread, "context": {"channel_id": "C0SERVICE"}}}
    )
    assert "Service" in asked(slack, 2)[0]
    assert slack.agent.prompts[0]["thread_ts"] == "1.1"


def test_answer_comes_in_the_thread_with_a_status_before_and_a_title_after(agent: Workspace, slack: SlackServer) -> None:
    """In the agent view a message begins a thread; a second question there leaves its title."""
    agent.open_home(tab="messages")
    asked(slack)
    agent.open_home(tab="messages")  # what the first came to is known by now
    asked(slack, 2)
    agent.direct("breakeven 200 users", ts="1763600001.000100")
    [answer] = slack.wait_for(1)
    slack.wait_until(lambda: slack.agent.titles)
    agent.direct("price flex 100k credits", ts="1763600002.000100", thread_ts="1763600001.000100")
    slack.wait_until(lambda: slack.agent.statuses.count("") == 2)
    assert answer.body["thread_ts"] == "1763600001.000100"
    assert (slack.agent.statuses, slack.agent.titles) == ([STATUS, "", STATUS, ""], ["breakeven 200 users"])


def test_view_before_is_not_given_up_for_what_only_the_present_one_has(agent: Workspace, slack: SlackServer) -> None:
    """An app made earlier can suggest nothing for a whole conversation; its threads have their status all the same."""
    slack.agent.has_threads_only = True
    agent.open_home(tab="messages")
    slack.wait_until(lambda: slack.agent.asked)
    agent.direct("breakeven 200 users", thread_ts="1.1")
    slack.wait_until(lambda: slack.agent.titles)
    assert slack.agent.statuses == [STATUS, ""]


def test_slip_is_asked_back_in_the_thread_as_buttons(agent: Workspace, slack: SlackServer) -> None:
    """Nobody else reads there, so nothing is whispered; the status does not stay."""
    agent.direct("breakeven 2oo users", thread_ts="1.1")
    [told] = slack.wait_for(1)
    slack.wait_until(lambda: slack.agent.statuses[-1:] == [""])
    assert (told.to, told.body["thread_ts"], list(told.buttons())) == ("chat.postMessage", "1.1", ["breakeven 200 users"])


@pytest.mark.parametrize("reason", ["missing_scope", "feature_not_enabled", "not_allowed_token_type", "unknown_method"])
def test_where_the_plan_lacks_it_nothing_but_that_is_missing(
    agent: Workspace, slack: SlackServer, caplog: pytest.LogCaptureFixture, reason: str
) -> None:
    """One line of the log, and Slack is not asked again with each answer; questions are answered as ever."""
    slack.agent.lacks = reason
    caplog.set_level("INFO", "agentcost.slack")
    agent.open_home(tab="messages")
    slack.wait_until(lambda: slack.agent.asked)
    for number in (1, 2, 3):
        agent.direct("breakeven 200 users", thread_ts="1.1")
        slack.wait_for(number)
    assert [sent.text[:22] for sent in slack.sent] == ["200 seats cost $25,000"] * 3
    said = [record.getMessage() for record in caplog.records if "agent surface" in record.getMessage()]
    assert (len(slack.agent.asked) <= 3, said) == (True, [f"Slack's agent surface is not used: {reason}"])


def test_answers_outside_of_the_view_are_as_before(agent: Workspace, slack: SlackServer) -> None:
    """A direct message without the view is answered beside it, and a mention has no status."""
    agent.direct("breakeven 200 users")
    agent.mention("breakeven 200 users")
    slack.wait_for(2)
    assert ({sent.body.get("thread_ts") for sent in slack.sent} >= {None}, slack.agent.asked) == (True, [])


@pytest.mark.parametrize(
    ("context", "channel"),
    [
        (None, None),
        ({}, None),
        ({"entities": None}, None),
        ({"entities": ["x", {"value": 7}]}, None),
        ({"channel_id": "D0X"}, None),
    ],
)
def test_context_that_names_no_channel_is_none(context: object, channel: str | None) -> None:
    """Whatever Slack sends there, nothing breaks."""
    assert channel_in(context) == channel
