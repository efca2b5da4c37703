"""Open alerts as Slack shows them: what is said, and the buttons that acknowledge and put off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bot.slack.blocks import elements, limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.text import inert, one_line
from core.answer import day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.slack.blocks.elements import Block
    from core.alerts import SnoozeFor

ACKNOWLEDGE = "alert_acknowledge"
SNOOZES: Mapping[str, tuple[str, SnoozeFor]] = {
    "alert_snooze_day": ("Snooze 1 day", "day"),
    "alert_snooze_week": ("Snooze 1 week", "week"),
    "alert_snooze_term": ("Snooze this term", "term"),
}
MEMBER = re.compile(r"[UW][A-Z0-9]{2,}")
SENTENCE_CHARACTERS = 300
NAMED_ON_A_BUTTON = 50


class OpenAlert(NamedTuple):
    """One alert that is open.

    key: what the book knows it by. since: the instant it was raised. acknowledged_by: who has seen it, a member's id,
    or a name where that was not done in Slack.
    """

    key: str
    sentence: str
    since: datetime
    acknowledged_by: str | None = None


class Undelivered(NamedTuple):
    """A message that was given up: its sentence, where it should have gone, and what was wrong."""

    sentence: str
    place: str
    reason: str


class AlertBook(Protocol):
    """Where alerts are kept; every method may wait for the disk, so it is called in a thread."""

    def open_alerts(self) -> Sequence[OpenAlert]:
        """Return the alerts that are open and not snoozed, gravest first."""

    def list_undelivered(self) -> Sequence[Undelivered]:
        """Return the messages that were given up, newest first."""

    def acknowledge(self, key: str, by: str, at: datetime) -> None:
        """Note that a member has seen the alert; it stays open until its cause is gone. Raises: InputError, if it is over."""

    def snooze(self, key: str, length: SnoozeFor, by: str, at: datetime) -> datetime:
        """Keep the alert quiet for everyone, and return until when. Raises: InputError, if it is over."""


class NoAlerts:
    """A book that holds none."""

    def open_alerts(self) -> Sequence[OpenAlert]:
        """Return nothing."""
        return ()

    def list_undelivered(self) -> Sequence[Undelivered]:
        """Return nothing."""
        return ()

    def acknowledge(self, key: str, by: str, at: datetime) -> None:
        """Change nothing."""

    def snooze(self, key: str, length: SnoozeFor, by: str, at: datetime) -> datetime:  # noqa: ARG002 - as the book has it
        """Change nothing."""
        return at


def alert_blocks(alert: OpenAlert) -> list[Block]:
    """Return an alert: its sentence, since when and who has seen it, and what can be done about it."""
    sentence = elements.rich(elements.line(*elements.rich_words(one_line(alert.sentence, SENTENCE_CHARACTERS), "bold")))
    return [sentence, _alert_block(alert), *_buttons(alert)]


def _alert_block(alert: OpenAlert) -> Block:
    since = elements.words(f"Open since {day(alert.since)}", "italic")
    if alert.acknowledged_by is None:
        return elements.rich(elements.line(since))
    return elements.rich(elements.line(since, elements.words(" · acknowledged by "), _who(alert.acknowledged_by)))


def _who(name: str) -> Block:
    return elements.person(name) if MEMBER.fullmatch(name) else elements.words(one_line(name, NAMED_ON_A_BUTTON))


def _buttons(alert: OpenAlert) -> list[Block]:
    buttons = alert_buttons(alert.key, alert.sentence, is_acknowledged=alert.acknowledged_by is not None)
    return [elements.actions(buttons)] if buttons else []


def alert_buttons(key: str, sentence: str, *, is_acknowledged: bool = False) -> list[Block]:
    """Return what acknowledges an alert, and what puts it off; none for a key that no button holds."""
    if len(key) > room(limits.BUTTON_VALUE):
        return []
    offered = {} if is_acknowledged else {ACKNOWLEDGE: "Acknowledge"}
    offered |= {action: label for action, (label, _) in SNOOZES.items()}
    return [_button(label, action, key, sentence) for action, label in offered.items()]


def _button(label: str, action: str, key: str, sentence: str) -> Block:
    about = inert(f"{label}: {one_line(sentence, NAMED_ON_A_BUTTON)}")
    return elements.button(label, action, key) | {"accessibility_label": about}
