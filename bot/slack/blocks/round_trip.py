"""The message that verifies an installation: a button whose press must come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks import elements
from bot.slack.blocks.message import SlackMessage

if TYPE_CHECKING:
    from bot.slack.blocks.elements import Block

ROUND_TRIP = "round_trip"
ASKED = "agentcost doctor asks: press the button, and both of us know that Slack's requests reach agentcost."
CAME_BACK = "It came back: Slack's requests reach agentcost, and agentcost verifies them."


def round_trip_message(mark: str) -> SlackMessage:
    """Return the message with the button. mark: distinguishes this round trip from others."""
    return SlackMessage(ASKED, (_said(ASKED), elements.actions([elements.button("Send it back", ROUND_TRIP, mark)])))


def came_back_message(mark: str) -> SlackMessage:
    """Return the replacement once the button was pressed."""
    return SlackMessage(f"{CAME_BACK} ({mark})", (_said(CAME_BACK), elements.context([mark])))


def _said(text: str) -> Block:
    return elements.rich(elements.line(elements.words(text)))
