"""What alerts and digests look like in a conversation: the sentence, its figures, who looks after it, and what to press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks import elements
from bot.slack.blocks.alert import alert_buttons
from bot.slack.blocks.answer import (
    HEADLINE_CHARACTERS,
    body_blocks,
    chart_blocks,
    headline_blocks,
    text_lines,
)
from bot.slack.blocks.message import SlackMessage, text_of
from bot.slack.blocks.text import one_line
from core.answer import day, glance
from core.config import MEMBER

if TYPE_CHECKING:
    from bot.slack.blocks.elements import Block
    from core.alerts import outbox
    from core.answer import Answer

WHY, NAME_CHARACTERS, ADVICE_CHARACTERS, FACT_CHARACTERS, NOTE_CHARACTERS = "ask", 100, 300, 300, 500


def notification_message(told: outbox.OutboxMessage) -> SlackMessage:
    """Return a message of the outbox for everyone in a conversation."""
    return digest_message(told.answer) if told.alert_key is None else alert_message(told.answer, told.alert_key)


def digest_message(answer: Answer) -> SlackMessage:
    """Return a digest as a note: its sentence, what a colleague would add, its chart, and what to press next."""
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
    """Return what to press: why, to take the gravest alert that nobody has, and the forecast."""
    open_alert = next((str(one.value) for one in answer.figures if one.key == "alert_key" and one.value), None)
    take = alert_buttons(open_alert, answer.headline)[:1] if open_alert else []
    return [elements.button("Why?", WHY, answer.question), *take, elements.button("Forecast", f"{WHY}_1", "forecast")]


def alert_message(answer: Answer, key: str) -> SlackMessage:
    """Return an alert; one that is over has nothing to acknowledge."""
    said = {figure.key: str(figure.value) for figure in answer.figures if figure.value is not None and figure.unit == "text"}
    is_over = said.get("alert_key", "").startswith("recovered-")
    advice = one_line(said.get("alert_advice", ""), ADVICE_CHARACTERS)
    origin = " · ".join(_origin(answer, said))
    blocks: tuple[Block, ...] = (
        *headline_blocks(answer),
        *([elements.rich(elements.line(elements.words(advice)))] if advice else []),
        *body_blocks(answer),
        *_owner(said),
        elements.actions(_alert_actions(answer, key, is_over=is_over)),
        elements.context([origin]),
    )
    lines = [one_line(answer.headline, HEADLINE_CHARACTERS), *([advice] if advice else []), *text_lines(answer), origin]
    return SlackMessage(text_of(lines), blocks)


def _alert_actions(answer: Answer, key: str, *, is_over: bool) -> list[Block]:
    """Return what can be done about an alert, the likeliest first; of one that is over only why it was."""
    why = elements.button("Why?", WHY, answer.question)
    offered = [] if is_over else alert_buttons(key, answer.headline)
    return [*offered[:1], why, *offered[1:]]


def _owner(said: dict[str, str]) -> list[Block]:
    """Return who looks after an alert, mentioned where that is a member."""
    owner = said.get("alert_owner")
    if not owner:
        return []
    who = elements.person(owner) if MEMBER.fullmatch(owner) else elements.words(one_line(owner, NAME_CHARACTERS))
    return [elements.rich(elements.line(elements.words("Owner: "), who))]


def _origin(answer: Answer, said: dict[str, str]) -> list[str]:
    named = [("Team", said.get("alert_team")), ("Alert", said.get("alert_key"))]
    return [*(f"{label}: {one_line(value, NAME_CHARACTERS)}" for label, value in named if value), f"As of {day(answer.as_of)}"]
