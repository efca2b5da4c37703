"""The service's log: one JSON object a line, with the reference of the request it belongs to, and no words of anybody's."""

from __future__ import annotations

import logging
import secrets
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

from pythonjsonlogger.json import JsonFormatter

from core.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = logging.getLogger("agentcost")
FIELDS = "{levelname}{name}{ref}{message}"
NAMES = {"levelname": "level", "name": "part"}

_reference: ContextVar[str] = ContextVar("reference", default="")


def configure(stream: TextIO, level: int = logging.INFO) -> None:
    """Write what agentcost logs to a stream, and of other libraries what warns."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(_with_reference)
    handler.setFormatter(JsonFormatter(FIELDS, style="{", rename_fields=NAMES, timestamp="at", json_ensure_ascii=False))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    LOG.setLevel(level)


@contextmanager
def request() -> Iterator[str]:
    """Give a new reference, which everything logged until the end of the block carries."""
    token = _reference.set(new_reference())
    try:
        yield _reference.get()
    finally:
        _reference.reset(token)


def new_reference() -> str:
    """Return four characters that people can read out."""
    return secrets.token_hex(2).upper()


def logged(error: BaseException, log: logging.Logger = LOG) -> str:
    """Log where an error came from, and return the reference to it.

    Of an error that is not ours only the kind is logged: its words may hold what somebody asked, or a secret.
    """
    reference = _reference.get() or new_reference()
    frames = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    words = f": {error}" if isinstance(error, MachineError) else ""
    log.error("ref %s: %s%s", reference, _kinds(error), words, extra={"ref": reference, "frames": frames})
    return reference


def _kinds(error: BaseException | None) -> str:
    kinds: list[str] = []
    while error is not None:
        kinds.append(type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " from ".join(kinds)


def _with_reference(record: logging.LogRecord) -> bool:
    if not hasattr(record, "ref"):
        record.ref = _reference.get()
    return True
