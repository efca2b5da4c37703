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
    asked = [[*sent.text.partition("\nAsked: ")[2].splitlines(), ""][0] for sent in slack.wait_for(at_least + 1)]
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
    assert (sent.body["channel"], "thread_ts" in sent.body, "$25,000" in sent.text) == ("D0ASKER", False, True)


@pytest.mark.parametrize("text", ["breakeven <tel:200|200> users", "breakeven <http://200|200> users"])
def test_links_that_slack_made_are_undone(workspace: Workspace, slack: SlackServer, text: str) -> None:
    """Slack makes links of numbers that people type; the question is read as typed."""
    workspace.direct(text)
    assert slack.wait_for(1)[0].text.startswith("200 seats cost $25,000 a month")


def test_escapes_that_slack_made_are_undone(workspace: Workspace, slack: SlackServer) -> None:
    """Slack escapes what people type; the error shows it as typed, escaped once for the way back."""
    workspace.direct("breakeven &lt;200&gt; &amp; users")
    assert "breakeven &lt;200&gt; &amp; users" in slack.wait_for(1)[0].text


@pytest.mark.parametrize("thread", [None, "1763500000.000100"])
def test_misspelt_mention_is_told_to_the_asker_alone(workspace: Workspace, slack: SlackServer, thread: str | None) -> None:
    """An error is no news for the channel; in a thread that is only begun Slack would show the asker nothing."""
    slack.threads.add("1763500000.000100")
    workspace.mention("breakeven 2oo users", thread=thread)
    [sent] = slack.wait_for(1)
    told = (sent.to, sent.body["user"], sent.body.get("thread_ts"), list(sent.buttons()))
    assert told == ("chat.postEphemeral", "U0ASKER", thread, ["breakeven 200 users"])


@pytest.mark.parametrize("text", ["thanks :pray:", "fyi, see above"])
def test_what_asks_nothing_is_not_answered(workspace: Workspace, slack: SlackServer, text: str) -> None:
    """A channel is not told that thanks are no command."""
    workspace.mention(text)
    assert questions_answered(workspace, slack, 0) == []


def test_thanks_get_a_reaction(workspace: Workspace, slack: SlackServer) -> None:
    """Whoever thanks sees that it was heard."""
    slack.files.messages.add(("C0TEAM", "1763600001.000100"))
    workspace.mention("thanks!")
    assert slack.wait_for_reaction("+1") == ["++1"]


MENTIONED = {"type": "app_mention", "user": "U0ASKER", "channel": "C0TEAM", "ts": "1763600009.000100"}
EDITED = {"edited": {"user": "U0ASKER", "ts": "1763600012.000000"}}


def test_edit_of_a_mention_that_failed_is_answered(workspace: Workspace, slack: SlackServer) -> None:
    """A typo is mended where it stands, as people do; an edit after the answer is left alone."""
    workspace.event({**MENTIONED, "text": "<@U0BOT> breakeven 2oo users"})
    slack.wait_for(1)
    workspace.event({**MENTIONED, **EDITED, "text": "<@U0BOT> breakeven 200 users"})
    slack.wait_for(2)
    later = {"edited": {"user": "U0ASKER", "ts": "1763600015.000000"}}
    workspace.event({**MENTIONED, **later, "text": "<@U0BOT> breakeven 300 users"})
    assert questions_answered(workspace, slack, 2)[1:] == ["breakeven 200 users"]


def test_edit_of_a_direct_message_that_failed_is_answered(workspace: Workspace, slack: SlackServer) -> None:
    """In a direct message Slack tells of an edit as a message about the message."""
    workspace.event({**ASKED, "ts": "1.1", "text": "breakeven 2oo users"})
    slack.wait_for(1)
    now = {"type": "message", "user": "U0ASKER", "ts": "1.1", "text": "breakeven 200 users", **EDITED}
    before = {**now, "text": "breakeven 2oo users"}
    changed = {"subtype": "message_changed", "message": now, "previous_message": before, "ts": "1.2"}
    workspace.event({"type": "message", "channel_type": "im", "channel": "D0ASKER", **changed})
    assert questions_answered(workspace, slack, 2)[1:] == ["breakeven 200 users"]


def test_edit_of_a_mention_that_was_answered_before_a_restart_is_left_alone(workspace: Workspace, slack: SlackServer) -> None:
    """What this process did not see may have been answered by the one before it: the thread says."""
    slack.conversations.post({"channel": "C0TEAM", "text": "200 seats …", "thread_ts": MENTIONED["ts"], "bot_id": "B0BOT"})
    workspace.event({**MENTIONED, **EDITED, "text": "<@U0BOT> breakeven 200 users"})
    assert questions_answered(workspace, slack, 0) == []


def test_edit_that_adds_our_name_is_answered(workspace: Workspace, slack: SlackServer) -> None:
    """Whoever forgot to address us adds the name; nothing stands below the message yet."""
    workspace.event({**MENTIONED, **EDITED, "text": "<@U0BOT> breakeven 200 users"})
    assert questions_answered(workspace, slack, 1) == ["breakeven 200 users"]


@pytest.mark.parametrize("subtype", ["thread_broadcast", "me_message"])
def test_broadcasts_and_me_messages_are_typed_by_people(workspace: Workspace, slack: SlackServer, subtype: str) -> None:
    """A subtype alone does not make a message a program's."""
    workspace.event({**ASKED, "ts": "1.1", "subtype": subtype})
    assert questions_answered(workspace, slack, 1) == ["breakeven 200 users"]


@pytest.mark.parametrize("reason", ["not_in_channel", "restricted_action_read_only_channel"])
def test_answer_reaches_the_asker_where_the_app_may_not_post(workspace: Workspace, slack: SlackServer, reason: str) -> None:
    """A mention where the app may not post is answered to the asker alone, at last by direct message."""
    slack.closed["C0TEAM"] = reason
    workspace.mention("breakeven 200 users")
    [sent] = slack.wait_for(1)
    assert (sent.body["channel"], "$25,000" in sent.text) == ("U0ASKER", True)


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
    """An event that somebody added in Slack's settings is no trouble."""
    status = workspace.event({"type": "emoji_changed"}).status
    assert (status, caplog.records) == (200, [])
