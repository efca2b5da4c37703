"""Slack's agent surface: prompts, statuses and titles, for an app that has an agent view on a plan that allows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

METHODS = ("setSuggestedPrompts", "setStatus", "setTitle")
MAX_PROMPTS = 4


@dataclass
class AgentView:
    """What the app showed.

    lacks: Slack's word where the plan or the app has none of it. has_threads_only: whether it is the view before, in which
    prompts stand in threads alone. asked: the conversations that were asked for something.
    """

    lacks: str | None = None
    has_threads_only: bool = False
    asked: list[str] = field(default_factory=list)
    prompts: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def refusal(self, body: dict[str, Any]) -> str | None:
        """Return why Slack would refuse a call."""
        self.asked.append(str(body.get("channel_id")))
        if self.lacks:
            return self.lacks
        if not str(body.get("channel_id", "")).startswith("D"):
            return "channel_not_found"
        if "prompts" in body:
            prompts = body["prompts"]
            is_sound = 0 < len(prompts) <= MAX_PROMPTS and all(one["title"] and one["message"] for one in prompts)
            return None if is_sound and (body.get("thread_ts") or not self.has_threads_only) else "invalid_arguments"
        if not body.get("thread_ts"):
            return "invalid_thread_ts"
        return None if "status" in body or body.get("title") else "invalid_arguments"

    def done(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """Keep what is shown."""
        if method == "setSuggestedPrompts":
            self.prompts.append(body)
        elif method == "setStatus":
            self.statuses.append(str(body["status"]))
        else:
            self.titles.append(str(body["title"]))
        return {}
