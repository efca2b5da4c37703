"""Alerts and digests as messages in a channel: the sentence, its figures, who looks after it, and what to press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks import elements
from bot.slack.blocks.alert import alert_buttons
from bot.slack.blocks.answer import (
    HEADLINE_CHARACTERS,
    chart_blocks,
    headline_blocks,
)
from bot.slack.blocks.message import SlackMessage, text_of
from bot.slack.blocks.text import one_line
from core.answer import day, glance
from core.config import MEMBER

if TYPE_CHECKING:
    from bot.slack.blocks.elements import Block
    from core.alerts import outbox
    from core.answer import Answer

WHY, NAME_CHARACTERS, ADVICE_CHARACTERS, FACT_CHARACTERS, NOTE_CHARACTERS = "ask", 60, 250, 300, 160


def notification_message(told: outbox.OutboxMessage) -> SlackMessage:
    """Return a message of the outbox for everyone in a channel."""
    return digest_message(told.answer) if told.alert_key is None else alert_message(told.answer, told.alert_key)


def digest_message(answer: Answer) -> SlackMessage:
    """Return a digest as a note: its sentence, the most useful additions, its chart, and what to press next."""
    note = " · ".join(dict.fromkeys(one.text for one in answer.notes)) or f"As of {day(answer.as_of)}"
    facts = [(label, one_line(text, FACT_CHARACTERS)) for label, text in answer.emphasis.facts or ()]
    bullets = [elements.line(elements.words(f"{label}: ", "bold"), elements.words(text)) for label, text in facts]
    return SlackMessage(
        text_of((one_line(answer.headline, HEADLINE_CHARACTERS), *(f"{label}: {text}" for label, text in facts), note)),
        (
            *headline_blocks(answer),
            *([elements.rich(elements.bullets(bullets))] if bullets else []),
            *chart_blocks(glance(answer), draws_bars=True),
            elements.actions(_digest_actions(answer)),
            elements.context([one_line(note, NOTE_CHARACTERS)]),
        ),
    )


def _digest_actions(answer: Answer) -> list[Block]:
    """Return the buttons: why, acknowledge the most severe alert that is not acknowledged, and the forecast."""
    open_alert = next((str(one.value) for one in answer.figures if one.key == "alert_key" and one.value), None)
    take = alert_buttons(open_alert, answer.headline)[:1] if open_alert else []
    return [elements.button("Why?", WHY, answer.question), *take, elements.button("Forecast", f"{WHY}_1", "forecast")]


def alert_message(answer: Answer, key: str) -> SlackMessage:
    """Return an alert: its sentence and what to do, what moved, who looks after it; one that is over cannot be acknowledged."""
    said = {figure.key: str(figure.value) for figure in answer.figures if figure.value is not None and figure.unit == "text"}
    is_over = said.get("alert_key", "").startswith("recovered-")
    advice, cause = (one_line(said[name], ADVICE_CHARACTERS) if name in said else "" for name in ("alert_advice", "alert_cause"))
    origin = _origin(answer, said)
    headline = elements.rich_words(one_line(answer.headline, HEADLINE_CHARACTERS), "bold")
    lines = [elements.line(*headline, *([elements.words(f" {advice}")] if advice else []))]
    lines += [elements.line(*more) for more in [_cause_line(cause, said)] if more]
    # For an alert, the only fact to add is one in another currency than its sentence.
    last = (answer.emphasis.facts or ())[-1:]
    currency = [f"{label}: {one_line(text, FACT_CHARACTERS)}" for label, text in last if label.startswith("In ")]
    lines += [elements.line(elements.words(text)) for text in currency]
    blocks = (
        elements.rich(*lines),
        elements.actions(_alert_actions(answer, key, is_over=is_over)),
        elements.context([origin]),
    )
    told = [one_line(answer.headline, HEADLINE_CHARACTERS), advice, cause, *currency, _owner_said(said), origin]
    return SlackMessage(text_of(filter(None, told)), blocks)


def _cause_line(cause: str, said: dict[str, str]) -> list[Block]:
    """Return what moved, and who looks after the alert, as a mention if that is a member."""
    owner = said.get("alert_owner", "")
    if not owner:
        return [elements.words(cause)] if cause else []
    who = elements.person(owner) if MEMBER.fullmatch(owner) else elements.words(one_line(owner, NAME_CHARACTERS))
    return [elements.words(f"{cause} Owner: ".lstrip()), who]


def _owner_said(said: dict[str, str]) -> str:
    owner = said.get("alert_owner", "")
    return f"Owner: {one_line(owner, NAME_CHARACTERS)}" if owner and not MEMBER.fullmatch(owner) else ""


def _alert_actions(answer: Answer, key: str, *, is_over: bool) -> list[Block]:
    """Return the actions on an alert, the likeliest first; for one that is over only why it was raised."""
    why = elements.button("Why?", WHY, answer.question)
    offered = [] if is_over else alert_buttons(key, answer.headline)
    return [*offered[:1], why, *offered[1:]]


def _origin(answer: Answer, said: dict[str, str]) -> str:
    """Return one line on the recipients, the rule, and the time of the data."""
    named = [said.get("alert_team"), answer.title]
    return " · ".join([*(one_line(value, NAME_CHARACTERS) for value in named if value), f"As of {day(answer.as_of)}"])
