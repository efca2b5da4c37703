"""How findings change the stored alerts: each dedup key alerts once, and an alert ends when it no longer holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.alerts.rules.model import AlertState, Candidate, Direction, StoredAlert
from core.alerts.rules.registry import RULES
from core.alerts.rules.state_machine import Decision, decide_changes

TODAY = date(2026, 10, 1)
ALL_RULES = tuple(RULES)
LIVE: tuple[AlertState, ...] = ("open", "acknowledged", "snoozed")


def found(rule: str, level: str = "1", term: str = "t", direction: Direction = "up") -> Candidate:
    """Return a finding of a rule."""
    return Candidate(rule, level, term, f"{rule} {level} {direction}", direction=direction)


def kept(
    rule: str,
    level: str = "1",
    term: str = "t",
    state: AlertState = "open",
    direction: Direction = "up",
    term_end: date | None = None,
) -> StoredAlert:
    """Return an alert that was stored before."""
    return StoredAlert(f"{rule}-{level}-{term}", rule, level, term, direction, state, term_end)


def decide(findings: list[Candidate], stored: list[StoredAlert], looked_at: tuple[str, ...] = ALL_RULES) -> Decision:
    """Return the changes of today."""
    return decide_changes(findings, stored, TODAY, looked_at)


def test_an_occasion_that_nobody_knows_is_new() -> None:
    """Another level, another term and another rule are new alerts; nothing else changes."""
    findings = [found("level", "75"), found("level", "50", "other"), found("unused", "50")]
    assert decide(findings, [kept("level", "50")]) == Decision(
        new=tuple(findings), still=()
    )  # fmt: skip


@pytest.mark.parametrize("state", LIVE)
def test_an_occasion_is_news_once(state: AlertState) -> None:
    """While the alert is live, acknowledged or snoozed, the finding updates it and is not new."""
    one, finding = kept("spike", state=state), found("spike")
    assert decide([finding], [one]) == Decision(still=((one, finding),))


@pytest.mark.parametrize("state", ["recovered", "closed"])
def test_what_holds_again_is_reopened(state: AlertState) -> None:
    """A finding with the key of an ended alert reopens it instead of adding a second one."""
    one = kept("unused", state=state)
    assert decide([found("unused")], [one]) == Decision(reopened=(one,))


def test_a_way_down_is_new_once_and_never_reopened() -> None:
    """A fall below a level is stored once; found again, it changes nothing."""
    down = found("level", "50", direction="down")
    assert decide([down], [kept("level", "50", state="recovered")]).new == (down,)
    assert decide([down], [kept("level", "50", state="closed", direction="down")]) == Decision()


def test_a_level_recovers_by_its_own_finding_only() -> None:
    """No finding, another level's or term's fall, or its own rise leave it live; its own fall ends it."""
    one = kept("level", "50")
    others = [
        found("level", "75", direction="down"),
        found("level", "50", "other", "down"),
        found("spike", "50", direction="down"),
    ]
    assert decide(others, [one]).recovered == ()
    assert decide([], [one]) == Decision()
    assert decide([found("level", "50", direction="down")], [one]).recovered == (one,)


def test_what_is_no_longer_found_ends() -> None:
    """A spike and expiring credits close silently; stale data recovers with a message."""
    spike, unused, stale = kept("spike"), kept("unused"), kept("stale")
    assert decide([], [spike, unused, stale]) == Decision(recovered=(stale,), closed=(spike, unused))


def test_an_alert_ends_where_only_other_occasions_of_its_rule_hold() -> None:
    """A spike on another day keeps no spike alert alive, nor do credits that expire at another term's end."""
    spike, unused = kept("spike", "2026-09-01"), kept("unused", "7", "2026-12-31")
    findings = [found("spike", "2026-09-02"), found("unused", "7", "2027-06-30")]
    assert decide(findings, [spike, unused]) == Decision(new=tuple(findings), closed=(spike, unused))


def test_a_rule_that_did_not_look_ends_nothing() -> None:
    """Without a forecast no projected alert is closed."""
    assert decide([], [kept("projected", "75")], ("level", "pace")) == Decision()


def test_of_a_rule_with_one_alert_at_a_time_the_living_one_stands_for_all() -> None:
    """The overhead of a new month updates the first alert instead of adding one; once that has ended, it is new."""
    one, next_month = kept("dear", "2026-09"), found("dear", "2026-10")
    assert decide([next_month], [one]) == Decision(still=((one, next_month),))
    assert decide([next_month], [one._replace(state="closed")]) == Decision(new=(next_month,))


def test_pace_recovers_and_is_news_again_in_a_later_month() -> None:
    """There is one pace alert at a time, and its end is sent."""
    one = kept("pace", "150", "a in 2026-09")
    assert decide([], [one]) == Decision(recovered=(one,))
    again = found("pace", "150", "a in 2026-10")
    assert decide([again], [one._replace(state="recovered")]) == Decision(new=(again,))


@pytest.mark.parametrize(
    ("end", "is_over"), [(TODAY - timedelta(days=1), True), (TODAY, True), (TODAY + timedelta(days=1), False)]
)
def test_a_term_that_is_over_closes_its_alerts(end: date, *, is_over: bool) -> None:
    """From the day after the term's last day on, whatever is found, and even if no rule looked."""
    one = kept("level", "50", term_end=end)
    assert decide([], [one], ()).closed == ((one,) if is_over else ())
    assert decide([found("level", "50", direction="down")], [one]).recovered == (() if is_over else (one,))


def test_what_ended_before_does_not_end_again() -> None:
    """Recovered and closed alerts, falls included, stay unchanged in any term while nothing is found."""
    over = [
        kept("stale", state="recovered", term_end=TODAY),
        kept("spike", "2", state="closed", term_end=TODAY),
        kept("level", "50", state="closed", direction="down", term_end=TODAY),
    ]
    assert decide([], over) == Decision()


def test_a_rule_that_only_a_newer_version_knows_closes_quietly() -> None:
    """It stays until the rule is evaluated; then, if not found, it closes without a recovery."""
    one = kept("from the future")
    assert decide([], [one]) == Decision()
    assert decide([], [one], (*ALL_RULES, "from the future")) == Decision(closed=(one,))
