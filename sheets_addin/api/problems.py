"""Errors as problem+json: the status for programs, the sentence for people.

Source: RFC 9457, problem details for HTTP APIs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.errors import REFUSAL_LIMIT, AgentcostError, InputError, QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping

PROBLEM_JSON = "application/problem+json"
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, METHOD_NOT_ALLOWED, CONFLICT = 400, 401, 403, 404, 405, 409
TOO_LARGE, NOT_JSON, NOT_ANSWERABLE, TOO_MANY, BROKEN, NOT_WIRED, UNAVAILABLE = 413, 415, 422, 429, 500, 501, 503
TITLES = {
    BAD_REQUEST: "The request is not understood",
    UNAUTHORIZED: "A valid token is needed",
    FORBIDDEN: "Not open to this token",
    NOT_FOUND: "There is nothing here",
    METHOD_NOT_ALLOWED: "Method not allowed",
    CONFLICT: "Not possible in the current state",
    TOO_LARGE: "Too much at once",
    NOT_JSON: "The body is not JSON",
    NOT_ANSWERABLE: "The question cannot be answered",
    TOO_MANY: "Too many requests",
    BROKEN: "Internal error",
    NOT_WIRED: "Not available in this service",
    UNAVAILABLE: "Not available right now",
}
OURS = "Internal error; your input is not at fault. Try again; if it happens again, tell whoever runs agentcost."
RETRY_SECONDS = 5


class ProblemError(AgentcostError):
    """A request that is refused with a status."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        """Keep what to answer."""
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(sentence)


def status_of(error: AgentcostError) -> int:
    """Return the status that tells who can fix it."""
    if isinstance(error, ProblemError):
        return error.status
    return NOT_ANSWERABLE if isinstance(error, InputError) else UNAVAILABLE


def body_of(status: int, sentence: str, error: AgentcostError | None = None) -> bytes:
    """Return the problem as JSON; for an invalid question also the position, and what would have worked."""
    told: dict[str, object] = {
        "type": "about:blank",
        "title": TITLES.get(status, "The request failed"),
        "status": status,
        "detail": sentence,
    }
    if isinstance(error, QuestionError):
        room = error.to_json(REFUSAL_LIMIT - len(encode_json(told | {"detail": ""})))
        told |= {"detail": room["error"], **{key: room[key] for key in ("question", "start", "end", "suggestions")}}
    return encode_json(told)


def encode_json(value: object) -> bytes:
    """Return the value as compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
