"""A served app, a Slack to talk to, and the real function that answers questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.slack.connection.app import asgi, create_app
from bot.slack.settings import SlackSettings
from tests.fakes.asking import asking
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.workspace import Workspace, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.asking import Ask

SIGNING_SECRET = "signing-secret-of-the-test"


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """The real function that answers questions, on one day, on a sample wallet."""
    with asking() as real:
        yield real


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack on loopback."""
    with SlackServer() as server:
        yield server


@pytest.fixture
def settings(slack: SlackServer) -> SlackSettings:
    """The settings of an app in that Slack."""
    return SlackSettings(slack.token, SIGNING_SECRET, api_url=f"{slack.url}/api/")


@pytest.fixture
def workspace(slack: SlackServer, settings: SlackSettings, ask: Ask) -> Iterator[Workspace]:
    """A workspace with the app installed and served."""
    with served(asgi(create_app(ask, settings))) as url:
        yield Workspace(slack, url, SIGNING_SECRET)
