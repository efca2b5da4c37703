"""How an answer came about: the arithmetic, the exact figures, every note, and where each price was read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.slack import limits, parts
from bot.slack.answers import KINDS
from bot.slack.limits import room
from bot.slack.message import Message, text_of
from bot.slack.plain import one_line
from core.answer import plain, plain_number
from core.display import day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.slack.parts import Block
    from core.answer import Answer, Figure, Source

LINE_CHARACTERS = 400
PART_CHARACTERS = 1_800
UNITS = {"percent": " %", "count": ""}


def how_message(answer: Answer) -> Message:
    """Return what stands behind an answer, every figure exact."""
    told = [
        ("Arithmetic", list(answer.arithmetic)),
        ("Exact figures", [_exact(figure) for figure in answer.figures]),
        ("Good to know", [f"{KINDS[note.kind]}: {note.text}" for note in answer.notes]),
        ("Sources", [_origin(source) for source in dict.fromkeys(answer.sources)]),
    ]
    known = [(title, lines) for title, lines in told if lines]
    title = f"How: {one_line(answer.question, LINE_CHARACTERS)}, as of {day(answer.as_of)}"
    if not known:
        title = f"{title}: nothing to calculate."
    text = text_of([title, *(text for name, lines in known for text in (f"{name}:", *(f"• {_line(one)}" for one in lines)))])
    return Message(text, (parts.rich(parts.line(parts.words(title, "bold"))), *(_list(name, lines) for name, lines in known)))


def _list(title: str, lines: Sequence[str]) -> Block:
    kept: list[Block] = []
    left = min(PART_CHARACTERS, room(limits.SECTION_TEXT))
    for text in map(_line, lines):
        left -= len(text)
        if left < 0:
            kept.append(parts.line(parts.words(f"… and {len(lines) - len(kept):,} more")))
            break
        kept.append(parts.line(*parts.spoken(text)))
    return parts.rich(parts.line(parts.words(title, "bold")), parts.bullets(kept))


def _line(text: str) -> str:
    return one_line(text, LINE_CHARACTERS)


def _exact(figure: Figure) -> str:
    if not isinstance(figure.value, Decimal):
        return f"{figure.label}: {plain(figure.value) or 'unknown'}"
    number = f"{Decimal(plain_number(figure.value)):,f}"
    if figure.unit == "usd":
        return f"{figure.label}: ${number}"
    return f"{figure.label}: {number}{UNITS.get(figure.unit, f' {figure.unit}')}"


def _origin(source: Source) -> str:
    return f"{source.title}, read on {day(source.read_on)}" if source.read_on else source.title
