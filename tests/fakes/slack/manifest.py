"""What Slack refuses in a manifest, as its documentation has it: docs.slack.dev/reference/app-manifest."""

from __future__ import annotations

from typing import Any


def _text(shortest: int, longest: int, pattern: str = "") -> dict[str, Any]:
    return {"type": "string", "minLength": shortest, "maxLength": longest, "pattern": pattern}


def _record(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - any schema
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def _list(of: dict[str, Any], shortest: int, longest: int) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": shortest, "maxItems": longest, "uniqueItems": True}


YES_OR_NO, URL, NAME = {"type": "boolean"}, _text(1, 3_000, "^https?://"), _text(1, 50)
SHORTCUT = _record(
    ("name", "type", "callback_id", "description"),
    name=_text(1, 24),
    type={"enum": ["message", "global"]},
    callback_id=_text(1, 255),
    description=_text(1, 150),
)
COMMAND = _record(
    ("command", "description"),
    command=_text(2, 32, "^/"),
    description=_text(1, 2_000),
    usage_hint=_text(1, 1_000),
    url=URL,
    should_escape=YES_OR_NO,
)
PROMPT = _record(("title", "message"), title=_text(1, 150), message=_text(1, 4_000))
FEATURES = _record(
    agent_view=_record(("agent_description",), agent_description=_text(1, 300), suggested_prompts=_list(PROMPT, 0, 4)),
    app_home=_record(home_tab_enabled=YES_OR_NO, messages_tab_enabled=YES_OR_NO, messages_tab_read_only_enabled=YES_OR_NO),
    bot_user=_record(("display_name",), display_name=_text(1, 80, "^[a-z0-9._-]+$"), always_online=YES_OR_NO),
    shortcuts=_list(SHORTCUT, 1, 10),
    slash_commands=_list(COMMAND, 1, 50),
)
SETTINGS = _record(
    event_subscriptions=_record(request_url=URL, bot_events=_list(NAME, 1, 100)),
    interactivity=_record(("is_enabled",), is_enabled=YES_OR_NO, request_url=URL),
    org_deploy_enabled=YES_OR_NO,
    socket_mode_enabled=YES_OR_NO,
    token_rotation_enabled=YES_OR_NO,
)
MANIFEST = _record(
    ("display_information",),
    _metadata=_record(major_version={"enum": [1, 2]}, minor_version={"type": "integer"}),
    display_information=_record(
        ("name",), name=_text(1, 35), description=_text(1, 140), background_color=_text(4, 7, "^#([0-9a-f]{3}){1,2}$")
    ),
    features=FEATURES,
    oauth_config=_record(redirect_urls=_list(URL, 1, 1_000), scopes=_record(bot=_list(NAME, 1, 255))),
    settings=SETTINGS,
)
