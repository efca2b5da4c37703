"""Decisions: the rules over every team's part of the wallet, kept with their messages in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.display import percent
from core.wallet.alerts import book, day_rules, outbox, rules
from core.wallet.alerts.book import RULES, Change, Place
from core.wallet.alerts.decision import Decision, decision
from core.wallet.alerts.figures import Finding
from core.wallet.alerts.gathering import cards_of, figures_of
from core.wallet.alerts.message import message_of
from core.wallet.alerts.teams import watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date, datetime

    from core.answer import Answer
    from core.questions.context import Context
    from core.wallet.alerts.decision import Kept
    from core.wallet.alerts.figures import Figures, Forecast, Rule
    from core.wallet.alerts.teams import Filter, Team
    from core.warehouse import Session

PART_RULES: tuple[Rule, ...] = ("level", "pace", "spike", "unused", "dear", "sandbox")
TOLD_WHEN_OVER = ("pace", "stale")


@dataclass(frozen=True, slots=True)
class _Deciding:
    """One run of deciding, and what it has read already: teams that watch the same share their figures."""

    session: Session
    context: Context
    now: datetime
    forecast: Forecast | None
    read: dict[tuple[str, Filter], Figures | None]
    settled: set[Place]

    @property
    def today(self) -> date:
        return self.context.as_of

    def figures(self, card: str, watches: Filter) -> Figures | None:
        """Return the figures of a part, read once."""
        if (card, watches) not in self.read:
            self.read[card, watches] = figures_of(self.session, self.context, card, watches)
        return self.read[card, watches]


def decide(session: Session, context: Context, now: datetime, *, forecast: Forecast | None = None) -> list[str]:
    """Decide what is news at an instant, keep it, queue its messages, and return the keys of new alerts.

    For the import's transaction (`before_commit`) and, in a transaction of its own, for the clock: without an import
    it decides what time alone changes. Deciding twice changes nothing. forecast: None leaves projected alerts alone.
    """
    then = replace(context, as_of=now.astimezone(context.config.zone).date())
    run = _Deciding(session, then, now, forecast, {}, set())
    teams = watching(context.config.teams)
    new = [key for team in teams for key in (*_decide_parts(run, team), *_decide_stale(run, team))]
    _close_forsaken(run)
    return new


def deciding(context: Context, now: Callable[[], datetime], forecast: Forecast | None = None) -> Callable[[Session], None]:
    """Return what an import runs before it commits."""

    def before_commit(session: Session) -> None:
        decide(session, context, now(), forecast=forecast)

    return before_commit


def _decide_parts(run: _Deciding, team: Team) -> Iterator[str]:
    for card in cards_of(run.session, run.context, team.watches):
        figures = run.figures(card, team.watches)
        if figures is None:
            continue
        place = Place(team.name, team.watches.org, card)
        wanted = team.levels or run.context.config.alerts.levels
        kept = book.kept(run.session, place)
        crossed = [*_crossed(run, place, figures, wanted), *rules.levels_fallen_below(figures, kept)]
        looked_at: tuple[Rule, ...] = (*PART_RULES, "projected") if run.forecast else PART_RULES
        yield from _settle(run, team, place, kept, [*crossed, *_found(run, figures, wanted)], looked_at, figures)


def _crossed(run: _Deciding, place: Place, figures: Figures, wanted: tuple[int, ...]) -> list[Finding]:
    """Return the levels passed since the last look, and keep what is used now for the next."""
    if figures.used_percent is None or figures.term is None:
        return []
    term = f"{figures.term.first_day}/{figures.term.day_after_last}"
    previous = book.previous_percent(run.session, place, term, run.today)
    current = rules.stored_percent(figures.used_percent)
    book.remember_percent(run.session, place, term, current, run.now)
    return rules.levels(figures, previous, wanted)


def _found(run: _Deciding, figures: Figures, wanted: tuple[int, ...]) -> Iterator[Finding]:
    settings = run.context.config.alerts
    yield from rules.pace(figures, settings)
    yield from rules.projected(figures, settings, wanted, run.forecast)
    yield from rules.unused(figures, settings)
    yield from day_rules.spikes(figures, settings)
    yield from day_rules.dear_actions(figures, settings)
    yield from day_rules.sandbox_share(figures, settings)


def _decide_stale(run: _Deciding, team: Team) -> Iterator[str]:
    last = run.session.query("last_import")[0]["imported_at"]
    day = last.astimezone(run.context.config.zone).date() if last else None
    findings = list(day_rules.stale(run.today, day, run.context.config.alerts))
    place = Place(team.name, team.watches.org)
    yield from _settle(run, team, place, book.kept(run.session, place), findings, ("stale",), None)


def _settle(  # noqa: PLR0913, PLR0917 - a decision and what it is about
    run: _Deciding,
    team: Team,
    place: Place,
    kept: list[Kept],
    findings: list[Finding],
    looked_at: Iterable[Rule],
    figures: Figures | None,
) -> Iterator[str]:
    """Keep what changes, queue what is to be told, and give the keys of what is new."""
    run.settled.add(place)
    found = decision(findings, kept, run.today, looked_at)
    over = [_over(one, figures, run.today) for one in found.recovered if one.rule in TOLD_WHEN_OVER]
    known = {(one.rule, one.level, one.term, one.direction) for one in kept}
    new = [*found.new, *(one for one in over if (one.rule, one.level, one.term, one.direction) not in known)]
    _change_states(run, found)
    for finding in new:
        yield _tell(run, team, place, finding)
    _wake(run, team, place)


def _close_forsaken(run: _Deciding) -> None:
    """Close the live alerts of places that nobody looks at any more: of teams and cards that app.yaml names no longer."""
    for one in book.open_alerts(run.session, with_snoozed=True):
        if Place(one.team, one.org, one.card) not in run.settled:
            book.put_in_state(run.session, one.key, Change("closed", RULES, run.now, "its team or card is looked at no more"))


def _change_states(run: _Deciding, found: Decision) -> None:
    for one in found.reopened:
        book.put_in_state(run.session, one.key, Change("open", RULES, run.now, "holds again; it was told before"))
    for one in found.recovered:
        book.put_in_state(run.session, one.key, Change("recovered", RULES, run.now, "no longer holds"))
    for one in found.closed:
        book.put_in_state(run.session, one.key, Change("closed", RULES, run.now, "is over"))


def _over(kept: Kept, figures: Figures | None, today: date) -> Finding:
    """Return that an alert no longer holds, as something to tell."""
    return Finding(
        kept.rule,
        kept.level,
        kept.term,
        f"Recovered: {_calm(figures) if kept.rule == 'pace' else 'data is coming in again'}.",
        advice="Nothing is to be done.",
        term_end=today,
        direction="down",
    )


def _calm(figures: Figures | None) -> str:
    if figures is None or figures.pace_percent is None:
        return "the pace is no longer above its plan"
    return f"{rules.subject(figures, inside=True)} goes at {percent(figures.pace_percent)} of its plan"


def _tell(run: _Deciding, team: Team, place: Place, finding: Finding) -> str:
    """Keep a new alert, queue its message for each of the team's places, and return its key."""
    key = book.key_of(place, finding)
    owner = team.owner or run.context.config.alerts.owner
    message = message_of(finding, key, team.name, owner, place.card, run.today)
    book.keep(run.session, place, finding, message, run.now)
    if finding.is_sent:
        _queue(run, team, key, message, key)
    return key


def _queue(run: _Deciding, team: Team, key: str, message: Answer, alert_key: str) -> None:
    for address in team.addresses:
        outbox.put(run.session, outbox.Message(key, address, team.name, message, alert_key), run.now)


def _wake(run: _Deciding, team: Team, place: Place) -> None:
    """Open the alerts whose snooze is over, and tell them once more."""
    for row in run.session.query("snoozes_over", **place.parameters(), now=run.now):
        message = outbox.answer_in(row["answer"])
        book.put_in_state(run.session, row["key"], Change("open", RULES, run.now, "the snooze is over"))
        _queue(run, team, f"{row['key']}-again-{row['snoozed_until']:%Y%m%dT%H%M%S}", message, row["key"])
