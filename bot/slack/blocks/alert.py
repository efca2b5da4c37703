"""Open alerts as Slack shows them: what is said, and the buttons that acknowledge and put off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from bot.slack.blocks import elements, limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.message import SlackMessage
from bot.slack.blocks.text import inert, one_line
from core.answer import day
from core.config import MEMBER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.slack.blocks.elements import Block
    from core.alerts import SnoozeFor

ACKNOWLEDGE = "alert_acknowledge"
SNOOZE = "alert_snooze"
LENGTHS: Mapping[SnoozeFor, str] = {"day": "1 day", "week": "1 week", "term": "until renewal"}
# The buttons of messages that were sent before there was a menu.
SNOOZES: Mapping[str, SnoozeFor] = {"alert_snooze_day": "day", "alert_snooze_week": "week", "alert_snooze_term": "term"}
TAKE, ALERT_DONE = "I'm on it", "alert_done"
LENGTH_CHARACTERS = 5
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
    return elements.choice("Snooze …", SNOOZE, {f"{length} {key}": label for length, label in LENGTHS.items()})


def chosen_snooze(value: str) -> tuple[str, SnoozeFor]:
    """Return the alert's key, and for how long it is put off, of a chosen option."""
    length, _, key = value.partition(" ")
    return key, next(known for known in LENGTHS if known == length)


def taken_message(who: str) -> SlackMessage:
    """Return that somebody looks after an alert already."""
    words = " has it already."
    return SlackMessage(f"A colleague{words}", (elements.rich(elements.line(_who(who), elements.words(words))),))


def taken_blocks(blocks: Sequence[Block], said: str, by: str, at: datetime) -> list[Block]:
    """Return the blocks of an alert's message with what was done about it, by whom and when, and without the button to take it.

    What was done before is replaced.
    """
    done = elements.rich(elements.line(elements.person(by), elements.words(f" {said} "), elements.moment(at)))
    kept = [block for block in blocks if block.get("block_id") != ALERT_DONE]
    told: list[Block] = []
    for block in kept:
        told += [done | {"block_id": ALERT_DONE}, _without_take(block)] if block["type"] == "actions" else [block]
    return told


def _without_take(block: Block) -> Block:
    return block | {"elements": [element for element in block["elements"] if element.get("action_id") != ACKNOWLEDGE]}
