"""Signed requests over HTTP into the served app, and what of it arrives at Slack."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.slack.connection.app import asgi, create_app
from bot.slack.settings import SlackSettings
from tests.fakes.slack.workspace import FORM, JSON, Workspace, served

if TYPE_CHECKING:
    from core.answer.model import Answer
    from tests.fakes.asking import Ask
    from tests.fakes.slack.server import Sent, SlackServer

BREAKEVEN = "200 seats cost $25,000 a month and pay off above 1,250 actions per user and month; below, Flex Credits cost less."
FAST_SECONDS = 0.5
TRUTH = Path(__file__).parents[2] / "data" / "exports" / "truth.json"


def headline(sent: Sent) -> str:
    """Return the first line of a message's text."""
    return sent.text.splitlines()[0]


@pytest.mark.parametrize(
    ("question", "first_line"),
    [
        ("breakeven 200 users", BREAKEVEN),
        (
            "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users",
            (
                "Flex Credits: $63,600 a year ($5,300 a month), $3,000 less than User Licence with credits; "
                "if volume doubles, Agentforce Add-on wins at $75,000."
            ),
        ),
    ],
)
def test_slash_command_is_answered_at_the_response_url(
    workspace: Workspace, slack: SlackServer, question: str, first_line: str
) -> None:
    """A signed slash command brings its answer to the response URL, with blocks that Slack takes at once."""
    workspace.slash(question)
    [sent] = slack.wait_for(1)
    assert (headline(sent), bool(sent.blocks), slack.refused) == (first_line, True, [])


def test_wallet_is_answered_with_the_credits_that_the_exports_hold(workspace: Workspace, slack: SlackServer) -> None:
    """`/agentcost wallet` over HTTP says what the exports add up to, granted, used and left."""
    truth = json.loads(TRUTH.read_text(encoding="utf-8"))
    workspace.slash("wallet")
    workspace.press("How?", slack.wait_for(1)[0])
    fields = json.dumps(slack.wait_for(2)[1].blocks)
    amounts = (truth["granted_excluding_reparenting"], int(truth["credits"]), int(truth["remaining"]))
    assert [f"{amount:,} credits" in fields for amount in amounts] == [True] * 3


def test_answer_is_for_the_asker_alone(workspace: Workspace, slack: SlackServer) -> None:
    """Nobody else in the channel sees what somebody asks."""
    workspace.slash("breakeven 200 users")
    [sent] = slack.wait_for(1)
    assert (sent.to, sent.body["response_type"]) == ("response_url", "ephemeral")


