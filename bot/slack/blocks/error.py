"""The messages for questions that cannot be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks import elements, limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.message import SlackMessage
from bot.slack.blocks.text import one_line
from core.answer import shorten
from core.errors import QuestionError

if TYPE_CHECKING:
    from bot.slack.blocks.elements import Block
    from core.errors import InputError

AROUND, MARKED = 120, 200
SENTENCE_CHARACTERS = 600
SUGGESTIONS = 3


def input_message(error: InputError) -> SlackMessage:
    """Return an input error in its own words; suggestions become buttons that ask them."""
    if isinstance(error, QuestionError):
        return SlackMessage(str(error), tuple(_question_blocks(error)))
    text = shorten(str(error), room(limits.SECTION_TEXT))
    return SlackMessage(text, (elements.section(text),))


def internal_error_message(reference: str) -> SlackMessage:
    """Return the message for an internal error."""
    text = internal_error_text(reference)
    return SlackMessage(text, (elements.section(text),))


def internal_error_text(reference: str) -> str:
    """Return the text for an internal error, with its reference in the log."""
    return f"Internal error (ref {reference}). Please try again; if it happens again, give the ref to whoever runs agentcost."


def _question_blocks(error: QuestionError) -> list[Block]:
    sentence = elements.line(*elements.rich_words(f"{one_line(error.reason, SENTENCE_CHARACTERS)}.", "bold"))
    said = [_place(error)] if error.question.strip() else []
    blocks = [elements.rich(sentence, *said)]
    buttons = [
        elements.button(one_line(text, room(limits.BUTTON_TEXT)), f"ask_{number}", text)
        for number, text in enumerate(error.suggestions[:SUGGESTIONS], start=1)
        if len(text) <= room(limits.BUTTON_VALUE)
    ]
    return [*blocks, *([elements.context(["Did you mean:"]), elements.actions(buttons)] if buttons else [])]


def _place(error: QuestionError) -> Block:
    text, start, end = error.question, error.start, error.end
    before, wrong, after = text[max(0, start - AROUND) : start], text[start:end][:MARKED], text[end : end + AROUND]
    marked = [elements.words(one_line(wrong, MARKED), "bold", "code")] if wrong.strip() else []
    around = [("…" if start > AROUND else "") + _space_out(before), _space_out(after) + ("…" if len(text) > end + AROUND else "")]
    first, last = ([elements.words(one)] if one else [] for one in around)
    return elements.quote(*first, *marked, *last)


def _space_out(text: str) -> str:
    if not text.strip():
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{one_line(text, AROUND)}{' ' if text[-1].isspace() else ''}"
