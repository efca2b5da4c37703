"""Metrics for Prometheus: questions, imports, messages, and how old the wallet's data is."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core.errors import InputError
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from prometheus_client.metrics_core import Metric

    from bot.observability.health import State
    from core.warehouse import Outcome

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ONE_WORD = re.compile(r"[A-Za-z_]{1,40}")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class MetricState(NamedTuple):
    """What is measured only at a scrape. messages: how many are pending, failed or delivered. parts: the state of each."""

    is_open: bool
    data_through: datetime | None
    messages: Mapping[str, int]
    parts: Sequence[State] = ()


class Metrics:
    """The service's counters."""

    def __init__(self, state: Callable[[], MetricState]) -> None:
        """Count from zero. state: looked up at each scrape."""
        self._registry = CollectorRegistry()
        self._registry.register(_Looked(state))
        self._asked = Counter("agentcost_questions", "Questions asked", ["surface", "outcome"], registry=self._registry)
        self._took = Histogram(
            "agentcost_question_seconds", "Seconds to an answer", ["surface"], buckets=SECONDS, registry=self._registry
        )
        self._jobs = Counter("agentcost_jobs", "Jobs run by the schedule", ["job", "outcome"], registry=self._registry)
        self._files = Counter("agentcost_imported_files", "Files imported or refused", ["outcome"], registry=self._registry)
        self._failures = Counter("agentcost_failures", "What failed, where", ["place", "reason"], registry=self._registry)
        self._sent = Counter(
            "agentcost_deliveries", "Attempts to deliver a message", ["kind", "outcome"], registry=self._registry
        )

    @contextmanager
    def asking(self, surface: str) -> Iterator[None]:
        """Count a question and the time it takes: answered, refused (the asker can put it right) or broken."""
        began = time.perf_counter()
        outcome: Outcome = "broken"
        try:
            yield
            outcome = "answered"
        except InputError:
            outcome = "refused"
            raise
        finally:
            self.question_came(surface, outcome, time.perf_counter() - began)

    def question_came(self, surface: str, outcome: Outcome, seconds: float) -> None:
        """Count a question that somebody else timed."""
        self._asked.labels(surface, outcome).inc()
        self._took.labels(surface).observe(seconds)

    def job_ran(self, job: str, *, is_done: bool) -> None:
        """Count a job of the schedule."""
        self._jobs.labels(job, "done" if is_done else "broken").inc()

    def file_came(self, outcome: str) -> None:
        """Count a file of the watched folder or of a conversation."""
        self._files.labels(outcome).inc()

    def message_tried(self, kind: str, outcome: str) -> None:
        """Count an attempt to deliver: delivered, later or failed."""
        self._sent.labels(kind, outcome).inc()

    def place_failed(self, place: str, reason: str) -> None:
        """Count a failure at a place: slack, google, backup, a job. reason: a word such as invalid_auth, or a sentence."""
        word = reason.partition(":")[0].strip()
        self._failures.labels(place, word if ONE_WORD.fullmatch(word) else "other").inc()

    def exposition(self) -> bytes:
        """Return everything in Prometheus's text form."""
        return generate_latest(self._registry)


class _Looked(Collector):
    """The gauges, looked up at each scrape."""

    def __init__(self, state: Callable[[], MetricState]) -> None:
        self._state = state

    def collect(self) -> Iterator[Metric]:
        state = self._state()
        yield GaugeMetricFamily("agentcost_warehouse_open", "1 while the warehouse can be opened", value=int(state.is_open))
        if state.data_through:
            through = state.data_through.timestamp()
            yield GaugeMetricFamily("agentcost_data_through_seconds", "Unix time of the newest data in the wallet", value=through)
        messages = GaugeMetricFamily("agentcost_messages", "Messages by outcome", labels=["state"])
        for name, count in state.messages.items():
            messages.add_metric([name], count)
        yield messages
        yield from _parts(state.parts)

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand, so that registering looks nothing up."""
        return iter(())


def _parts(states: Sequence[State]) -> Iterator[Metric]:
    up = GaugeMetricFamily("agentcost_part_ok", "1 while a part of the service is healthy", labels=["part"])
    since = GaugeMetricFamily("agentcost_part_since_seconds", "Unix time of the part's last change of state", labels=["part"])
    last = GaugeMetricFamily("agentcost_last_success_timestamp", "Unix time at which a part last did its work", labels=["part"])
    for state in states:
        part = state.condition.part
        up.add_metric([part], int(state.condition.is_well))
        since.add_metric([part], state.since.timestamp())
        if state.condition.last_success:
            last.add_metric([part], state.condition.last_success.timestamp())
    yield from (up, since, last)
