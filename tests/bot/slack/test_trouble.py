"""What goes wrong between the bot and Slack, and inside the bot."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.slack.connection.app import asgi, create_app
from core.errors import ExportError
from tests.fakes.slack.workspace import Workspace, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.slack.settings import SlackSettings
    from tests.fakes.asking import Ask
    from tests.fakes.slack.server import SlackServer

SECRET_TEXT = "usage by agent of the secret project"
NATIVE = {"data_table", "data_visualization"}


def broken_ask(question: str, **_: bool) -> object:
    """Fail as a defect would, with the question in the error's words."""
    raise ZeroDivisionError(question)


@pytest.fixture
def broken(slack: SlackServer, settings: SlackSettings) -> Iterator[Workspace]:
    """A workspace whose app cannot answer anything."""
    with served(asgi(create_app(broken_ask, settings))) as url:  # type: ignore[arg-type]
        yield Workspace(slack, url, settings.signing_secret or "")


@pytest.mark.parametrize("question", ["breakeven 200 users", "compare 10000 interactions 5 actions"], ids=["chart", "table"])
def test_text_form_is_sent_where_the_response_url_refuses_blocks(workspace: Workspace, slack: SlackServer, question: str) -> None:
    """A workspace that does not know the new blocks gets the whole answer as text."""
    slack.knows_native_blocks = False
    workspace.slash(question)
    [sent] = slack.wait_for(1)
    assert (slack.refused, sent.blocks, "Asked: " in sent.text) == (["invalid_blocks"], [], True)


def test_text_form_is_sent_where_the_web_api_refuses_blocks(workspace: Workspace, slack: SlackServer) -> None:
    """The same holds for a mention, in its thread."""
    slack.knows_native_blocks = False
    workspace.mention("breakeven 200 users")
    [sent] = slack.wait_for(1)
    assert (slack.refused, sent.blocks, "thread_ts" in sent.body) == (["invalid_blocks"], [], True)


@pytest.mark.parametrize("used_up", [(-9_999.0, 0), (None, 5)], ids=["expired", "used up"])
def test_answer_finds_the_asker_without_the_response_url(
    workspace: Workspace, slack: SlackServer, used_up: tuple[float | None, int]
) -> None:
    """A response URL takes five uses in thirty minutes; after that the asker is reached in the channel, alone."""
    body, headers = workspace.slash_request("breakeven 200 users")
    slack.response_urls["r0"] = (slack.clock() if used_up[0] is None else used_up[0], used_up[1])
    workspace.post(body, headers)
    [sent] = slack.wait_for(1)
    assert (sent.to, sent.body["user"]) == ("chat.postEphemeral", "U0ASKER")


def test_answer_comes_directly_where_the_bot_is_not_in_the_channel(workspace: Workspace, slack: SlackServer) -> None:
    """Where even the channel cannot be written to, the asker gets a direct message."""
    body, headers = workspace.slash_request("breakeven 200 users", channel="C0PRIVATE")
    slack.response_urls.clear()
    workspace.post(body, headers)
    [sent] = slack.wait_for(1)
    assert (sent.to, sent.body["channel"]) == ("chat.postMessage", "U0ASKER")


@pytest.mark.parametrize("how", ["slash", "mention"])
def test_rate_limit_is_waited_out(workspace: Workspace, slack: SlackServer, how: str) -> None:
    """Slack's 429 with Retry-After delays an answer, and does not lose it."""
    slack.rate_limited = 1
    getattr(workspace, how)("breakeven 200 users")
    assert len(slack.wait_for(1)) == 1