def test_acknowledgement_is_empty_and_does_not_wait_for_the_answer(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """Slack gives up after three seconds; a question that takes longer is acknowledged long before."""

    def ask_slowly(question: str, *, with_wallet: bool, who: str) -> Answer:
        time.sleep(1.0)
        return ask(question, with_wallet=with_wallet, who=who)

    with served(asgi(create_app(ask_slowly, settings))) as url:
        acknowledged = Workspace(slack, url, settings.signing_secret or "").slash("breakeven 200 users")
        slack.wait_for(1)
    assert (acknowledged.status, acknowledged.body, acknowledged.seconds < FAST_SECONDS) == (200, "", True)


def test_app_ends_only_when_its_answers_are_sent(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """Told to stop, the app finishes the answers that it has begun: nothing is lost by a restart."""

    def ask_slowly(question: str, *, with_wallet: bool, who: str) -> Answer:
        time.sleep(0.5)
        return ask(question, with_wallet=with_wallet, who=who)

    with served(asgi(create_app(ask_slowly, settings))) as url:
        Workspace(slack, url, settings.signing_secret or "").slash("breakeven 200 users")
    assert [headline(sent) for sent in slack.sent] == [BREAKEVEN]


@pytest.mark.parametrize("text", ["", "help", "  "])
def test_command_alone_shows_help(workspace: Workspace, slack: SlackServer, text: str) -> None:
    """Whoever types only /agentcost sees what can be asked."""
    workspace.slash(text)
    [sent] = slack.wait_for(1)
    assert "Try it" in sent.buttons()


def test_example_of_help_can_be_pressed(workspace: Workspace, slack: SlackServer) -> None:
    """Pressing Try it asks the last example of help, as if it had been typed."""
    workspace.slash("help compare")
    workspace.slash("help")
    sent = next(one for one in slack.wait_for(2) if "Try it" in one.buttons())
    workspace.press("Try it", sent)
    assert slack.wait_for(3)[2].body["replace_original"] is False


def test_rest_of_help_can_be_pressed(workspace: Workspace, slack: SlackServer, ask: Ask) -> None:
    """Show all tells every phrase that a command understands, to the presser alone."""
    workspace.slash("help compare")
    workspace.press("Show all", slack.wait_for(1)[0])
    told = slack.wait_for(2)[1]
    assert told.body["response_type"] == "ephemeral"
    assert all(str(row[0]) in str(told.blocks) for row in ask("help compare").table("phrases").rows)


def test_how_is_told_to_the_one_who_pressed(workspace: Workspace, slack: SlackServer) -> None:
    """How? answers with the arithmetic, to the presser alone."""
    workspace.slash("breakeven 200 users")
    workspace.press("How?", slack.wait_for(1)[0])
    how = slack.wait_for(2)[1]
    assert ("$125.00 ÷ $0.10 = 1,250" in how.text, how.body["response_type"]) == (True, "ephemeral")


def test_share_posts_to_the_channel_and_names_who_shared(workspace: Workspace, slack: SlackServer) -> None:
    """Share here gives the same answer to the whole channel, under the member's name."""
    workspace.slash("breakeven 200 users")
    workspace.press("Share here", slack.wait_for(1)[0])
    shared = slack.wait_for(2)[1]
    person = shared.blocks[0]["elements"][0]["elements"][1]
    assert (shared.body["response_type"], person["user_id"], BREAKEVEN in shared.text) == ("in_channel", "U0ASKER", True)


def test_share_takes_its_button_away(workspace: Workspace, slack: SlackServer) -> None:
    """Once shared, the asker's own message has no share button any more."""
    workspace.slash("breakeven 200 users")
    workspace.press("Share here", slack.wait_for(1)[0])
    own = slack.wait_for(3)[2]
    assert (own.body["replace_original"], list(own.buttons())) == (True, ["How?", "Change"])


def test_share_pressed_twice_shares_once(workspace: Workspace, slack: SlackServer) -> None:
    """An impatient finger does not post the answer twice."""
    workspace.slash("breakeven 200 users")
    [sent] = slack.wait_for(1)
    workspace.press("Share here", sent)
    workspace.press("Share here", sent)
    slack.wait_for(3)
    workspace.slash("breakeven payg")
    assert [one.body.get("response_type") for one in slack.wait_for(4)].count("in_channel") == 1


def test_misspelt_question_offers_what_works(workspace: Workspace, slack: SlackServer) -> None:
    """A slip is answered in its own words, and the suggestion can be pressed."""
    workspace.slash("breakeven 2oo users")
    [told] = slack.wait_for(1)
    workspace.press("breakeven 200 users", told)
    assert (headline(told)[:17], headline(slack.wait_for(2)[1])) == ("I don't know \"2oo", BREAKEVEN)


@pytest.mark.parametrize(
    "text",
    [
        "<!channel>",
        "x" * 3_999,
        "x" * 5_000,
        "breakeven 200 users " * 250,
        "😀",
        "вопрос",
        "breakeven \u202e200 users",
        "a\x00b",
        "`*_~",
    ],
)
def test_nothing_typed_breaks_the_bot(workspace: Workspace, slack: SlackServer, text: str) -> None:
    """Whatever is typed comes back as a polite message that Slack takes and that pings nobody."""
    workspace.slash(text)
    [sent] = slack.wait_for(1)
    assert ("broke" in sent.text, "<!" in sent.text, slack.refused) == (False, False, [])


def test_tampered_request_is_refused(workspace: Workspace, slack: SlackServer) -> None:
    """A body that was changed after Slack signed it gets 401 and no answer."""
    body, headers = workspace.slash_request("breakeven 200 users")
    assert (workspace.post(body.replace("200", "300"), headers).status, slack.sent) == (401, [])


@pytest.mark.parametrize(("seconds_ago", "status"), [(0, 200), (290, 200), (310, 401), (-310, 401)])
def test_request_is_good_for_five_minutes(workspace: Workspace, seconds_ago: int, status: int) -> None:
    """A signature older than five minutes, or from as far in the future, is refused."""
    body, _ = workspace.slash_request("help")
    assert workspace.post(*workspace.signed(body, FORM, seconds_ago)).status == status


def test_unsigned_request_is_refused(workspace: Workspace) -> None:
    """Without Slack's signature nothing is heard."""
    body, _ = workspace.slash_request("help")
    assert workspace.post(body, {"Content-Type": FORM}).status == 401


def test_replayed_command_is_refused(workspace: Workspace, slack: SlackServer) -> None:
    """A command that comes a second time, signature and all, gets 401: Slack never repeats one."""
    request = workspace.slash_request("breakeven 200 users")
    assert [workspace.post(*request).status for _ in range(2)] == [200, 401]
    assert len(slack.wait_for(1)) == 1


def test_without_a_signing_secret_nothing_is_heard_over_http(slack: SlackServer, ask: Ask) -> None:
    """An app set up for Socket Mode refuses HTTP, however it is signed."""
    with served(asgi(create_app(ask, SlackSettings(slack.token)))) as url:
        assert Workspace(slack, url, "guessed").slash("help").status == 401


def test_slack_is_told_that_the_address_is_ours(workspace: Workspace) -> None:
    """Slack's check of the address, when the app is set up, is answered with its challenge."""
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "legacy"})
    assert json.loads(workspace.post(*workspace.signed(body, JSON)).body) == {"challenge": "3eZbrw1a"}


def test_secrets_do_not_show(settings: SlackSettings) -> None:
    """Settings can be logged: neither token nor signing secret is in their text."""
    assert not [secret for secret in (settings.bot_token, settings.signing_secret) if str(secret) in repr(settings)]


@pytest.mark.parametrize(
    "body", ["[]", "nonsense", '{"event": 5}', '{"type": "event_callback", "event": {"type": "message", "channel": 5}}']
)
def test_request_that_nobody_can_read_costs_the_log_a_line(
    workspace: Workspace, slack: SlackServer, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    """Whoever reaches the address can send anything: it is refused or left alone, with at most one line in the log."""
    assert workspace.post(*workspace.signed(body, JSON)).status < 501
    workspace.slash("breakeven 200 users")
    assert len(slack.wait_for(1)) == 1
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) <= 1


@pytest.mark.parametrize(
    "told", ['{"ok":false,"error":"invalid_blocks"}', '{"ok":false,"error":"used_url"}', "no_service", "<html>Sign in</html>"]
)
def test_response_url_that_took_nothing_under_a_good_status_is_no_success(
    workspace: Workspace, slack: SlackServer, told: str
) -> None:
    """Slack may say no in the body: the answer then reaches the asker in the channel, seen by no one else."""
    slack.response_body = told
    workspace.slash("breakeven 200 users")
    [sent] = slack.wait_for(1)
    assert (sent.to, sent.body["user"], headline(sent)) == ("chat.postEphemeral", "U0ASKER", BREAKEVEN)
