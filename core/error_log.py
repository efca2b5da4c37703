"""Log where an error came from, under a reference that whoever asked can quote."""

from __future__ import annotations

import logging
import secrets
import traceback
from contextvars import ContextVar

from core.errors import MachineError

LOG = logging.getLogger("agentcost")


_reference: ContextVar[str] = ContextVar("reference", default="")


def new_reference() -> str:
    """Return four characters that people can read out."""
    return secrets.token_hex(2).upper()


def log_error(error: BaseException, log: logging.Logger = LOG) -> str:
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
