"""HTTP/1.1 for callers that may never finish a request: one that is not complete in time ends its connection."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

READ_WITHIN_SECONDS = 30.0


class PunctualProtocol(H11Protocol):
    """A connection: each request has a time limit from its first byte, the first one from connecting.

    uvicorn itself waits forever for the rest of a head or a body; between requests its keep-alive timeout applies.
    """

    read_within_seconds = READ_WITHIN_SECONDS

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - as uvicorn hands them over
        """Wait for nothing yet."""
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        """Begin to wait for a request.

        The head and the body of an answer are sent one after the other. Without TCP_NODELAY the body waits until the caller has
        acknowledged the head, which takes Linux 40 ms. asyncio sets it only for sockets that name their protocol; those that
        `socket.create_server` accepts from do not.
        """
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take some of a request."""
        if self._deadline is None and not self._is_being_answered:
            self._wait()
        super().data_received(data)
        if self._is_being_answered:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    @property
    def _is_being_answered(self) -> bool:
        """Whether a request is complete and its response is not sent yet."""
        return self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(self.read_within_seconds, self._end)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end(self) -> None:
        self._deadline = None
        self.transport.abort()
