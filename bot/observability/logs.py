"""The service's log: one JSON object a line, with the reference of the request it belongs to, and no words of anybody's."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from pythonjsonlogger.json import JsonFormatter

from core.error_log import LOG, _reference, new_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS = "{levelname}{name}{ref}{message}"
NAMES = {"levelname": "level", "name": "part"}


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


def _with_reference(record: logging.LogRecord) -> bool:
    if not hasattr(record, "ref"):
        record.ref = _reference.get()
    return True
