"""Proxies of the environment."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from bot.slack.client import SlackClient, UndeliveredError
from bot.slack.download import FileRefusedError, download
from bot.slack.origin import SlackOrigin
from bot.slack.proxies import proxy_for
from bot.slack.settings import SlackSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

PROXY, OTHER = "http://proxy.example:8080", "http://other.example:8080"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, "https://slack.com/api/", None),
        ({"HTTPS_PROXY": PROXY, "HTTP_PROXY": OTHER}, "https://slack.com/api/", PROXY),
        ({"HTTPS_PROXY": PROXY, "HTTP_PROXY": OTHER}, "wss://wss-primary.slack.com/link", PROXY),
        ({"HTTPS_PROXY": PROXY, "HTTP_PROXY": OTHER}, "http://localhost:3000/api/", OTHER),
        ({"HTTP_PROXY": PROXY}, "wss://wss-primary.slack.com/link", PROXY),
        ({"ALL_PROXY": PROXY}, "https://files.slack.com/a", PROXY),
        ({"https_proxy": PROXY}, "https://slack.com/api/", PROXY),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "slack.com"}, "https://slack.com/api/", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "example.com, .slack.com"}, "wss://wss-primary.slack.com/link", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*.slack.com"}, "https://files.slack.com/a", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "slack.com"}, "https://notslack.com/api/", PROXY),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "localhost:3000"}, "https://localhost:4000/", PROXY),
        ({"HTTP_PROXY": PROXY, "NO_PROXY": "localhost:3000"}, "http://localhost:3000/", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, "https://slack.com/api/", None),
    ],
)
def test_proxy_is_the_environments(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str, proxy: str | None
) -> None:
    """A WebSocket takes the way of HTTP; what NO_PROXY names, with what lies in it, is reached directly."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Give a proxy that refuses everything, and what it was asked for."""
    asked: list[str] = []

    class Refusing(BaseHTTPRequestHandler):
        def _refuse(self) -> None:
            asked.append(self.path)
            self.send_error(403)

        do_GET = do_POST = do_CONNECT = _refuse  # noqa: N815 - as the class above has it

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


API = "http://slack.invalid/api/"
PLACE = SlackOrigin("U0ASKER", "C0TEAM", response_url="http://hooks.invalid/commands/1")


async def _ask_who(client: SlackClient, _: Path) -> None:
    await client.installation()


async def _answer(client: SlackClient, _: Path) -> None:
    from bot.slack.blocks import SlackMessage  # noqa: PLC0415 - one of three

    await client.answer(PLACE, SlackMessage("200", ()))


async def _fetch(_: SlackClient, folder: Path) -> None:
    await download(SlackSettings("xoxb-1", api_url=API), "http://slack.invalid/files/a.csv", folder / "a.csv", 10)


@pytest.mark.parametrize(
    ("do", "host"),
    [(_ask_who, "slack.invalid"), (_answer, "hooks.invalid"), (_fetch, "slack.invalid")],
    ids=["api", "url", "file"],
)
def test_every_connection_takes_the_proxy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, do: Callable[[SlackClient, Path], Coroutine[None, None, None]], host: str
) -> None:
    """The Web API, response URLs and files: behind a proxy nothing else gets out."""
    with listening() as (proxy, asked):
        monkeypatch.setenv("HTTP_PROXY", proxy)
        with pytest.raises((UndeliveredError, FileRefusedError)):
            asyncio.run(do(SlackClient(SlackSettings("xoxb-1", api_url=API)), tmp_path))
    assert asked
    assert asked[0].startswith(f"http://{host}/")
