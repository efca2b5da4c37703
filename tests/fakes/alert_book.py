"""A book of alerts in memory, which writes down what it was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.slack.blocks.alert import AlertPost, OpenAlert, Undelivered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from core.alerts.repository import SnoozeFor
    from core.digests.next_steps import NextStep

ZONE = ZoneInfo("Europe/Berlin")
LEVEL = OpenAlert(
    "main/FlexCredits/level/75",
    "Flex Credits passed 75%: 760,000 of 1,000,000 credits are used with 140 days to go.",
    datetime(2026, 11, 19, 6, tzinfo=UTC),
)
SPIKE = OpenAlert(
    "main/FlexCredits/spike/2026-11-20",
    "20 Nov 2026 took 9,400 credits; a Friday usually takes 3,100.",
    datetime(2026, 11, 20, 8, tzinfo=UTC),
    acknowledged_by="U0OTHER",
)


LENGTHS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "term": timedelta(days=140)}


class WrittenBook:
    """A book whose alerts are open until they are snoozed; `written` has what was asked of it, in order."""

    def __init__(self, *alerts: OpenAlert) -> None:
        """Hold these alerts, all open."""
        self._alerts = {alert.key: alert for alert in alerts}
        self.lost: list[Undelivered] = []
        self.written: list[tuple[object, ...]] = []
        self.posts: list[AlertPost] = []
        self.steps: Sequence[NextStep] = ()

    def open_alerts(self) -> Sequence[OpenAlert]:
        """Return the alerts that are open and not snoozed."""
        return tuple(self._alerts.values())

    def acknowledge(self, key: str, by: str, at: datetime) -> None:
        """Note that a member has seen the alert."""
        self.written.append(("acknowledged", key, by, at.tzinfo))
        if key in self._alerts and not self._alerts[key].acknowledged_by:
            self._alerts[key] = self._alerts[key]._replace(acknowledged_by=by, acknowledged_at=at.astimezone(ZONE))

    def list_posts(self, key: str) -> Sequence[AlertPost]:
        """Return the messages that told any alert."""
        return self.posts if key else ()

    def list_next_steps(self) -> Sequence[NextStep]:
        """Return what is to be done."""
        return self.steps

    def zone(self) -> tzinfo:
        """Return that of Berlin."""
        return ZONE

    def list_undelivered(self) -> Sequence[Undelivered]:
        """Return the messages that were given up."""
        return self.lost

    def snooze(self, key: str, length: SnoozeFor, by: str, at: datetime) -> datetime:
        """Take the alert away."""
        self.written.append(("snoozed", key, by, length))
        self._alerts.pop(key, None)
        return at + LENGTHS[length]
