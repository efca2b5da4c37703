"""`alerts`: open alerts, sent and failed messages, and upcoming levels."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from core.alerts import answer_in, cards_of, deliveries, is_of, teams_within, title_of, view_of
from core.alerts.rules import LIVE
from core.answer import Answer, Column, Emphasis, Fact, Note, Table, figure, group_digits
from core.config import watching
from core.errors import InputError
from core.scope import EVERYTHING, Scope
from core.wallet.usage import slices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.alerts import Delivery
    from core.answer import Value
    from core.config import Team
    from core.context import Context
    from core.language import Question
    from core.wallet.usage import Facts
    from core.warehouse import Session

MAX_ROWS, SHOWN_DAYS = 50, 30
ALERT_COLUMNS = (
    Column("key", "Key", "text"),
    Column("rule", "Rule", "text", is_detail=True),
    Column("level", "Level", "text", is_detail=True),
    Column("team", "Team", "text", is_detail=True),
    Column("org", "Org", "text", is_detail=True),
    Column("card", "Card", "text", is_detail=True),
    Column("day", "Day", "day"),
    Column("state", "State", "text"),
    Column("by", "By", "text"),
    Column("owner", "Owner", "text", is_detail=True),
    Column("words", "What", "text"),
)
DELIVERY_COLUMNS = (
    Column("key", "Message", "text"),
    Column("place", "Where", "text"),
    Column("state", "State", "text"),
    Column("attempts", "Attempts", "count"),
    Column("since", "Since", "instant"),
    Column("error", "Error", "text"),
)
COMING_COLUMNS = (
    Column("what", "What", "text"),
    Column("team", "Team", "text"),
    Column("card", "Card", "text", is_detail=True),
    Column("credits_to_go", "Credits to go", "credits"),
    Column("expected_day", "At the burn of 28 days", "day"),
)


def answer_alerts(question: Question, context: Context) -> Answer:
    """Return the alerts that are live or from the last 30 days, messages that did not arrive, and the next levels.

    With a state, all alerts in it; with an org, or for a caller with limited access, what teams within that part were sent.
    Raises: InputError, for an unknown team.
    """
    teams = _teams(question, context)
    with context.reading() as session:
        kept = _find_alerts(question, context, session, teams)
        sent = _find_deliveries(question, context, session, teams)
        elsewhere = slices.empty_card_notes(slices.extent_of_any(session, _card_meant(question, context, session), context))
        coming = [row for team in teams for row in _coming(session, context, team, question.card)]
    told = _tell_once(kept)
    shown = told[:MAX_ROWS]
    failed = [one for one in sent if one.failed_at]
    waiting = [one for one in sent if not one.failed_at and not one.delivered_at and not one.withdrawn_at]
    tables = (
        Table("alerts", "Alerts", ALERT_COLUMNS, tuple(map(_alert_row, shown))),
        Table("undelivered", "Pending or failed deliveries", DELIVERY_COLUMNS, tuple(map(_delivery_row, [*failed, *waiting]))),
        Table("coming", "Upcoming", COMING_COLUMNS, tuple(sorted(coming, key=lambda row: (str(row[4]), *map(str, row[:3]))))),
    )
    return Answer(
        question=context.canonical_question(question),
        title="Alerts",
        headline=_headline([row for row in told if row.state == "open"], len(failed)),
        as_of=context.as_of,
        figures=(
            figure("open_alerts", Decimal(sum(row.state == "open" for row in told))),
            figure("waiting_deliveries", Decimal(len(waiting))),
            figure("failed_deliveries", Decimal(len(failed))),
        ),
        tables=tuple(table for table in tables if table.rows),
        notes=(*elsewhere, *_notes(question, context, len(kept) - len(told), len(told) - len(shown))),
        sources=slices.query_source("alerts_by_team", "outbox_deliveries"),
        emphasis=Emphasis(_facts(len(failed), len(waiting)), "alerts" if shown else None, _columns_at_a_glance(shown)),
    )


def _columns_at_a_glance(shown: Sequence[queries.AlertsByTeamRow]) -> tuple[str, ...]:
    """Return the columns to show first; with the team if several teams were sent the same sentence."""
    is_told_twice = len({row.words for row in shown}) < len(shown)
    return ("words", *(("team",) if is_told_twice else ()), "day", "state")


def _facts(failed: int, waiting: int) -> tuple[Fact, ...]:
    """Return how many messages are not delivered, if any."""
    counted = (("Not delivered", failed), ("On their way", waiting))
    return tuple(
        Fact(label, f"{group_digits(count)} {'message' if count == 1 else 'messages'}") for label, count in counted if count
    )


def _part_meant(question: Question, context: Context) -> Scope:
    """Return the part that teams must lie within: what the caller may see, else the named org."""
    return Scope.of(question._replace(card=None)) if context.only == EVERYTHING else context.only


def _teams(question: Question, context: Context) -> tuple[Team, ...]:
    known = teams_within(watching(context.config.teams), _part_meant(question, context))
    if question.team is None:
        return known
    if not known:
        raise InputError("No team watches only the part that is meant, so there is none to name.")
    name = slices.match(question.team, "team", [team.name for team in known])
    return tuple(team for team in known if team.name == name)


def _find_alerts(question: Question, context: Context, session: Session, teams: Iterable[Team]) -> list[queries.AlertsByTeamRow]:
    """Return the alerts to show, live ones first, newest first."""
    team = next(iter(teams)).name if question.team else None
    named = Scope.of(question)
    rows = session.rows(queries.AlertsByTeamRow, team=team, card=_card(question, context, session))
    rows = [row for row in rows if named.contains("org", row.org)]
    if context.only != EVERYTHING:
        watched = {team.name: team.watches for team in teams}
        rows = [row for row in rows if row.team in watched and is_of(answer_in(row.answer), watched[row.team], session)]
    if question.state:
        return [row for row in rows if row.state == question.state]
    since = context.as_of - timedelta(days=SHOWN_DAYS)
    live = [row for row in rows if row.state in LIVE and row.direction == "up"]
    return [*live, *(row for row in rows if row not in live and row.day >= since)]


def _tell_once(rows: Iterable[queries.AlertsByTeamRow]) -> list[queries.AlertsByTeamRow]:
    """Return the alerts; what several teams were sent alike and left in the same state becomes one, under the first one's key."""
    found: dict[tuple[object, ...], list[queries.AlertsByTeamRow]] = {}
    for row in rows:
        told = (row.rule, row.level, row.term, row.direction, row.org, row.card, row.day, row.state, row.state_by, row.owner)
        found.setdefault((*told, row.words), []).append(row)
    return [
        same[0]._replace(team=", ".join(dict.fromkeys(row.team for row in same)) if len(same) > 1 else same[0].team)
        for same in found.values()
    ]


