"""bot/manifest.yaml: Slack's description of the app matches what the app listens to and calls."""

from typing import Any

import pytest
import yaml
from jsonschema_rs import Draft7Validator

from bot.manifest import (
    CALLED_METHODS,
    MANIFEST,
    USAGE_HINT,
    build_described_app,
    find_called_methods,
    manifest,
    manifest_text,
    scopes,
)
from core.questions.meaning import likely_question
from tests.fakes.slack.manifest import MANIFEST as TAKEN

ADDRESS = "https://agentcost.example.com/"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The manifest that the code makes."""
    return manifest(build_described_app())


def test_file_is_what_the_code_makes() -> None:
    """`python -m bot.manifest > bot/manifest.yaml` changes nothing."""
    assert MANIFEST.read_text(encoding="utf-8") == manifest_text()


@pytest.mark.parametrize("address", [None, ADDRESS], ids=["Socket Mode", "HTTP"])
def test_slack_takes_it(address: str | None) -> None:
    """Slack knows every field, and its limits are kept."""
    wrong = Draft7Validator(TAKEN).iter_errors(yaml.safe_load(manifest_text(address)))
    assert [f"{list(error.instance_path)}: {error.message}" for error in wrong] == []


def test_every_scope_has_its_reason() -> None:
    """Everyone who installs the app reads the reason for each scope."""
    lines = manifest_text().splitlines()
    assert [scope.name for scope in scopes(build_described_app()) if f"    - {scope.name}  # {scope.reason}" not in lines] == []


def test_every_method_that_is_called_has_its_scopes() -> None:
    """The gateway cannot call a method without stating its scopes."""
    called = set(find_called_methods())
    assert ("chat_postMessage" in called, called - CALLED_METHODS.keys()) == (True, set())


@pytest.mark.parametrize(
    ("method", "scope"),
    [("chat_postMessage", "chat:write"), ("users_info", "users:read"), ("usergroups_users_list", "usergroups:read")],
)
def test_scopes_follow_from_the_calls(made: dict[str, Any], method: str, scope: str) -> None:
    """The manifest asks for the scopes of what the gateway calls."""
    assert (method in find_called_methods(), scope in made["oauth_config"]["scopes"]["bot"]) == (True, True)


def test_events_are_those_that_are_heard(made: dict[str, Any]) -> None:
    """Slack sends the events that have a listener, and no others."""
    assert {"app_home_opened", "app_mention", "message.im"} <= set(made["settings"]["event_subscriptions"]["bot_events"])


def test_usage_hint_is_short() -> None:
    """Slack shows 60 characters; each question in them works, in people's own words."""
    assert len(USAGE_HINT) <= 60
    assert [likely_question(text) for text in USAGE_HINT.split(" · ") if likely_question(text) is None] == []


def test_socket_mode_needs_no_address(made: dict[str, Any]) -> None:
    """By default the app needs no address."""
    assert (made["settings"]["socket_mode_enabled"], "http" in manifest_text()) == (True, False)


def test_address_is_where_the_service_listens() -> None:
    """With an address, commands, events and interactions all use that one path."""
    told = manifest(build_described_app(), ADDRESS)
    url = "https://agentcost.example.com/slack/events"
    places = [told["settings"]["event_subscriptions"], told["settings"]["interactivity"]]
    assert [*(place["request_url"] for place in places), told["features"]["slash_commands"][0]["url"]] == [url] * 3
    assert told["settings"]["socket_mode_enabled"] is False
