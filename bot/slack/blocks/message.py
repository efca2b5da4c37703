"""A message as a value: blocks to look at, and text with the same complete content."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.slack.blocks import limits
from bot.slack.blocks.limits import room
from bot.slack.blocks.text import escape
from core.answer import group_digits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.slack.blocks.elements import Block

MORE_LINES = "… and {count} more lines."
ENTITY_ROOM = 600


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """A message to send; `text` is unescaped and is for notifications, screen readers, and channels that refuse blocks."""

    text: str
    blocks: tuple[Block, ...]

    def payload(self) -> Block:
        """Return the message as Slack's payload: nothing in it unfurls, and its text is not parsed as markup."""
        return {**self.payload_of_text(), "blocks": list(self.blocks)}

    def payload_of_text(self) -> Block:
        """Return the message without blocks."""
        return {"text": _fitting(escape(self.text)), "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}

    def with_blocks(self, *more: Block) -> SlackMessage:
        """Return the message with more blocks at its end."""
        return replace(self, blocks=(*self.blocks, *more))

    def with_header(self, text: str, block: Block) -> SlackMessage:
        """Return the message under a first line of text and its block."""
        return SlackMessage(f"{text}\n{self.text}", (block, *self.blocks))


def text_of(lines: Iterable[str]) -> str:
    """Return the lines as one text; lines beyond Slack's limit are counted instead of shown."""
    kept: list[str] = []
    left = room(limits.MESSAGE_TEXT) - ENTITY_ROOM
    everything = list(lines)
    for text in everything:
        left -= len(escape(text)) + 1
        if left < 0:
            kept.append(MORE_LINES.format(count=group_digits(len(everything) - len(kept))))
            break
        kept.append(text)
    return "\n".join(kept)


def _fitting(text: str) -> str:
    limit = room(limits.MESSAGE_TEXT)
    return text if len(text) <= limit else text[: limit - 1].rpartition(" ")[0] + "…"