def _find_deliveries(question: Question, context: Context, session: Session, teams: Iterable[Team]) -> list[Delivery]:
    """Return the messages to the teams asked about, restricted to the part asked about."""
    sent, watched = deliveries(session), {team.name: team.watches for team in teams}
    if _part_meant(question, context) != EVERYTHING:
        known = [one for one in sent if one.message.team in watched]
        return [one for one in known if is_of(one.message.answer, watched[one.message.team], session)]
    return [one for one in sent if question.team is None or one.message.team in watched]


def _card(question: Question, context: Context, session: Session) -> str | None:
    if question.card is None:
        return None
    return slices.part_of(question._replace(org=None), context, session).card


def _card_meant(question: Question, context: Context, session: Session) -> str:
    return _card(question, context, session) or slices.default_card(context)


def _headline(opened: list[queries.AlertsByTeamRow], failed: int) -> str:
    lost = f" {failed} {'message' if failed == 1 else 'messages'} could not be delivered." if failed else ""
    if not opened:
        return f"No alert is open.{lost}"
    if len(opened) == 1:
        return f"One alert is open: {opened[0].words}{lost}"
    rules = Counter(title_of(row.rule).lower() for row in opened)
    kinds = ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items(), key=lambda one: (-one[1], one[0])))
    return f"{len(opened)} alerts are open: {kinds}.{lost}"


def _alert_row(row: queries.AlertsByTeamRow) -> tuple[Value, ...]:
    names = ("key", "rule", "level", "team", "org", "card", "day", "state", "state_by", "owner", "words")
    return tuple(getattr(row, name) or None for name in names)


def _delivery_row(one: Delivery) -> tuple[Value, ...]:
    state = "failed" if one.failed_at else "on its way"
    place = f"{one.message.address.kind} {one.message.address.id}"
    return (one.message.key, place, state, Decimal(one.attempts), one.failed_at or one.created_at, one.error)


def _coming(session: Session, context: Context, team: Team, card: str | None) -> Iterator[tuple[Value, ...]]:
    """Yield the next level of each card, and the day on which it is reached at the burn rate of the last 28 complete days."""
    for one in cards_of(session, context, team.watches):
        view = view_of(session, context, one, team.watches)
        wanted = team.levels or context.config.alerts.levels
        if view and view.facts.used_percent is not None and card in {None, one}:
            ahead = [level for level in wanted if level > view.facts.used_percent]
            yield from (_next_level(view.facts, team, level) for level in ahead[:1])


def _next_level(facts: Facts, team: Team, level: int) -> tuple[Value, ...]:
    to_go = facts.balance.pool * level / Decimal(100) - facts.used_of_pool
    return (f"{level}% used", team.name, facts.part.card, to_go, _reach_day(facts, to_go))


def _reach_day(facts: Facts, to_go: Decimal) -> date | None:
    """Return the day, None without a burn rate, or if the term ends first."""
    if facts.burn is None or facts.burn.credits <= 0 or facts.term is None:
        return None
    needed = int((to_go * facts.burn.range.days / facts.burn.credits).to_integral_value(ROUND_CEILING))
    begin = facts.until or facts.day
    return begin + timedelta(days=needed) if needed < (facts.term.day_after_last - begin).days else None


def _notes(question: Question, context: Context, told_twice: int, left_out: int) -> Iterator[Note]:
    if not context.config.teams:
        yield Note("warning", "app.yaml names no teams, so nobody is notified; write them under teams.")
    if question.state is None:
        yield Note("assumption", f"Live alerts and those of the last {SHOWN_DAYS} days; say for example `alerts closed`.")
    if told_twice:
        yield Note("assumption", "What several teams are told alike is one line; `alerts team NAME` has each team's own key.")
    if left_out > 0:
        yield Note("assumption", f"{left_out} more are not shown.")
