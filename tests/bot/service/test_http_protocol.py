"""Connections that do not finish their request are closed; those that wait for a slow answer are not."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
import uvicorn

from bot.service.http_protocol import PunctualProtocol

ANSWER_AFTER_SECONDS, READ_WITHIN_SECONDS = 0.6, 0.3
WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


class HurriedProtocol(PunctualProtocol):
    """The same protocol with shorter limits."""

    read_within_seconds = READ_WITHIN_SECONDS


async def slow_app(
    scope: dict[str, object], receive: Callable[[], Awaitable[object]], send: Callable[[object], Awaitable[None]]
) -> None:
    """Answer later than a request may take to arrive."""
    assert scope["type"] == "http"
    await receive()
    await asyncio.sleep(ANSWER_AFTER_SECONDS)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def talk(talk_to: Talk) -> bytes:
    """Return the server's reply to these bytes."""

    async def run() -> bytes:
        config = uvicorn.Config(slow_app, http=HurriedProtocol, log_config=None, lifespan="off")
        config.load()
        state = uvicorn.server.ServerState()
        loop = asyncio.get_running_loop()
        listener = socket.create_server(("127.0.0.1", 0))  # as the service makes it
        server = await loop.create_server(lambda: HurriedProtocol(config, state, {}, loop), sock=listener)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            try:
                return await asyncio.wait_for(talk_to(reader, writer), 20)
            finally:
                writer.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"],
    ids=["nothing", "half a head", "half a body"],
)
def test_what_is_not_finished_ends(begun: bytes) -> None:
    """Whatever is missing, the connection is closed without an answer."""

    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(begun)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""

    assert talk(begin) == b""


def test_a_slow_answer_is_waited_for_and_the_next_request_has_its_own_time() -> None:
    """A complete request gets its answer however long it takes, twice on one connection; half of a third is closed."""

    async def ask_twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        told = b""
        for _ in range(2):
            writer.write(WHOLE)
            told += (await reader.readuntil(b"ok"))[-2:]
        writer.write(WHOLE[:9])
        try:
            return told + await reader.read()
        except ConnectionResetError:
            return told

    assert talk(ask_twice) == b"okok"


def test_the_body_of_an_answer_does_not_wait_until_its_head_is_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection sends at once (TCP_NODELAY): otherwise each answer on a kept connection takes some 40 ms more.

    Source: github.com/Kludex/uvicorn/issues/3149, about sockets that were bound before uvicorn got them.
    """
    options: list[int] = []
    made = HurriedProtocol.connection_made

    def watched(protocol: HurriedProtocol, transport: asyncio.Transport) -> None:
        made(protocol, transport)
        options.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(WHOLE)
        return await reader.readuntil(b"ok")

    monkeypatch.setattr(HurriedProtocol, "connection_made", watched)
    assert talk(ask).endswith(b"ok")
    assert options == [1]
