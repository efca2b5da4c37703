"""Failed messages are reported in the team's other channels, once a day, and nowhere else."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.alerts import outbox
from core.alerts.outbox import OutboxMessage
from core.alerts.undelivered import report_undelivered
from core.answer import Answer
from core.config import Address, AddressKind, Team
from core.warehouse import Warehouse, open_warehouse

NOON, DAY = datetime(2026, 11, 20, 12, tzinfo=UTC), date(2026, 11, 20)
OPS = Team("Ops", channels=("C1", "C2", "C3"))
OTHER = Team("Other", channels=("C9",))


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse."""
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        yield opened


def give_up(
    warehouse: Warehouse,
    key: str,
    channel: str,
    at: datetime,
    reason: str = "is_archived: the conversation is archived",
    kind: AddressKind = "channel",
) -> None:
    """Let a message of the team fail for good."""
    answer = Answer("wallet", "Level", "75 % used", DAY)
    with warehouse.writing() as session:
        outbox.enqueue(session, OutboxMessage(key, Address(kind, channel), "Ops", answer), at)
        claimed = outbox.claim(session, at, "test", 50)
        for one in claimed:
            outbox.mark_failed(session, one, at, reason, is_final=True)


def report(warehouse: Warehouse, now: datetime = NOON) -> int:
    """Report the failed messages."""
    with warehouse.writing() as session:
        return report_undelivered(session, [OPS, OTHER], now, now.date())


def waiting(warehouse: Warehouse) -> list[tuple[str, str]]:
    """Return channels and headlines of pending messages."""
    with warehouse.reading() as session:
        return sorted(
            (one.message.address.id, one.message.answer.headline)
            for one in outbox.deliveries(session)
            if not one.delivered_at and not one.failed_at
        )


def test_the_teams_other_channels_hear_of_it_once(warehouse: Warehouse) -> None:
    """Both other channels get a notice without figures of the wallet, and other teams do not; the same day it is not repeated."""
    give_up(warehouse, "level-75", "C1", NOON)
    assert (report(warehouse), report(warehouse)) == (2, 0)
    said = "1 message for channel C1 could not be delivered: is_archived: the conversation is archived"
    assert waiting(warehouse) == [("C2", said), ("C3", said)]


def test_a_channel_that_fails_itself_is_not_told(warehouse: Warehouse) -> None:
    """Two of three channels fail: the third gets both notices."""
    give_up(warehouse, "level-75", "C1", NOON)
    give_up(warehouse, "level-75", "C2", NOON)
    assert report(warehouse) == 2
    assert [place for place, _ in waiting(warehouse)] == ["C3", "C3"]


def test_another_day_is_told_anew_and_a_notice_is_no_news(warehouse: Warehouse) -> None:
    """A failed notice is not reported; after a week nothing is."""
    give_up(warehouse, "level-75", "C1", NOON)
    give_up(warehouse, "level-90", "C1", NOON + timedelta(days=1))
    assert report(warehouse, NOON + timedelta(days=1)) == 2
    assert report(warehouse, NOON + timedelta(days=9)) == 0


def test_a_notice_is_no_digest(warehouse: Warehouse) -> None:
    """A notice is not listed among the digests."""
    give_up(warehouse, "digest-weekly-2026-W47-12345678", "C1", NOON)
    report(warehouse)
    assert [row["key"] for row in warehouse.query("digests_delivered", team=None)] == ["digest-weekly-2026-W47-12345678"]


def test_the_owner_is_told_directly(warehouse: Warehouse) -> None:
    """A team with a single channel learns through its owner; only a member's id can be written to."""
    give_up(warehouse, "level-75", "C1", NOON)
    lone = Team("Ops", channels=("C1",))
    with warehouse.writing() as session:
        assert report_undelivered(session, [lone._replace(owner="Kim")], NOON, DAY, "U012AB3CD") == 0
        assert report_undelivered(session, [lone], NOON, DAY, "U012AB3CD") == 1
        assert report_undelivered(session, [lone._replace(owner="U9OWNER")], NOON, DAY, "U012AB3CD") == 1
    assert [place for place, _ in waiting(warehouse)] == ["U012AB3CD", "U9OWNER"]


def test_several_messages_are_counted_and_the_latest_error_is_named(warehouse: Warehouse) -> None:
    """Two messages failed, the second for another reason; the notice says how to send them again."""
    for hours, key, reason in ((0, "level-75", "is_archived"), (1, "level-90", "not_in_channel")):
        give_up(warehouse, key, "C1", NOON + timedelta(hours=hours), reason)
    assert report(warehouse, NOON + timedelta(hours=2)) == 2
    with warehouse.reading() as session:
        (notice,) = {one.message for one in outbox.deliveries(session) if one.message.address.id == "C2"}
    assert notice.answer.headline == "2 messages for channel C1 could not be delivered: not_in_channel"
    assert notice.answer.arithmetic == (
        "`agentcost alerts` lists them; once that is fixed, `agentcost alerts --retry` sends them.",
    )
    assert (notice.answer.title, notice.answer.question, notice.answer.as_of) == ("Not delivered", "alerts", DAY)
    assert (notice.team, notice.alert_key) == ("Ops", None)


@pytest.mark.parametrize(("later", "count"), [(timedelta(days=7), 2), (timedelta(days=7, seconds=1), 0)])
def test_a_failure_is_told_within_seven_days(warehouse: Warehouse, later: timedelta, count: int) -> None:
    """To the second: a service that was off for a week still reports it, and nothing older."""
    give_up(warehouse, "level-75", "C1", NOON)
    assert report(warehouse, NOON + later) == count


def test_a_team_that_is_gone_is_told_nothing(warehouse: Warehouse) -> None:
    """Its failed messages stay in the list of alerts; other teams get no notice of them."""
    give_up(warehouse, "level-75", "C1", NOON)
    with warehouse.writing() as session:
        assert report_undelivered(session, [OTHER], NOON, DAY) == 0


def test_failures_of_two_channels_on_one_day_are_two_notices(warehouse: Warehouse) -> None:
    """A channel and a spreadsheet failed: the working channel gets a notice of each, by kind and name; keys hide both."""
    lone = Team("Ops", channels=("C1", "C2"))
    give_up(warehouse, "level-75", "C1", NOON)
    give_up(warehouse, "level-75", "1SHEET", NOON, kind="spreadsheet")
    with warehouse.writing() as session:
        assert report_undelivered(session, [lone], NOON, DAY) == 2
        keys = [one.message.key for one in outbox.deliveries(session) if one.message.address.id == "C2"]
    assert [text.split(" could")[0] for _, text in waiting(warehouse)] == [
        "1 message for channel C1",
        "1 message for spreadsheet 1SHEET",
    ]
    assert all(key.startswith("undelivered-") and key.endswith("-2026-11-20") for key in keys)
    assert not any("C1" in key or "1SHEET" in key for key in keys)
