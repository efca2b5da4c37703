"""Evaluates the rules for every team's part of the wallet, and stores alerts and messages in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.alerts import outbox, repository
from core.alerts.budget_measurements import budget_metrics, budgets_within
from core.alerts.causes import EXPLAINED, say_what_moved
from core.alerts.evaluation_due import doubt_of_clock, mark_done
from core.alerts.measurements import cards_of, figures_of, view_of
from core.alerts.notifications import Ended, Held, TeamNotifier
from core.alerts.rendering import message_of
from core.alerts.repository import BY_RULES, AlertChange, AlertScope
from core.alerts.rules import pool
from core.alerts.rules.budget_rules import still_fallen
from core.alerts.rules.model import Candidate
from core.alerts.rules.registry import RULES
from core.alerts.rules.rule import Recovery, Situation
from core.alerts.rules.state_machine import Decision, decide_changes
from core.config import watching
from core.currency import show_in_currency
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from core.alerts.budget_measurements import SpendingForecast
    from core.alerts.rules.model import BudgetMetrics, Forecast, PoolMetrics, StoredAlert
    from core.answer import Answer
    from core.config import Budget, Team
    from core.context import Context
    from core.scope import Scope
    from core.warehouse import Session


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """One evaluation run with its cache: teams that watch the same part share their figures."""

    session: Session
    context: Context
    now: datetime
    forecast: Forecast | None
    read: dict[tuple[str, Scope], PoolMetrics | None]
    settled: set[AlertScope]
    causes: dict[tuple[str, Scope], str]
    budgets: Sequence[tuple[Budget, BudgetMetrics]] = ()

    @property
    def today(self) -> date:
        return self.context.as_of

    def figures(self, card: str, watches: Scope) -> PoolMetrics | None:
        """Return the figures of a part, read once."""
        # Teams often watch the same part, and reading its figures takes longest.
        if (card, watches) not in self.read:
            self.read[card, watches] = figures_of(self.session, self.context, card, watches)
        return self.read[card, watches]

    def cause(self, card: str, watches: Scope) -> str:
        """Return the cause for a part, computed once, for the first finding that is sent."""
        if (card, watches) not in self.causes:
            view = view_of(self.session, self.context, card, watches)
            self.causes[card, watches] = say_what_moved(self.session, view) if view else ""
        return self.causes[card, watches]


def evaluate_alerts(
    session: Session,
    context: Context,
    now: datetime,
    *,
    forecast: Forecast | None = None,
    spending: SpendingForecast | None = None,
) -> list[str]:
    """Evaluate the rules at an instant, store alerts, queue their messages, and return the keys of new alerts.

    Runs in the caller's transaction, once after all files of a command, or by the clock. A second run changes nothing. An
    implausible instant evaluates nothing, and the evaluation stays due (see `evaluation_due`). forecast: None leaves projected
    alerts alone; spending: None leaves alone what is expected of budgets.
    """
    # A wrong clock would close terms and expire snoozes for good; waiting for data costs a day at most.
    if doubt_of_clock(session, now):
        return []
    # Days are the team's own: at 23:00 UTC it may be tomorrow for the team.
    then = replace(context, as_of=now.astimezone(context.config.zone).date())
    repository.record_rules(session)
    budgets = budget_metrics(session, then, spending)
    run = _Evaluation(session, then, now, forecast, {}, set(), {}, budgets)
    teams = watching(context.config.teams)
    new = [key for team in teams for key in (*_decide_parts(run, team), *_decide_stale(run, team))]
    _close_orphaned(run)
    mark_done(session, now)
    return new


def _decide_parts(run: _Evaluation, team: Team) -> Iterator[str]:
    for card in cards_of(run.session, run.context, team.watches):
        figures = run.figures(card, team.watches)
        if figures is None:
            continue
        place = AlertScope(team.name, team.watches.org, card)
        wanted = team.levels or run.context.config.alerts.levels
        kept = repository.read_alerts(run.session, place)
        _remember(run, place, figures)
        budgets = _budgets_of(run, team, card)
        now = Situation(run.today, run.context.config.alerts, figures, wanted, kept, run.forecast, budgets=budgets)
        yield from _apply_decision(run, team, place, now)


def _budgets_of(run: _Evaluation, team: Team, card: str) -> list[BudgetMetrics]:
    """Return the budgets of a card that are within what a team watches."""
    within = budgets_within([budget for budget, _ in run.budgets if budget.card == card], team.watches, run.context.config)
    return [metrics for budget, metrics in run.budgets if budget in within]


def _remember(run: _Evaluation, place: AlertScope, figures: PoolMetrics) -> None:
    """Store the current usage of the term."""
    if figures.used_percent is not None and figures.term is not None:
        term = f"{figures.term.first_day}/{figures.term.day_after_last}"
        repository.remember_percent(run.session, place, term, pool.truncate_percent(figures.used_percent), run.now)


def _decide_stale(run: _Evaluation, team: Team) -> Iterator[str]:
    place, (newer_on, ends_on) = AlertScope(team.name, team.watches.org), _newer_data(run)
    kept = repository.read_alerts(run.session, place)
    now = Situation(run.today, run.context.config.alerts, kept=kept, newer_on=newer_on, ends_on=ends_on)
    yield from _apply_decision(run, team, place, now)


def _newer_data(run: _Evaluation) -> tuple[date | None, date | None]:
    """Return the day on which newer data last came, and the day on which the data ends; None if none ever came.

    An import dated in the future was written by a wrong clock; then the data's own instant counts.
    """
    rows = run.session.rows(queries.LastNewerDataRow)
    if not rows:
        return None, None
    came, ends = rows[0].imported_at, rows[0].data_through
    zone = run.context.config.zone
    # Measured by the data itself, a clock that was ahead can hide a stop for no longer than the data allows.
    return (came if came <= run.now else min(ends, run.now)).astimezone(zone).date(), ends.astimezone(zone).date()


def _apply_decision(run: _Evaluation, team: Team, place: AlertScope, now: Situation) -> Iterator[str]:
    """Evaluate the rules for a scope, store changes, queue messages, and return the keys of new alerts."""
    run.settled.add(place)
    kept, figures = now.kept, now.figures
    looked_at = [rule for rule in RULES.values() if rule.applies(now)]
    findings = [finding for rule in looked_at for finding in rule.find(now)]
    found = decide_changes(findings, kept, run.today, [rule.name for rule in looked_at])
    # A level's own finding says more than the rule's general recovery.
    fallen = {(one.rule, one.level, one.term): one for one in findings if one.direction == "down"}
    ended = [
        Ended(one, fallen.get((one.rule, one.level, one.term)) or _over(one, figures, run.today), is_real=_was_real(one, figures))
        for one in found.recovered
    ]
    _change_states(run, place, found)
    known = {one.key for one in kept}
    # The same level can recover twice in a term; its way down is kept once.
    downs = [one for one in (each.finding for each in ended) if repository.key_of(place, one) not in known]
    ups = [_hold(run, team, place, one, is_new=True) for one in found.new if one.direction == "up"]
    for held in [*ups, *(_hold(run, team, place, one, is_new=True) for one in downs)]:
        repository.keep(run.session, place, held.finding, held.message, run.now)
        yield held.key
    again = [
        (one, _hold(run, team, place, finding, is_new=False))
        for one in found.reopened
        for finding in findings
        if (finding.rule, finding.level, finding.term, finding.direction) == (one.rule, one.level, one.term, "up")
    ]
    standing = [(one, _hold(run, team, place, finding, key=one.key, is_new=False)) for one, finding in found.still]
    for one, held in [*again, *standing]:
        if repository.renew(run.session, one, held.finding, held.message):
            outbox.renew(run.session, one.key, held.message)
    # Read after the states changed: withdrawals of this run must be seen.
    notifier = TeamNotifier.of(run.session, team, place, kept, run.now)
    earlier = [] if figures is None else _still_fallen(figures, kept)
    earlier += [Ended(one, finding, is_real=True) for one, finding in still_fallen(now)]
    notifier.tell_recoveries(ended, earlier, lambda finding: _hold(run, team, place, finding, is_new=False))
    notifier.tell_news([*ups, *(held for _, held in again)], [held for one, held in standing if one.state == "open"])
    _reopen_snoozed(run, team, place)


def _still_fallen(figures: PoolMetrics, kept: Sequence[StoredAlert]) -> list[Ended]:
    """Return the levels that recovered in an earlier evaluation and are still above the usage."""
    if figures.used_percent is None:
        return []
    current = pool.truncate_percent(figures.used_percent)
    recovered = [one for one in kept if one.rule == "level" and one.direction == "up" and one.state == "recovered"]
    return [
        Ended(one, pool.fallen_below(figures, one), is_real=True)
        for one in recovered
        if int(one.level) > current and (one.term_end is None or one.term_end > figures.today)
    ]


def _was_real(one: StoredAlert, figures: PoolMetrics | None) -> bool:
    """Whether an ended alert was true: if the usage has not shrunk since, no correction undid it."""
    # Shrunken usage means a correction: the alert was never true, and its end needs no message.
    then = next((each.value for each in outbox.answer_in(one.answer).figures if each.key == "used_credits"), None)
    return figures is None or not isinstance(then, Decimal) or figures.used >= then


def _close_orphaned(run: _Evaluation) -> None:
    """Close the live alerts of scopes that are no longer watched: of teams and cards removed from app.yaml."""
    for one in repository.open_alerts(run.session, with_snoozed=True):
        if AlertScope(one.team, one.org, one.card) not in run.settled:
            repository.put_in_state(
                run.session, one.key, AlertChange("closed", BY_RULES, run.now, "its team or card is no longer watched")
            )
            outbox.withdraw(run.session, one.key, run.now)


def _change_states(run: _Evaluation, place: AlertScope, found: Decision) -> None:
    """Store the new states, and withdraw unsent messages that no longer hold, recoveries included."""
    for one in found.reopened:
        repository.put_in_state(
            run.session, one.key, AlertChange("open", BY_RULES, run.now, "holds again; it was reported before")
        )
        if one.rule in RULES and RULES[one.rule].recovery:
            outbox.withdraw(
                run.session, repository.key_of(place, Candidate(one.rule, one.level, one.term, "", direction="down")), run.now
            )
    for one in found.recovered:
        repository.put_in_state(run.session, one.key, AlertChange("recovered", BY_RULES, run.now, "no longer holds"))
    for one in found.closed:
        repository.put_in_state(run.session, one.key, AlertChange("closed", BY_RULES, run.now, "is over"))
    for one in (*found.recovered, *found.closed):
        outbox.withdraw(run.session, one.key, run.now)


def _over(kept: StoredAlert, figures: PoolMetrics | None, today: date) -> Candidate:
    """Return the finding that an alert no longer holds."""
    recovery = RULES[kept.rule].recovery
    found = recovery(figures) if recovery else Recovery("it no longer holds")
    return Candidate(
        kept.rule,
        kept.level,
        kept.term,
        f"Recovered: {found.words}.",
        figures=found.figures,
        advice="No action is needed.",
        term_end=today,
        direction="down",
    )


def _hold(  # noqa: PLR0913 - a finding and whom it concerns
    run: _Evaluation, team: Team, place: AlertScope, finding: Candidate, *, is_new: bool, key: str = ""
) -> Held:
    """Return a finding with its key and message."""
    known = key or repository.key_of(place, finding)
    owner = team.owner or run.context.config.alerts.owner
    is_explained = finding.rule in EXPLAINED and finding.direction == "up"
    cause = run.cause(place.card, team.watches) if is_explained else ""
    message = message_of(finding, known, team.name, owner, place.card, run.today, cause)
    return Held(finding, known, show_in_currency(message, run.context.config.currency), is_new=is_new)


def _queue(run: _Evaluation, team: Team, key: str, message: Answer, alert_key: str) -> None:
    for address in team.addresses:
        outbox.enqueue(run.session, outbox.OutboxMessage(key, address, team.name, message, alert_key), run.now)


def _reopen_snoozed(run: _Evaluation, team: Team, place: AlertScope) -> None:
    """Reopen the alerts whose snooze is over, and send them once more."""
    for row in run.session.rows(queries.ExpiredSnoozesRow, **place.parameters(), now=run.now):
        message = outbox.answer_in(row.answer)
        repository.put_in_state(run.session, row.key, AlertChange("open", BY_RULES, run.now, "the snooze is over"))
        _queue(run, team, f"{row.key}-again-{row.snoozed_until:%Y%m%dT%H%M%S}", message, row.key)
