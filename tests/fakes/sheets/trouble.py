"""What can go wrong at Google's end: quotas, and failures that a test asks for."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal["read", "write"]
WINDOW_SECONDS = 60.0
WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
MESSAGES = {
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    409: "The operation was aborted.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}


@dataclass
class Fault:
    """One failure to come, as often as `times` says.

    how: an answer with `status`, one with that status and `body` as it is, a connection cut in the middle of the answer, or an
    answer that never comes.
    is_accepted: what was asked for is done all the same. message: Google's words, where they are others than usual.
    kind, spreadsheet: what it befalls; None for any reading or writing.
    """

    how: Literal["status", "body", "cut", "silence"] = "status"
    status: int = 503
    retry_after: int | None = None
    is_accepted: bool = False
    kind: Literal["read", "write", "token"] | None = None
    spreadsheet: str | None = None
    times: int = 1
    message: str | None = None
    body: bytes = b""

    def befalls(self, kind: str, spreadsheet: str | None) -> bool:
        """Return whether a call meets this failure."""
        is_meant = kind in {"read", "write"} if self.kind is None else kind == self.kind
        return self.times > 0 and is_meant and self.spreadsheet in {None, spreadsheet}


@dataclass
class Quota:
    """Requests within any minute, reads and writes apart: Google's own limits unless a test sets others."""

    per_user: int = 60
    per_project: int = 300
    clock: Callable[[], float] = time.monotonic
    taken: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def exceeded(self, kind: str, user: str) -> str | None:
        """Return which limit a request would go beyond; None if it fits, and then it is counted."""
        now = self.clock()
        limits = (
            (("user", user), self.per_user, "per minute per user"),
            (("project", ""), self.per_project, "per minute per project"),
        )
        for (scope, who), limit, words in limits:
            if len(self._recent(f"{kind}/{scope}", who, now)) >= limit:
                return f"{kind.capitalize()} requests {words}"
        for (scope, who), _, _ in limits:
            self._recent(f"{kind}/{scope}", who, now).append(now)
        return None

    def _recent(self, name: str, who: str, now: float) -> deque[float]:
        times = self.taken.setdefault((name, who), deque())
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        return times


@dataclass(frozen=True)
class Call:
    """One request that came: which method, on which spreadsheet, and what it was answered (0: nothing)."""

    method: str
    kind: str
    spreadsheet: str | None
    status: int
    at: float
