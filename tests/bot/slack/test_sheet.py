"""The button that opens the team's spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.slack.connection.app import asgi, create_app
from tests.fakes.slack.workspace import Workspace, served

if TYPE_CHECKING:
    from bot.slack.listeners.questions import Ask
    from bot.slack.settings import SlackSettings
    from tests.fakes.slack.server import SlackServer

URL = "https://docs.google.com/spreadsheets/d/1a2b3c/edit"


def test_answers_link_to_the_spreadsheet(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """Where a spreadsheet is configured an answer opens it, and pressing that asks nothing of the app."""
    with served(asgi(create_app(ask, replace(settings, sheet_url=URL)))) as url:
        workspace = Workspace(slack, url, settings.signing_secret or "")
        workspace.slash("breakeven 200 users")
        [sent] = slack.wait_for(1)
        status = workspace.press("Sheet", sent).status
    assert (sent.buttons()["Sheet"]["url"], status, len(slack.sent)) == (URL, 200, 1)


def test_help_links_to_nothing(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """What holds no figure has no spreadsheet beside it."""
    with served(asgi(create_app(ask, replace(settings, sheet_url=URL)))) as url:
        Workspace(slack, url, settings.signing_secret or "").slash("help")
        assert "Sheet" not in slack.wait_for(1)[0].buttons()
