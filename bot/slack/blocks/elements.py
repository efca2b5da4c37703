"""The parts of Slack messages, each a plain value in Slack's own form.

Foreign text goes only into plain text, raw text or rich text, where Slack parses no markup.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.slack.blocks import limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.text import escape, inert
from core.answer import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

Block = dict[str, Any]
MARKS = re.compile(r"[*_~`]|:[^\s:]+:")


def plain(text: str) -> Block:
    """Return text that is shown unchanged, including emoji codes and markup."""
    return {"type": "plain_text", "text": inert(text), "emoji": False}


def label_value(label: str, value: str) -> Block:
    """Return a value under a bold label; both must be words or numbers of ours."""
    return {"type": "mrkdwn", "text": f"*{escape(label)}*\n{escape(value)}"}


def fact(label: str, text: str) -> Block:
    """Return words under a label; the label is bold if the words have no character that Slack would parse."""
    return plain(f"{label}\n{text}") if MARKS.search(f"{label}\n{text}") else label_value(label, text)


def header(text: str) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(shorten(text, room(limits.HEADER_TEXT)))}


def section(text: str) -> Block:
    """Return a paragraph."""
    return {"type": "section", "text": plain(shorten(text, room(limits.SECTION_TEXT)))}


def example(name: str, about: str, typed: str, accessory: Block | None) -> Block:
    """Return a command's purpose, what to type, and an element beside it; name and about must be words of ours."""
    text = f"*{escape(name)}*{f'  {escape(about)}' if about else ''}\n`{escape(typed.replace('`', ''))}`"
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | ({"accessory": accessory} if accessory else {})


def fields(cells: Sequence[Block]) -> Block:
    """Return short texts in two columns."""
    return {"type": "section", "fields": list(cells)}


def context(texts: Iterable[str]) -> Block:
    """Return small print, one element for each text."""
    return {"type": "context", "elements": [plain(text) for text in texts]}


def actions(buttons: Sequence[Block]) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def button(label: str, action: str, value: str) -> Block:
    """Return a button that passes a value to an action."""
    return {"type": "button", "text": plain(shorten(label, room(limits.BUTTON_TEXT))), "action_id": action, "value": value}


def link_button(label: str, action: str, url: str) -> Block:
    """Return a button that opens an address; Slack also sends the action."""
    return {"type": "button", "text": plain(shorten(label, room(limits.BUTTON_TEXT))), "action_id": action, "url": url}


def words(text: str, *styles: str) -> Block:
    """Return words in rich text, in the styles named: bold, italic, strike, code."""
    part: Block = {"type": "text", "text": text}
    return part | ({"style": dict.fromkeys(styles, True)} if styles else {})


def rich_words(text: str, *styles: str) -> list[Block]:
    """Return words in rich text, with text between backticks as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return [words(text, *styles)]
    return [words(piece, *styles, *(["code"] if place % 2 else [])) for place, piece in enumerate(pieces) if piece]


def person(user: str) -> Block:
    """Return a mention of a member, by id."""
    return {"type": "user", "user_id": user}


def link(text: str, url: str) -> Block:
    """Return words that open an address."""
    return {"type": "link", "text": text, "url": url}


def moment(at: datetime) -> Block:
    """Return an instant, which Slack shows in the reader's time zone."""
    fallback = f"{at:%-d %b %H:%M} UTC"
    return {"type": "date", "timestamp": int(at.timestamp()), "format": "{date_short_pretty} {time}", "fallback": fallback}


def overflow(action: str, options: Mapping[str, str]) -> Block:
    """Return the overflow menu. options: the label of each value."""
    return {"type": "overflow", "action_id": action, "options": [option(label, value) for value, label in options.items()]}


def option(label: str, value: str) -> Block:
    """Return an option of a menu."""
    return {"text": plain(label), "value": value}


def line(*parts: Block) -> Block:
    """Return a line of rich text."""
    return {"type": "rich_text_section", "elements": list(parts)}


def bullets(lines: Sequence[Block]) -> Block:
    """Return a list of lines of rich text."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def quote(*parts: Block) -> Block:
    """Return a line of rich text as a quote."""
    return {"type": "rich_text_quote", "elements": list(parts)}


def code_block(text: str) -> Block:
    """Return lines of rich text in a monospaced font."""
    return {"type": "rich_text_preformatted", "elements": [words(text)]}


def rich(*elements: Block) -> Block:
    """Return a block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def text_cell(text: str) -> Block:
    """Return a table cell that shows text unchanged."""
    return {"type": "raw_text", "text": inert(text)}


def number_cell(value: Decimal, text: str) -> Block:
    """Return a table cell that sorts by a number and shows it as text; Slack's JSON has no exact decimals."""
    return {"type": "raw_number", "value": float(value), "text": text}


def table(caption: str, rows: Sequence[Sequence[Block]], rows_per_page: int) -> Block:
    """Return a table; the first row is the header."""
    return {"type": "data_table", "caption": inert(caption), "rows": [list(row) for row in rows], "page_size": rows_per_page}
