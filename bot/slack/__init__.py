"""agentcost in Slack: answers as blocks, and the app that gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack.channels import CHANGES, ChannelBook, Channels, ReadChannelBook
    from bot.slack.client import ConversationInfo, SlackClient, UndeliveredError, token_renewal, words_for
    from bot.slack.deduplication import Turn, Turns
    from bot.slack.diagnostics import SlackCheck, examine
    from bot.slack.disclosure import Disclosure, Target
    from bot.slack.environment import (
        API,
        APP_TOKEN,
        BOT_TOKEN,
        CLIENT_ID,
        CLIENT_SECRET,
        REFRESH_TOKEN,
        RENEWAL,
        SECRET,
        SECRET_KEY,
        SLACK_API,
        VARIABLES,
        is_rotated,
        is_used,
        misshapen,
        missing,
        problems_of_oauth,
        problems_of_rotation,
    )
    from bot.slack.in_flight import Asgi
    from bot.slack.settings import SlackSettings
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "channels": "CHANGES ChannelBook Channels ReadChannelBook",
            "client": "ConversationInfo SlackClient UndeliveredError token_renewal words_for",
            "deduplication": "Turn Turns",
            "diagnostics": "SlackCheck examine",
            "disclosure": "Disclosure Target",
            "environment": (
                "API APP_TOKEN BOT_TOKEN CLIENT_ID CLIENT_SECRET REFRESH_TOKEN RENEWAL SECRET SECRET_KEY SLACK_API VARIABLES "
                "is_rotated is_used misshapen missing problems_of_oauth problems_of_rotation"
            ),
            "in_flight": "Asgi",
            "settings": "SlackSettings",
        },
    )

__all__ = [
    "API",
    "APP_TOKEN",
    "BOT_TOKEN",
    "CHANGES",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "REFRESH_TOKEN",
    "RENEWAL",
    "SECRET",
    "SECRET_KEY",
    "SLACK_API",
    "VARIABLES",
    "Asgi",
    "ChannelBook",
    "Channels",
    "ConversationInfo",
    "Disclosure",
    "ReadChannelBook",
    "SlackCheck",
    "SlackClient",
    "SlackSettings",
    "Target",
    "Turn",
    "Turns",
    "UndeliveredError",
    "examine",
    "is_rotated",
    "is_used",
    "misshapen",
    "missing",
    "problems_of_oauth",
    "problems_of_rotation",
    "token_renewal",
    "words_for",
]