@pytest.mark.parametrize("how", ["slash", "mention"])
def test_answer_that_timed_out_is_not_sent_twice(
    slack: SlackServer, settings: SlackSettings, ask: Ask, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    """Slack may have taken what it did not confirm in time: it is logged, not sent again, and the bot lives on."""
    slack.hesitates_seconds = 1.5
    with served(asgi(create_app(ask, replace(settings, timeout_seconds=1)))) as url:
        workspace = Workspace(slack, url, settings.signing_secret or "")
        getattr(workspace, how)("breakeven 200 users")
        slack.wait_for(1)
    assert (len(slack.sent), "TimeoutError" in caplog.text) == (1, True)


@pytest.mark.parametrize("reason", ["is_archived", "token_revoked", "account_inactive", "not_in_channel"])
def test_message_that_slack_will_not_take_is_logged_by_its_reason(
    workspace: Workspace, slack: SlackServer, caplog: pytest.LogCaptureFixture, reason: str
) -> None:
    """An archived channel or a revoked token ends in the log, in Slack's word, and the bot lives on."""
    slack.refuses_everything_with = reason
    workspace.mention("breakeven 200 users")
    slack.wait_for_refusals(1)
    slack.refuses_everything_with = None
    workspace.mention("breakeven payg")
    slack.wait_for(1)
    assert [record for record in caplog.records if record.name == "agentcost.slack" and reason in record.getMessage()]


def test_bot_lives_on_when_slack_was_down(workspace: Workspace, slack: SlackServer) -> None:
    """While Slack is down a command is acknowledged; when it is back, the next one is answered."""
    slack.is_down = True
    status = workspace.slash("breakeven 200 users").status
    slack.is_down = False
    workspace.slash("breakeven payg")
    assert (status, len(slack.wait_for(1)) >= 1) == (200, True)


@pytest.mark.parametrize("how", ["slash", "mention"])
def test_answer_waits_while_slack_is_down(workspace: Workspace, slack: SlackServer, how: str) -> None:
    """An answer that is ready while Slack is down is sent again and again, and arrives once when Slack is back."""
    slack.is_down = True
    getattr(workspace, how)("breakeven 200 users")
    slack.wait_for_calls_while_down(2)
    slack.is_down = False
    assert [sent.text[:22] for sent in slack.wait_for(1)] == ["200 seats cost $25,000"]


def test_fault_of_ours_is_told_by_reference_only(broken: Workspace, slack: SlackServer) -> None:
    """The asker learns that it is our fault and under which reference, nothing of the inside."""
    broken.slash(SECRET_TEXT)
    [sent] = slack.wait_for(1)
    assert sent.text[:25] == "Internal error (ref " + sent.text[20:24] + ")"
    assert int(sent.text[20:24], 16) >= 0


@pytest.mark.parametrize("how", ["slash", "mention", "direct"])
def test_request_that_fails_at_once_is_acknowledged_all_the_same(broken: Workspace, how: str) -> None:
    """Slack hears at once that its request arrived, even if the answer fails in the same moment."""
    acknowledged = getattr(broken, how)(SECRET_TEXT)
    assert (acknowledged.status, acknowledged.seconds < 1) == (200, True)


@pytest.mark.parametrize("how", ["slash", "mention", "direct"])
def test_fault_of_ours_is_logged_with_its_place_and_without_words(
    broken: Workspace, slack: SlackServer, caplog: pytest.LogCaptureFixture, settings: SlackSettings, how: str
) -> None:
    """The log has reference, kind and traceback; neither the question nor a secret."""
    caplog.set_level(logging.DEBUG, "agentcost.slack")
    getattr(broken, how)(SECRET_TEXT)
    reference = slack.wait_for(1)[0].text[20:24]
    records = [record for record in caplog.records if record.name == "agentcost.slack"]
    log = "\n".join(f"{record.getMessage()}\n{getattr(record, 'frames', '')}" for record in records)
    assert f"ref {reference}: ZeroDivisionError" in log
    assert "broken_ask" in log
    assert not [word for word in (SECRET_TEXT, "secret project", slack.token, settings.signing_secret) if str(word) in log]


def test_other_input_error_is_told_in_its_own_words(slack: SlackServer, settings: SlackSettings) -> None:
    """An error of the input that is not about the question is shown as it reads, its markup dead."""

    def ask(_: str, **__: bool) -> object:
        raise ExportError("<!channel>.csv has no column for credits")

    with served(asgi(create_app(ask, settings))) as url:  # type: ignore[arg-type]
        Workspace(slack, url, settings.signing_secret or "").slash("wallet")
        [sent] = slack.wait_for(1)
    assert (sent.text, sent.blocks[0]["text"]["text"]) == (
        "&lt;!channel&gt;.csv has no column for credits",
        "‹!channel›.csv has no column for credits",
    )


def test_share_that_failed_can_be_tried_again(workspace: Workspace, slack: SlackServer, caplog: pytest.LogCaptureFixture) -> None:
    """A share that Slack did not take does not count as done."""
    workspace.slash("breakeven 200 users")
    [sent] = slack.wait_for(1)
    slack.takes_responses = False
    slack.channels.discard("C0TEAM")
    workspace.press("Share here", sent)
    slack.wait_for_refusals(2)
    while not caplog.records:  # the failure is logged once the share is given up
        time.sleep(0.01)
    slack.takes_responses = True
    workspace.press("Share here", sent)
    assert "in_channel" in [one.body.get("response_type") for one in slack.wait_for(3)]
