"""The warehouse's alerts as Slack's page and buttons know them; each press is noted in the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks import AlertPost, OpenAlert, Undelivered
from core.alerts import outbox, repository
from core.records import NamedTuple
from core.warehouse import AuditEntry, append, queries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime, tzinfo

    from core.alerts import LiveAlert, SnoozeFor
    from core.digests import NextStep
    from core.warehouse import Session, Warehouse

SLACK = "Slack"


class Decided(NamedTuple):
    """Who decides something about an alert, when, and from where."""

    who: str
    at: datetime
    source: str


def acknowledge(session: Session, key: str, decided: Decided) -> None:
    """Mark an alert as seen, and record who did. Raises: InputError, if there is no such alert, or it is over."""
    repository.acknowledge(session, key, decided.who, decided.at)
    append(session, AuditEntry(decided.at, decided.who, "acknowledged", key, decided.source))


def snooze(session: Session, key: str, length: SnoozeFor, decided: Decided, zone: tzinfo) -> datetime:
    """Snooze an alert, record who did, and return until when. zone: the team's. Raises: InputError, as above."""
    until = repository.snooze_end(session, key, length, decided.at, zone)
    repository.snooze(session, key, until, decided.who, decided.at)
    append(session, AuditEntry(decided.at, decided.who, "snoozed", key, decided.source))
    return until


class StoredAlerts:
    """An `AlertBook` over the warehouse."""

    def __init__(
        self,
        warehouse: Callable[[], AbstractContextManager[Warehouse]],
        zone: Callable[[], tzinfo],
        next_steps: Callable[[], Sequence[NextStep]] = tuple,
    ) -> None:
        """Open nothing yet. zone: the team's, in which a term ends. next_steps: what is to be done about the wallet."""
        self._warehouse, self._zone, self._next_steps = warehouse, zone, next_steps

    def open_alerts(self) -> Sequence[OpenAlert]:
        """Return the alerts that hold and are not snoozed, most severe first; one that several teams watch, once for each."""
        with self._warehouse() as warehouse, warehouse.reading() as session:
            return [_open_alert(one, self._zone()) for one in repository.open_alerts(session)]

    def list_posts(self, key: str) -> Sequence[AlertPost]:
        """Return the messages that told an alert in conversations."""
        with self._warehouse() as warehouse, warehouse.reading() as session:
            rows = session.rows(queries.AlertPostsRow, alert_key=key)
        return [_post(row) for row in rows]

    def list_next_steps(self) -> Sequence[NextStep]:
        """Return what is to be done about the wallet, the most urgent first."""
        return self._next_steps()

    def zone(self) -> tzinfo:
        """Return the team's time zone."""
        return self._zone()

    def list_undelivered(self) -> Sequence[Undelivered]:
        """Return the messages that failed, newest first."""
        with self._warehouse() as warehouse, warehouse.reading() as session:
            lost = [one for one in outbox.deliveries(session) if one.failed_at]
        return [Undelivered(one.message.answer.headline, " ".join(one.message.address), one.error or "no reply") for one in lost]

    def acknowledge(self, key: str, by: str, at: datetime) -> None:
        """Mark an alert as seen. Raises: InputError, if there is no such alert, or it is over."""
        with self._warehouse() as warehouse, warehouse.writing() as session:
            acknowledge(session, key, Decided(by, at, SLACK))

    def snooze(self, key: str, length: SnoozeFor, by: str, at: datetime) -> datetime:
        """Snooze an alert, and return until when. Raises: InputError, as above."""
        with self._warehouse() as warehouse, warehouse.writing() as session:
            return snooze(session, key, length, Decided(by, at, SLACK), self._zone())


def _open_alert(one: LiveAlert, zone: tzinfo) -> OpenAlert:
    """Return an alert with its times in the team's zone."""
    seen_at = one.state_at.astimezone(zone) if one.acknowledged_by else None
    return OpenAlert(one.key, one.words, one.since.astimezone(zone), one.acknowledged_by, seen_at)


def _post(row: queries.AlertPostsRow) -> AlertPost:
    *elsewhere, timestamp = row.remote_id.split()
    return AlertPost(elsewhere[0] if elsewhere else row.address, timestamp)
