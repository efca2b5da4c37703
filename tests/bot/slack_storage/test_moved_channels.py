"""A channel that goes by another id: its teams go on hearing, each thing once, whoever was up when it moved."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.delivery.dispatcher import ChannelError, Dispatcher
from bot.delivery.slack_channel import SlackMailbox
from bot.observability.metrics import Metrics, MetricState
from bot.slack.channels import Channels
from bot.slack.client import SlackClient
from bot.slack.diagnostics import examine
from bot.slack.disclosure import Disclosure
from bot.slack_storage.channel_records import StoredChannels
from core.alerts import outbox
from core.config.slack import Allowed, SlackRules
from core.config.teams import Address, Team
from core.warehouse.database import Warehouse, open_warehouse
from tests.fakes.slack.messages import news, outbox_message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.slack.settings import SlackSettings
    from tests.fakes.slack.server import SlackServer

MOVED_EVENT = {"type": "channel_id_changed", "old_channel_id": "C0TEAM", "new_channel_id": "C0MOVED"}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Process:
    """One run of the sender: what it knows of channels ends with it, but for what the warehouse keeps."""

    warehouse: Warehouse
    settings: SlackSettings
    rules: SlackRules = field(default_factory=SlackRules)
    teams: tuple[Team, ...] = (Team("Service", channels=("C0TEAM",), owner="U0OTHER"),)

    def __post_init__(self) -> None:
        """Start."""
        gateway = SlackClient(self.settings)
        self.channels = Channels(gateway, book=StoredChannels(self._open))
        rules = self.channels.with_current_ids(lambda: self.rules)
        self.mailbox = SlackMailbox(gateway, Disclosure(gateway, self.channels, rules, lambda: self.teams))

    @contextmanager
    def _open(self) -> Iterator[Warehouse]:
        yield self.warehouse

    def hear(self) -> None:
        """Hear Slack's event."""
        asyncio.run(self.channels.hear(MOVED_EVENT, ()))

    def send(self, key: str, *addresses: str) -> None:
        """Queue a message for channels, and deliver what is due."""
        with self.warehouse.writing() as session:
            for address in addresses or ("C0TEAM",):
                message = outbox_message(news()["alert"])._replace(key=key, address=Address("channel", address), alert_key=None)
                outbox.enqueue(session, message, NOON)
        metrics = Metrics(lambda: MetricState(is_open=False, data_through=None, messages={}, parts=[]))
        sender = Dispatcher(self.warehouse, {"channel": self.mailbox}, lambda: NOON + timedelta(minutes=1), metrics)
        asyncio.run(sender.send_due())


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A warehouse that outlives processes."""
    with open_warehouse(tmp_path / "w.duckdb") as found:
        yield found


def keys(slack: SlackServer, channel: str) -> list[str]:
    """Return the keys of what stands in a channel."""
    return slack.conversations.keys(channel)


@pytest.mark.parametrize("is_up", [True, False], ids=["while the service is up", "while it is down"])
def test_team_goes_on_hearing_once(slack: SlackServer, settings: SlackSettings, warehouse: Warehouse, *, is_up: bool) -> None:
    """app.yaml names the old id; the message before the move is not sent again, and the next comes to the new id."""
    before = Process(warehouse, settings)
    before.send("first")
    slack.move("C0TEAM", "C0MOVED")
    if is_up:
        before.hear()
    after = Process(warehouse, settings)
    after.send("second")
    Process(warehouse, settings).send("third")
    assert (keys(slack, "C0MOVED"), keys(slack, "C0TEAM")) == (["first", "second", "third"], [])


def test_correcting_app_yaml_tells_nothing_again(slack: SlackServer, settings: SlackSettings, warehouse: Warehouse) -> None:
    """The new id is a place that was never asked: its history says what it was told under the old one."""
    Process(warehouse, settings).send("first")
    slack.move("C0TEAM", "C0MOVED")
    Process(warehouse, settings).send("second")
    corrected = Process(warehouse, settings, teams=(Team("Service", channels=("C0MOVED",)),))
    corrected.send("second", "C0MOVED")
    corrected.send("third", "C0MOVED")
    assert keys(slack, "C0MOVED") == ["first", "second", "third"]


def test_both_ids_in_app_yaml_are_one_place(slack: SlackServer, settings: SlackSettings, warehouse: Warehouse) -> None:
    """Whoever adds the new id before taking the old one out hears nothing twice."""
    slack.move("C0TEAM", "C0MOVED")
    process = Process(warehouse, settings)
    process.hear()
    process.send("first", "C0TEAM", "C0MOVED")
    process.send("second", "C0MOVED", "C0TEAM")
    assert sorted(keys(slack, "C0MOVED")) == ["first", "second"]


def test_earlier_id_that_slack_still_knows_is_followed(slack: SlackServer, settings: SlackSettings, warehouse: Warehouse) -> None:
    """Slack answers for the old id with the channel as it is: nothing need be guessed."""
    slack.move("C0TEAM", "C0MOVED")
    slack.known_as["C0TEAM"] = "C0MOVED"
    Process(warehouse, settings).send("first")
    assert keys(slack, "C0MOVED") == ["first"]


@pytest.mark.parametrize("other", ["made at another time", "of another name", "of two channels alike"])
def test_channel_that_is_not_surely_the_same_gets_nothing(
    slack: SlackServer, settings: SlackSettings, warehouse: Warehouse, other: str
) -> None:
    """Figures go nowhere by a guess; the message waits, and says why."""
    Process(warehouse, settings).send("first")
    slack.move("C0TEAM", "C0MOVED")
    slack.made["C0MOVED"] += other == "made at another time"
    slack.names["C0MOVED"] = "elsewhere" if other == "of another name" else "team"
    if other == "of two channels alike":
        slack.channels.add("C0TWIN")
        slack.made["C0TWIN"] = slack.made["C0MOVED"]
    after = Process(warehouse, settings)
    with pytest.raises(ChannelError, match="channel_not_found") as trouble:
        asyncio.run(after.mailbox.put(outbox_message(news()["alert"])))
    assert (trouble.value.is_final, keys(slack, "C0MOVED")) == (False, ["first"])


def test_channel_that_was_renamed_and_then_moved_is_known_by_its_earlier_name(
    slack: SlackServer, settings: SlackSettings, warehouse: Warehouse
) -> None:
    """Slack lists the names that a channel had."""
    Process(warehouse, settings).send("first")
    slack.move("C0TEAM", "C0MOVED")
    slack.names["C0MOVED"], slack.earlier_names["C0MOVED"] = "service", ["team"]
    Process(warehouse, settings).send("second")
    assert keys(slack, "C0MOVED") == ["first", "second"]


def test_gone_channel_does_not_make_us_list_all_channels_each_time(
    slack: SlackServer, settings: SlackSettings, warehouse: Warehouse
) -> None:
    """Slack allows twenty lists a minute."""
    process = Process(warehouse, settings)
    process.send("first")
    slack.channels.remove("C0TEAM")
    after = Process(warehouse, settings)
    for _ in range(3):
        with pytest.raises(ChannelError):
            asyncio.run(after.mailbox.put(outbox_message(news()["alert"])))
    assert slack.calls.count("conversations.list") == 1


def test_what_app_yaml_allows_under_the_old_id_holds_under_the_new(
    slack: SlackServer, settings: SlackSettings, warehouse: Warehouse
) -> None:
    """A channel that may show figures though another company shares it may do so after it moved."""
    slack.shared_with_others.add("C0TEAM")
    rules = SlackRules(wallet=Allowed(channels=("C0TEAM",)), shows_others=("C0TEAM",))
    Process(warehouse, settings, rules).send("first")
    slack.move("C0TEAM", "C0MOVED")
    after = Process(warehouse, settings, rules)
    after.send("second")
    assert keys(slack, "C0MOVED") == ["first", "second"]
    assert after.channels.with_current_ids(lambda: rules)().wallet.channels == ("C0TEAM", "C0MOVED")


def test_channel_shared_while_the_service_was_down_gets_no_figures(
    slack: SlackServer, settings: SlackSettings, warehouse: Warehouse
) -> None:
    """What is kept finds channels again; whether figures may stand there Slack is asked anew."""
    Process(warehouse, settings).send("first")
    slack.move("C0TEAM", "C0MOVED")
    slack.shared_with_others.add("C0MOVED")
    Process(warehouse, settings).send("second")
    assert (keys(slack, "C0MOVED"), keys(slack, "D0OTHER")) == (["first"], ["second"])


def test_doctor_says_what_to_change(slack: SlackServer, settings: SlackSettings, warehouse: Warehouse) -> None:
    """It knows the move from the warehouse, and what Slack says of the channel now."""
    process = Process(warehouse, settings)
    process.send("first")
    slack.move("C0TEAM", "C0MOVED")
    slack.user_groups["S0FIN"] = []
    variables = {"SLACK_BOT_TOKEN": slack.token, "SLACK_SIGNING_SECRET": "0" * 32, "SLACK_API_URL": f"{slack.url}/api/"}
    checked = asyncio.run(examine(variables, SlackRules(), list, process.teams, StoredChannels(process._open)))
    assert [problem.partition(" Until")[0] for problem in checked.problems] == [
        "app.yaml names the channel C0TEAM, which goes by C0MOVED now: write C0MOVED instead."
    ]
