"""Everything whose look is held in tests/golden/slack, as Slack gets it, by the name of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.home import home_view
from tests.fakes.slack_homes import home_goldens
from tests.fakes.slack_messages import messages

if TYPE_CHECKING:
    from bot.slack.listeners import Ask


def payloads(ask: Ask) -> dict[str, dict[str, Any]]:
    """Return messages and views, those made up and those of the invented wallet."""
    told = {name: message.payload() for name, message in messages(ask).items()}
    return told | {name: home_view(home) for name, home in home_goldens(ask).items()}
