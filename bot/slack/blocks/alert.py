"""Open alerts as Slack shows them: their sentence, and the buttons that acknowledge and snooze."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bot.slack.blocks import elements, limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.message import SlackMessage
from bot.slack.blocks.text import inert, one_line
from core.answer import day
from core.config import MEMBER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo

    from bot.slack.blocks.elements import Block
    from core.alerts import SnoozeFor
    from core.digests import NextStep

ACKNOWLEDGE = "alert_acknowledge"
SNOOZE = "alert_snooze"
LENGTHS: Mapping[SnoozeFor, str] = {"day": "Snooze 1 day", "week": "Snooze 1 week", "term": "Snooze until renewal"}
# The buttons of messages that were sent before there was a menu behind three dots.
SNOOZES: Mapping[str, SnoozeFor] = {"alert_snooze_day": "day", "alert_snooze_week": "week", "alert_snooze_term": "term"}
TAKE, ALERT_DONE, DONE_BY = "I'm on it", "alert_done", "A colleague"
LENGTH_CHARACTERS = 5
SENTENCE_CHARACTERS = 300
NAMED_ON_A_BUTTON = 50


class OpenAlert(NamedTuple):
    """One alert that is open.

    key: what the book knows it by. since: when it was raised. acknowledged_by: who has seen it, a member's id,
    or a name where that was not done in Slack; acknowledged_at: when. Times are in the team's zone.
    """

    key: str
    sentence: str
    since: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None


class AlertPost(NamedTuple):
    """A message that told an alert: its conversation, and what Slack calls it there."""

    channel: str
    timestamp: str


class Undelivered(NamedTuple):
    """A failed message: its sentence, its channel, and the error."""

    sentence: str
    place: str
    reason: str


class AlertBook(Protocol):
    """Where alerts are kept; every method may wait for the disk, so it is called in a thread."""

    def open_alerts(self) -> Sequence[OpenAlert]:
        """Return the alerts that are open and not snoozed, most severe first."""

    def list_undelivered(self) -> Sequence[Undelivered]:
        """Return the messages that failed, newest first."""

    def list_posts(self, key: str) -> Sequence[AlertPost]:
        """Return the messages that told an alert in conversations."""

    def list_next_steps(self) -> Sequence[NextStep]:
        """Return what is to be done about the wallet, the most urgent first."""

    def zone(self) -> tzinfo:
        """Return the team's time zone."""

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

    def list_posts(self, key: str) -> Sequence[AlertPost]:  # noqa: ARG002 - as the book has it
        """Return nothing."""
        return ()

    def list_next_steps(self) -> Sequence[NextStep]:
        """Return nothing."""
        return ()

    def zone(self) -> tzinfo:
        """Return UTC."""
        return UTC

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
    has_it = elements.words(f" has it{_since(alert.acknowledged_at)}")
    return elements.rich(elements.line(since, elements.words(" · "), _who(alert.acknowledged_by), has_it))


def _since(at: datetime | None) -> str:
    return f" since {moment(at)}" if at else ""


def moment(at: datetime) -> str:
    """Return an instant as a clock in its own time zone shows it, with the day and the zone: 17 Nov 2026, 09:31 CET."""
    return f"{day(at)}, {at:%H:%M %Z}"


def _who(name: str) -> Block:
    return elements.person(name) if MEMBER.fullmatch(name) else elements.words(one_line(name, NAMED_ON_A_BUTTON))


def _buttons(alert: OpenAlert) -> list[Block]:
    """Return the one button of an alert on a page, which takes it; none of one that somebody has."""
    offered = [] if alert.acknowledged_by else alert_buttons(alert.key, alert.sentence)
    return [elements.actions(offered[:1])] if offered else []


def alert_buttons(key: str, sentence: str, *, is_acknowledged: bool = False) -> list[Block]:
    """Return what takes an alert on, and a menu that puts it off; none for a key that they do not hold."""
    if len(key) > room(limits.OPTION_VALUE) - LENGTH_CHARACTERS:
        return []
    about = inert(f"{TAKE}: {one_line(sentence, NAMED_ON_A_BUTTON)}")
    take = elements.button(TAKE, ACKNOWLEDGE, key) | {"style": "primary", "accessibility_label": about}
    return [*([] if is_acknowledged else [take]), snooze_menu(key)]


def snooze_menu(key: str) -> Block:
    """Return the menu that puts an alert off."""
    return elements.overflow(SNOOZE, {f"{length} {key}": label for length, label in LENGTHS.items()})


def chosen_snooze(value: str) -> tuple[str, SnoozeFor]:
    """Return the alert's key, and for how long it is put off, of a chosen option."""
    length, _, key = value.partition(" ")
    return key, next(known for known in LENGTHS if known == length)


def taken_message(alert: OpenAlert) -> SlackMessage:
    """Return who looks after an alert already, and since when."""
    words = f" has it{_since(alert.acknowledged_at)}."
    return SlackMessage(
        f"A colleague{words}", (elements.rich(elements.line(_who(alert.acknowledged_by or ""), elements.words(words))),)
    )


def done_message(message: SlackMessage, done: str, by: str) -> SlackMessage:
    """Return an alert's message with what was done about it and by whom, and without the button to take it.

    What was done before is replaced.
    """
    line = elements.rich(elements.line(_who(by), elements.words(f" {done}")))
    told: list[Block] = []
    for block in message.blocks:
        if block.get("block_id") != ALERT_DONE:
            told += [line | {"block_id": ALERT_DONE}, _without_take(block)] if block["type"] == "actions" else [block]
    said = message.text.partition(f"\n{DONE_BY}")[0]
    return SlackMessage(f"{said}\n{DONE_BY} {done}", tuple(told))


def _without_take(block: Block) -> Block:
    return block | {"elements": [element for element in block["elements"] if element.get("action_id") != ACKNOWLEDGE]}
