"""The service's log: one JSON object a line, with the reference of the request it belongs to, and no text from users."""

from __future__ import annotations

import logging
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

from core.error_log import LOG, frames_of, kinds_of, reference

FIELDS = "{levelname}{name}{ref}{message}"
NAMES = {"levelname": "level", "name": "part"}


def configure(stream: TextIO, level: int = logging.INFO) -> None:
    """Write what agentcost logs to a stream, and of other libraries what warns."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(_with_reference)
    handler.addFilter(_without_words)
    handler.setFormatter(JsonFormatter(FIELDS, style="{", rename_fields=NAMES, timestamp="at", json_ensure_ascii=False))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    LOG.setLevel(level)


def _with_reference(record: logging.LogRecord) -> bool:
    if not hasattr(record, "ref"):
        record.ref = reference()
    return True


def _without_words(record: logging.LogRecord) -> bool:
    """Reduce another library's logged error to its type and place: its text may contain a question."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args, record.frames = f"{record.name} failed: {kinds_of(error)}", (), frames_of(error)
        record.exc_info = record.exc_text = None
    return True
