"""How long a message waits for Slack: it is retried while Slack limits us or is down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import ClientOSError, ServerConnectionError
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import BackoffRetryIntervalCalculator

if TYPE_CHECKING:
    from slack_sdk.http_retry.request import HttpRequest
    from slack_sdk.http_retry.response import HttpResponse
    from slack_sdk.http_retry.state import RetryState

RATE_LIMIT_RETRIES, DOWN_RETRIES = 3, 9
FIRST_PAUSE_SECONDS = 0.5
SERVER_ERROR = 500
NOT_REACHED = (ClientOSError, ServerConnectionError)


class WhileDown(AsyncRetryHandler):
    """Retries what Slack refused because it is down: after half a second, then twice as long each time.

    Nine times, four minutes in all. A timeout is not retried: Slack may have accepted the message.
    """

    def __init__(self) -> None:
        """Wait for nothing yet."""
        super().__init__(DOWN_RETRIES, BackoffRetryIntervalCalculator(FIRST_PAUSE_SECONDS))

    async def _can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - as the class above declares it
        request: HttpRequest,  # noqa: ARG002 - as above
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if isinstance(error, SlackApiError):
            return status_of(error) >= SERVER_ERROR
        if error is not None:
            return isinstance(error, NOT_REACHED) and not isinstance(error, TimeoutError)
        return response is not None and response.status_code >= SERVER_ERROR


def long_retries() -> list[AsyncRetryHandler]:
    """Return what sends a message again where that makes sense."""
    return [WhileDown(), AsyncRateLimitErrorRetryHandler(RATE_LIMIT_RETRIES)]


def short_retries() -> list[AsyncRetryHandler]:
    """Return what asks once more where Slack limits us, for what is of no use later."""
    return [AsyncRateLimitErrorRetryHandler(1)]


def status_of(error: SlackApiError) -> int:
    """Return the HTTP status of a refusal; where the answer was no JSON, the SDK hands on aiohttp's response."""
    response: Any = error.response
    return int(response.status_code if hasattr(response, "status_code") else response.status)


def reason_of(error: SlackApiError) -> str:
    """Return Slack's word for a refusal, or the HTTP status where it gave none."""
    told = error.response.get("error") if hasattr(error.response, "get") else None
    return str(told or f"HTTP {status_of(error)}")


def scope_needed(error: SlackApiError) -> str | None:
    """Return the scope that Slack says is missing; None where none is, or none is named."""
    told = error.response.get("needed") if hasattr(error.response, "get") else None
    return str(told) if told else None


def retry_after_of(error: SlackApiError) -> float | None:
    """Return how many seconds Slack asks to be left alone; None where it does not, or not in a number."""
    headers = getattr(error.response, "headers", None) or {}
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    try:
        return None if said is None else float(said[0] if isinstance(said, list) else said)
    except ValueError:
        return None
