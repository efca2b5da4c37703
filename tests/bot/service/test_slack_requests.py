"""Requests to Slack's path that Slack did not send are refused, and break nothing."""

import asyncio

import pytest
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.types import ASGIApp, Message

from bot.observability.health import Health
from bot.observability.metrics import Metrics, MetricState
from bot.service.app import utc_now
from bot.service.http_routes import build_app
from bot.service.slack_requests import MAX_BODY_BYTES

Headers = dict[str, str]
SIGNED: Headers = {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1700000000"}


async def _nobody() -> AuthorizeResult:
    raise AssertionError


@pytest.fixture
def service() -> ASGIApp:
    """The service's HTTP side with Bolt behind it."""
    bolt = AsyncApp(signing_secret="a secret of the test", authorize=_nobody)
    metrics = Metrics(lambda: MetricState(is_open=True, data_through=None, messages={}))
    slack = ("/slack/events", AsyncSlackRequestHandler(bolt))
    return build_app(Health(utc_now), metrics, slack)


def status(service: ASGIApp, body: bytes, headers: Headers) -> int:
    """Return the status of the answer to a request to Slack's path."""
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/slack/events", "query_string": b"", "headers": raw, "root_path": ""}

    async def request() -> None:
        await service(scope, receive, send)

    asyncio.run(request())
    return int(told[0]["status"])


@pytest.mark.parametrize("stamp", ["abc", "", "-1", "1e9", "0x10", "9" * 5_000, "1700000000.5", " 17"])
def test_a_malformed_timestamp_is_refused(service: ASGIApp, stamp: str) -> None:
    """Anything but a number of seconds is 401."""
    assert status(service, b"command=x", SIGNED | {"X-Slack-Request-Timestamp": stamp}) == 401


def test_a_wrong_signature_is_refused(service: ASGIApp) -> None:
    """Bolt verifies what looks like a request of Slack's."""
    assert status(service, b"command=x", SIGNED) == 401


def test_a_body_that_is_no_text_is_refused(service: ASGIApp) -> None:
    """Bytes that are not UTF-8 are 400."""
    assert status(service, b"\xff\xfe", SIGNED) == 400


def test_a_body_without_end_is_refused(service: ASGIApp) -> None:
    """A body larger than Slack ever sends is 413, and is not kept."""
    assert status(service, b"x" * (MAX_BODY_BYTES + 1), SIGNED) == 413
