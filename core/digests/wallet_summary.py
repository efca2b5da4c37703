"""The wallet summary: what is left, what was spent, when it runs out, open alerts and next steps.

It is built from the answers to `wallet`, `usage` and `recommend`, and from the stored alerts, so that its figures always agree
with theirs.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from core.alerts import open_alerts
from core.answer import Answer, Column, Note, Table, figure
from core.digests.next_steps import MAX_ALERTS, OF_THE_WHOLE, default_view, find_next_steps, gravest
from core.errors import InputError
from core.language import Days, Question
from core.questions import answer_to
from core.questions.planning import budgets_of_team
from core.questions.wallet import week_chart
from core.records import NamedTuple
from core.scope import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.alerts import LiveAlert
    from core.answer import Chart, Figure, Value
    from core.context import Context
    from core.wallet.usage import Facts

NO_TEAMS = "app.yaml names no teams, so no alert is decided; write them under teams."
SPENT_COLUMNS = (
    Column("period", "Period", "text"),
    Column("first_day", "From", "day"),
    Column("last_day", "To", "day"),
    Column("usd", "Cost", "usd"),
    Column("credits", "Credits", "credits"),
)
ALERT_COLUMNS = (Column("words", "What", "text"), Column("day", "Since", "day"), Column("state", "State", "text"))
PLAN_COLUMNS = (Column("plan", "Plan for this use", "text"),)
BUDGET_COLUMNS = (Column("budget", "Budget", "text"),)
ACTION_COLUMNS = (Column("action", "What to do", "text"),)
FROM_WALLET = (
    *("remaining_credits", "remaining_usd", "pool_credits", "used_percent", "overdrawn_credits", "overdrawn_usd"),
    *("depletion_day", "depletion_day_early", "depletion_day_late", "term_end", "depletion_to_term_end_days"),
    *("expiring_credits", "expiring_usd", "term_start", "elapsed_percent", "pace_percent"),
    *("burn_credits_per_day", "allowed_credits_per_day", "burn_usd_per_month", "data_through"),
)


class Spent(NamedTuple):
    """The usage of the days from the first to the last; usd is None for cards without a price."""

    period: str
    first_day: date
    last_day: date
    usd: Decimal | None
    credits: Decimal


def summarize_wallet(context: Context) -> Answer:
    """Return the summary of the wallet's default card at the end of the context's day.

    Raises: InputError, before the first import, and if the asker may see only a part of the wallet.
    """
    if context.only != EVERYTHING:
        raise InputError(OF_THE_WHOLE)
    wallet = answer_to(Question("wallet"), context)
    with context.reading() as session:
        view = default_view(session, context)
        opened = gravest(open_alerts(session))
        steps = find_next_steps(session, view, opened, wallet)
        budgets = budgets_of_team(session, context, EVERYTHING)
    spending, plan = _spending(context, view.facts), _cheapest_plan(context)
    tables = (
        Table("spent", "Spent", SPENT_COLUMNS, spending.rows),
        Table("plan", "Plan for this use", PLAN_COLUMNS, ((plan,),) if plan else ()),
        Table("budgets", "Budgets", BUDGET_COLUMNS, tuple((said,) for said in budgets)),
        Table("alerts", "Open alerts", ALERT_COLUMNS, tuple(_alert_rows(opened, context))),
        Table("actions", "What to do", ACTION_COLUMNS, tuple((step.words,) for step in steps)),
    )
    return Answer(
        question="summary",
        title="Summary",
        headline=wallet.headline,
        as_of=context.as_of,
        figures=(
            *(one for key in FROM_WALLET for one in wallet.figures if one.key == key),
            *_spent_figures(spending),
            figure("open_alerts", Decimal(len([one for one in opened if one.state == "open"]))),
        ),
        tables=tuple(table for table in tables if table.rows),
        charts=_weeks(view.facts),
        notes=tuple(_notes(wallet, opened, context)),
        sources=wallet.sources,
    )


def _weeks(facts: Facts) -> tuple[Chart, ...]:
    """Return the cost of the weeks, or their credits if all of them were free."""
    in_usd = week_chart(facts, in_usd=True)
    return in_usd if any(any(one.values) for chart in in_usd for one in chart.series) else week_chart(facts)


class _Spending(NamedTuple):
    """The rows of spending, and the two that are compared; before is None if the data does not fully cover it."""

    rows: tuple[Spent, ...]
    now: Spent | None
    before: Spent | None


def _spending(context: Context, facts: Facts) -> _Spending:
    """Return the newest month as far as known, the same days of the previous month, and the whole previous month.

    Days before the start of the data do not count: a month whose beginning is missing is not used for comparison.
    """
    last, known_from = facts.until - timedelta(days=1), facts.extent.first_day
    if known_from is None:
        return _Spending((), None, None)
    first = last.replace(day=1)
    end_before = first - timedelta(days=1)
    start_before = end_before.replace(day=1)
    is_whole = last.day == monthrange(last.year, last.month)[1]
    same_end = end_before if is_whole else start_before.replace(day=min(last.day, end_before.day))
    now = _spent(context, "This month" if is_whole else "This month so far", max(first, known_from), last)
    month_before = _spent(context, "The month before", max(start_before, known_from), end_before)
    before = None
    if now and month_before and known_from <= start_before:
        is_same = same_end == end_before
        before = month_before if is_same else _spent(context, "The same days of the month before", start_before, same_end)
    rows = dict.fromkeys(one for one in (now, before, month_before) if one)
    return _Spending(tuple(rows), now, before)


def _spent(context: Context, period: str, first: date, last: date) -> Spent | None:
    """Return the usage of the days; None if they have no data."""
    if last < first:
        return None
    try:
        used = answer_to(Question("usage", span=Days(first, last)), context)
    except InputError:
        return None
    cost, burnt = (used.figure(key).value for key in ("usd_used", "used_credits"))
    return Spent(period, first, last, cast("Decimal | None", cost), cast("Decimal", burnt))


def _spent_figures(spending: _Spending) -> Iterator[Figure]:
    """Yield the month's total, and its change from the previous month."""
    now, before = spending.now, spending.before
    if now is None:
        return
    yield figure("spent_month_usd", now.usd)
    yield figure("spent_month_credits", now.credits)
    if before is None:
        return
    if now.usd is not None and before.usd is not None:
        yield figure("spent_change_usd", now.usd - before.usd)
    change = now.credits - before.credits
    yield figure("spent_change_percent", change / before.credits * Decimal(100) if before.credits else None)


def _alert_rows(opened: Sequence[LiveAlert], context: Context) -> Iterator[tuple[Value, ...]]:
    """Yield the active alerts, most severe first; an alert sent to two teams appears once."""
    zone = context.config.zone
    rows = dict.fromkeys((one.words, one.since.astimezone(zone).date(), one.state) for one in opened)
    yield from list(rows)[:MAX_ALERTS]


def _cheapest_plan(context: Context) -> str | None:
    """Return the headline of `recommend` for the wallet's own usage; None if it counts no actions."""
    try:
        return answer_to(Question("recommend"), context).headline
    except InputError:
        return None


def _notes(wallet: Answer, opened: Sequence[LiveAlert], context: Context) -> Iterator[Note]:
    """Yield notes that change the decision, and those on what the summary leaves out."""
    yield from (note for note in wallet.notes if note.at_first)
    if not context.config.teams:
        yield Note("warning", NO_TEAMS)
    if len(opened) > MAX_ALERTS:
        yield Note("assumption", f"{len(opened) - MAX_ALERTS} more alerts hold; ask: alerts.")
