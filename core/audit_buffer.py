"""Buffers audit entries and questions not understood: noted at once, written when nobody else writes, so that nobody waits."""

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
    """Note an action, or a question that was not understood, to be written soon."""
    _pending.append(deed)


def record_miss(text: str, surface: str, context: Context) -> None:
    """Note a question that was not understood, unless the team's settings disable this."""
    if context.config.keep_misses:
        record(Miss(datetime.now(UTC), text, surface))


def flush(warehouse: Warehouse) -> None:
    """Write the noted entries, unless somebody else is writing: then they wait for the next time."""
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
    """Return a context that notes who asked the wallet what, as soon as it is opened."""

    @contextmanager
    def open_audited() -> Iterator[Warehouse]:
        with context.open_warehouse() as warehouse:
            record(AuditEntry(datetime.now(UTC), who, "asked", question, source))
            try:
                flush(warehouse)
            except StatementError as trouble:  # a full disk must not block questions; the entries are written later
                LOG.warning("The audit cannot be written yet: %s", trouble)
            yield warehouse

    return replace(context, open_warehouse=open_audited)
