"""Open alerts in Slack: their sentence, and the buttons that acknowledge and snooze."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Protocol

from bot.slack.blocks import elements, limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.message import SlackMessage
from bot.slack.blocks.text import inert, one_line
from core.answer import day
from core.config import MEMBER
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo

    from bot.slack.blocks.elements import Block
    from core.alerts import SnoozeFor
    from core.digests import NextStep

ACKNOWLEDGE = "alert_acknowledge"
SNOOZE = "alert_snooze"
LENGTHS: Mapping[SnoozeFor, str] = {"day": "Snooze 1 day", "week": "Snooze 1 week", "term": "Snooze until renewal"}
# The buttons of messages that were sent before there was an overflow menu.
SNOOZES: Mapping[str, SnoozeFor] = {"alert_snooze_day": "day", "alert_snooze_week": "week", "alert_snooze_term": "term"}
TAKE, ALERT_DONE, DONE_BY = "I'm on it", "alert_done", "A colleague"
LENGTH_CHARACTERS = 5
SENTENCE_CHARACTERS = 300
NAMED_ON_A_BUTTON = 50


class OpenAlert(NamedTuple):
    """One open alert.

    key: its key in the alert book. since: when it was raised. acknowledged_by: who acknowledged it, as a member id,
    or a name if that was not done in Slack; acknowledged_at: when. Times are in the team's zone.
    """

    key: str
    sentence: str
    since: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None


class AlertPost(NamedTuple):
    """A message that reported an alert: its channel, and its timestamp there."""

    channel: str
    timestamp: str


class Undelivered(NamedTuple):
    """A failed message: its sentence, its channel, and the error."""

    sentence: str
    place: str
    reason: str


class AlertBook(Protocol):
    """The store of alerts; every method may block on the disk, so it is called in a thread."""

    def open_alerts(self) -> Sequence[OpenAlert]:
        """Return the alerts that are open and not snoozed, most severe first."""

    def list_undelivered(self) -> Sequence[Undelivered]:
        """Return the messages that failed, newest first."""

    def list_posts(self, key: str) -> Sequence[AlertPost]:
        """Return the messages that reported an alert in channels."""

    def list_next_steps(self) -> Sequence[NextStep]:
        """Return the next steps for the wallet, most urgent first."""

    def zone(self) -> tzinfo:
        """Return the team's time zone."""

    def acknowledge(self, key: str, by: str, at: datetime) -> None:
        """Record that a member acknowledged the alert; it stays open while its cause lasts. Raises: InputError, if it is over."""

    def snooze(self, key: str, length: SnoozeFor, by: str, at: datetime) -> datetime:
        """Snooze the alert for everyone, and return until when. Raises: InputError, if it is over."""


class NoAlerts:
    """An empty book."""

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
    """Return an alert: its sentence, since when and who acknowledged it, and its possible actions."""
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
    """Return an instant in its own time zone, with the day and the zone: 17 Nov 2026, 09:31 CET."""
    return f"{day(at)}, {at:%H:%M %Z}"


def _who(name: str) -> Block:
    return elements.person(name) if MEMBER.fullmatch(name) else elements.words(one_line(name, NAMED_ON_A_BUTTON))


def _buttons(alert: OpenAlert) -> list[Block]:
    """Return the only button of an alert on the Home page, which acknowledges it; none if somebody has already."""
    offered = [] if alert.acknowledged_by else alert_buttons(alert.key, alert.sentence)
    return [elements.actions(offered[:1])] if offered else []


def alert_buttons(key: str, sentence: str, *, is_acknowledged: bool = False) -> list[Block]:
    """Return the button that acknowledges an alert, and the menu that snoozes it; none for a key that does not fit them."""
    if len(key) > room(limits.OPTION_VALUE) - LENGTH_CHARACTERS:
        return []
    about = inert(f"{TAKE}: {one_line(sentence, NAMED_ON_A_BUTTON)}")
    take = elements.button(TAKE, ACKNOWLEDGE, key) | {"style": "primary", "accessibility_label": about}
    return [*([] if is_acknowledged else [take]), snooze_menu(key)]


def snooze_menu(key: str) -> Block:
    """Return the menu that snoozes an alert."""
    return elements.overflow(SNOOZE, {f"{length} {key}": label for length, label in LENGTHS.items()})


def chosen_snooze(value: str) -> tuple[str, SnoozeFor]:
    """Return the alert's key, and the length of the snooze, from a chosen option."""
    length, _, key = value.partition(" ")
    return key, next(known for known in LENGTHS if known == length)


def taken_message(alert: OpenAlert) -> SlackMessage:
    """Return who already looks after an alert, and since when."""
    words = f" has it{_since(alert.acknowledged_at)}."
    return SlackMessage(
        f"A colleague{words}", (elements.rich(elements.line(_who(alert.acknowledged_by or ""), elements.words(words))),)
    )


def done_message(message: SlackMessage, done: str, by: str) -> SlackMessage:
    """Return an alert's message with what was done about it and by whom, and without the button to acknowledge it.

    An earlier action in the message is replaced.
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
