"""bot/manifest.yaml, from which Slack makes the app: the events it receives, the methods it calls, and the scopes these need.

Run, it prints itself: python -m bot.manifest, or with the address of a service that takes Slack's requests over HTTP.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.slack import CHANGES
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.slack.connection.app import SlackApp

MANIFEST = Path(__file__).with_name("manifest.yaml")
GATEWAY = Path(__file__).parent / "slack" / "client.py"
CALL = re.compile(r"(?:self\._(?:client|at_once|once)|once)\.(\w+_\w+)")
OAUTH = "--oauth"
NAME, COLOUR = "agentcost", "#1f2937"
# What Slack shows behind the slash command; it shows 60 characters at most.
USAGE_HINT = "10k chats at 5 actions · when do we run out? · help"
ABOUT = "What Salesforce's AI agents cost: prices, plans and your own Digital Wallet, answered exactly and with sources."
OPENING = "# Made by `python -m bot.manifest`; do not edit. docs/slack.md says how to make the app from it.\n"


class SlackScope(NamedTuple):
    """A scope that the app asks for, and what for. is_optional: whether all but one thing that few need works without it."""

    name: str
    reason: str
    is_optional: bool = False


POSTING = SlackScope("chat:write", "answers")
PEOPLE = SlackScope("users:read", "who asks: guests and other workspaces get no wallet figures")
AGENT = SlackScope(
    "assistant:write", "what can be asked, above the composer; a status while an answer is worked out", is_optional=True
)
UPLOADS = SlackScope("files:write", "the rows of an import that were rejected, as a file")
READING = (
    SlackScope("channels:read", "whether the channels that app.yaml names are there, and who shares them"),
    SlackScope("groups:read", "the same of private channels"),
)
HEARD_EVENTS: Mapping[str, tuple[str, tuple[SlackScope, ...]]] = {
    "app_mention": ("app_mention", (SlackScope("app_mentions:read", "questions by mention"),)),
    "message": ("message.im", (SlackScope("im:history", "questions by direct message"),)),
    "app_home_opened": ("app_home_opened", ()),
    "app_context_changed": ("app_context_changed", ()),
    "app_uninstalled": ("app_uninstalled", ()),
    "tokens_revoked": ("tokens_revoked", ()),
    "file_shared": ("file_shared", (SlackScope("files:read", "exports that are shared, to import them"),)),
    **{event: (event, READING) for event in CHANGES},
}
# Events of the agent view before the present one, which apps made earlier still have; Slack takes one view or the other.
OF_EARLIER_VIEW = frozenset({"assistant_thread_started", "assistant_thread_context_changed"})
CALLED_METHODS: Mapping[str, tuple[SlackScope, ...]] = {
    "apps_connections_open": (),
    "assistant_threads_setStatus": (AGENT,),
    "assistant_threads_setSuggestedPrompts": (AGENT,),
    "assistant_threads_setTitle": (AGENT,),
    "auth_revoke": (),
    "auth_test": (),
    "bots_info": (PEOPLE,),
    "chat_delete": (POSTING,),
    "chat_postEphemeral": (POSTING,),
    "chat_postMessage": (POSTING,),
    "chat_update": (POSTING,),
    "conversations_history": (
        SlackScope("channels:history", "whether a message arrived, where Slack did not say"),
        SlackScope("groups:history", "the same in private channels"),
        SlackScope("im:history", "questions by direct message"),
        SlackScope("mpim:history", "the same in group messages"),
    ),
    "conversations_info": READING,
    "conversations_list": READING,
    "conversations_replies": (
        SlackScope("channels:history", "whether a message arrived, where Slack did not say"),
        SlackScope("groups:history", "the same in private channels"),
        SlackScope("im:history", "questions by direct message"),
        SlackScope("mpim:history", "the same in group messages"),
    ),
    "conversations_open": (
        SlackScope("im:write", "alerts to a team's owner, where another company shares the channel", is_optional=True),
    ),
    "files_completeUploadExternal": (UPLOADS,),
    "files_getUploadURLExternal": (UPLOADS,),
    "files_info": (SlackScope("files:read", "exports that are shared, to import them"),),
    "files_upload_v2": (UPLOADS,),
    "oauth_v2_access": (),
    "reactions_add": (SlackScope("reactions:write", "how far an import is"),),
    "reactions_remove": (SlackScope("reactions:write", "how far an import is"),),
    "usergroups_users_list": (SlackScope("usergroups:read", "the user groups that app.yaml gives rights to"),),
    "users_info": (PEOPLE,),
    "views_open": (),
    "views_publish": (),
    "views_update": (),
}


def manifest_text(address: str | None = None, *, is_oauth: bool = False) -> str:
    """Return the manifest as YAML, each scope with its reason.

    address: where Slack reaches the service over HTTP, such as https://agentcost.example.com; None for Socket Mode.
    is_oauth: whether the app is installed in several workspaces.
    """
    import yaml  # noqa: PLC0415 - only this writes YAML

    app = build_described_app(is_oauth=is_oauth)
    text = OPENING + yaml.safe_dump(manifest(app, address), sort_keys=False, allow_unicode=True, width=120)
    for scope in scopes(app):
        text = text.replace(f"- {scope.name}\n", f"- {scope.name}  # {scope.reason}\n", 1)
    return text


def build_described_app(*, is_oauth: bool = False) -> SlackApp:
    """Return the app as it would be served, to see what it hears; it asks nothing and connects to nothing."""
    from bot.slack.connection.app import create_app  # noqa: PLC0415 - slow to load
    from bot.slack.installation import Installations  # noqa: PLC0415 - as below
    from bot.slack.settings import SlackSettings  # noqa: PLC0415 - as above

    def refuse_question(question: str, *, with_wallet: bool, who: str) -> Any:  # noqa: ANN401 - it never returns
        raise NotImplementedError(question, with_wallet, who)

    several = Installations(None, None, tuple) if is_oauth else None  # type: ignore[arg-type]  # it asks nobody
    return create_app(refuse_question, SlackSettings(""), installations=several)


def manifest(app: SlackApp, address: str | None = None) -> dict[str, Any]:
    """Return the manifest of an app. Source: docs.slack.dev/reference/app-manifest."""
    url = address.rstrip("/") + app.path if address else None
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {"name": NAME, "description": ABOUT, "background_color": COLOUR},
        "features": _features(app, {"url": url} if url else {}),
        "oauth_config": _oauth(app, address) | {"scopes": {"bot": [scope.name for scope in scopes(app)]}},
        "settings": _settings(app, {"request_url": url} if url else {}),
    }


def scopes(app: SlackApp) -> list[SlackScope]:
    """Return the bot's scopes, by name: for what the app hears and for each method that the gateway calls."""
    found = [SlackScope("commands", "the slash command and the shortcut")] if app.listeners_of("command") else []
    found += [scope for event in _heard_events(app) for scope in HEARD_EVENTS[event][1]]
    found += [scope for method in find_called_methods() for scope in CALLED_METHODS[method]]
    return sorted({scope.name: scope for scope in reversed(found)}.values())


