"""A mail server on loopback, of aiosmtpd's making: keeps what it takes, and refuses, waits and says goodbye as told."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from tests.fakes.ports import free_port

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from email.message import EmailMessage


class MailServer:
    """What a server took, and how it refuses.

    replies: to recipients, by address; next_reply: to the next mail, then as usual. seconds: how long it takes over a mail.
    """

    def __init__(self) -> None:
        """Take everything."""
        self.taken: list[EmailMessage] = []
        self.replies: dict[str, str] = {}
        self.next_reply = ""
        self.reply_to_quit = ""
        self.seconds = 0.0
        self.address = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: object,
        _session: object,
        envelope: Any,  # noqa: ANN401 - aiosmtpd has no types
        address: str,
        _options: object,
    ) -> str:
        """Take or refuse a recipient."""
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: ANN401, N802 - as above
        """Keep a mail; one may be taken and its receipt lost, as the reply says."""
        await asyncio.sleep(self.seconds)
        reply, self.next_reply = self.next_reply, ""
        if not reply or reply.startswith("421 taken"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return reply or "250 OK"

    async def handle_QUIT(self, _server: object, _session: object, _envelope: object) -> str:  # noqa: N802 - as above
        """Say goodbye as told."""
        return self.reply_to_quit or "221 Bye"


@contextmanager
def serving_mail(tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """Run a server until the end of the block. tls: what it offers and requires STARTTLS with; else it has none."""
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), tls_context=tls, require_starttls=tls is not None)
    controller.start()
    server.address = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield server
    finally:
        controller.stop()
