"""The service's health: for each part its true state, since when, and what to do."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.observability import health as health_module
from bot.observability.health import Health
from bot.observability.metrics import Metrics, MetricState
from core.maintenance import Condition

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        """Return the instant that was set."""
        return self.at


@pytest.fixture
def clock() -> Clock:
    """Noon."""
    return Clock()


def test_a_part_that_fails_shows_with_why_and_what_to_do(clock: Clock) -> None:
    """Slack's refusal does not stop the service, but the service is not simply healthy either."""
    health = Health(clock)
    health.ready()
    health.failed("slack", "invalid_auth", "agentcost doctor")
    told = health.to_json()
    assert (health.is_alive, health.is_ready, told["status"]) == (True, True, "degraded")
    slack = told["parts"]["slack"]
    assert (slack["ok"], slack["why"], slack["to_do"]) == (False, "invalid_auth", "agentcost doctor")


def test_since_is_when_it_became_so(clock: Clock) -> None:
    """A further failure, even with another error, keeps the instant; a success ends it. The last success is kept."""
    health = Health(clock)
    health.succeeded("google")
    for minutes, why in ((5, "503"), (10, "timeout")):
        clock.at = NOON + timedelta(minutes=minutes)
        health.failed("google", why, "wait")
    google = health.to_json()["parts"]["google"]
    assert (google["since"], google["last_success"], google["why"]) == ("2026-11-20T12:05:00Z", "2026-11-20T12:00:00Z", "timeout")
    health.succeeded("google")
    assert health.to_json()["parts"]["google"]["since"] == "2026-11-20T12:10:00Z"


def test_one_that_stops_takes_no_new_work(clock: Clock) -> None:
    """It is alive but not ready."""
    health = Health(clock)
    health.ready()
    health.stop()
    assert (health.is_alive, health.is_ready) == (True, False)


def test_a_scheduler_that_is_stuck_is_no_life(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured by the monotonic clock; setting the clock changes nothing."""
    health = Health(clock)
    health.ready()
    health.beat()
    clock.at = NOON + timedelta(days=400)
    assert health.is_alive
    monkeypatch.setattr(health_module, "STILL_ALIVE_SECONDS", -1.0)
    told = health.to_json()
    assert (health.is_alive, told["parts"]["scheduler"]["ok"], told["status"]) == (False, False, "not ready")


def test_metrics_hold_every_part_and_why_it_failed(clock: Clock) -> None:
    """Alerting rules need the state, the last success, and failures by channel and reason."""
    health = Health(clock)
    health.succeeded("slack")
    health.note(Condition("disk", is_well=False, why="full", to_do="make room"))
    metrics = Metrics(lambda: MetricState(is_open=True, data_through=None, messages={}, parts=health.states()))
    metrics.place_failed("slack", "invalid_auth: Slack refuses the bot's token")
    metrics.place_failed("google", "something of 17 words that would make a series of its own")
    lines = metrics.exposition().decode().splitlines()
    for line in (
        'agentcost_part_ok{part="slack"} 1.0',
        'agentcost_part_ok{part="disk"} 0.0',
        f'agentcost_last_success_timestamp{{part="slack"}} {NOON.timestamp():.10g}',
        'agentcost_failures_total{place="slack",reason="invalid_auth"} 1.0',
        'agentcost_failures_total{place="google",reason="other"} 1.0',
    ):
        assert [one for one in lines if one == line or one.split()[0] == line.split()[0]], line
