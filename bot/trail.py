"""Who asked: noted at once, written down when nobody else writes, so that no question waits for an import."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.audit import Deed, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.questions.context import Context
    from core.warehouse import Warehouse

_pending: deque[Deed] = deque()
_flushing = threading.Lock()


def remember(deed: Deed) -> None:
    """Note a deed, to be written down soon."""
    _pending.append(deed)


def flush(warehouse: Warehouse) -> None:
    """Write down what is noted, unless somebody else writes just now: then it is for the next time."""
    if not _pending:
        return
    with _flushing, warehouse.writing_if_free() as session:
        if session is None:
            return
        written = list(_pending)
        for deed in written:
            note(session, deed)
    for _ in written:
        _pending.popleft()


def noting(context: Context, who: str, question: str, source: str) -> Context:
    """Return the context, which notes who asked what of the wallet as soon as it is opened."""

    @contextmanager
    def opened() -> Iterator[Warehouse]:
        with context.open_warehouse() as warehouse:
            remember(Deed(datetime.now(UTC), who, "asked", question, source))
            flush(warehouse)
            yield warehouse

    return replace(context, open_warehouse=opened)
