"""Checks before Bolt for Slack's requests over HTTP: what Slack would never send is refused before it is read."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TIMESTAMP = re.compile(r"[0-9]{1,12}")
MAX_BODY_BYTES = 4 * 1024 * 1024
TOO_LARGE = 413


class _BodyTooLargeError(Exception):
    """More came than Slack ever sends."""


class SlackRequestFilter:
    """An ASGI application before Bolt's."""

    def __init__(self, bolt: ASGIApp) -> None:
        """Hand on to Bolt what could be Slack's."""
        self._bolt = bolt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a malformed timestamp with 401, a body that is no text with 400, one that is too large with 413."""
        stamps = Headers(scope=scope).getlist("x-slack-request-timestamp")
        if any(not TIMESTAMP.fullmatch(stamp) for stamp in stamps) or len(stamps) > 1:
            await PlainTextResponse("X-Slack-Request-Timestamp is not a timestamp.", HTTPStatus.UNAUTHORIZED)(
                scope, receive, send
            )
            return
        try:
            await self._bolt(scope, _bounded(receive), send)
        except _BodyTooLargeError:
            await PlainTextResponse("The body is too large.", TOO_LARGE)(scope, receive, send)
        except UnicodeDecodeError:
            await PlainTextResponse("The body is not UTF-8.", HTTPStatus.BAD_REQUEST)(scope, receive, send)


def _bounded(receive: Receive) -> Receive:
    """Return what receives a body up to its bound. Raises: _BodyTooLargeError."""
    seen = 0

    async def receive_some() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY_BYTES:
            raise _BodyTooLargeError
        return message

    return receive_some
