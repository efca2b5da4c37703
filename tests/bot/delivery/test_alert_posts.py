"""Where an alert was sent: the messages that a button press rewrites, and times in the team's zone."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.delivery.alert_actions import StoredAlerts
from core.alerts import outbox
from core.alerts.evaluation import evaluate_alerts
from core.config.loader import GrantInput
from core.config.teams import Team
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.warehouse.database import Warehouse

NOW = datetime(2026, 9, 21, 22, 30, tzinfo=UTC)
TEAM = Team("Service", channels=("C0FIRST", "C0SECOND", "C0THIRD"), spreadsheets=("book",), levels=(50,))


def test_an_alert_is_rewritten_where_it_arrived_and_nowhere_else(tmp_path: Path) -> None:
    """A direct message is known by its conversation; undelivered messages and spreadsheets have nothing to rewrite."""
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        small = SmallWallet(warehouse, tmp_path)
        small.grants_said(GrantInput(Decimal(100_000), date(2026, 7, 1), date(2027, 7, 1)))
        small.configured(teams=(TEAM,), time_zone="Europe/Berlin").days_of_use(date(2026, 9, 19), 30_000, 30_000)
        with warehouse.writing() as session:
            key = next(key for key in evaluate_alerts(session, small.context(NOW.date()), NOW) if key.startswith("level"))
            waiting = {one.message.address.id: one.message for one in outbox.deliveries(session) if one.message.alert_key == key}
            for address, remote_id in (("C0FIRST", "1.1"), ("C0SECOND", "D0OWNER 2.2"), ("book", "row")):
                outbox.mark_delivered(session, waiting[address], NOW + timedelta(minutes=1), remote_id)

        @contextmanager
        def opened() -> Iterator[Warehouse]:
            yield warehouse

        book = StoredAlerts(opened, lambda: ZoneInfo("Europe/Berlin"))
        assert book.list_posts(key) == [("C0FIRST", "1.1"), ("D0OWNER", "2.2")]
        book.acknowledge(key, "U0ASKER", NOW)
        [taken] = [one for one in book.open_alerts() if one.key == key]
        assert (f"{taken.since:%d %H:%M}", f"{taken.acknowledged_at:%d %H:%M}") == ("22 00:30", "22 00:30")
