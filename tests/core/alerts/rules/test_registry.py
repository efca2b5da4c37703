"""A rule is one record: everything about it derives from that, and a ninth rule works from import to message."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.alerts.evaluation import evaluate_alerts
from core.alerts.rules.model import Candidate
from core.alerts.rules.registry import RULES
from core.alerts.rules.rule import Recovery, Rule, Situation
from core.config.alerts import AlertSettings
from core.config.teams import Team
from core.questions.asking import ask
from core.wallet.ingest import find_broken_checks
from core.warehouse.database import open_warehouse
from core.warehouse.statements import migrations
from tests.core.alerts.test_repository import NOW

if TYPE_CHECKING:
    from tests.fakes.small_wallet import SmallWallet

ROOT = Path(__file__).parents[4]
BUSY = Rule(
    name="busy",
    severity=45,
    title="Busy",
    when="anything was used",
    how_often="one at a time",
    settings=(),
    scope="part",
    concurrency="one",
    recovery=lambda _figures: Recovery("it is quiet again"),
    evaluate=lambda now: [Candidate("busy", "1", "", "The wallet is busy.")] if now.figures and now.figures.used else [],
)


def test_the_gravest_rule_comes_first() -> None:
    """No two rules have the same severity, so every list has one order."""
    severities = [rule.severity for rule in RULES.values()]
    assert severities == sorted(set(severities))
    assert next(iter(RULES)) == "level"


def test_a_rule_looks_at_settings_that_there_are() -> None:
    """Every setting that a rule names exists under alerts."""
    assert {name for rule in RULES.values() for name in rule.settings} <= {*AlertSettings._fields}


def test_a_rule_lacks_nothing() -> None:
    """Only the need for a forecast and the ladder have defaults; the type checker names every other missing field."""
    assert [field.name for field in fields(Rule) if field.default is not MISSING] == ["needs_forecast", "ladder_of"]


@pytest.fixture
def busy(small: SmallWallet, monkeypatch: pytest.MonkeyPatch) -> SmallWallet:
    """A wallet with usage and a team, and a ninth rule."""
    monkeypatch.setitem(RULES, "busy", BUSY)
    small.events({}).configured(teams=(Team("FinOps", ("C0FINOPS",)),))
    return small


def decide(wallet: SmallWallet) -> None:
    """Evaluate at the tests' instant."""
    with wallet.warehouse.writing() as session:
        evaluate_alerts(session, wallet.context(NOW.date()), NOW)


def test_a_ninth_rule_is_stored_told_and_listed(busy: SmallWallet) -> None:
    """Nothing else needs to be changed: imports, alerts and messages know it."""
    decide(busy)
    busy.events({"unitsconsumed__c": 3})
    listed = [row for row in ask("alerts", busy.context(NOW.date())).table("alerts").rows if row[1] == "busy"]
    assert [row[-1] for row in listed] == ["The wallet is busy."]
    assert "Busy" in {row["title"] for row in busy.warehouse.query("alert_rules")}
    assert find_broken_checks(busy.warehouse) == {}


def test_a_ninth_rule_recovers_in_its_own_words(busy: SmallWallet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its recovery message uses its own words."""
    decide(busy)
    monkeypatch.setitem(RULES, "busy", replace(BUSY, evaluate=lambda _now: []))
    decide(busy)
    told = [row["words"] for row in busy.warehouse.query("alerts_by_team", team="FinOps", card=None) if row["rule"] == "busy"]
    assert sorted(told) == ["Recovered: it is quiet again.", "The wallet is busy."]


def test_alerts_of_a_rule_that_is_gone_are_still_listed(busy: SmallWallet, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older agentcost lists what a newer one stored, by the rule's name, and keeps evaluating."""
    decide(busy)
    monkeypatch.delitem(RULES, "busy")
    decide(busy)
    assert "busy" in ask("alerts", busy.context(NOW.date())).headline


def test_alerts_of_before_keep_all_that_they_held(tmp_path: Path) -> None:
    """The migration that turns rules into rows changes no alert."""
    before = [path for path in migrations() if path.name < "0010"]
    assert len(before) < len(migrations())
    path = tmp_path / "w.duckdb"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("core.warehouse.database.migrations", lambda: tuple(before))
        with open_warehouse(path) as warehouse, warehouse.writing() as session:
            session.run(
                "insert_alert", team="T", org="", card="FlexCredits", key="k", rule="pace", level="150", term="t", direction="up",
                day=NOW.date(), now=NOW, term_end=None, owner="", words="It goes.", answer="{}", state="open", by="the rules",
            )  # fmt: skip
            session.run("insert_alert_history", key="k", at=NOW, state="open", by="the rules", words="It goes.")
            held = session.execute("SELECT * FROM alerts")
    with open_warehouse(path) as warehouse:
        assert warehouse.execute("SELECT * FROM alerts") == held
        assert find_broken_checks(warehouse) == {}


def test_a_situation_without_figures_is_for_rules_of_the_whole_wallet() -> None:
    """Each rule applies to its own scope only."""
    now = Situation(NOW.date(), AlertSettings())
    assert {rule.name for rule in RULES.values() if rule.applies(now)} == {
        rule.name for rule in RULES.values() if rule.scope == "wallet"
    }


def test_the_table_of_the_docs_is_the_registry() -> None:
    """docs/alerts.md says about each rule what its record says, most severe first."""
    text = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (.*) \| (.*) \|$", text[: text.index("Every figure in this table")], re.MULTILINE)
    assert rows[1:] == [(rule.name, rule.when, rule.how_often) for rule in RULES.values()]
