"""Logs where an error came from, under a reference that the asker can quote."""

from __future__ import annotations

import logging
import secrets
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from core.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = logging.getLogger("agentcost")
_reference: ContextVar[str] = ContextVar("reference", default="")


def new_reference() -> str:
    """Return four characters that are easy to read out."""
    return secrets.token_hex(2).upper()


def reference() -> str:
    """Return the reference of the current request, empty outside of one."""
    return _reference.get()


@contextmanager
def request() -> Iterator[str]:
    """Yield a new reference, which tags everything logged until the end of the block."""
    token = _reference.set(new_reference())
    try:
        yield reference()
    finally:
        _reference.reset(token)


def log_error(error: BaseException, log: logging.Logger = LOG) -> str:
    """Log where an error came from, and return the reference to it.

    For errors that are not ours, only the type is logged: the message may contain a question or a secret.
    """
    quoted = reference() or new_reference()
    words = f": {error}" if isinstance(error, MachineError) else ""
    log.error("ref %s: %s%s", quoted, kinds_of(error), words, extra={"ref": quoted, "frames": frames_of(error)})
    return quoted


def frames_of(error: BaseException) -> str:
    """Return where an error came from, without its message."""
    return "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))


def kinds_of(error: BaseException | None) -> str:
    """Return the type of an error, and of its causes."""
    kinds: list[str] = []
    while error is not None:
        kinds.append(type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " from ".join(kinds)
