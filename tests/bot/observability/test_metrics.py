"""/metrics: counts of what happened, in Prometheus's format."""

from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.observability.metrics import Metrics, MetricState
from core.errors import InputError

THROUGH = datetime(2026, 11, 20, 12, tzinfo=UTC)


def metrics(
    state: MetricState = MetricState(is_open=True, data_through=THROUGH, messages={"waiting": 2, "failed": 1}),  # noqa: B008
) -> Metrics:
    """Return fresh counters."""
    return Metrics(lambda: state)


def value(of: Metrics, name: str, **labels: str) -> float | None:
    """Return the value that Prometheus would read."""
    families = text_string_to_metric_families(of.exposition().decode())
    found = [sample.value for family in families for sample in family.samples if (sample.name, sample.labels) == (name, labels)]
    return found[0] if found else None


def test_a_question_is_counted_by_what_came_of_it() -> None:
    """Answered, refused because the question was wrong, or broken by our fault."""
    counted = metrics()
    with counted.asking("slack"):
        pass
    with pytest.raises(InputError), counted.asking("slack"):
        raise InputError("no")
    with pytest.raises(ZeroDivisionError), counted.asking("slack"):
        raise ZeroDivisionError
    outcomes = {
        outcome: value(counted, "agentcost_questions_total", surface="slack", outcome=outcome)
        for outcome in ("answered", "refused", "broken")
    }
    assert outcomes == {"answered": 1, "refused": 1, "broken": 1}


def test_the_age_of_the_data_can_be_alerted_on() -> None:
    """Data through is a Unix time; without an import it is absent."""
    assert value(metrics(), "agentcost_data_through_seconds") == THROUGH.timestamp()
    assert value(metrics(MetricState(is_open=True, data_through=None, messages={})), "agentcost_data_through_seconds") is None


def test_messages_are_counted_by_what_became_of_them() -> None:
    """Pending and failed messages are visible to operators."""
    assert value(metrics(), "agentcost_messages", state="waiting") == 2
    assert value(metrics(), "agentcost_messages", state="failed") == 1


def test_a_warehouse_that_cannot_be_opened_shows() -> None:
    """0 while another process holds it."""
    closed = MetricState(is_open=False, data_through=None, messages={})
    assert value(metrics(closed), "agentcost_warehouse_open") == 0
