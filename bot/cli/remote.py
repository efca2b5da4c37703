"""Sends a command to the running service of the same user, because it holds the warehouse."""

from __future__ import annotations

import json
import socket
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.console import INTERRUPTED, OUR_TROUBLE, choose_question, complain
from core.errors import MachineError
from core.paths import STANDARD_INPUT

if TYPE_CHECKING:
    from argparse import Namespace
GREETING = b"\0"


def forward(options: Namespace, address: Path) -> int:
    """Let the service run a command for this process, and return its exit status.

    If the service suggests questions, somebody at this terminal may choose one, and the service answers it.
    """
    sys.stdout.flush()
    try:
        answer, *more = _send(options, address, sys.stdout.fileno(), sys.stderr.fileno())
    except KeyboardInterrupt:
        complain("Stopped.")
        return INTERRUPTED
    except OSError as error:
        complain(f"The service at {address} cannot be asked: {error.strerror}.")
        return OUR_TROUBLE
    if not answer:
        complain("The service stopped before it answered. Ask again: a change is made completely or not at all.")
        return OUR_TROUBLE
    chosen = choose_question(json.loads(more[0])) if more else ""
    if not chosen:
        return int(json.loads(answer))
    options.operation, options.said = None, chosen
    return forward(options, address)


def forward_quietly(options: Namespace, address: Path) -> tuple[str, str]:
    """Let the service run a command, and return its output and error output. Raises: MachineError."""
    from tempfile import TemporaryFile  # noqa: PLC0415 - a question does without

    with TemporaryFile() as out, TemporaryFile() as err:
        try:
            answer, *_ = _send(options, address, out.fileno(), err.fileno())
        except OSError as error:
            raise MachineError(f"The service at {address} cannot be asked: {error.strerror}.") from error
        if not answer:
            raise MachineError("The service stopped before it answered. Ask again.")
        out.seek(0)
        err.seek(0)
        return out.read().decode(), err.read().decode()


def _send(options: Namespace, address: Path, out: int, err: int) -> list[bytes]:
    """Return what the service sends: the exit status, empty if it stopped before; in a second line the suggestions."""
    with ExitStack() as spooled, socket.socket(socket.AF_UNIX) as service:
        told = {name: _encode(value, spooled) for name, value in vars(options).items()}
        service.connect(str(address))
        socket.send_fds(service, [GREETING], [out, err])
        service.sendall(json.dumps(told).encode() + b"\n")
        return service.makefile("rb").readlines() or [b""]


def _encode(value: object, spooled: ExitStack) -> object:
    """Return an option as JSON that means the same in any folder; standard input is a file until the spool ends."""
    if isinstance(value, list):
        return [_encode(one, spooled) for one in value]
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Path):
        return {"path": str(_spool_stdin(spooled) if str(value) == STANDARD_INPUT else value.absolute())}
    return value


def _spool_stdin(spooled: ExitStack) -> Path:
    from shutil import copyfileobj  # noqa: PLC0415 - a question does without
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - as above

    path = Path(spooled.enter_context(TemporaryDirectory(prefix="agentcost-"))) / "standard input"
    with path.open("wb") as file:
        copyfileobj(sys.stdin.buffer, file)
    return path
