"""`actions`: how many actions an interaction takes, by agent, from the AI usage export."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from core.answer import CHART_POINTS, Answer, Chart, Column, Note, Series, Table, figure, number, percent
from core.errors import InputError
from core.wallet.usage import DayRange, Distribution, Extent, measure_distribution, periods, slices
from core.warehouse import queries

if TYPE_CHECKING:
    from core.answer import Value
    from core.context import Context
    from core.language import Question
    from core.warehouse import Session

MEDIAN, NINE_IN_TEN = 50, 90
AGENT_COLUMNS = (
    Column("agent", "Agent", "text"),
    Column("interactions", "Interactions", "interactions"),
    Column("actions", "Actions", "actions"),
    Column("actions_per_interaction", "Per interaction", "actions"),
    Column("median", "Median", "actions"),
    Column("p90", "90th percentile", "actions"),
    Column("most", "Most", "actions", is_detail=True),
)
COUNT_COLUMNS = (
    Column("actions", "Actions", "actions"),
    Column("interactions", "Interactions", "interactions"),
    Column("share_percent", "Share", "percent"),
    Column("cumulative_percent", "… and fewer actions", "percent"),
)
NO_AI_USAGE = (
    "The wallet does not know interactions: usage events count actions only. "
    "Import the AI usage export (AiAgentGenerativeAiUsage), which names the interaction of each action."
)


def actions(question: Question, context: Context) -> Answer:
    """Return the distribution of actions over interactions, for all agents and for each."""
    with context.reading() as session:
        extent = interaction_extent(session, context)
        days = periods.days_of(question, extent)
        rows = _rows(session, days, _agent(question, session, days))
    whole = measure_distribution(rows)
    if whole is None:
        raise InputError(f"The AI usage export has no interaction, {days}.")
    return Answer(
        question=context.canonical_question(question),
        title="Actions per interaction",
        headline=f"An interaction takes {number(whole.mean)} actions on average; half take {number(whole.percentile(MEDIAN))}"
        f" or fewer, nine in ten {number(whole.percentile(NINE_IN_TEN))} or fewer.",
        as_of=context.as_of,
        figures=(
            figure("observed_actions_per_interaction", whole.mean),
            figure("median_actions_per_interaction", whole.percentile(MEDIAN)),
            figure("p90_actions_per_interaction", whole.percentile(NINE_IN_TEN)),
            figure("observed_interactions", Decimal(whole.interactions)),
            figure("observed_actions", whole.actions),
            figure("first_day", days.first_day),
            figure("last_day", days.last_day),
        ),
        tables=(
            Table("agents", f"By agent, {days}", AGENT_COLUMNS, _agent_rows(rows)),
            Table(
                "distribution", "Interactions by their actions", COUNT_COLUMNS, tuple(_count_row(*row) for row in whole.shares())
            ),
        ),
        charts=(_chart(whole),),
        arithmetic=(
            f"{number(whole.actions)} actions ÷ {number(Decimal(whole.interactions))} interactions = {number(whole.mean)}",
        ),
        notes=tuple(_notes(question, days, whole)),
        sources=slices.query_source("interactions_by_actions"),
    )


def interaction_extent(session: Session, context: Context) -> Extent:
    """Return the first and last day of the AI usage data. Raises: InputError, if there is none."""
    found = session.row(queries.InteractionExtentRow)
    if not found.interactions or found.last_day is None:
        raise InputError(NO_AI_USAGE)
    through = session.row(queries.WalletExtentRow, card="").data_through
    newest = found.last_day
    provisional = min(periods.provisional_from(through, newest, context), newest + timedelta(days=1))
    return Extent(through, found.first_day, newest, provisional)


def _agent(question: Question, session: Session, days: DayRange) -> str | None:
    if question.agent is None:
        return None
    names = dict.fromkeys(row.agent for row in _rows(session, days) if row.agent)
    return slices.match(question.agent, "agent", list(names))


def _rows(session: Session, days: DayRange, agent: str | None = None) -> list[queries.InteractionsByActionsRow]:
    return session.rows(
        queries.InteractionsByActionsRow, first_day=days.first_day, day_after_last=days.day_after_last, agent=agent
    )


def _agent_rows(rows: list[queries.InteractionsByActionsRow]) -> tuple[tuple[Value, ...], ...]:
    found = [(agent, measure_distribution(mine)) for agent, mine in groupby(rows, key=lambda row: row.agent)]
    lines = [_agent_row(agent, one) for agent, one in found if one]
    return tuple(sorted(lines, key=lambda line: (-Decimal(str(line[2])), str(line[0]))))


def _agent_row(agent: str, one: Distribution) -> tuple[Value, ...]:
    name = agent or slices.NOT_STATED
    median, p90 = one.percentile(MEDIAN), one.percentile(NINE_IN_TEN)
    return (name, Decimal(one.interactions), one.actions, one.mean, median, p90, one.counts[-1][0])


def _count_row(each: Decimal, count: int, share: Decimal, cumulative: Decimal) -> tuple[Value, ...]:
    return (each, Decimal(count), share, cumulative)


def _chart(whole: Distribution) -> Chart:
    shown = whole.shares()[:CHART_POINTS]
    series = Series("Interactions", tuple(Decimal(count) for _, count, _, _ in shown))
    return Chart(
        "distribution",
        "Interactions by their actions",
        "bar",
        tuple(number(each) for each, *_ in shown),
        (series,),
        "interactions",
    )


def _notes(question: Question, days: DayRange, whole: Distribution) -> list[Note]:
    notes = [
        Note("assumption", "Only metered rows of the AI usage export count as actions; an interaction lies on the day it began.")
    ]
    notes += slices.day_notes(question, days)
    without = sum(count for each, count in whole.counts if not each)
    if without:
        share = percent(Decimal(without) / whole.interactions * 100)
        notes.append(
            Note(
                "assumption", f"{number(Decimal(without))} interactions ({share}) took no metered action and are counted with 0."
            )
        )
    return notes
