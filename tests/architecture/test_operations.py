"""What operators are given: alert rules and a dashboard of metrics that there are, a runbook for each alert, a hardened unit."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.observability import Health, Metrics, MetricState

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
METRIC = re.compile(r"agentcost_[a-z_]+")
PARTS = {"warehouse", "scheduler", "outbox", "data", "disk", "backup", "retention", "slack", "socket mode", "google"}
RULES = yaml.safe_load((DEPLOY / "prometheus-rules.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
MOST_EXPOSED = 3.0


def known_metrics() -> set[str]:
    """Return the name of every series that /metrics has, once each thing happened."""
    health = Health(lambda: datetime(2026, 11, 20, tzinfo=UTC))
    health.ready()
    state = MetricState(
        is_open=True, data_through=datetime(2026, 11, 20, tzinfo=UTC), messages={"waiting": 1}, parts=health.states()
    )
    metrics = Metrics(lambda: state)
    with metrics.asking("slack"):
        metrics.job_ran("decide", is_done=True)
        metrics.file_came("imported")
        metrics.message_tried("channel", "delivered")
        metrics.place_failed("slack", "invalid_auth")
    lines = metrics.exposition().decode().splitlines()
    return {re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")}


def anchors() -> set[str]:
    """Return what the headings of the runbook are linked by."""
    lines = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8").splitlines()
    return {line[3:].lower().replace(" ", "-") for line in lines if line.startswith("## ")}


def test_rules_and_dashboard_ask_for_metrics_that_there_are() -> None:
    """A rule on a metric that nobody sends never fires."""
    asked = METRIC.findall(" ".join(rule["expr"] for rule in RULES))
    shown = METRIC.findall((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
    assert (set(asked) | set(shown)) - known_metrics() == set()


def test_rules_name_parts_that_there_are() -> None:
    """The parts that /healthz tells; each that can fail by itself has a rule, the warehouse by its own metric."""
    asked = re.findall(r'part=~?"([a-z| ]+)"', " ".join(rule["expr"] for rule in RULES))
    assert {part for parts in asked for part in parts.split("|")} == PARTS - {"warehouse"}


def test_each_alert_leads_to_its_place_in_the_runbook() -> None:
    """Ten incidents, each with a heading; no heading without an alert."""
    led = {rule["annotations"]["runbook"].partition("#")[2] for rule in RULES}
    assert (led, len(led)) == (anchors(), 10)


def test_the_dashboard_is_one_that_grafana_takes() -> None:
    """Panels with ids of their own, each with a question for Prometheus, none on top of another."""
    panels = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(target["expr"] for panel in panels for target in panel["targets"])
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places)


@pytest.mark.outside
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_unit_exposes_little() -> None:
    """By systemd's own measure, from 0 to 10."""
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(DEPLOY / "agentcost.service")]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"exposure level for agentcost.service: ([0-9.]+)", said)
    assert found is not None
    assert float(found[1]) <= MOST_EXPOSED


def test_the_image_is_named_by_its_digest() -> None:
    """What is built next year is built on what was tried."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("FROM ") and not re.search(r"@sha256:[0-9a-f]{64}$", line)] == []
