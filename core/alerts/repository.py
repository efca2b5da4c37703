"""The stored alerts: their state, their history, and the usage at the last evaluation.

Everything here runs in the caller's transaction. Instants are UTC.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from core.alerts.rules.model import LIVE, StoredAlert
from core.alerts.rules.registry import RULES
from core.errors import InputError
from core.records import NamedTuple
from core.wallet.ledger import OPEN_END
from core.warehouse import queries

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from core.alerts.rules.model import AlertState, Candidate
    from core.answer import Answer
    from core.warehouse import Session

BY_RULES = "the rules"
# 32 bits: short enough to type. A key also names rule and level, so only alerts of one rule and level could clash.
HASHED = 8

SnoozeFor = Literal["day", "week", "term"]


@dataclass(frozen=True, slots=True)
class AlertScope:
    """What an alert is about: a team's part of a card; the card is empty where it is about every card."""

    team: str
    org: str = ""
    card: str = ""

    def parameters(self) -> dict[str, str]:
        """Return the three as a statement takes them."""
        return {"team": self.team, "org": self.org, "card": self.card}


class LiveAlert(NamedTuple):
    """An alert that holds. since: the instant of the evaluation; term_end: the day from which it no longer matters."""

    key: str
    rule: str
    level: str
    term: str
    team: str
    org: str
    card: str
    words: str
    owner: str
    since: datetime
    term_end: date | None
    state: AlertState
    state_by: str
    state_at: datetime
    snoozed_until: datetime | None

    @property
    def acknowledged_by(self) -> str | None:
        """Who has seen it; None while nobody has."""
        return self.state_by if self.state == "acknowledged" else None


class AlertChange(NamedTuple):
    """A new state of an alert, who brought it about and why; `until` is when a snooze ends."""

    state: AlertState
    by: str
    at: datetime
    words: str
    until: datetime | None = None


def key_of(place: AlertScope, finding: Candidate) -> str:
    """Return the short dedup key: readable, and the same in every evaluation."""
    text = json.dumps([place.team, place.org, place.card, *finding[:3], finding.direction])
    way = "" if finding.direction == "up" else "recovered-"
    return f"{way}{finding.rule}-{finding.level}-{hashlib.sha256(text.encode()).hexdigest()[:HASHED]}"


def record_rules(session: Session) -> None:
    """Store the current rules in the warehouse, so that every alert refers to a known rule."""
    known = {(row.name, row.severity, row.title) for row in session.rows(queries.AlertRulesRow)}
    for rule in RULES.values():
        if (rule.name, rule.severity, rule.title) not in known:
            session.run("upsert_alert_rule", rule=rule.name, severity=rule.severity, title=rule.title)


def read_alerts(session: Session, place: AlertScope) -> list[StoredAlert]:
    """Return every alert of a scope, in the order of evaluation."""
    rows = session.rows(queries.AlertsByScopeRow, **place.parameters())
    return [StoredAlert(**row._asdict()) for row in rows]


def keep(session: Session, place: AlertScope, finding: Candidate, message: Answer, now: datetime) -> str:
    """Store a new alert and return its key; a recovery is closed at once, and so is an alert covered by another."""
    key = key_of(place, finding)
    # A recovery is an event, not a lasting state.
    state: AlertState = "open" if finding.direction == "up" else "closed"
    session.run(
        "insert_alert",
        **place.parameters(),
        key=key,
        rule=finding.rule,
        level=finding.level,
        term=finding.term,
        direction=finding.direction,
        day=message.as_of,
        now=now,
        term_end=finding.term_end,
        owner=str(message.figure("alert_owner").value or ""),
        words=finding.headline,
        answer=json.dumps(message.to_json(), ensure_ascii=False),
        state=state,
        by=BY_RULES,
    )
    session.run("insert_alert_history", key=key, at=now, state=state, by=BY_RULES, words=finding.headline)
    return key


def put_in_state(session: Session, key: str, change: AlertChange) -> None:
    """Change an alert's state and record it in its history."""
    session.run("update_alert", key=key, state=change.state, by=change.by, at=change.at, until=change.until)
    session.run("insert_alert_history", key=key, at=change.at, state=change.state, by=change.by, words=change.words)


