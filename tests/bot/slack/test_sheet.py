"""The button that opens the team's spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.slack.connection.app import asgi, create_app
from tests.fakes.slack.workspace import Workspace, served

if TYPE_CHECKING:
    from bot.slack.settings import SlackSettings
    from tests.fakes.asking import Ask
    from tests.fakes.slack.server import SlackServer

URL = "https://docs.google.com/spreadsheets/d/1a2b3c/edit"


def test_answers_link_to_the_spreadsheet(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """Where a spreadsheet is configured an answer says so in its last line, and opens it."""
    with served(asgi(create_app(ask, replace(settings, sheet_url=URL)))) as url:
        Workspace(slack, url, settings.signing_secret or "").slash("breakeven 200 users")
        [sent] = slack.wait_for(1)
    links = [part for block in sent.blocks for line in block.get("elements", ()) for part in line.get("elements", ())]
    assert {"type": "link", "text": "in the sheet", "url": URL} in links


def test_help_links_to_nothing(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """What holds no figure has no spreadsheet beside it."""
    with served(asgi(create_app(ask, replace(settings, sheet_url=URL)))) as url:
        Workspace(slack, url, settings.signing_secret or "").slash("help")
        assert URL not in str(slack.wait_for(1)[0].blocks)
