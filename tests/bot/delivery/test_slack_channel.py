"""Slack conversations as channels: messages carry their key and are found by it, and refusals are classified."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.delivery.dispatcher import ChannelError
from bot.delivery.slack_channel import SlackMailbox
from bot.slack.channels import Channels
from bot.slack.client import SlackClient
from bot.slack.disclosure import Disclosure
from core.config.slack import Allowed, SlackRules
from core.config.teams import Address, Team
from tests.fakes.slack.conversations import SlackFault
from tests.fakes.slack.messages import news, outbox_message
from tests.fakes.slack.server import member

if TYPE_CHECKING:
    from bot.slack.settings import SlackSettings
    from core.alerts.outbox import OutboxMessage
    from tests.fakes.slack.server import SlackServer

KEY = "level-75-3f9a2c41"
MEMBERS = SlackRules()
SERVICE = Team("Service", channels=("C0TEAM",), owner="U0OTHER")


@pytest.fixture
def mailbox(settings: SlackSettings) -> SlackMailbox:
    """A mailbox in that Slack."""
    return mailbox_of(settings)


def mailbox_of(settings: SlackSettings, rules: SlackRules = MEMBERS, *teams: Team) -> SlackMailbox:
    """Return a mailbox in that Slack, for these teams."""
    gateway = SlackClient(settings)
    return SlackMailbox(gateway, Disclosure(gateway, Channels(gateway), lambda: rules, lambda: teams))


@pytest.fixture
def message() -> OutboxMessage:
    """Return an alert for C0TEAM."""
    return outbox_message(news()["alert"])


def now() -> datetime:
    """Return the current instant."""
    return datetime.now(UTC)


def test_a_message_is_found_again_by_its_key(slack: SlackServer, mailbox: SlackMailbox, message: OutboxMessage) -> None:
    """A posted message is found under Slack's id for it, even on a later page of the history."""
    since = now()
    put = asyncio.run(mailbox.put(message))
    for number in range(5):
        asyncio.run(mailbox.put(message._replace(key=f"other-{number}")))
    slack.conversations.smallest_page = 2
    assert asyncio.run(mailbox.find(message, since)) == put
    assert slack.calls.count("conversations.history") == 3


def test_a_message_that_did_not_arrive_is_not_found(mailbox: SlackMailbox, message: OutboxMessage) -> None:
    """Nothing has the key, so the message may be sent."""
    assert asyncio.run(mailbox.find(message, now())) is None


def test_a_clock_that_is_half_an_hour_ahead_finds_it_all_the_same(mailbox: SlackMailbox, message: OutboxMessage) -> None:
    """Messages that our clock puts later than Slack's are searched for among older ones too."""
    put = asyncio.run(mailbox.put(message))
    assert asyncio.run(mailbox.find(message, now() + timedelta(minutes=30))) == put


@pytest.mark.parametrize("is_accepted", [True, False])
@pytest.mark.parametrize("how", ["cut", "down"])
def test_what_got_no_answer_is_sent_once(
    slack: SlackServer, mailbox: SlackMailbox, message: OutboxMessage, how: str, *, is_accepted: bool
) -> None:
    """Without a reply, whether Slack accepted it or not, nothing is sent again here; the message may be retried."""
    slack.faults.append(SlackFault(how, is_accepted=is_accepted, method="chat.postMessage"))  # type: ignore[arg-type]  # one of the two
    with pytest.raises(ChannelError) as trouble:
        asyncio.run(mailbox.put(message))
    assert (trouble.value.is_final, slack.conversations.keys("C0TEAM")) == (False, [KEY] * is_accepted)


def test_slack_s_pause_is_kept(slack: SlackServer, mailbox: SlackMailbox, message: OutboxMessage) -> None:
    """Retry-After is passed on, and the message is not sent earlier."""
    slack.faults.append(SlackFault("limits", retry_after=17, method="chat.postMessage"))
    with pytest.raises(ChannelError) as trouble:
        asyncio.run(mailbox.put(message))
    assert (trouble.value.retry_after, slack.sent) == (timedelta(seconds=17), [])