def _heard_events(app: SlackApp) -> list[str]:
    return [event for event in app.listeners_of("event") if event not in OF_EARLIER_VIEW]


def find_called_methods() -> Iterator[str]:
    """Yield the methods of Slack's Web API that the gateway calls, as its code has them."""
    tree = ast.parse(GATEWAY.read_text(encoding="utf-8"))
    called = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    yield from sorted({found[1] for text in called if (found := CALL.fullmatch(text))})


def _oauth(app: SlackApp, address: str | None) -> dict[str, Any]:
    """Return where Slack leads back to after an installation, of an app for several workspaces."""
    from bot.slack.connection.install import REDIRECT_PATH  # noqa: PLC0415 - slow to load

    is_for_several = "app_uninstalled" in app.listeners_of("event")
    return {"redirect_urls": [f"{address.rstrip('/')}{REDIRECT_PATH}"]} if is_for_several and address else {}


def _features(app: SlackApp, url: dict[str, str]) -> dict[str, Any]:
    from bot.slack.listeners import ABOUT_PRICES  # noqa: PLC0415 - slow to load

    has_home = "app_home_opened" in app.listeners_of("event")
    shortcuts = [
        {
            "name": "Price a scenario",
            "type": "global",
            "callback_id": callback,
            "description": "Fill in a form, get every plan's cost.",
        }
        for callback in app.listeners_of("shortcut")
    ]
    return {
        "agent_view": {
            "agent_description": ABOUT,
            "suggested_prompts": [prompt._asdict() for prompt in ABOUT_PRICES],
        },
        "app_home": {"home_tab_enabled": has_home, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": NAME, "always_online": True},
        "shortcuts": shortcuts,
        "slash_commands": [
            {"command": command, "description": ABOUT, "usage_hint": USAGE_HINT, "should_escape": False} | url
            for command in app.listeners_of("command")
        ],
    }


def _settings(app: SlackApp, url: dict[str, str]) -> dict[str, Any]:
    events = sorted(HEARD_EVENTS[event][0] for event in _heard_events(app))
    return {
        "event_subscriptions": url | {"bot_events": events},
        "interactivity": {"is_enabled": True} | url,
        "org_deploy_enabled": False,
        "socket_mode_enabled": not url,
        "token_rotation_enabled": False,
    }


if __name__ == "__main__":
    said = [word for word in sys.argv[1:] if word != OAUTH]
    print(manifest_text(*said[:1], is_oauth=OAUTH in sys.argv), end="")
