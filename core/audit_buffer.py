"""Who asked, and what was not understood: noted at once, written down when nobody else writes, so that nobody waits."""

from __future__ import annotations

import logging
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.warehouse import AuditEntry, Miss, StatementError, append, append_miss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.context import Context
    from core.warehouse import Warehouse

LOG = logging.getLogger("agentcost.audit")
_pending: deque[AuditEntry | Miss] = deque()
_flushing = threading.Lock()


def record(deed: AuditEntry | Miss) -> None:
    """Note a deed, or a question that was not understood, to be written down soon."""
    _pending.append(deed)


def record_miss(text: str, surface: str, context: Context) -> None:
    """Note a question that was not understood, unless the team's settings say to keep none."""
    if context.config.keep_misses:
        record(Miss(datetime.now(UTC), text, surface))


def flush(warehouse: Warehouse) -> None:
    """Write down what is noted, unless somebody else writes just now: then it is for the next time."""
    if not _pending:
        return
    with _flushing, warehouse.writing_if_free() as session:
        if session is None:
            return
        written = list(_pending)
        for deed in written:
            append_miss(session, deed) if isinstance(deed, Miss) else append(session, deed)
    for _ in written:
        _pending.popleft()


def audit_questions(context: Context, who: str, question: str, source: str) -> Context:
    """Return the context, which notes who asked what of the wallet as soon as it is opened."""

    @contextmanager
    def open_audited() -> Iterator[Warehouse]:
        with context.open_warehouse() as warehouse:
            record(AuditEntry(datetime.now(UTC), who, "asked", question, source))
            try:
                flush(warehouse)
            except StatementError as trouble:  # a disk that is full keeps nobody from asking; it is written down later
                LOG.warning("The audit cannot be written yet: %s", trouble)
            yield warehouse

    return replace(context, open_warehouse=open_audited)
