"""What stands in a Slack's conversations, page by page, and what can go wrong on the way there."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    Json = dict[str, Any]

MAX_ON_A_PAGE = 999


@dataclass
class SlackFault:
    """One failure to come, as often as `times` says, for calls of a method or of any.

    how: 503 from whatever stands before Slack, 429, or a connection that is cut before the answer. is_accepted: what was
    asked for is done all the same.
    """

    how: Literal["down", "limits", "cut"] = "down"
    is_accepted: bool = False
    method: str | None = None
    retry_after: int = 1
    times: int = 1

    def befalls(self, method: str) -> bool:
        """Whether a call meets this failure."""
        return self.times > 0 and self.method in {None, method}


@dataclass
class Conversations:
    """The messages of each conversation, oldest first. clock: the seconds that timestamps are made of."""

    clock: Callable[[], float] = time.time
    messages: defaultdict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    smallest_page: int | None = None
    _latest: int = 0

    def post(self, body: Json) -> Json:
        """Keep a message, and return it; no two have one timestamp."""
        self._latest = max(self._latest + 1, int(self.clock() * 1_000_000))
        ts = f"{self._latest // 1_000_000}.{self._latest % 1_000_000:06d}"
        kept = {name: body.get(name) for name in ("text", "metadata", "thread_ts", "bot_id", "blocks")}
        message = {"type": "message", "ts": ts, **kept}
        self.messages[str(body["channel"])].append(message)
        return message

    def update(self, body: Json) -> Json:
        """Put another text and blocks in the place of a message's."""
        message = self.find(body)
        message |= {"text": body.get("text", ""), "blocks": body.get("blocks"), "edited": {"user": "U0BOT"}}
        return message

    def find(self, body: Json) -> Json:
        """Return the message that a channel and a timestamp name, empty where there is none."""
        return next((one for one in self.messages[str(body.get("channel"))] if one["ts"] == str(body.get("ts"))), {})

    def keys(self, channel: str) -> list[str]:
        """Return the keys that a conversation's messages carry, oldest first."""
        carried = [message["metadata"] for message in self.messages[channel] if message["metadata"]]
        return [metadata["event_payload"]["key"] for metadata in carried]

    def history(self, body: Json) -> Json:
        """Return a page, newest first, of one thread where its first message is named; metadata only where it is asked for."""
        oldest = float(body.get("oldest") or 0)
        thread = body.get("ts")
        kept = [one for one in self.messages[str(body["channel"])] if thread is None or thread in {one["ts"], one["thread_ts"]}]
        latest, is_inclusive = float(body.get("latest") or "inf"), str(body.get("inclusive", "")).lower() in {"1", "true"}
        found = [
            message
            for message in reversed(kept)
            if oldest < float(message["ts"]) < latest or (is_inclusive and float(message["ts"]) in {oldest, latest})
        ]
        first = int(body.get("cursor") or 0)
        after_last = first + min(int(body.get("limit") or 100), self.smallest_page or MAX_ON_A_PAGE)
        with_metadata = json.loads(str(body.get("include_all_metadata", "false")).lower()) != 0
        shown = [
            {name: value for name, value in message.items() if value is not None and (name != "metadata" or with_metadata)}
            for message in found[first:after_last]
        ]
        more = str(after_last) if after_last < len(found) else ""
        return {"messages": shown, "has_more": bool(more), "response_metadata": {"next_cursor": more}}
