"""Where a request came from, and so where its answer goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SlackOrigin:
    """A member, and the conversation, thread and response URL that the member asked from, where there are any.

    message: the message whose button was pressed.
    """

    user: str
    channel: str | None = None
    thread: str | None = None
    response_url: str | None = None
    message: str | None = None


def place_of(body: Mapping[str, Any]) -> SlackOrigin | None:
    """Return where a slash command, an interaction, a form or an event came from; None where nobody asked."""
    if "event" in body:
        return _of_event(body["event"])
    if "view" in body and body.get("type") == "view_submission":
        return SlackOrigin(body["user"]["id"], **json.loads(body["view"].get("private_metadata") or "{}"))
    if "user_id" in body:
        return SlackOrigin(body["user_id"], channel=body.get("channel_id"), response_url=body.get("response_url"))
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


def _of_event(event: Mapping[str, Any]) -> SlackOrigin | None:
    if "file_id" in event and "user_id" in event:
        return SlackOrigin(event["user_id"], channel=event.get("channel_id"))
    if "user" not in event:
        return None
    in_channel = event.get("channel_type") != "im"
    return SlackOrigin(
        event["user"], channel=event.get("channel"), thread=event.get("thread_ts") or (event.get("ts") if in_channel else None)
    )
