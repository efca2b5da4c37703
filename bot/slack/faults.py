"""What to say when a question cannot be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack import limits, parts
from bot.slack.limits import room
from bot.slack.message import Message
from bot.slack.plain import one_line
from core.answer import shortened
from core.errors import QuestionError

if TYPE_CHECKING:
    from bot.slack.parts import Block
    from core.errors import InputError

AROUND, MARKED = 120, 200
SENTENCE_CHARACTERS = 600
SUGGESTIONS = 3


def input_message(error: InputError) -> Message:
    """Return an input error in its own words; suggestions become buttons that ask them."""
    if isinstance(error, QuestionError):
        return Message(str(error), tuple(_question_blocks(error)))
    text = shortened(str(error), room(limits.SECTION_TEXT))
    return Message(text, (parts.section(text),))


def broken_message(reference: str) -> Message:
    """Return the message for a fault of ours."""
    text = broken_text(reference)
    return Message(text, (parts.section(text),))


def broken_text(reference: str) -> str:
    """Return the words for a fault of ours, with the reference under which the log holds it."""
    return (
        f"Something broke on our side (ref {reference}). Please try again; if it stays, give the ref to whoever runs agentcost."
    )


def _question_blocks(error: QuestionError) -> list[Block]:
    sentence = parts.line(*parts.spoken(f"{one_line(error.reason, SENTENCE_CHARACTERS)}.", "bold"))
    said = [_place(error)] if error.question.strip() else []
    blocks = [parts.rich(sentence, *said)]
    buttons = [
        parts.button(one_line(text, room(limits.BUTTON_TEXT)), f"ask_{number}", text)
        for number, text in enumerate(error.suggestions[:SUGGESTIONS], start=1)
        if len(text) <= room(limits.BUTTON_VALUE)
    ]
    return [*blocks, *([parts.context(["Did you mean:"]), parts.actions(buttons)] if buttons else [])]


def _place(error: QuestionError) -> Block:
    text, start, end = error.question, error.start, error.end
    before, wrong, after = text[max(0, start - AROUND) : start], text[start:end][:MARKED], text[end : end + AROUND]
    marked = [parts.words(one_line(wrong, MARKED), "bold", "code")] if wrong.strip() else []
    around = [("…" if start > AROUND else "") + _spaced(before), _spaced(after) + ("…" if len(text) > end + AROUND else "")]
    first, last = ([parts.words(one)] if one else [] for one in around)
    return parts.quote(*first, *marked, *last)


def _spaced(text: str) -> str:
    if not text.strip():
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{one_line(text, AROUND)}{' ' if text[-1].isspace() else ''}"
