"""What findings change about the alerts that are kept: an occasion is news once, and what no longer holds ends."""

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
    """Return an alert that was decided before."""
    return StoredAlert(f"{rule}-{level}-{term}", rule, level, term, direction, state, term_end)


def decide(findings: list[Candidate], stored: list[StoredAlert], looked_at: tuple[str, ...] = ALL_RULES) -> Decision:
    """Return what changes today."""
    return decide_changes(findings, stored, TODAY, looked_at)


def test_an_occasion_that_nobody_knows_is_new() -> None:
    """Another level, another term and another rule are other occasions; nothing else changes."""
    findings = [found("level", "75"), found("level", "50", "other"), found("unused", "50")]
    assert decide(findings, [kept("level", "50")]) == Decision(
        new=tuple(findings), still=()
    )  # fmt: skip


@pytest.mark.parametrize("state", LIVE)
def test_an_occasion_is_news_once(state: AlertState) -> None:
    """While its alert lives, seen or snoozed, the finding says how it stands and is not new."""
    one, finding = kept("spike", state=state), found("spike")
    assert decide([finding], [one]) == Decision(still=((one, finding),))


@pytest.mark.parametrize("state", ["recovered", "closed"])
def test_what_holds_again_is_reopened(state: AlertState) -> None:
    """The same occasion after its end is the same alert, not a second one."""
    one = kept("unused", state=state)
    assert decide([found("unused")], [one]) == Decision(reopened=(one,))


def test_a_way_down_is_new_once_and_never_reopened() -> None:
    """That a level fell is an occasion of its own; told before, it changes nothing."""
    down = found("level", "50", direction="down")
    assert decide([down], [kept("level", "50", state="recovered")]).new == (down,)
    assert decide([down], [kept("level", "50", state="closed", direction="down")]) == Decision()


def test_a_level_recovers_by_its_own_finding_only() -> None:
    """Silence, another level's fall, another term's fall and its own rise leave it; its own fall ends it."""
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
    """A spike and credits that expire close quietly; a stop of data recovers, which is told."""
    spike, unused, stale = kept("spike"), kept("unused"), kept("stale")
    assert decide([], [spike, unused, stale]) == Decision(recovered=(stale,), closed=(spike, unused))


def test_an_alert_ends_where_only_other_occasions_of_its_rule_hold() -> None:
    """A spike of another day keeps no spike alive, nor do credits of another term's end."""
    spike, unused = kept("spike", "2026-09-01"), kept("unused", "7", "2026-12-31")
    findings = [found("spike", "2026-09-02"), found("unused", "7", "2027-06-30")]
    assert decide(findings, [spike, unused]) == Decision(new=tuple(findings), closed=(spike, unused))


def test_a_rule_that_did_not_look_ends_nothing() -> None:
    """Without a forecast nothing projected is closed."""
    assert decide([], [kept("projected", "75")], ("level", "pace")) == Decision()


def test_of_a_rule_with_one_alert_at_a_time_the_living_one_stands_for_all() -> None:
    """The overhead of a new month is no second alert; the first one says how it stands. Once it ended, it is new."""
    one, next_month = kept("dear", "2026-09"), found("dear", "2026-10")
    assert decide([next_month], [one]) == Decision(still=((one, next_month),))
    assert decide([next_month], [one._replace(state="closed")]) == Decision(new=(next_month,))


def test_pace_recovers_and_is_news_again_in_a_later_month() -> None:
    """It is one at a time and told when it ends."""
    one = kept("pace", "150", "a in 2026-09")
    assert decide([], [one]) == Decision(recovered=(one,))
    again = found("pace", "150", "a in 2026-10")
    assert decide([again], [one._replace(state="recovered")]) == Decision(new=(again,))


@pytest.mark.parametrize(
    ("end", "is_over"), [(TODAY - timedelta(days=1), True), (TODAY, True), (TODAY + timedelta(days=1), False)]
)
def test_a_term_that_is_over_closes_its_alerts(end: date, *, is_over: bool) -> None:
    """From the day after the term's last on, whatever is found, and also where no rule looked."""
    one = kept("level", "50", term_end=end)
    assert decide([], [one], ()).closed == ((one,) if is_over else ())
    assert decide([found("level", "50", direction="down")], [one]).recovered == (() if is_over else (one,))


def test_what_ended_before_does_not_end_again() -> None:
    """Recovered and closed alerts, ways down included, change nothing while nothing is found, whatever their term."""
    over = [
        kept("stale", state="recovered", term_end=TODAY),
        kept("spike", "2", state="closed", term_end=TODAY),
        kept("level", "50", state="closed", direction="down", term_end=TODAY),
    ]
    assert decide([], over) == Decision()


def test_a_rule_that_only_a_newer_version_knows_closes_quietly() -> None:
    """Looked at it was not, so it stays; once looked at and not found it closes without a recovery."""
    one = kept("from the future")
    assert decide([], [one]) == Decision()
    assert decide([], [one], (*ALL_RULES, "from the future")) == Decision(closed=(one,))
