"""Where a request came from, and so where its answer goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DIRECT = "D"
"""What the id of a conversation with the app alone begins with."""


@dataclass(frozen=True, slots=True)
class SlackOrigin:
    """A member, and the conversation, thread and response URL that the member asked from, where there are any.

    begins_thread: whether the thread has no message yet but the one that asks; Slack then shows nothing to one member there.
    message: the message whose button was pressed. team: the workspace that the request was made in, where Slack vouches for it.
    """

    user: str
    channel: str | None = None
    thread: str | None = None
    response_url: str | None = None
    message: str | None = None
    begins_thread: bool = False
    team: str | None = None


def place_of(body: Mapping[str, Any]) -> SlackOrigin | None:
    """Return where a slash command, an interaction, a form or an event came from; None where nobody asked."""
    if "event" in body:
        return _of_event(body["event"], _team_of(body))
    if "view" in body and body.get("type") == "view_submission":
        return SlackOrigin(body["user"]["id"], **json.loads(body["view"].get("private_metadata") or "{}"))
    if "user_id" in body:
        return SlackOrigin(
            body["user_id"], body.get("channel_id"), response_url=body.get("response_url"), team=body.get("team_id")
        )
    return _of_interaction(body) if "user" in body else None


def metadata_of(place: SlackOrigin | None) -> str:
    """Return what a form carries to know, when it is sent, where it was opened."""
    if place is None:
        return "{}"
    carried = {"channel": place.channel, "thread": place.thread, "response_url": place.response_url}
    return json.dumps({name: value for name, value in carried.items() if value})


def _of_interaction(body: Mapping[str, Any]) -> SlackOrigin:
    container = body.get("container", {})
    return SlackOrigin(
        body["user"]["id"],
        channel=body.get("channel", {}).get("id"),
        thread=container.get("thread_ts"),
        response_url=body.get("response_url"),
        message=container.get("message_ts"),
    )


def _team_of(body: Mapping[str, Any]) -> str | None:
    """Return the workspace whose installation hears an event."""
    authorized = [one.get("team_id") for one in body.get("authorizations") or ()]
    return next(filter(None, authorized), body.get("team_id"))


def _of_event(event: Mapping[str, Any], team: str | None) -> SlackOrigin | None:
    if "file_id" in event and "user_id" in event:
        return SlackOrigin(event["user_id"], channel=event.get("channel_id"), team=team)
    if "user" not in event:
        return None
    begins = event.get("channel_type") != "im" and "thread_ts" not in event
    thread = event.get("thread_ts") or (event.get("ts") if begins else None)
    return SlackOrigin(event["user"], event.get("channel"), thread, begins_thread=begins, team=team)
