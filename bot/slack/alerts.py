"""Open alerts as Slack shows them: what is said, and the buttons that acknowledge and put off."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bot.slack import limits, parts
from bot.slack.limits import room
from bot.slack.plain import inert, one_line
from core.display import day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.slack.parts import Block

ACKNOWLEDGE = "alert_acknowledge"
SNOOZES = {
    "alert_snooze_day": ("Snooze 1 day", timedelta(days=1)),
    "alert_snooze_week": ("Snooze 1 week", timedelta(weeks=1)),
    "alert_snooze_term": ("Snooze this term", None),
}
SENTENCE_CHARACTERS = 300
NAMED_ON_A_BUTTON = 50


class OpenAlert(NamedTuple):
    """One alert that is open.

    key: what the book knows it by. since: the instant it was raised. term_end: the first day after the term that it is
    about, None where that is open. acknowledged_by: the member who has seen it, by id.
    """

    key: str
    sentence: str
    since: datetime
    term_end: date | None = None
    acknowledged_by: str | None = None


class AlertBook(Protocol):
    """Where alerts are kept; every method may wait for the disk, so it is called in a thread."""

    def open_alerts(self) -> Sequence[OpenAlert]:
        """Return the alerts that are open and not snoozed, gravest first."""

    def acknowledge(self, key: str, by: str, at: datetime) -> None:
        """Note that a member has seen the alert; it stays open until its cause is gone. An unknown key changes nothing."""

    def snooze(self, key: str, until: datetime, by: str, at: datetime) -> None:
        """Keep the alert quiet for everyone until an instant. An unknown key changes nothing."""


class NoAlerts:
    """A book that holds none."""

    def open_alerts(self) -> Sequence[OpenAlert]:
        """Return nothing."""
        return ()

    def acknowledge(self, key: str, by: str, at: datetime) -> None:
        """Change nothing."""

    def snooze(self, key: str, until: datetime, by: str, at: datetime) -> None:
        """Change nothing."""


def alert_blocks(alert: OpenAlert) -> list[Block]:
    """Return an alert: its sentence, since when and who has seen it, and what can be done about it."""
    sentence = parts.rich(parts.line(*parts.spoken(one_line(alert.sentence, SENTENCE_CHARACTERS), "bold")))
    return [sentence, _seen(alert), *_buttons(alert)]


def snoozed_until(alert: OpenAlert, action: str, at: datetime) -> datetime:
    """Return the instant until which a button snoozes an alert; the end of its term begins at midnight UTC."""
    _, length = SNOOZES[action]
    if length is None and alert.term_end:
        return datetime.combine(alert.term_end, time(), UTC)
    return at + (length or timedelta(weeks=1))


def _seen(alert: OpenAlert) -> Block:
    since = parts.words(f"Open since {day(alert.since)}", "italic")
    if alert.acknowledged_by is None:
        return parts.rich(parts.line(since))
    return parts.rich(parts.line(since, parts.words(" · acknowledged by "), parts.person(alert.acknowledged_by)))


def _buttons(alert: OpenAlert) -> list[Block]:
    if len(alert.key) > room(limits.BUTTON_VALUE):
        return []
    offered = {ACKNOWLEDGE: "Acknowledge"} if alert.acknowledged_by is None else {}
    offered |= {action: label for action, (label, length) in SNOOZES.items() if length or alert.term_end}
    return [parts.actions([_button(label, action, alert) for action, label in offered.items()])]


def _button(label: str, action: str, alert: OpenAlert) -> Block:
    about = inert(f"{label}: {one_line(alert.sentence, NAMED_ON_A_BUTTON)}")
    return parts.button(label, action, alert.key) | {"accessibility_label": about}
