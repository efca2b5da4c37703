"""Text that people wrote, made harmless: it is data, and never markup, a mention or a link."""

from __future__ import annotations

import re

from core.answer import shorten

CONTROLS = (chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace())
DIRECTION_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSEEN = dict.fromkeys(map(ord, (*CONTROLS, *DIRECTION_MARKS)))
NOTHING = "–"
INERT = str.maketrans("<>", "‹›")
CODE = re.compile(r"`([^`]+)`")
ESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def one_line(text: str, limit: int) -> str:
    """Return the text on one line of at most `limit` characters, a dash if it is empty.

    Control characters and marks that change the direction of writing are removed: they could make a line appear to say
    something else.
    """
    return shorten(" ".join(text.translate(UNSEEN).split()), limit) or NOTHING


def replace_backticks(text: str) -> str:
    """Return the text with words between backticks in quotation marks, for elements in which Slack shows no code."""
    return CODE.sub(r"“\1”", text)


def inert(text: str) -> str:
    """Return the text with its angle brackets replaced by look-alikes, for text that Slack calls plain.

    Whether Slack decodes escapes there is not documented, so neither an escape nor a bracket may be in it.
    """
    return text.translate(INERT)


def escape(text: str) -> str:
    """Return the text with the three characters that start markup in Slack replaced: `<!channel>` notifies nobody.

    Source: docs.slack.dev/messaging/formatting-message-text, escaping text.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Return the text of a button or message without Slack's escapes. Source: slackapi/bolt-python#513."""
    for entity, character in ESCAPED:
        text = text.replace(entity, character)
    return text
