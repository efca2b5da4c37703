"""Mentions and direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fakes.slack.server import SlackServer
    from tests.fakes.slack.workspace import Workspace

ASKED = {"type": "message", "channel_type": "im", "text": "breakeven 200 users", "user": "U0ASKER", "channel": "D0ASKER"}
SENTINEL = "breakeven payg"


def questions_answered(workspace: Workspace, slack: SlackServer, at_least: int) -> list[str]:
    """Ask one more question, wait for its answer, and return everything that was answered before it."""
    workspace.slash(SENTINEL)
    asked = [sent.text.partition("\nAsked: ")[2].splitlines()[0] for sent in slack.wait_for(at_least + 1)]
    return [question for question in asked if question != SENTINEL]


def test_mention_is_answered_in_a_thread_of_its_own(workspace: Workspace, slack: SlackServer) -> None:
    """In a channel the answer hangs below the question, so that the channel stays quiet."""
    workspace.mention("breakeven 200 users")
    [sent] = slack.wait_for(1)
    assert (sent.to, sent.body["channel"], sent.body["thread_ts"]) == ("chat.postMessage", "C0TEAM", "1763600001.000100")


def test_mention_in_a_thread_is_answered_there(workspace: Workspace, slack: SlackServer) -> None:
    """Slash commands do not work in threads; mentions do."""
    workspace.mention("breakeven 200 users", thread="1763500000.000100")
    assert slack.wait_for(1)[0].body["thread_ts"] == "1763500000.000100"


def test_answer_in_a_thread_has_no_share_button(workspace: Workspace, slack: SlackServer) -> None:
    """What everybody sees needs no sharing."""
    workspace.mention("breakeven 200 users")
    assert list(slack.wait_for(1)[0].buttons()) == ["How?", "Change"]


def test_how_pressed_in_a_thread_is_told_in_the_thread(workspace: Workspace, slack: SlackServer) -> None:
    """The arithmetic comes where the answer stands, to the presser alone."""
    workspace.mention("breakeven 200 users")
    [answer] = slack.wait_for(1)
    workspace.press("How?", answer)
    how = slack.wait_for(2)[1]
    assert (how.body["thread_ts"], how.body["response_type"]) == (answer.body["thread_ts"], "ephemeral")


@pytest.mark.parametrize("text", ["", "   "])
def test_bare_mention_shows_help(workspace: Workspace, slack: SlackServer, text: str) -> None:
    """Whoever only calls the bot learns what it knows."""
    workspace.mention(text)
    assert "Try it" in slack.wait_for(1)[0].buttons()


def test_direct_message_is_a_question(workspace: Workspace, slack: SlackServer) -> None:
    """Any text to the app itself is asked, and answered in the conversation, not in a thread."""
    workspace.direct("breakeven 200 users")
    [sent] = slack.wait_for(1)
    assert (sent.body["channel"], "thread_ts" in sent.body, "$25,000.00" in sent.text) == ("D0ASKER", False, True)


@pytest.mark.parametrize("text", ["breakeven <tel:200|200> users", "breakeven <http://200|200> users"])
def test_links_that_slack_made_are_undone(workspace: Workspace, slack: SlackServer, text: str) -> None:
    """Slack makes links of numbers that people type; the question is read as typed."""
    workspace.direct(text)
    assert slack.wait_for(1)[0].text.startswith("200 seats cost $25,000.00")


def test_escapes_that_slack_made_are_undone(workspace: Workspace, slack: SlackServer) -> None:
    """Slack escapes what people type; the error shows it as typed, escaped once for the way back."""
    workspace.direct("breakeven &lt;200&gt; &amp; users")
    assert "breakeven &lt;200&gt; &amp; users" in slack.wait_for(1)[0].text


def test_misspelt_mention_is_told_in_its_thread(workspace: Workspace, slack: SlackServer) -> None:
    """An input error goes where the question was asked."""
    workspace.mention("breakeven 2oo users")
    [sent] = slack.wait_for(1)
    assert (sent.body["thread_ts"], list(sent.buttons())) == ("1763600001.000100", ["breakeven 200 users"])


@pytest.mark.parametrize(
    ("ids", "ts"), [(("Ev9", "Ev9"), ("1.1", "1.1")), (("Ev8", "Ev9"), ("1.1", "1.1"))], ids=["same id", "another id"]
)
def test_event_delivered_twice_is_answered_once(
    workspace: Workspace, slack: SlackServer, ids: tuple[str, str], ts: tuple[str, str]
) -> None:
    """Slack delivers again when it is in doubt, now and then under a new id: the message is answered once."""
    statuses = [workspace.event({**ASKED, "ts": ts[n]}, event_id=ids[n], retry=n).status for n in range(2)]
    assert (statuses, questions_answered(workspace, slack, 1)) == ([200, 200], ["breakeven 200 users"])


def test_repetition_with_the_same_signature_is_accepted_and_not_answered_again(workspace: Workspace, slack: SlackServer) -> None:
    """Slack's immediate repetition may be the very same bytes; refusing it would make Slack try yet again."""
    body, headers = workspace.event_request({**ASKED, "ts": "1.1"}, event_id="Ev9")
    statuses = [workspace.post(body, headers).status, workspace.post(body, headers | {"X-Slack-Retry-Num": "1"}).status]
    assert (statuses, questions_answered(workspace, slack, 1)) == ([200, 200], ["breakeven 200 users"])


def test_repetition_is_answered_when_the_first_delivery_never_came(workspace: Workspace, slack: SlackServer) -> None:
    """A repetition may be the only delivery that reaches us, so it counts like any other."""
    workspace.event({**ASKED, "ts": "1.1"}, retry=1)
    assert len(slack.wait_for(1)) == 1


def test_replayed_event_is_refused(workspace: Workspace) -> None:
    """Without Slack's word that it repeats, the same signed event is a replay."""
    request = workspace.event_request({**ASKED, "ts": "1.1"}, event_id="Ev9")
    assert [workspace.post(*request).status for _ in range(2)] == [200, 401]


@pytest.mark.parametrize(
    "more",
    [{"bot_id": "B0BOT"}, {"subtype": "message_changed"}, {"channel_type": "channel", "channel": "C0TEAM"}],
    ids=["a bot", "an edit", "talk among people"],
)
def test_what_is_no_question_is_accepted_and_left_alone(workspace: Workspace, slack: SlackServer, more: dict[str, str]) -> None:
    """Bots, edits and talk in channels get no answer, and Slack no reason to repeat them."""
    status = workspace.event({**ASKED, "ts": "1.1", **more}).status
    assert (status, questions_answered(workspace, slack, 0)) == (200, [])


def test_event_that_nothing_listens_to_is_accepted_without_a_word(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    """An event that somebody added in Slack's settings, or the app's removal from a channel, is no trouble."""
    status = workspace.event({"type": "channel_left", "channel": "C0TEAM"}).status
    assert (status, caplog.records) == (200, [])
