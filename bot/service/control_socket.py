"""Commands that another process of the same user asks the running service to run, because it holds the warehouse.

The caller sends its parsed options and, as open files, its own output and error output; the service runs the command
as if the caller had, printing straight to them, and sends back the exit status in one line and, in the next, the
questions that were likely meant, for somebody at the caller's terminal to choose from. The socket is a file that only its
owner may open.
"""

from __future__ import annotations

import json
import os
import socket
import socketserver
import threading
from argparse import Namespace
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli import GREETING, Console, calling, run_command
from core.answer import own_number_format
from core.errors import ConfigError
from core.paths import OWNER_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_ADDRESS = 100


def _decode(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_decode(one) for one in value]
    if isinstance(value, dict):
        return Path(value["path"]) if "path" in value else date.fromisoformat(value["day"])
    return value


class _Call(socketserver.BaseRequestHandler):
    """One command of one caller, run in a thread of its own."""

    def handle(self) -> None:
        _, files, _, _ = socket.recv_fds(self.request, len(GREETING), 2)
        if len(files) != 2:  # noqa: PLR2004 - output and error output; else it only looked whether somebody is here
            return
        with os.fdopen(files[0], "w", encoding="utf-8") as out, os.fdopen(files[1], "w", encoding="utf-8") as err:
            options = Namespace(**{name: _decode(value) for name, value in json.loads(self._line()).items()})
            meant: list[Sequence[str]] = []
            with calling(Console(out, err, self._has_gone, meant.append)), own_number_format():
                status = run_command(options)
        with suppress(OSError):
            self.request.sendall("".join([f"{status}\n", *(f"{json.dumps(questions)}\n" for questions in meant)]).encode())

    def _line(self) -> bytes:
        with self.request.makefile("rb") as lines:
            return bytes(lines.readline())

    def _has_gone(self) -> bool:
        try:
            return bool(self.request.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"")
        except BlockingIOError:
            return False
        except OSError:
            return True


class _Calls(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    def server_bind(self) -> None:
        os.fchmod(self.fileno(), OWNER_ONLY)
        super().server_bind()


@contextmanager
def serve_control_socket(address: Path) -> Iterator[None]:
    """Run the commands of other processes until the end of the block; those that run then are finished.

    The warehouse must be held already: whoever holds it may take over an address that a killed service left behind.
    Raises: ConfigError, if the address is longer than a socket's may be.
    """
    if len(os.fsencode(address)) > MAX_ADDRESS:
        raise ConfigError([f"{address} is too long for a local socket; put the warehouse in a folder with a shorter path."])
    address.unlink(missing_ok=True)
    with _Calls(str(address), _Call) as calls:
        thread = threading.Thread(target=calls.serve_forever, args=(0.1,))
        thread.start()
        try:
            yield
        finally:
            calls.shutdown()
            thread.join()
            address.unlink(missing_ok=True)
