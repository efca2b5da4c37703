"""What the Slack app needs to know of the workspace that it lives in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.slack.installation import FixedToken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.slack.installation import TokenSource


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """Secrets come from the environment and never show in a log.

    tokens: where the bot's token comes from, where it expires or there are several; None for the one of bot_token.
    signing_secret: None in Socket Mode, where Slack signs nothing; over HTTP every request is then refused.
    app_token: None over HTTP; Socket Mode connects with it.
    api_url: where Slack's Web API answers. path: where Slack's requests arrive.
    timeout_seconds: how long Slack may take to answer.
    sheet_url: the spreadsheet that answers link to, None where none is configured; sheet_urls: others, by conversation.
    """

    bot_token: str = field(repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    command: str = "/agentcost"
    path: str = "/slack/events"
    api_url: str = "https://slack.com/api/"
    timeout_seconds: int = 10
    sheet_url: str | None = None
    sheet_urls: Mapping[str, str] = field(default_factory=dict)
    tokens: TokenSource | None = field(default=None, repr=False)

    @property
    def token_source(self) -> TokenSource:
        """Where calls of Slack's Web API get their token from."""
        return self.tokens or FixedToken(self.bot_token)

    def sheet_for(self, channel: str | None) -> str | None:
        """Return the spreadsheet that answers in a conversation link to."""
        return self.sheet_urls.get(channel or "", self.sheet_url)