def renew(session: Session, one: StoredAlert, finding: Candidate, message: Answer) -> bool:
    """Update a live alert's text, and return whether it changed."""
    answer = json.dumps(message.to_json(), ensure_ascii=False)
    # Writing only changes keeps the warehouse from growing with every evaluation.
    if answer == one.answer and finding.term_end == one.term_end:
        return False
    session.run("renew_alert", key=one.key, words=finding.headline, answer=answer, term_end=finding.term_end)
    return True


def remember_percent(session: Session, place: AlertScope, term: str, used_percent: Decimal, now: datetime) -> None:
    """Store a term's usage at this evaluation."""
    session.run("upsert_threshold_state", **place.parameters(), term=term, used_percent=used_percent, now=now)


def open_alerts(session: Session, team: str | None = None, *, with_snoozed: bool = False) -> list[LiveAlert]:
    """Return the alerts that hold and are not snoozed, most severe first, acknowledged ones too; for all teams or one."""
    rows = session.rows(queries.AlertsByTeamRow, team=team, card=None)
    wanted = LIVE if with_snoozed else LIVE - {"snoozed"}
    found = [_live(row) for row in rows if row.state in wanted and row.direction == "up"]
    return sorted(found, key=lambda one: (*_gravity(one), one.key))


def _live(row: queries.AlertsByTeamRow) -> LiveAlert:
    names = [name for name in LiveAlert._fields if name != "since"]
    return LiveAlert(**{name: getattr(row, name) for name in names}, since=row.decided_at)


def _gravity(one: LiveAlert) -> tuple[int, Decimal]:
    """Return an alert's sort key, the most severe lowest: levels from the highest down, then by rule."""
    rule = RULES.get(one.rule)
    if rule is None:  # a newer agentcost's
        return len(RULES) * 100, Decimal(0)
    return rule.severity, -Decimal(one.level) if rule.concurrency == "ladder" else Decimal(0)


def acknowledge(session: Session, key: str, by: str, at: datetime) -> None:
    """Mark an alert as seen by somebody; acknowledging it again changes nothing.

    Raises: InputError, if there is no such alert, or it has recovered or closed.
    """
    if _state_of(session, key) != "acknowledged":
        put_in_state(session, key, AlertChange("acknowledged", by, at, f"acknowledged by {by}"))


def snooze(session: Session, key: str, until: datetime, by: str, at: datetime) -> None:
    """Snooze an alert until an instant; if it still holds then, it is open again and sent once more.

    Raises: InputError, if there is no such alert, it has recovered or closed, or the instant is not after `at`.
    """
    _state_of(session, key)
    if until <= at:
        raise InputError(f"An alert can only be snoozed until a later time, not until {until:%Y-%m-%d %H:%M} UTC.")
    put_in_state(session, key, AlertChange("snoozed", by, at, f"snoozed by {by} until {until:%Y-%m-%d %H:%M} UTC", until))


def snooze_end(session: Session, key: str, length: SnoozeFor, at: datetime, zone: tzinfo) -> datetime:
    """Return when a snooze of a day, a week or the rest of the term ends; a term's in its first hour after, in the team's zone.

    Without a term that ends, `term` is a year. Raises: InputError, if there is no such alert.
    """
    if length != "term":
        return at + (timedelta(days=1) if length == "day" else timedelta(days=1) * 7)
    found = session.rows(queries.AlertByKeyRow, key=key)
    if not found:
        raise InputError(_unknown(key))
    end = found[0].term_end
    if end is None or end == OPEN_END:
        # A year, not forever: an open term must not silence an alert permanently.
        return at + timedelta(days=1) * 365
    # At least a day: on the term's last evening “for the term” would otherwise end at once.
    return max(datetime.combine(end, time(), zone).astimezone(UTC), at + timedelta(days=1))


def _state_of(session: Session, key: str) -> str:
    found = session.rows(queries.AlertByKeyRow, key=key)
    if not found:
        raise InputError(_unknown(key))
    if found[0].state not in LIVE:
        raise InputError(f"{key} is {found[0].state} since {found[0].state_at:%Y-%m-%d %H:%M} UTC: no action is needed.")
    return str(found[0].state)


def _unknown(key: str) -> str:
    return f'There is no alert "{key}". `agentcost alerts` lists the keys.'