@pytest.mark.parametrize(
    ("reason", "is_final"),
    [("is_archived", True), ("channel_not_found", False), ("token_revoked", False), ("internal_error", False)],
)
def test_refusals_that_nobody_can_cure_are_final(
    slack: SlackServer, mailbox: SlackMailbox, message: OutboxMessage, reason: str, *, is_final: bool
) -> None:
    """An invitation or a new token may come within the day; an archived channel stays archived."""
    slack.refuses_everything_with = reason
    with pytest.raises(ChannelError) as trouble:
        asyncio.run(mailbox.put(message))
    assert (trouble.value.is_final, reason in trouble.value.reason) == (is_final, True)


def test_blocks_that_slack_does_not_know_are_sent_as_text(slack: SlackServer, mailbox: SlackMailbox) -> None:
    """A workspace without table blocks gets the digest as text, once, with its key."""
    slack.knows_native_blocks = False
    digest = outbox_message(news()["digest"])
    asyncio.run(mailbox.put(digest))
    assert ([sent.blocks for sent in slack.sent], slack.conversations.keys("C0TEAM")) == ([[]], [digest.key])


def test_an_alert_can_be_acknowledged_snoozed_and_asked_about(
    slack: SlackServer, mailbox: SlackMailbox, message: OutboxMessage
) -> None:
    """An open alert has its buttons; one that is over cannot be acknowledged."""
    asyncio.run(mailbox.put(message))
    asyncio.run(mailbox.put(outbox_message(news()["alert_recovered"])))
    labels = [list(sent.buttons()) for sent in slack.sent]
    menus = [[one["text"]["text"] for one in part["options"]] for part in _elements(slack) if "options" in part]
    assert (labels, menus) == ([["I'm on it", "Why?"], ["Why?"]], [["Snooze 1 day", "Snooze 1 week", "Snooze until renewal"]])


def _elements(slack: SlackServer) -> list[dict[str, Any]]:
    return [part for sent in slack.sent for block in sent.blocks for part in block.get("elements", ())]


def test_alert_for_a_channel_that_another_company_shares_goes_to_the_owner(
    slack: SlackServer, settings: SlackSettings, message: OutboxMessage
) -> None:
    """Another company must not read our figures: the team's owner gets them, and the reason."""
    slack.shared_with_others.add("C0TEAM")
    mailbox = mailbox_of(settings, MEMBERS, SERVICE)
    put = asyncio.run(mailbox.put(message))
    [sent] = slack.sent
    assert (sent.body["channel"], put.split()[0], "shared with another company" in sent.text) == ("D0OTHER", "D0OTHER", True)
    assert asyncio.run(mailbox.find(message, now() - timedelta(hours=1))) == put


@pytest.mark.parametrize("rules", [SlackRules(shows_others=("C0TEAM",)), SlackRules(wallet=Allowed(other_workspaces=True))])
def test_alert_for_a_shared_channel_that_app_yaml_allows_goes_there(
    slack: SlackServer, settings: SlackSettings, message: OutboxMessage, rules: SlackRules
) -> None:
    """`allow_shared: true` is the team's decision."""
    slack.shared_with_others.add("C0TEAM")
    asyncio.run(mailbox_of(settings, rules, SERVICE).put(message))
    assert [sent.body["channel"] for sent in slack.sent] == ["C0TEAM"]


@pytest.mark.parametrize("owner", ["", "Kim", "U0GUEST", "U0THEM"])
def test_without_an_owner_who_may_have_it_the_alert_waits_with_the_reason(
    slack: SlackServer, settings: SlackSettings, message: OutboxMessage, owner: str
) -> None:
    """A name is not an address, and neither guests nor people of the other company may get it."""
    slack.shared_with_others.add("C0TEAM")
    slack.people |= {"U0GUEST": member(is_restricted=True), "U0THEM": member(team_id="T0THEM")}
    with pytest.raises(ChannelError, match="shared with another company") as trouble:
        asyncio.run(mailbox_of(settings, MEMBERS, SERVICE._replace(owner=owner)).put(message))
    assert (trouble.value.is_final, slack.sent) == (False, [])


