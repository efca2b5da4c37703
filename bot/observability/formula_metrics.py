"""Formulas in the service: their questions are counted, and their wallet reads audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import audit_buffer
from core.warehouse import AuditEntry, Miss

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from bot.observability.metrics import Metrics
    from core.warehouse import QuestionEvent

MAX_KNOWN = 100_000


class Formulas:
    """Receives every question that formulas ask.

    A sheet recalculates as often as it likes: a caller's wallet read is recorded once a day for each question, and so is a
    question that was not understood.
    """

    def __init__(self, metrics: Metrics, now: Callable[[], datetime]) -> None:
        """Know no question yet."""
        self._metrics, self._now = metrics, now
        self._day: date | None = None
        self._known: set[tuple[str, str]] = set()

    def hear(self, heard: QuestionEvent) -> None:
        """Count a question, and note it if it is the caller's first such one of the day."""
        self._metrics.question_came(heard.surface, heard.outcome, heard.seconds)
        if (heard.reads_wallet or heard.is_miss) and self._is_first(heard.who, heard.question):
            if heard.reads_wallet:
                audit_buffer.record(AuditEntry(self._now(), heard.who, "asked", heard.question, heard.surface))
            if heard.is_miss:
                audit_buffer.record(Miss(self._now(), heard.question, heard.surface))

    def _is_first(self, who: str, question: str) -> bool:
        today = self._now().date()
        if today != self._day or len(self._known) >= MAX_KNOWN:
            self._day, self._known = today, set()
        is_first = (who, question) not in self._known
        self._known.add((who, question))
        return is_first