def test_what_is_for_a_member_goes_there_directly(slack: SlackServer, mailbox: SlackMailbox, message: OutboxMessage) -> None:
    """A notice for an owner goes into a direct conversation, and is found there by its key."""
    to_owner = message._replace(address=Address("channel", "U0OTHER"))
    put = asyncio.run(mailbox.put(to_owner))
    assert [sent.body["channel"] for sent in slack.sent] == ["D0OTHER"]
    assert asyncio.run(mailbox.find(to_owner, now() - timedelta(hours=1))) == put


@pytest.mark.parametrize("who", ["U0GUEST", "U0THEM"])
def test_a_guest_is_told_nothing_directly(slack: SlackServer, mailbox: SlackMailbox, message: OutboxMessage, who: str) -> None:
    """Nor somebody of another company; the refusal is final and is not retried."""
    slack.people |= {"U0GUEST": member(is_restricted=True), "U0THEM": member(team_id="T0THEM")}
    with pytest.raises(ChannelError, match="a guest, or of another company") as trouble:
        asyncio.run(mailbox.put(message._replace(address=Address("channel", who))))
    assert (trouble.value.is_final, slack.sent) == (True, [])


def test_channel_that_moved_is_told_under_its_new_id(slack: SlackServer, settings: SlackSettings, message: OutboxMessage) -> None:
    """Slack gives a channel another id when it moves; the event names it, and app.yaml may be corrected later."""
    gateway = SlackClient(settings)
    channels = Channels(gateway)
    slack.move("C0TEAM", "C0MOVED")
    asyncio.run(channels.hear({"type": "channel_id_changed", "old_channel_id": "C0TEAM", "new_channel_id": "C0MOVED"}, ()))
    asyncio.run(SlackMailbox(gateway, Disclosure(gateway, channels, SlackRules)).put(message))
    assert [sent.body["channel"] for sent in slack.sent] == ["C0MOVED"]


def test_what_is_known_of_a_channel_is_forgotten_when_it_is_shared(
    slack: SlackServer, settings: SlackSettings, message: OutboxMessage
) -> None:
    """An alert sent a second after the channel was shared does not appear in it."""
    gateway = SlackClient(settings)
    channels = Channels(gateway)
    mailbox = SlackMailbox(gateway, Disclosure(gateway, channels, SlackRules, lambda: (SERVICE,)))
    asyncio.run(mailbox.put(message))
    slack.shared_with_others.add("C0TEAM")
    asyncio.run(channels.hear({"type": "channel_shared", "channel": "C0TEAM", "connected_team_id": "T0THEM"}, ()))
    asyncio.run(mailbox.put(message._replace(key="another")))
    assert [sent.body["channel"] for sent in slack.sent] == ["C0TEAM", "D0OTHER"]


def test_ids_that_change_in_a_circle_end_somewhere(settings: SlackSettings) -> None:
    """A channel that returns to its old id is found there."""
    channels = Channels(SlackClient(settings))
    for old, new in (("C1", "C2"), ("C2", "C3"), ("C3", "C1"), ("C1", "C1")):
        asyncio.run(channels.hear({"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}, ()))
    assert channels.current_id("C2") in {"C1", "C3"}


def test_an_answer_that_tells_nothing_of_a_channel_keeps_no_alert_back(
    slack: SlackServer, mailbox: SlackMailbox, message: OutboxMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for Slack that only answers ok gets the message once, and it is found there."""
    monkeypatch.setattr(slack, "_described", lambda *_: {})
    since = now()
    put = asyncio.run(mailbox.put(message))
    assert [sent.body["channel"] for sent in slack.sent] == ["C0TEAM"]
    assert asyncio.run(mailbox.find(message, since)) == put
